// SPDX-License-Identifier: Apache-2.0
#include "pipeline/call.h"

#include <algorithm>
#include <array>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/crypto.h"
#include "pipeline/transfer_source.h"
#include "pipeline/translate.h"

namespace gatehouse::pipeline {
namespace {

constexpr std::array<std::string_view, 8> kPassedOn{"retry-after",    "retry-after-ms", "x-ms-retry-after-ms",
                                                    "x-should-retry", "x-request-id",   "openai-processing-ms",
                                                    "request-id",     "ratelimit"};
constexpr std::size_t kMaxPassedValue = 256;

bool isPassedOn(std::string_view name, std::string_view value) {
    const bool isKnown = name.starts_with("x-ratelimit-") || name.starts_with("ratelimit-") ||
                         name.starts_with("anthropic-ratelimit-") ||
                         std::find(kPassedOn.begin(), kPassedOn.end(), name) != kPassedOn.end();
    return isKnown && value.size() <= kMaxPassedValue &&
           std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

std::string mediaType(const upstream::Headers& headers) {
    const auto found =
        std::find_if(headers.begin(), headers.end(), [](const auto& each) { return each.first == "content-type"; });
    std::string type = found == headers.end() ? std::string() : found->second.substr(0, found->second.find(';'));
    std::transform(type.begin(), type.end(), type.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    while (!type.empty() && type.back() == ' ') {
        type.pop_back();
    }
    return type;
}

// Plain texts and subtitles, or recordings; a page of a proxy is neither.
bool isOther(dialects::OtherAnswers others, std::string_view type) {
    if (others == dialects::OtherAnswers::texts) {
        return type == "text/plain" || type == "text/vtt" || type == "text/srt" || type == "application/x-subrip";
    }
    const bool isPlain = std::all_of(type.begin(), type.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '/' || c == '-' || c == '.' || c == '+';
    });
    return others == dialects::OtherAnswers::recordings && isPlain &&
           (type.starts_with("audio/") || type == "application/octet-stream");
}

dialects::AnswerContext contextOf(const Request& request) {
    dialects::AnswerContext context;
    context.id = request.interaction.id;
    context.model = request.parsed.model;
    context.created =
        std::chrono::duration_cast<std::chrono::seconds>(request.parts().clock.wall().time_since_epoch()).count();
    context.wantsUsage = request.parsed.wantsUsage;
    context.framing = request.asked.framing;
    std::size_t bytes = 0;
    for (const Part& part : request.interaction.parts) {
        bytes += part.kind == PartKind::key ? 0 : part.text.size();
    }
    context.inputTokens = limits::estimateTokens(bytes);
    return context;
}

// From here on the source gives the client's dialect.
void translateAnswer(Request& request, const dialects::Dialect& outbound, std::optional<dialects::Framing> arrives) {
    request.isTranslated = true;
    if (outbound.embedCodec() != nullptr) {
        EmbedTranslation translation{*outbound.embedCodec(), *request.dialect.embedCodec(), request.embedForm,
                                     request.upstreamStatus, contextOf(request)};
        request.isEventStream = false;
        request.source = makeEmbedSource(std::move(request.source), std::move(translation), request.usage);
        return;
    }
    Translation translation{*outbound.codec(),      *request.dialect.codec(), arrives,          false,
                            request.upstreamStatus, contextOf(request),       request.toolNames};
    translation.leavesAsStream = request.parsed.isStream && request.upstreamStatus < 300;
    request.isEventStream = translation.leavesAsStream;
    request.source = makeTranslatedSource(std::move(request.source), std::move(translation),
                                          Learned{request.usage, request.upstreamStatus});
}

} // namespace

Task<> pauseBeforeRetry(std::chrono::milliseconds delay, int attempt) {
    const auto whole = delay * (1 << attempt);
    const auto extra = whole * randomBytes(1).front() / 1024;
    asio::steady_timer timer(co_await asio::this_coro::executor);
    timer.expires_after(whole + extra);
    co_await timer.async_wait(asio::use_awaitable);
}

// Answers of MCP: a message, a stream of them, or nothing (202 to what wants no answer).
Step takeMessages(Request& request, upstream::Head head, std::unique_ptr<upstream::Transfer> transfer) {
    if (auto refusal = takeMcpHead(request, head)) {
        return refusal;
    }
    const std::string type = mediaType(head.headers);
    request.upstreamStatus = head.status;
    request.isEventStream = head.status < 300 && type == "text/event-stream";
    if (head.status < 300 && !request.isEventStream && type != "application/json") {
        const bool wantsAnswer = request.asked.isListening || !request.parsed.rpc->id.empty();
        if (wantsAnswer && request.parsed.rpc->method != "end" && !request.parsed.rpc->method.empty()) {
            return refuse(RefusalReason::upstreamFailed, "The server's answer is neither JSON nor an event stream.");
        }
        request.hasNoBody = true;
    }
    // Errors of the transport are texts, or nothing at all; one that asks for a sign-in has a body for no client here.
    request.hasNoBody = request.hasNoBody || head.status == 401 || (head.status >= 400 && type != "application/json");
    request.source = std::make_unique<TransferSource>(std::move(transfer));
    if (!request.hasNoBody) {
        request.source = makeMcpSource(std::move(request.source), request, request.isEventStream);
    }
    return proceed();
}

Step takeHead(Request& request, const dialects::Dialect& outbound, upstream::Head head,
              std::unique_ptr<upstream::Transfer> transfer) {
    if (head.status < 200 || (head.status >= 300 && head.status < 400)) {
        return refuse(RefusalReason::upstreamFailed, "The provider answered with a redirect, which is never followed.");
    }
    for (auto& header : head.headers) {
        if (isPassedOn(header.first, header.second)) {
            request.upstreamHeaders.push_back(std::move(header));
        }
    }
    if (request.parsed.rpc) {
        return takeMessages(request, std::move(head), std::move(transfer));
    }
    const bool isSame = &outbound == &request.dialect;
    const dialects::Framing expected = isSame ? request.asked.framing : outbound.framing();
    const std::string type = mediaType(head.headers);
    const bool isJson = type == "application/json";
    const bool isStream = head.status < 300 && type == dialects::mediaTypeOf(expected) &&
                          (expected != dialects::Framing::jsonArray || request.parsed.isStream);
    if (head.status < 300 && !isStream && !isJson && isSame && isOther(outbound.otherAnswers(), type)) {
        request.otherAnswers = outbound.otherAnswers();
        request.answerType = type;
    } else if (head.status < 300 && !isStream && !isJson) {
        return refuse(RefusalReason::upstreamFailed, "The provider's answer is neither JSON nor an event stream.");
    }
    request.upstreamStatus = head.status;
    request.source = std::make_unique<TransferSource>(std::move(transfer));
    request.isEventStream = isStream;
    if (!isSame) {
        translateAnswer(request, outbound, isStream ? std::optional(expected) : std::nullopt);
    }
    return proceed();
}

} // namespace gatehouse::pipeline
