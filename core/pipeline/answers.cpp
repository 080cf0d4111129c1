// SPDX-License-Identifier: Apache-2.0
#include "pipeline/answers.h"

#include <algorithm>

#include <fmt/format.h>

#include "pipeline/guarded_source.h"

namespace gatehouse::pipeline {
namespace {

class OnePiece final : public BodySource {
public:
    explicit OnePiece(std::string text) : m_text(std::move(text)) {}
    Task<Result<std::optional<std::string>>> next() override { co_return std::exchange(m_text, std::nullopt); }

private:
    std::optional<std::string> m_text;
};

// Names come from policy and discovery: what a header cannot carry is left out.
std::string headerValue(std::string_view text) {
    std::string out;
    std::copy_if(text.begin(), text.end(), std::back_inserter(out), [](char c) { return c > ' ' && c <= '~'; });
    return out.empty() ? "none" : out.substr(0, 200);
}

std::string_view decisionWord(const Request& request, const Refusal* refusal) {
    if (refusal == nullptr) {
        return actionWord(request.decision().label);
    }
    switch (refusal->reason) {
    case RefusalReason::limited:
        return "limited";
    case RefusalReason::storeLocked:
    case RefusalReason::auditFailed:
    case RefusalReason::upstreamFailed:
    case RefusalReason::upstreamTimedOut:
    case RefusalReason::shuttingDown:
    case RefusalReason::internalError:
        return "unavailable";
    case RefusalReason::needsJustification:
        return actionWord(Action::justify);
    case RefusalReason::needsConfirmation:
        return actionWord(Action::warn);
    case RefusalReason::localOnly:
        return actionWord(Action::routeLocal);
    case RefusalReason::unauthenticated:
    case RefusalReason::forbiddenOrigin:
    case RefusalReason::wrongHost:
    case RefusalReason::otherUser:
    case RefusalReason::malformedRequest:
    case RefusalReason::unsupportedMedia:
    case RefusalReason::tooLarge:
    case RefusalReason::unknownPath:
    case RefusalReason::unknownMethod:
    case RefusalReason::unknownModel:
    case RefusalReason::dlpBlocked:
    case RefusalReason::policyDenied:
    case RefusalReason::referenceDenied:
        break;
    }
    return actionWord(Action::block);
}

// Never forwarded from the provider together with a refusal of ours: it would contradict x-should-retry.
void addPassedHeaders(const Request& request, Headers& headers, bool isRefusal) {
    if (!request.untranslated.empty() && !isRefusal) {
        std::string names;
        for (const std::string& name : request.untranslated) {
            names += (names.empty() ? "" : ", ") + name;
        }
        headers.emplace_back("x-gatehouse-untranslated", std::move(names));
    }
    for (const auto& [name, value] : request.upstreamHeaders) {
        if (!isRefusal || name == "retry-after") {
            headers.emplace_back(name, value);
        }
    }
}

Answer refusalAnswer(const dialects::Dialect& dialect, const Refusal& refusal, Headers headers, int status) {
    headers.emplace_back("content-type", "application/json");
    const bool mayRetry = refusal.reason == RefusalReason::limited || refusal.reason == RefusalReason::shuttingDown;
    headers.emplace_back("x-should-retry", mayRetry ? "true" : "false");
    return {status, std::move(headers), false, onePiece(dialect.refusalBody(refusal))};
}

// A status alone; of an error, whose text is the server's own and not told, a body of ours.
Answer answerWithoutBody(std::unique_ptr<Request> request) {
    request->source.reset();
    const int status = request->upstreamStatus;
    if (status < 400) {
        Headers headers = answerHeaders(*request, nullptr);
        addPassedHeaders(*request, headers, false);
        return {status, std::move(headers), false, makeWholeBody(std::move(request), {}, status, "completed")};
    }
    Refusal refusal{RefusalReason::upstreamFailed,
                    fmt::format("The server answered HTTP {}.", status),
                    {},
                    request->interaction.id,
                    request->parsed.rpc->id};
    int told = status;
    if (status == 401) {
        // A client that is told 401 would sign in, but where it asks is Gatehouse, which is no authorization server.
        refusal.message =
            "The server of tools wants a sign-in of its own. Get a token for it there, store it (gatehousectl "
            "providers set-key NAME) and name it in policy: section \"mcp\", member \"key\".";
        told = refusalStatus(refusal.reason);
    }
    Headers headers = answerHeaders(*request, nullptr);
    addPassedHeaders(*request, headers, false);
    request->recordOutcome("upstream_error", "no readable body", status);
    return refusalAnswer(request->dialect, refusal, std::move(headers), told);
}

// A provider's error whose body cannot be read is told in the dialect, with the provider's own status.
Answer refuseAnswer(std::unique_ptr<Request> request, const Error& error) {
    const int status = request->upstreamStatus;
    if (error.kind == ErrorKind::denied) {
        return refuseRequest(*request, blockedAnswer(*request));
    }
    Refusal refusal = answerRefusal(*request, error);
    if (status < 400) {
        return refuseRequest(*request, std::move(refusal));
    }
    refusal.message = fmt::format("The provider answered HTTP {} without an error that can be read.", status);
    Headers headers = answerHeaders(*request, &refusal);
    addPassedHeaders(*request, headers, false);
    std::erase_if(headers, [](const auto& header) { return header.first == "x-should-retry"; });
    request->recordOutcome("upstream_error", "no readable body", status);
    return refusalAnswer(request->dialect, refusal, std::move(headers), status);
}

// Sound cannot be inspected: policy says whether what is unreadable may come in, and then the bytes pass as they come.
Answer deliverRecording(std::unique_ptr<Request> request) {
    auto judged = request->guard->unreadable("a recording");
    if (!judged || judged->isBlocked) {
        request->source.reset();
        return refuseRequest(*request, blockedAnswer(*request));
    }
    Headers headers = answerHeaders(*request, nullptr);
    addPassedHeaders(*request, headers, false);
    headers.emplace_back("content-type", request->answerType);
    headers.emplace_back("cache-control", "no-store");
    const int status = request->upstreamStatus;
    return {status, std::move(headers), true, makeRecordingBody(std::move(request))};
}

} // namespace

std::unique_ptr<BodySource> onePiece(std::string text) {
    return std::make_unique<OnePiece>(std::move(text));
}

Headers answerHeaders(const Request& request, const Refusal* refusal) {
    const Candidate* candidate = request.chosen();
    const policy::Decision decision = request.decision();
    const std::string& rule = refusal != nullptr && !refusal->rule.empty() ? refusal->rule : decision.rule;
    const auto overhead = request.parts().clock.monotonic() - request.started - request.waited;
    Headers headers{
        {"x-gatehouse-interaction", request.interaction.id},
        {"x-gatehouse-decision", std::string(decisionWord(request, refusal))},
        {"x-gatehouse-rule", headerValue(rule)},
        {"x-gatehouse-provider", headerValue(candidate == nullptr ? std::string() : candidate->destination.provider)},
        {"x-gatehouse-model", headerValue(candidate == nullptr ? std::string() : candidate->destination.model)},
        {"x-gatehouse-cache", "off"},
        {"x-gatehouse-overhead-ms", fmt::format("{:.3f}", std::chrono::duration<double, std::milli>(overhead).count())},
    };
    if (const Cost cost = request.cost()) {
        headers.emplace_back("x-gatehouse-cost-usd", fmt::format("{:.6f}", *cost));
    }
    return headers;
}

Answer refuseRequest(Request& request, Refusal refusal) {
    refusal.interaction = request.interaction.id;
    refusal.call = request.parsed.rpc ? request.parsed.rpc->id : std::string();
    const int status = refusalStatus(refusal.reason);
    Headers headers = answerHeaders(request, &refusal);
    addPassedHeaders(request, headers, true);
    const bool isUpstream =
        refusal.reason == RefusalReason::upstreamFailed || refusal.reason == RefusalReason::upstreamTimedOut;
    const std::string_view word = refusalWord(refusal.reason);
    request.recordOutcome(isUpstream ? word : request.guard != nullptr ? "answer_blocked" : "refused", word, status);
    return refusalAnswer(request.dialect, refusal, std::move(headers), status);
}

Answer refuseStranger(const dialects::Dialect& dialect, const Refusal& refusal) {
    Headers headers{{"x-gatehouse-decision", "block"}};
    return refusalAnswer(dialect, refusal, std::move(headers), refusalStatus(refusal.reason));
}

Task<Answer> deliver(std::unique_ptr<Request> request) {
    const Candidate& candidate = *request->chosen();
    request->guard = request->parts().governor.guardAnswer(request->rules, request->interaction, candidate.destination,
                                                           !candidate.target.isPreview);
    if (request->isEventStream) {
        Headers headers = answerHeaders(*request, nullptr);
        addPassedHeaders(*request, headers, false);
        headers.emplace_back("content-type", std::string(dialects::mediaTypeOf(request->asked.framing)));
        headers.emplace_back("cache-control", "no-store");
        headers.emplace_back("x-accel-buffering", "no");
        const int status = request->upstreamStatus;
        co_return Answer{status, std::move(headers), true, makeStreamedBody(std::move(request))};
    }
    if (request->hasNoBody) {
        co_return answerWithoutBody(std::move(request));
    }
    if (request->otherAnswers == dialects::OtherAnswers::recordings) {
        co_return deliverRecording(std::move(request));
    }
    const MonotonicTime began = request->parts().clock.monotonic();
    auto body = co_await readWholeAnswer(*request);
    request->waited += request->parts().clock.monotonic() - began;
    if (!body) {
        request->note(body.error());
        co_return refuseAnswer(std::move(request), body.error());
    }
    Headers headers = answerHeaders(*request, nullptr);
    addPassedHeaders(*request, headers, false);
    const bool isText = request->otherAnswers == dialects::OtherAnswers::texts;
    headers.emplace_back("content-type", isText ? request->answerType + "; charset=utf-8" : "application/json");
    headers.emplace_back("cache-control", "no-store");
    const int status = request->upstreamStatus;
    co_return Answer{
        status, std::move(headers), false,
        makeWholeBody(std::move(request), std::move(*body), status, status < 400 ? "completed" : "upstream_error")};
}

} // namespace gatehouse::pipeline
