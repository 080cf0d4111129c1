// SPDX-License-Identifier: Apache-2.0
#include "ledger/record_json.h"

#include "base/time_text.h"

namespace gatehouse::ledger {
namespace {

void put(Json& json, const char* name, const std::string& text) {
    if (!text.empty()) {
        json[name] = text;
    }
}

template <class Number>
void putNumber(Json& json, const char* name, Number value) {
    if (value != 0) {
        json[name] = value;
    }
}

Json whoJson(const AuditRecord& record) {
    Json json{{"name", record.person.name}, {"uid", record.person.uid}};
    put(json, "sign_in", record.signIn);
    if (!record.person.groups.empty()) {
        json["groups"] = record.person.groups;
    }
    return json;
}

Json destinationJson(const AuditRecord& record) {
    Json json{{"trust", trustWord(record.destination.trust)}};
    put(json, "provider", record.destination.provider);
    put(json, "model", record.destination.model);
    put(json, "region", record.destination.region);
    put(json, "site", record.destination.site);
    return json;
}

Json findingsJson(const AuditRecord& record) {
    Json list = Json::array();
    for (const FindingSummary& finding : record.findings) {
        list.push_back({{"detector", finding.detector},
                        {"class", findingClassWord(finding.findingClass)},
                        {"count", finding.count},
                        {"confidence", finding.confidence}});
    }
    return list;
}

// "4", "7-12": records whose texts were deleted.
Json rangesJson(const AuditRecord& record) {
    Json list = Json::array();
    for (const SequenceRange& range : record.erased) {
        list.push_back(range.from == range.to ? std::to_string(range.from)
                                              : std::to_string(range.from) + "-" + std::to_string(range.to));
    }
    return list;
}

void putInteraction(Json& json, const AuditRecord& record) {
    put(json, "interaction", record.interaction);
    put(json, "conversation", record.conversation);
    json["person"] = whoJson(record);
    if (record.process.isKnown) {
        json["process"] = {{"pid", record.process.pid}, {"executable", record.process.executable}};
    }
    put(json, "client", record.client);
    json["channel"] = channelWord(record.channel);
    json["direction"] = directionWord(record.direction);
    put(json, "surface", record.surface);
    put(json, "site", record.site);
    json["destination"] = destinationJson(record);
    put(json, "policy", record.policyId);
    putNumber(json, "policy_serial", record.policySerial);
    json["action"] = actionWord(record.action);
    put(json, "rule", record.rule);
    json["findings"] = findingsJson(record);
    if (!record.documents.empty()) {
        json["documents"] = record.documents;
    }
    put(json, "consent", record.consent);
}

void putMeasures(Json& json, const AuditRecord& record) {
    putNumber(json, "status", record.status);
    putNumber(json, "attempts", record.attempts);
    putNumber(json, "latency_us", record.latencyMicros);
    putNumber(json, "overhead_us", record.overheadMicros);
    if (record.usage.inputTokens + record.usage.outputTokens > 0) {
        json["usage"] = {{"input_tokens", record.usage.inputTokens},
                         {"output_tokens", record.usage.outputTokens},
                         {"cached_tokens", record.usage.cachedTokens},
                         {"reasoning_tokens", record.usage.reasoningTokens},
                         {"estimated", record.usage.isEstimated}};
    }
    if (record.costUsd) {
        json["cost_usd"] = *record.costUsd;
    }
    put(json, "cache", record.cache);
}

} // namespace

Json recordToJson(const AuditRecord& record) {
    Json json{{"sequence", record.sequence},
              {"time", formatTime(WallTime{std::chrono::milliseconds{record.timeMs}})},
              {"kind", recordKindWord(record.kind)},
              {"outcome", record.outcome}};
    put(json, "reason", record.reason);
    if (record.kind != RecordKind::event) {
        putInteraction(json, record);
        putMeasures(json, record);
    } else if (!record.person.name.empty()) {
        json["person"] = whoJson(record);
    }
    if (!record.erased.empty()) {
        json["erased"] = rangesJson(record);
    }
    if (record.hasErasedTexts) {
        json["texts_erased"] = true;
    }
    put(json, "original_sha256", record.originalHash);
    put(json, "sanitised_sha256", record.sanitisedHash);
    put(json, "justification", record.justification);
    if (record.originalText) {
        json["original_text"] = *record.originalText;
    }
    if (record.sanitisedText) {
        json["sanitised_text"] = *record.sanitisedText;
    }
    return json;
}

} // namespace gatehouse::ledger
