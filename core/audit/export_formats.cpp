// SPDX-License-Identifier: Apache-2.0
#include "audit/export_formats.h"

#include <array>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/json.h"
#include "base/time_text.h"
#include "ledger/chain.h"

namespace gatehouse::audit {
namespace {

std::string timeOf(const AuditRecord& record) {
    return formatTime(WallTime{std::chrono::milliseconds{record.timeMs}});
}

std::string findingsText(const AuditRecord& record) {
    std::string out;
    for (const FindingSummary& finding : record.findings) {
        out += fmt::format("{}{} x{}", out.empty() ? "" : "; ", finding.detector, finding.count);
    }
    return out;
}

std::string joined(const std::vector<std::string>& texts) {
    std::string out;
    for (const std::string& text : texts) {
        out += (out.empty() ? "" : "; ") + text;
    }
    return out;
}

// Whom the organisation's sign-in named, else the machine's user.
const std::string& whoOf(const AuditRecord& record) {
    return record.signIn.empty() ? record.person.name : record.signIn;
}

const std::string& siteOf(const AuditRecord& record) {
    return record.destination.site.empty() ? record.site : record.destination.site;
}

// RFC 4180 quoting. A cell that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, CSV
// injection).
std::string cell(std::string_view text) {
    std::string safe(text);
    if (!safe.empty() && std::string_view("=+-@\t\r").find(safe.front()) != std::string_view::npos) {
        safe.insert(safe.begin(), '\'');
    }
    if (safe.find_first_of(",\"\r\n") == std::string::npos) {
        return safe;
    }
    std::string out = "\"";
    for (const char c : safe) {
        out += c == '"' ? std::string("\"\"") : std::string(1, c);
    }
    return out + "\"";
}

// CEF: in the header a pipe and a backslash are escaped, in an extension's value an equals sign and a backslash; line
// breaks are told as \n in values and are not allowed in the header.
std::string cefHeader(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '|' || c == '\\') {
            out += '\\';
        }
        out += c == '\n' || c == '\r' ? ' ' : c;
    }
    return out;
}

std::string cefValue(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '=' || c == '\\') {
            out += '\\';
        }
        if (c == '\n' || c == '\r') {
            out += c == '\n' ? "\\n" : "\\r";
        } else {
            out += c;
        }
    }
    return out;
}

void extension(std::string& out, std::string_view key, std::string_view value) {
    if (!value.empty()) {
        out += fmt::format("{}{}={}", out.empty() ? "" : " ", key, cefValue(value));
    }
}

// A custom field of CEF: its value and what it means.
void custom(std::string& out, std::string_view key, std::string_view label, std::string_view value) {
    if (!value.empty()) {
        extension(out, key, value);
        extension(out, std::string(key) + "Label", label);
    }
}

bool wasBlocked(const AuditRecord& record) {
    return record.action == Action::block || record.outcome == "refused";
}

// 0 to 10: a block is worth a look, a breach of the chain a call.
int cefSeverity(const AuditRecord& record) {
    if (record.kind == RecordKind::event) {
        return ledger::isBreach(record.outcome) ? 10 : 2;
    }
    return wasBlocked(record) ? 7 : record.findings.empty() ? 1 : 4;
}

std::string number(std::uint64_t value) {
    return value == 0 ? std::string() : std::to_string(value);
}

void endpoints(Json& json, const AuditRecord& record) {
    if (!record.process.executable.empty()) {
        json["actor"]["process"] = {{"pid", record.process.pid}, {"file", {{"path", record.process.executable}}}};
    }
    const std::string& provider = record.destination.provider;
    json["src_endpoint"] = {{"hostname", "localhost"}};
    json["dst_endpoint"] = {{"name", provider.empty() ? "page" : provider}};
    if (!siteOf(record).empty()) {
        json["dst_endpoint"]["hostname"] = siteOf(record);
    }
    if (record.status != 0) {
        json["http_response"] = {{"code", record.status}};
    }
}

// Of the profile ai_operation: the model, and the message with its tokens. Roles: 1 user, 2 assistant.
void aiOperation(Json& json, const AuditRecord& record) {
    if (record.kind == RecordKind::event) {
        return;
    }
    const Destination& to = record.destination;
    const std::string& service = to.provider.empty() ? siteOf(record) : to.provider;
    if (!to.model.empty()) {
        json["ai_model"] = {{"name", to.model}, {"ai_provider", service.empty() ? "unknown" : service}};
    }
    if (service.empty()) {
        return; // a message needs one
    }
    Json message{{"ai_role_id", record.direction == Direction::answer ? 2 : 1}, {"service", {{"name", service}}}};
    if (!record.conversation.empty()) {
        message["uid"] = record.conversation;
    }
    const Usage& usage = record.usage;
    if (usage.inputTokens != 0 || usage.outputTokens != 0) {
        message["prompt_tokens"] = usage.inputTokens;
        message["completion_tokens"] = usage.outputTokens;
        message["total_tokens"] = usage.inputTokens + usage.outputTokens;
    }
    json["message_context"] = std::move(message);
}

