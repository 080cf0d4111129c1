// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/json.h"
#include "base/result.h"
#include "ledger/chain.h"
#include "ledger/content.h"
#include "ledger/erasure_check.h"

// The audit export that can be verified: JSON lines, first a header, then one line per record with its readable form,
// its canonical bytes and its hash, last a line with the head. Whoever has the file needs nothing else to check it.
// Pure functions and one state machine, one thread at a time. Format: docs/formats/audit-export.md.
namespace gatehouse::ledger {

// The text that a record commits to, as it lies beside the chain.
struct ExportedContent {
    enum class Of { original, sanitised, justification };
    Of of = Of::original;
    Salt salt{};
    Content content;
};

struct ExportStart {
    Head before;                    // what the first exported record follows; sequence 0: it is the first of all
    std::optional<Head> remembered; // the head that the device keeps outside its database, when it could be read
    std::int64_t exportedAtMs = 0;
    bool isCut = false;    // the newest records were left out on wish
    bool hasTexts = false; // with every text that is still kept
};

// Each gives one line without its line break. The end takes the newest record's head and how many there were.
std::string exportHeader(const ExportStart& start);
std::string exportRecord(const Entry& entry, ByteView bytes, const std::vector<ExportedContent>& contents);
std::string exportEnd(const Head& head, std::uint64_t records);

// Checks an export line by line. Feed every line, then finish(); nothing that was fed is kept.
class ExportVerifier final {
public:
    struct Mark {
        std::uint64_t sequence = 0;
        std::string event;
        std::string detail;
    };
    struct Report {
        std::uint64_t first = 0;   // number of the first record in the file; 0: no record
        std::uint64_t records = 0; // that were found good
        std::uint64_t texts = 0;   // kept texts that match what was recorded
        std::uint64_t erased = 0;  // texts that are gone, and a record says that they were erased
        Head head;
        std::optional<ChainFault> fault; // the first thing that is wrong
        std::vector<Mark> breaches;      // records in which the agent itself noted that the chain is incomplete
        [[nodiscard]] bool isIntact() const { return !fault && breaches.empty(); }
    };

    // `expected`: the hash of a record that is known from elsewhere (a receipt, the notes of the last audit) and must
    // be in the file.
    explicit ExportVerifier(const std::optional<Sha256Digest>& expected = std::nullopt) : m_expected(expected) {}

    static constexpr std::size_t kMaxLine = 192UL * 1024UL * 1024UL; // two texts of 64 MiB, escaped

    // False when the file is no export at all (first line only); faults are in the report.
    bool feed(std::string_view line);
    [[nodiscard]] Report finish();

private:
    bool feedHeader(const Json& line);
    void feedRecord(const Json& line);
    void feedEnd(const Json& line);
    bool takeContents(const Json& line, const Entry& entry, AuditRecord& record);
    void note(std::uint64_t sequence, std::string what);
    void note(std::string what) { note(m_chain.head().sequence + 1, std::move(what)); }
    void checkRemembered();

    enum class State { header, records, ended };
    State m_state = State::header;
    ChainVerifier m_chain;
    ErasureCheck m_erasures;
    ExportStart m_start;
    Report m_report;
    std::optional<Sha256Digest> m_expected;
    bool m_isExpectedSeen = false;
};

} // namespace gatehouse::ledger
