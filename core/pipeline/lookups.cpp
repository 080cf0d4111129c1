// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/time_text.h"
#include "pipeline/answers.h"

namespace gatehouse::pipeline {
namespace {

// The newest of Ollama's interfaces whose paths are served here: clients compare it.
constexpr std::string_view kOllamaVersion = "0.13.0";
constexpr int kPolls = 40;
constexpr std::chrono::milliseconds kPollPause{10};

Answer jsonAnswer(const Request& request, std::string body) {
    Headers headers = answerHeaders(request, nullptr);
    headers.emplace_back("content-type", "application/json");
    headers.emplace_back("cache-control", "no-store");
    return {200, std::move(headers), false, onePiece(std::move(body))};
}

Json findingsJson(const AuditRecord& record) {
    Json list = Json::array();
    for (const FindingSummary& summary : record.findings) {
        list.push_back({{"detector", summary.detector},
                        {"class", findingClassWord(summary.findingClass)},
                        {"count", summary.count},
                        {"confidence", summary.confidence}});
    }
    return list;
}

// governance/describe.cpp writes what would have acted in shadow or monitor mode as "shadow:rule,rule".
Json shadowRules(const std::vector<AuditRecord>& records) {
    Json rules = Json::array();
    for (const AuditRecord& record : records) {
        if (!rules.empty() || !record.reason.starts_with("shadow:")) {
            continue;
        }
        std::string_view rest = std::string_view(record.reason).substr(7);
        while (!rest.empty()) {
            const std::size_t comma = rest.find(',');
            rules.push_back(rest.substr(0, comma));
            rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
        }
    }
    return rules;
}

Json usageJson(const AuditRecord& record) {
    return {{"input_tokens", record.usage.inputTokens},
            {"output_tokens", record.usage.outputTokens},
            {"cached_tokens", record.usage.cachedTokens},
            {"reasoning_tokens", record.usage.reasoningTokens},
            {"is_estimated", record.usage.isEstimated}};
}

Json interactionJson(const std::vector<AuditRecord>& records) {
    const AuditRecord& first = records.front();
    const AuditRecord& last = records.back();
    const bool isOver = last.kind == RecordKind::outcome;
    Json out;
    out["id"] = last.interaction;
    out["time"] = formatTime(WallTime(std::chrono::milliseconds(first.timeMs)));
    out["decision"] = actionWord(last.action);
    out["rule"] = last.rule;
    out["provider"] = last.destination.provider;
    out["model"] = last.destination.model;
    out["trust"] = trustWord(last.destination.trust);
    out["policy"] = {{"id", last.policyId}, {"serial", last.policySerial}};
    out["findings"] = findingsJson(last);
    out["outcome"] = isOver ? Json(last.outcome) : Json("running");
    out["reason"] = last.reason;
    out["status"] = last.status;
    out["attempts"] = last.attempts;
    out["usage"] = usageJson(last);
    out["cost_usd"] = last.costUsd ? Json(*last.costUsd) : Json();
    out["overhead_ms"] = static_cast<double>(last.overheadMicros) / 1000.0;
    out["latency_ms"] = static_cast<double>(last.latencyMicros) / 1000.0;
    out["shadow_rules"] = shadowRules(records);
    if (first.sanitisedText) {
        out["sanitised_text"] = *first.sanitisedText;
    }
    if (records.size() > 1 && last.sanitisedText) {
        out["sanitised_answer"] = *last.sanitisedText;
    }
    return out;
}

bool isOwn(const Request& request, const std::vector<AuditRecord>& records) {
    return !records.empty() && std::all_of(records.begin(), records.end(), [&](const AuditRecord& record) {
        return record.client == request.client.name;
    });
}

// The writer commits outcomes in groups, a moment after the answer: one that has just ended is waited for.
Task<Result<std::vector<AuditRecord>>> findRecords(Request& request, const std::string& id) {
    for (int poll = 0;; ++poll) {
        auto records = request.parts().reader.show(id);
        const bool isWhole = !records || (!records->empty() && records->back().kind == RecordKind::outcome);
        const bool wasRecent =
            std::find(request.shared.ended.begin(), request.shared.ended.end(), id) != request.shared.ended.end();
        if (isWhole || !wasRecent || poll >= kPolls) {
            co_return records;
        }
        asio::steady_timer timer(co_await asio::this_coro::executor);
        timer.expires_after(kPollPause);
        co_await timer.async_wait(asio::use_awaitable);
    }
}

std::vector<dialects::ModelRow> knownModels(Request& request) {
    std::vector<dialects::ModelRow> rows;
    std::set<std::string> known;
    const auto add = [&](std::string id, std::string owner) {
        if (known.insert(id).second) {
            rows.push_back({std::move(id), std::move(owner)});
        }
    };
    for (const providers::Target& target : request.parts().router.list(*request.rules.policy)) {
        const bool isPlain = target.isPreview || target.providerId == "alias" || target.model == "*";
        if (target.model == "*") {
            continue; // any model: there is no name to list
        }
        add(isPlain ? target.model : target.providerId + "/" + target.model, target.providerId);
    }
    add("preview", "preview");
    add("preview/local", "preview");
    return rows;
}

// POST /api/show: that the model is there, and what can be asked of it.
Answer showModel(Request& request, const std::string& body) {
    const auto json = parseJson(body);
    const char* member = json && json->contains("model") ? "model" : "name"; // old clients say name
    const bool isNamed = json && json->is_object() && json->contains(member) && (*json)[member].is_string();
    if (!isNamed) {
        return refuseRequest(request, {RefusalReason::malformedRequest, "The member 'model' is missing.", {}, {}});
    }
    const auto asked = (*json)[member].get<std::string>();
    const bool isPreview = asked == "preview" || asked == "preview/local";
    if (!isPreview && request.parts().router.candidates(*request.rules.policy, asked).empty()) {
        return refuseRequest(request, {RefusalReason::unknownModel, "There is no such model.", {}, {}});
    }
    Json out;
    out["modelfile"] = "";
    out["parameters"] = "";
    out["template"] = "";
    out["details"] = {{"parent_model", ""},  {"format", ""},         {"family", ""},
                      {"families", nullptr}, {"parameter_size", ""}, {"quantization_level", ""}};
    out["model_info"] = Json::object();
    out["capabilities"] = {"completion", "tools"};
    out["modified_at"] = "1970-01-01T00:00:00Z";
    return jsonAnswer(request, dumpJson(out));
}

} // namespace

Answer lookUp(Request& request, const std::string& body) {
    request.rules = request.parts().governor.rules();
    switch (request.endpoint) {
    case Endpoint::version:
        return jsonAnswer(request, dumpJson({{"version", kOllamaVersion}}));
    case Endpoint::running:
        return jsonAnswer(request, R"({"models":[]})"); // what is loaded where is not told
    case Endpoint::showModel:
        return showModel(request, body);
    case Endpoint::models:
    case Endpoint::infer:
    case Endpoint::interaction:
        break;
    }
    return jsonAnswer(request, request.dialect.modelList(knownModels(request)));
}

Task<Answer> showInteraction(Request& request, std::string id) {
    const auto records = co_await findRecords(request, id);
    if (!records && records.error().kind != ErrorKind::notFound) {
        co_return refuseRequest(request, {RefusalReason::auditFailed, "The audit cannot be read now.", {}, {}});
    }
    // Another client's interaction is told like one that never was.
    if (!records || !isOwn(request, *records)) {
        co_return refuseRequest(request, {RefusalReason::unknownPath, "This client has no such interaction.", {}, {}});
    }
    co_return jsonAnswer(request, dumpJson(interactionJson(*records)));
}

} // namespace gatehouse::pipeline
