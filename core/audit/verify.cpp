// SPDX-License-Identifier: Apache-2.0
#include "audit/verify.h"

#include <algorithm>
#include <utility>

#include "audit/audit_store.h"
#include "audit/head_file.h"
#include "audit/key_rotation.h"
#include "audit/record_log.h"
#include "audit/start_check.h"
#include "ledger/content.h"
#include "ledger/erasure_check.h"
#include "platform/secure_file.h"
#include "secrets/database_key.h"
#include "store/database.h"

namespace gatehouse::audit {
namespace {

class Walk final {
public:
    Walk(store::Database& database, const Result<RememberedHead>& remembered)
        : m_database(database)
        , m_remembered(remembered) {}

    Result<VerifyReport> run() {
        // One snapshot for everything: a running agent goes on appending meanwhile.
        GH_CHECK(m_database.run("BEGIN"));
        auto walked = walkRecords();
        // "internal" is what SQLite says of tables that are not there.
        if (!walked && (walked.error().kind == ErrorKind::corrupt || walked.error().kind == ErrorKind::internal)) {
            m_report.fault = ledger::ChainFault{m_verifier.head().sequence + 1, "the database is damaged here"};
        } else if (!walked) {
            return std::unexpected(walked.error());
        } else {
            checkHead();
            m_report.fault = m_verifier.fault() ? m_verifier.fault() : m_erasures.fault();
            m_report.erased = m_erasures.erased();
        }
        m_report.head = m_verifier.head();
        m_report.records = m_report.head.sequence;
        return std::move(m_report);
    }

private:
    Result<> walkRecords() {
        GH_TRY(store::Statement records,
               m_database.prepare("SELECT sequence, bytes, hash FROM record ORDER BY sequence"));
        GH_TRY(store::Statement contents, m_database.prepare("SELECT id, salt, hash, text FROM content "
                                                             "WHERE id > ?1 AND id < ?1 + 4"));
        while (true) {
            GH_TRY(const bool hasRow, records.step());
            if (!hasRow) {
                return {};
            }
            const auto sequence = static_cast<std::uint64_t>(records.number(0));
            const auto entry = m_verifier.feed(records.bytes(1), sequence, records.bytes(2));
            if (!entry) {
                return {};
            }
            note(*entry);
            GH_CHECK(checkContents(contents, *entry));
            if (m_verifier.fault()) {
                return {};
            }
        }
    }

    void note(const ledger::Entry& entry) {
        const AuditRecord& record = entry.record;
        if (record.kind == RecordKind::event && ledger::isBreach(record.outcome)) {
            m_report.breaches.push_back({record.sequence, record.outcome, record.reason});
        }
        if (m_remembered && record.sequence == m_remembered->head.sequence) {
            m_hashAtRemembered = m_verifier.head().hash;
        }
    }

    // Reads the texts of a record; counts those that it committed to and that are not there.
    Result<> checkContents(store::Statement& contents, const ledger::Entry& entry) {
        const std::uint64_t sequence = entry.record.sequence;
        contents.reset();
        contents.bind(1, contentId(sequence, 0));
        std::uint64_t missing =
            (entry.original ? 1U : 0U) + (entry.sanitised ? 1U : 0U) + (entry.justification ? 1U : 0U);
        while (true) {
            GH_TRY(const bool hasRow, contents.step());
            if (!hasRow) {
                contents.reset();
                m_erasures.feed(entry, missing);
                return {};
            }
            ledger::Content content;
            content.hash = std::string(contents.text(2));
            if (!contents.isNull(3)) {
                content.text = std::string(contents.text(3));
            }
            ledger::Salt salt{};
            const ByteView kept = contents.bytes(1);
            std::copy_n(kept.begin(), std::min(kept.size(), salt.size()), salt.begin());
            const std::int64_t kind = contents.number(0) - contentId(sequence, 0);
            const ledger::Commitment& expected = kind == contentOriginal    ? entry.original
                                                 : kind == contentSanitised ? entry.sanitised
                                                                            : entry.justification;
            missing -= missing > 0 && expected ? 1U : 0U;
            m_verifier.checkContent(sequence, expected, ledger::commitContent(salt, ledger::encodeContent(content)));
        }
    }

    void checkHead() {
        if (m_remembered) {
            m_verifier.checkRemembered(m_remembered->head, m_hashAtRemembered);
        } else if (m_verifier.head().sequence > 0) {
            const bool isMissing = m_remembered.error().kind == ErrorKind::notFound;
            m_report.breaches.push_back({m_verifier.head().sequence, isMissing ? "head_missing" : "head_damaged",
                                         "whether newer records were cut off cannot be told"});
        }
    }

    store::Database& m_database;
    const Result<RememberedHead>& m_remembered;
    ledger::ChainVerifier m_verifier;
    ledger::ErasureCheck m_erasures;
    std::optional<Sha256Digest> m_hashAtRemembered;
    VerifyReport m_report;
};

} // namespace

Result<VerifyReport> verifyAudit(const std::string& dataFolder, secrets::SecretStore& secrets) {
    if (!secrets::databaseExists(dataFolder)) {
        return fail(ErrorKind::notFound, "there is no audit in " + dataFolder);
    }
    GH_TRY(const std::string folder, platform::canonicalFolder(dataFolder));
    GH_TRY(SecureBytes key, keyForReading(folder, secrets));
    // The head first: a running agent moves it after the records, so the records read later can only be further on.
    Result<RememberedHead> remembered = HeadFile(headPath(folder), key).read();
    const store::OpenOptions options{.path = secrets::databasePath(folder), .access = store::Access::reader};
    auto database = store::Database::open(options, key);
    if (!database && database.error().kind == ErrorKind::corrupt) {
        // The key may have been changed between the two; a false alarm is the last thing that this may give.
        GH_TRY(key, keyForReading(folder, secrets));
        remembered = HeadFile(headPath(folder), key).read();
        database = store::Database::open(options, key);
    }
    if (!database && database.error().kind == ErrorKind::corrupt) {
        VerifyReport report;
        report.fault = ledger::ChainFault{1, "the database cannot be opened: it is damaged, or the key is not its own"};
        return report;
    }
    if (!database) {
        return std::unexpected(database.error());
    }
    return Walk(**database, remembered).run();
}

} // namespace gatehouse::audit