Json userOf(const AuditRecord& record) {
    Json user{{"name", whoOf(record)}, {"uid", std::to_string(record.person.uid)}};
    for (const std::string& group : record.person.groups) {
        user["groups"].push_back({{"name", group}});
    }
    return user;
}

Json unmapped(const AuditRecord& record, const Sha256Digest& hash) {
    Json out{{"record_sha256", hexEncode(hash)},
             {"kind", recordKindWord(record.kind)},
             {"channel", channelWord(record.channel)},
             {"direction", directionWord(record.direction)},
             {"trust", trustWord(record.destination.trust)},
             {"policy", record.policyId},
             {"policy_serial", record.policySerial},
             {"action", actionWord(record.action)},
             {"rule", record.rule},
             {"region", record.destination.region},
             {"attempts", record.attempts},
             {"findings", Json::array()}};
    const auto put = [&out](const char* name, const std::string& text) {
        if (!text.empty()) {
            out[name] = text;
        }
    };
    put("os_user", record.signIn.empty() ? std::string() : record.person.name);
    put("consent", record.consent);
    put("cache", record.cache);
    put("documents", joined(record.documents));
    for (const FindingSummary& finding : record.findings) {
        out["findings"].push_back({{"detector", finding.detector},
                                   {"class", findingClassWord(finding.findingClass)},
                                   {"count", finding.count},
                                   {"confidence", finding.confidence}});
    }
    if (record.costUsd) {
        out["cost_usd"] = *record.costUsd;
    }
    return out;
}

struct Column {
    const char* name;
    std::string (*value)(const AuditRecord& record, const Sha256Digest& hash);
};

template <class Value>
std::string digits(Value value) {
    return std::to_string(value);
}

constexpr std::array kColumns = {
    Column{"sequence", [](const AuditRecord& r, const Sha256Digest&) { return digits(r.sequence); }},
    Column{"time", [](const AuditRecord& r, const Sha256Digest&) { return timeOf(r); }},
    Column{"kind", [](const AuditRecord& r, const Sha256Digest&) { return std::string(recordKindWord(r.kind)); }},
    Column{"interaction", [](const AuditRecord& r, const Sha256Digest&) { return r.interaction; }},
    Column{"conversation", [](const AuditRecord& r, const Sha256Digest&) { return r.conversation; }},
    Column{"person", [](const AuditRecord& r, const Sha256Digest&) { return r.person.name; }},
    Column{"sign_in", [](const AuditRecord& r, const Sha256Digest&) { return r.signIn; }},
    Column{"groups", [](const AuditRecord& r, const Sha256Digest&) { return joined(r.person.groups); }},
    Column{"client", [](const AuditRecord& r, const Sha256Digest&) { return r.client; }},
    Column{"process", [](const AuditRecord& r, const Sha256Digest&) { return r.process.executable; }},
    Column{"channel", [](const AuditRecord& r, const Sha256Digest&) { return std::string(channelWord(r.channel)); }},
    Column{"direction",
           [](const AuditRecord& r, const Sha256Digest&) { return std::string(directionWord(r.direction)); }},
    Column{"surface", [](const AuditRecord& r, const Sha256Digest&) { return r.surface; }},
    Column{"site", [](const AuditRecord& r, const Sha256Digest&) { return siteOf(r); }},
    Column{"provider", [](const AuditRecord& r, const Sha256Digest&) { return r.destination.provider; }},
    Column{"model", [](const AuditRecord& r, const Sha256Digest&) { return r.destination.model; }},
    Column{"region", [](const AuditRecord& r, const Sha256Digest&) { return r.destination.region; }},
    Column{"trust",
           [](const AuditRecord& r, const Sha256Digest&) { return std::string(trustWord(r.destination.trust)); }},
    Column{"policy", [](const AuditRecord& r, const Sha256Digest&) { return r.policyId; }},
    Column{"policy_serial", [](const AuditRecord& r, const Sha256Digest&) { return digits(r.policySerial); }},
    Column{"action", [](const AuditRecord& r, const Sha256Digest&) { return std::string(actionWord(r.action)); }},
    Column{"rule", [](const AuditRecord& r, const Sha256Digest&) { return r.rule; }},
    Column{"outcome", [](const AuditRecord& r, const Sha256Digest&) { return r.outcome; }},
    Column{"reason", [](const AuditRecord& r, const Sha256Digest&) { return r.reason; }},
    Column{"findings", [](const AuditRecord& r, const Sha256Digest&) { return findingsText(r); }},
    Column{"documents", [](const AuditRecord& r, const Sha256Digest&) { return joined(r.documents); }},
    Column{"consent", [](const AuditRecord& r, const Sha256Digest&) { return r.consent; }},
    Column{"cache", [](const AuditRecord& r, const Sha256Digest&) { return r.cache; }},
    Column{"input_tokens", [](const AuditRecord& r, const Sha256Digest&) { return digits(r.usage.inputTokens); }},
    Column{"output_tokens", [](const AuditRecord& r, const Sha256Digest&) { return digits(r.usage.outputTokens); }},
    Column{"cost_usd", [](const AuditRecord& r,
                          const Sha256Digest&) { return r.costUsd ? fmt::format("{}", *r.costUsd) : std::string(); }},
    Column{"status", [](const AuditRecord& r, const Sha256Digest&) { return digits(r.status); }},
    Column{"attempts", [](const AuditRecord& r, const Sha256Digest&) { return digits(r.attempts); }},
    Column{"latency_us", [](const AuditRecord& r, const Sha256Digest&) { return digits(r.latencyMicros); }},
    Column{"record_sha256", [](const AuditRecord&, const Sha256Digest& hash) { return hexEncode(hash); }},
};

} // namespace

