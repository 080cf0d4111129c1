// SPDX-License-Identifier: Apache-2.0
#include "audit/exporter.h"

#include <memory>
#include <utility>
#include <vector>

#include "audit/audit_store.h"
#include "audit/export_formats.h"
#include "audit/head_file.h"
#include "audit/kept_content.h"
#include "audit/key_rotation.h"
#include "ledger/content.h"
#include "ledger/export_file.h"
#include "ledger/record_codec.h"
#include "platform/secure_file.h"
#include "secrets/database_key.h"
#include "store/database.h"

namespace gatehouse::audit {
namespace {

class Walk final {
public:
    Walk(store::Database& database, const ExportOptions& options, const ledger::ExportStart& start,
         const LineSink& sink)
        : m_database(database)
        , m_options(options)
        , m_start(start)
        , m_sink(sink) {}

    Result<ExportReport> run() {
        // One snapshot for everything: a running agent goes on appending meanwhile.
        GH_CHECK(m_database.run("BEGIN"));
        GH_TRY(store::Statement records,
               m_database.prepare("SELECT sequence, bytes, hash FROM record ORDER BY sequence"));
        while (!m_isDone) {
            GH_TRY(const bool hasRow, records.step());
            if (!hasRow) {
                break;
            }
            GH_CHECK(take(records));
        }
        return finish();
    }

private:
    Result<> take(store::Statement& row) {
        const auto entry = m_chain.feed(row.bytes(1), static_cast<std::uint64_t>(row.number(0)), row.bytes(2));
        if (!entry) {
            const auto& fault = m_chain.fault();
            return fail(ErrorKind::corrupt, "the audit is damaged at record " + std::to_string(fault->sequence) + ": " +
                                                fault->what + "; gatehousectl audit verify tells more");
        }
        const std::int64_t time = entry->record.timeMs;
        if (m_report.records == 0 && m_options.sinceMs && time < *m_options.sinceMs) {
            m_start.before = m_chain.head();
            return {};
        }
        if (m_options.untilMs && time > *m_options.untilMs) {
            m_isDone = true;
            return {};
        }
        if (m_report.records == 0) {
            m_start.before.chain = entry->chain;
            m_report.first = entry->record.sequence;
            GH_CHECK(begin());
        }
        m_report.records += 1;
        m_report.head = m_chain.head();
        return write(*entry, row.bytes(1));
    }

    Result<> begin() {
        m_hasBegun = true;
        if (m_options.format == ExportFormat::jsonl) {
            // Whether the end is left out is only known at the end; what was asked for is known now.
            m_start.isCut = m_options.untilMs.has_value();
            m_start.hasTexts = m_options.hasTexts;
            return m_sink(exportHeader(m_start));
        }
        return m_options.format == ExportFormat::csv ? m_sink(csvHeading()) : Result<>();
    }

    Result<> write(const ledger::Entry& entry, ByteView bytes) {
        const Sha256Digest& hash = m_report.head.hash;
        switch (m_options.format) {
        case ExportFormat::csv:
            return m_sink(csvLine(entry.record, hash));
        case ExportFormat::cef:
            return m_sink(cefLine(entry.record, hash));
        case ExportFormat::ocsf:
            return m_sink(ocsfLine(entry.record, hash));
        case ExportFormat::jsonl:
            break;
        }
        std::vector<ledger::ExportedContent> contents;
        if (m_options.hasTexts) {
            GH_TRY(contents, readKeptContent(m_database, entry.record.sequence));
        }
        return m_sink(ledger::exportRecord(entry, bytes, contents));
    }

    Result<ExportReport> finish() {
        if (!m_hasBegun) {
            GH_CHECK(begin());
        }
        if (m_options.format == ExportFormat::jsonl) {
            ledger::Head end = m_report.records == 0 ? m_start.before : m_report.head;
            end.chain = m_start.before.chain;
            GH_CHECK(m_sink(ledger::exportEnd(end, m_report.records)));
        }
        return m_report;
    }

    store::Database& m_database;
    const ExportOptions& m_options;
    ledger::ExportStart m_start;
    const LineSink& m_sink;
    ledger::ChainVerifier m_chain;
    ExportReport m_report;
    bool m_hasBegun = false;
    bool m_isDone = false;
};

} // namespace

std::optional<ExportFormat> exportFormatFromWord(std::string_view word) {
    return word == "jsonl"  ? std::optional(ExportFormat::jsonl)
           : word == "csv"  ? std::optional(ExportFormat::csv)
           : word == "cef"  ? std::optional(ExportFormat::cef)
           : word == "ocsf" ? std::optional(ExportFormat::ocsf)
                            : std::nullopt;
}

Result<ExportReport> exportAudit(const std::string& dataFolder, secrets::SecretStore& secrets,
                                 const ExportOptions& options, std::int64_t nowMs, const LineSink& sink) {
    if (options.hasTexts && options.format != ExportFormat::jsonl) {
        return fail(ErrorKind::invalidInput, "only the format jsonl has a place for texts");
    }
    if (!secrets::databaseExists(dataFolder)) {
        return fail(ErrorKind::notFound, "there is no audit in " + dataFolder);
    }
    GH_TRY(const SecureBytes key, keyForReading(dataFolder, secrets));
    GH_TRY(const std::string folder, platform::canonicalFolder(dataFolder));
    takeOverJournal(folder, key);
    ledger::ExportStart start;
    start.exportedAtMs = nowMs;
    // The head first: a running agent moves it after the records, so the records read later can only be further on.
    if (const auto remembered = HeadFile(headPath(folder), key).read()) {
        start.remembered = remembered->head;
    }
    GH_TRY(const auto database, store::Database::open({secrets::databasePath(folder), store::Access::reader}, key));
    return Walk(*database, options, start, sink).run();
}

} // namespace gatehouse::audit
