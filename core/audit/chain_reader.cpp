// SPDX-License-Identifier: Apache-2.0
#include "audit/chain_reader.h"

#include <algorithm>

#include "audit/audit_store.h"
#include "audit/kept_content.h"
#include "audit/key_rotation.h"
#include "ledger/record_codec.h"
#include "platform/secure_file.h"
#include "secrets/database_key.h"
#include "store/database.h"

namespace gatehouse::audit {
namespace {

class StoreChainReader final : public ChainReader {
public:
    explicit StoreChainReader(std::unique_ptr<store::Database> database) : m_database(std::move(database)) {}

    Result<std::vector<ledger::BatchRecord>> after(std::uint64_t sequence, const Wanted& wanted) override {
        GH_TRY(store::Statement rows, m_database->prepare("SELECT sequence, bytes FROM record WHERE sequence > ? "
                                                          "ORDER BY sequence LIMIT ?"));
        rows.bind(1, sequence).bind(2, static_cast<std::int64_t>(wanted.records));
        std::vector<ledger::BatchRecord> records;
        std::size_t bytes = 0;
        while (bytes < wanted.bytes) {
            GH_TRY(const bool hasRow, rows.step());
            if (!hasRow) {
                break;
            }
            ledger::BatchRecord record;
            const ByteView own = rows.bytes(1);
            record.bytes.assign(own.begin(), own.end());
            bytes += own.size();
            if (wanted.hasTexts) {
                GH_TRY(bytes, addTexts(static_cast<std::uint64_t>(rows.number(0)), wanted.textBytes, bytes, record));
            }
            records.push_back(std::move(record));
        }
        return records;
    }

    Result<ledger::Head> headAt(std::uint64_t sequence) override {
        GH_TRY(store::Statement rows, m_database->prepare("SELECT bytes, hash FROM record WHERE sequence = ?"));
        rows.bind(1, std::max<std::uint64_t>(sequence, 1));
        GH_TRY(const bool hasRow, rows.step());
        if (!hasRow) {
            return fail(ErrorKind::notFound, "the audit has no such record");
        }
        GH_TRY(const ledger::Entry entry, ledger::decodeEntry(rows.bytes(0)));
        ledger::Head head{entry.chain, sequence, {}};
        const ByteView hash = rows.bytes(1);
        if (sequence > 0 && hash.size() == head.hash.size()) {
            std::copy(hash.begin(), hash.end(), head.hash.begin());
        }
        return head;
    }

    Result<std::uint64_t> newest() override {
        GH_TRY(const std::int64_t number, m_database->queryNumber("SELECT ifnull(max(sequence), 0) FROM record"));
        return static_cast<std::uint64_t>(number);
    }

private:
    // Gives `bytes` and what the texts add to it.
    Result<std::size_t> addTexts(std::uint64_t sequence, std::size_t cap, std::size_t bytes,
                                 ledger::BatchRecord& record) {
        GH_TRY(std::vector<ledger::ExportedContent> texts, readKeptContent(*m_database, sequence));
        std::size_t size = 0;
        for (const ledger::ExportedContent& text : texts) {
            size += text.content.hash.size() + text.content.text.value_or(std::string()).size();
        }
        if (size > cap) {
            return bytes;
        }
        record.contents = std::move(texts);
        return bytes + size;
    }

    std::unique_ptr<store::Database> m_database;
};

} // namespace

Result<std::unique_ptr<ChainReader>> ChainReader::open(const std::string& dataFolder, secrets::SecretStore& secrets) {
    if (!secrets::databaseExists(dataFolder)) {
        return fail(ErrorKind::notFound, "there is no audit in " + dataFolder);
    }
    GH_TRY(const SecureBytes key, keyForReading(dataFolder, secrets));
    GH_TRY(const std::string folder, platform::canonicalFolder(dataFolder));
    takeOverJournal(folder, key);
    GH_TRY(auto database, store::Database::open({secrets::databasePath(folder), store::Access::reader}, key));
    return std::make_unique<StoreChainReader>(std::move(database));
}

} // namespace gatehouse::audit