std::string csvHeading() {
    std::string out;
    for (const Column& column : kColumns) {
        out += (out.empty() ? "" : ",") + std::string(column.name);
    }
    return out;
}

std::string csvLine(const AuditRecord& record, const Sha256Digest& hash) {
    std::string out;
    for (const Column& column : kColumns) {
        out += (&column == kColumns.data() ? "" : ",") + cell(column.value(record, hash));
    }
    return out;
}

std::string cefLine(const AuditRecord& record, const Sha256Digest& hash) {
    const bool isEvent = record.kind == RecordKind::event;
    const std::string id = std::string(recordKindWord(record.kind)) + ":" + record.outcome;
    std::string more;
    extension(more, "rt", std::to_string(record.timeMs));
    extension(more, "externalId", std::to_string(record.sequence));
    extension(more, "suser", whoOf(record));
    extension(more, "suid", record.signIn.empty() ? std::string() : record.person.name);
    extension(more, "sproc", record.process.executable);
    extension(more, "spid", record.process.isKnown ? std::to_string(record.process.pid) : std::string());
    extension(more, "dhost", siteOf(record));
    extension(more, "act", isEvent ? std::string_view() : actionWord(record.action));
    extension(more, "outcome", record.outcome);
    extension(more, "reason", record.reason);
    extension(more, "app", record.surface);
    extension(more, "cat", isEvent ? std::string_view() : channelWord(record.channel));
    extension(more, "requestClientApplication", record.client);
    custom(more, "cs1", "rule", record.rule);
    custom(more, "cs2", "provider", record.destination.provider);
    custom(more, "cs3", "model", record.destination.model);
    custom(more, "cs4", "findings", findingsText(record));
    custom(more, "cs5", "interaction", record.interaction);
    custom(more, "cs6", "recordSha256", hexEncode(hash));
    custom(more, "cn1", "inputTokens", number(record.usage.inputTokens));
    custom(more, "cn2", "outputTokens", number(record.usage.outputTokens));
    custom(more, "cn3", "status", number(static_cast<std::uint64_t>(record.status)));
    custom(more, "cfp1", "costUsd", record.costUsd ? fmt::format("{}", *record.costUsd) : std::string());
    return fmt::format("CEF:0|Gatehouse|Gatehouse|1|{}|{}|{}|{}", cefHeader(id),
                       cefHeader(isEvent ? record.outcome : "AI " + std::string(directionWord(record.direction))),
                       cefSeverity(record), more);
}

std::string ocsfLine(const AuditRecord& record, const Sha256Digest& hash) {
    constexpr int kClass = 6003;
    constexpr int kOther = 99; // a prompt is none of create, read, update, delete
    const bool isFailure = wasBlocked(record) || record.outcome.ends_with("failed");
    const bool isBad = record.kind == RecordKind::event && ledger::isBreach(record.outcome);
    Json json{{"class_uid", kClass},
              {"class_name", "API Activity"},
              {"category_uid", 6},
              {"category_name", "Application Activity"},
              {"activity_id", kOther},
              {"activity_name", record.kind == RecordKind::event ? record.outcome : directionWord(record.direction)},
              {"type_uid", kClass * 100 + kOther},
              {"time", record.timeMs},
              {"severity_id", isBad                     ? 5
                              : wasBlocked(record)      ? 3
                              : record.findings.empty() ? 1
                                                        : 2},
              {"status_id", isFailure || isBad ? 2 : 1},
              {"status_detail", record.outcome},
              {"metadata",
               {{"version", "1.8.0"},
                {"profiles", {"ai_operation"}},
                {"sequence", record.sequence},
                {"uid", hexEncode(hash)},
                {"correlation_uid", record.interaction},
                {"product", {{"name", "Gatehouse"}, {"vendor_name", "Gatehouse"}}}}},
              {"actor", {{"user", userOf(record)}}},
              {"api", {{"operation", record.surface.empty() ? "agent" : record.surface}}}};
    if (!record.reason.empty()) {
        json["message"] = record.reason;
    }
    if (!record.client.empty()) {
        json["actor"]["app_name"] = record.client;
    }
    if (!record.destination.provider.empty()) {
        json["api"]["service"] = {{"name", record.destination.provider}};
    }
    if (record.latencyMicros != 0) {
        json["duration"] = record.latencyMicros / 1000;
    }
    endpoints(json, record);
    aiOperation(json, record);
    json["unmapped"] = unmapped(record, hash);
    return dumpJson(json);
}

} // namespace gatehouse::audit
