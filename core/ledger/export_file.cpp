// SPDX-License-Identifier: Apache-2.0
#include "ledger/export_file.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/time_text.h"
#include "ledger/record_codec.h"
#include "ledger/record_json.h"

namespace gatehouse::ledger {
namespace {

constexpr std::string_view kName = "audit-export";
constexpr std::uint64_t kVersion = 1;
constexpr JsonLimits kLineLimits{ExportVerifier::kMaxLine, 16, 10'000, ExportVerifier::kMaxLine};

std::string_view wordOf(ExportedContent::Of of) {
    switch (of) {
    case ExportedContent::Of::original:
        return "original";
    case ExportedContent::Of::sanitised:
        return "sanitised";
    case ExportedContent::Of::justification:
        break;
    }
    return "justification";
}

std::optional<ExportedContent::Of> ofFromWord(std::string_view word) {
    for (const auto of :
         {ExportedContent::Of::original, ExportedContent::Of::sanitised, ExportedContent::Of::justification}) {
        if (wordOf(of) == word) {
            return of;
        }
    }
    return std::nullopt;
}

Json headJson(const Head& head) {
    return {{"chain", hexEncode(head.chain)}, {"sequence", head.sequence}, {"sha256", hexEncode(head.hash)}};
}

std::string textMember(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<std::uint64_t> numberMember(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_number_unsigned() ? std::optional(found->get<std::uint64_t>())
                                                              : std::nullopt;
}

template <std::size_t Size>
bool hexMember(const Json& json, const char* name, std::array<std::uint8_t, Size>& out) {
    const auto bytes = hexDecode(textMember(json, name));
    if (!bytes || bytes->size() != Size) {
        return false;
    }
    std::copy(bytes->begin(), bytes->end(), out.begin());
    return true;
}

std::optional<Head> headFrom(const Json& json, const char* name) {
    const auto found = json.find(name);
    Head head;
    if (found == json.end() || !found->is_object() || !hexMember(*found, "chain", head.chain) ||
        !hexMember(*found, "sha256", head.hash)) {
        return std::nullopt;
    }
    const auto sequence = numberMember(*found, "sequence");
    head.sequence = sequence.value_or(0);
    return sequence ? std::optional(head) : std::nullopt;
}

// What a record says in readable form once its texts are beside it again.
void putContent(AuditRecord& record, ExportedContent::Of of, Content content) {
    if (of == ExportedContent::Of::original) {
        record.originalHash = std::move(content.hash);
        record.originalText = std::move(content.text);
    } else if (of == ExportedContent::Of::sanitised) {
        record.sanitisedHash = std::move(content.hash);
        record.sanitisedText = std::move(content.text);
    } else {
        record.justification = content.text.value_or(std::string());
    }
}

const Commitment& commitmentOf(const Entry& entry, ExportedContent::Of of) {
    return of == ExportedContent::Of::original    ? entry.original
           : of == ExportedContent::Of::sanitised ? entry.sanitised
                                                  : entry.justification;
}

} // namespace

std::string exportHeader(const ExportStart& start) {
    Json json{{"gatehouse", kName},
              {"version", kVersion},
              {"exported", formatTime(WallTime{std::chrono::milliseconds{start.exportedAtMs}})},
              {"after", headJson(start.before)}};
    if (start.remembered) {
        json["remembered"] = headJson(*start.remembered);
    }
    if (start.isCut) {
        json["cut"] = true;
    }
    if (start.hasTexts) {
        json["texts"] = true;
    }
    return dumpJson(json);
}

std::string exportRecord(const Entry& entry, ByteView bytes, const std::vector<ExportedContent>& contents) {
    AuditRecord record = entry.record;
    Json list = Json::array();
    for (const ExportedContent& kept : contents) {
        Json one{{"of", wordOf(kept.of)}, {"salt", hexEncode(kept.salt)}};
        if (!kept.content.hash.empty()) {
            one["sha256"] = kept.content.hash;
        }
        if (kept.content.text) {
            one["text"] = *kept.content.text;
        }
        list.push_back(std::move(one));
        putContent(record, kept.of, {kept.content.hash, std::nullopt}); // the text itself is told once
    }
    Json json = recordToJson(record);
    json["record"] = base64Encode(bytes);
    json["sha256"] = hexEncode(hashEntry(bytes));
    if (!list.empty()) {
        json["content"] = std::move(list);
    }
    return dumpJson(json);
}

std::string exportEnd(const Head& head, std::uint64_t records) {
    return dumpJson({{"end", kName}, {"records", records}, {"head", headJson(head)}});
}

void ExportVerifier::note(std::uint64_t sequence, std::string what) {
    if (!m_report.fault) {
        m_report.fault = ChainFault{sequence, std::move(what)};
    }
}

bool ExportVerifier::feed(std::string_view line) {
    if (m_report.fault) {
        return true;
    }
    const auto json = parseJson(line, kLineLimits);
    if (m_state == State::header) {
        return json && json->is_object() && feedHeader(*json);
    }
    if (!json || !json->is_object()) {
        note("the line is not a JSON object");
    } else if (m_state == State::ended) {
        note("there is something behind the end of the export");
    } else if (json->contains("end")) {
        feedEnd(*json);
    } else {
        feedRecord(*json);
    }
    return true;
}

bool ExportVerifier::feedHeader(const Json& line) {
    if (textMember(line, "gatehouse") != kName) {
        return false;
    }
    const auto before = headFrom(line, "after");
    m_state = State::records;
    if (numberMember(line, "version") != kVersion) {
        note("the export has a version that this program does not know; take a newer one");
    } else if (!before || (before->sequence == 0 && before->hash != Sha256Digest{})) {
        note("the header is malformed");
    } else {
        m_start.before = *before;
        m_start.remembered = headFrom(line, "remembered");
        m_start.isCut = line.contains("cut");
        m_start.hasTexts = line.contains("texts");
        m_chain = ChainVerifier(*before);
        m_isExpectedSeen = before->sequence > 0 && m_expected == before->hash;
    }
    return true;
}

bool ExportVerifier::takeContents(const Json& line, const Entry& entry, AuditRecord& record) {
    const auto list = line.find("content");
    std::array<bool, 3> isMissing{entry.original.has_value(), entry.sanitised.has_value(),
                                  entry.justification.has_value()};
    for (const Json& kept : list == line.end() ? Json::array() : *list) {
        const auto of = kept.is_object() ? ofFromWord(textMember(kept, "of")) : std::nullopt;
        Salt salt{};
        if (!of || !hexMember(kept, "salt", salt)) {
            return false;
        }
        Content content{textMember(kept, "sha256"), std::nullopt};
        if (kept.contains("text")) {
            content.text = textMember(kept, "text");
        }
        const Commitment actual = commitContent(salt, encodeContent(content));
        if (!commitmentOf(entry, *of) ||
            !m_chain.checkContent(entry.record.sequence, commitmentOf(entry, *of), actual)) {
            return false;
        }
        isMissing.at(static_cast<std::size_t>(*of)) = false;
        m_report.texts += content.text ? 1U : 0U;
        content.text.reset();
        putContent(record, *of, std::move(content));
    }
    m_erasures.feed(entry, static_cast<std::uint64_t>(std::count(isMissing.begin(), isMissing.end(), true)));
    return true;
}

void ExportVerifier::feedRecord(const Json& line) {
    const auto bytes = base64Decode(textMember(line, "record"));
    const auto hash = hexDecode(textMember(line, "sha256"));
    const auto sequence = numberMember(line, "sequence");
    if (!bytes || !hash || !sequence) {
        return note("the line is not a record");
    }
    const auto entry = m_chain.feed(*bytes, *sequence, *hash);
    if (!entry) {
        m_report.fault = m_chain.fault();
        return;
    }
    const std::uint64_t number = entry->record.sequence;
    if (entry->chain != m_start.before.chain) {
        return note(number, "the record belongs to another chain than the header says");
    }
    AuditRecord record = entry->record;
    if (!takeContents(line, *entry, record)) {
        return note(number, "a kept text is not the one that was recorded");
    }
    Json readable = line;
    for (const char* const member : {"record", "sha256", "content"}) {
        readable.erase(member);
    }
    if (readable != recordToJson(record)) {
        return note(number, "what the line says is not what the record says");
    }
    m_report.first = m_report.first == 0 ? number : m_report.first;
    m_report.records += 1;
    m_isExpectedSeen = m_isExpectedSeen || m_expected == m_chain.head().hash;
    if (record.kind == RecordKind::event && isBreach(record.outcome)) {
        m_report.breaches.push_back({number, record.outcome, record.reason});
    }
    checkRemembered();
}

void ExportVerifier::checkRemembered() {
    const auto& remembered = m_start.remembered;
    if (remembered && remembered->sequence == m_chain.head().sequence &&
        (remembered->hash != m_chain.head().hash || remembered->chain != m_start.before.chain)) {
        note(remembered->sequence, "the record is not the one that the device remembered: the chain was rewritten");
    }
}

void ExportVerifier::feedEnd(const Json& line) {
    m_state = State::ended;
    const auto head = headFrom(line, "head");
    const Head& reached = m_chain.head();
    if (numberMember(line, "records") != m_report.records || !head || head->sequence != reached.sequence ||
        head->hash != reached.hash || head->chain != m_start.before.chain) {
        note("the end of the export does not fit its records: some are missing");
    } else if (m_start.remembered && m_start.remembered->sequence > reached.sequence && !m_start.isCut) {
        note("the newest records are missing: the device remembered record " +
             std::to_string(m_start.remembered->sequence));
    }
}

ExportVerifier::Report ExportVerifier::finish() {
    if (m_state != State::ended) {
        note("the export is cut off: its end is missing");
    }
    m_report.head = m_chain.head();
    m_report.head.chain = m_start.before.chain;
    if (m_expected && !m_isExpectedSeen) {
        note("the head that was asked for is not in the export: the newest records are missing, or the chain is "
             "another");
    }
    // Only an export with all texts, up to the newest record, tells what is gone from what was left out.
    if (m_start.hasTexts && !m_start.isCut) {
        m_report.erased = m_erasures.erased();
        m_report.fault = m_report.fault ? m_report.fault : m_erasures.fault();
    }
    return m_report;
}

} // namespace gatehouse::ledger
