// SPDX-License-Identifier: Apache-2.0
#include "pipeline/call.h"

#include <algorithm>
#include <array>

#include "dialects/multipart.h"
#include "pipeline/answers.h"
#include "pipeline/first_content.h"
#include "pipeline/grants.h"
#include "pipeline/preview.h"
#include "pipeline/stages.h"
#include "pipeline/transfer_source.h"
#include "providers/vendors.h"

namespace gatehouse::pipeline {
namespace {

constexpr int kRetries = 2;

// How one target's call went.
struct Called {
    std::unique_ptr<upstream::Transfer> transfer;
    upstream::Head head;
};

// Nothing reached the provider: the name, the connection or TLS failed (CURLcode 5, 6, 7, 35), or the layer says no
// more.
bool wasNeverSent(const Error& error) {
    constexpr std::array kBeforeSending{0, 5, 6, 7, 35};
    return error.kind == ErrorKind::unavailable &&
           std::find(kBeforeSending.begin(), kBeforeSending.end(), error.native) != kBeforeSending.end();
}

bool isPassing(int status) {
    return status == 502 || status == 503;
}

Task<Result<Called>> callTarget(Request& request, const upstream::Request& outgoing) {
    for (int attempt = 0;; ++attempt) {
        ++request.attempts;
        const MonotonicTime asked = request.parts().clock.monotonic();
        Called called;
        called.transfer = request.parts().upstream.start(outgoing);
        auto head = co_await called.transfer->head();
        request.waited += request.parts().clock.monotonic() - asked;
        // A call of a tool that reached its server may have done something already.
        const bool mayRepeat = head && !request.parsed.rpc;
        const bool mayRetry = head ? mayRepeat && isPassing(head->status) : wasNeverSent(head.error());
        if (mayRetry && attempt < kRetries) {
            called.transfer.reset();
            const MonotonicTime rested = request.parts().clock.monotonic();
            co_await pauseBeforeRetry(request.parts().retryDelay, attempt);
            request.waited += request.parts().clock.monotonic() - rested;
            continue;
        }
        if (!head) {
            co_return std::unexpected(head.error());
        }
        called.head = std::move(*head);
        co_return called;
    }
}

void authorize(Request& request, const providers::Target& target, const Redacted<std::string>& key,
               upstream::Request& out) {
    if (target.keyName.empty()) {
        return;
    }
    auto authorization = providers::authorize(providers::vendorOf(target.kind), key.reveal(), out.url, out.body,
                                              request.parts().clock.wall());
    out.authorizationHeader = std::move(authorization.header);
    out.authorization = std::move(authorization.value);
    std::move(authorization.headers.begin(), authorization.headers.end(), std::back_inserter(out.headers));
}

// The body in the provider's dialect. invalidInput with words for the caller when it cannot be said there.
Result<std::string> outgoingBody(Request& request, const Candidate& candidate) {
    request.untranslated.clear();
    GH_TRY(std::string body,
           request.dialect.compose(request.body, request.parsed, *candidate.texts, candidate.target.model));
    if (candidate.outbound == &request.dialect) {
        return body;
    }
    if (candidate.outbound->embedCodec() != nullptr) {
        GH_TRY(auto embed, request.dialect.embedCodec()->decodeRequest(body, request.asked));
        embed.model = candidate.target.model;
        request.embedForm = {embed.isList, embed.wantsBase64, embed.inputs.size()};
        GH_TRY(std::string translated, candidate.outbound->embedCodec()->encodeRequest(embed));
        request.untranslated = std::move(embed.untranslated);
        return translated;
    }
    GH_TRY(auto chat, request.dialect.codec()->decodeRequest(body, request.asked));
    chat.model = candidate.target.model;
    request.toolNames = {};
    if (candidate.outbound->codec()->limitsToolNames()) {
        request.toolNames.fit(chat);
    }
    GH_TRY(std::string translated,
           candidate.outbound->codec()->encodeRequest(chat, providers::vendorOf(candidate.target.kind).quirks));
    request.untranslated = std::move(chat.untranslated);
    return translated;
}

// Inspected like texts, and of a form that cannot carry any: a version, a list of names.
void addForwardedHeaders(const Request& request, const dialects::Dialect& outbound, upstream::Headers& headers) {
    for (const std::string_view name : outbound.forwardedHeaders()) {
        const std::string pointer = "header:" + std::string(name);
        for (const Part& part : request.interaction.parts) {
            if (part.pointer == pointer && &outbound == &request.dialect) {
                headers.emplace_back(name, part.text);
            }
        }
    }
}

Result<upstream::Request> outgoingMessage(Request& request, const Candidate& candidate,
                                          const Redacted<std::string>& key) {
    GH_TRY(std::string body, outgoingBody(request, candidate));
    GH_TRY(upstream::Request out, mcpRequest(request, *mcpServerOf(request), std::move(body)));
    authorize(request, candidate.target, key, out);
    out.maxAnswerBytes = request.rules.policy->limits().answerBytes;
    return out;
}

Result<upstream::Request> outgoingRequest(Request& request, const Candidate& candidate,
                                          const Redacted<std::string>& key) {
    if (request.parsed.rpc) {
        return outgoingMessage(request, candidate, key);
    }
    const providers::Vendor& vendor = providers::vendorOf(candidate.target.kind);
    const dialects::Dialect& outbound = *candidate.outbound;
    dialects::Asked asked = request.asked;
    asked.isStream = request.parsed.isStream;
    const bool isSame = &outbound == &request.dialect;
    asked.isBatch = isSame ? request.asked.isBatch : outbound.embedCodec() != nullptr; // codecs write batches
    asked.framing = isSame ? request.asked.framing : outbound.framing();
    upstream::Request out;
    out.url = providers::endpointUrl(candidate.target, outbound.name(), asked);
    // Written anew: no header of the client goes on by itself, because a header's value is a text.
    const std::string_view accept =
        request.parsed.isStream ? dialects::mediaTypeOf(asked.framing) : outbound.acceptedMedia();
    GH_TRY(out.body, outgoingBody(request, candidate));
    const bool isForm = !request.asked.boundary.empty(); // never translated
    out.headers = {{"content-type", isForm ? dialects::formMediaType(out.body) : "application/json"},
                   {"accept", std::string(accept)},
                   {"accept-encoding", "identity"},
                   {"user-agent", "gatehouse"}};
    addForwardedHeaders(request, outbound, out.headers);
    providers::addVendorHeaders(vendor, outbound.name(), out.headers);
    authorize(request, candidate.target, key, out);
    out.maxAnswerBytes = request.rules.policy->limits().answerBytes;
    return out;
}

Step refuseUpstream(const Error& error) {
    if (error.kind == ErrorKind::timedOut) {
        return refuse(RefusalReason::upstreamTimedOut, "The provider did not answer in time.");
    }
    if (error.kind == ErrorKind::limit) {
        return refuse(RefusalReason::upstreamFailed, "The provider's answer is above a limit.");
    }
    return refuse(RefusalReason::upstreamFailed, "The provider cannot be reached or broke off.");
}

// notFound of a message whose session is not its client's.
Step refuseSession() {
    return refuse(RefusalReason::unknownModel, "There is no such session any more. Initialize a new one.");
}

// What could not be written for the provider.
Step refuseUnsayable(const Error& error) {
    if (error.kind == ErrorKind::invalidInput) {
        return refuse(RefusalReason::malformedRequest,
                      "This cannot be said to the model's provider: " + error.what + ".");
    }
    return error.kind == ErrorKind::notFound ? refuseSession() : std::unexpected(error);
}

Step refuseForKey(const providers::Target& target, const Error& error) {
    const bool isMissing = error.kind == ErrorKind::notFound;
    return refuse(RefusalReason::upstreamFailed,
                  isMissing ? "No key is stored for provider " + target.providerId +
                                  ". Set it: gatehousectl providers set-key " + target.keyName
                            : "The key for provider " + target.providerId + " cannot be read or used now.");
}

// Goes on with the next candidate, which has a verdict, texts and an intent of its own.
Task<Step> failOver(Request& request, Step otherwise) {
    request.candidates.erase(request.candidates.begin() + static_cast<std::ptrdiff_t>(*request.selected));
    const Step selected = co_await select(request);
    if (!selected || *selected) {
        co_return otherwise;
    }
    co_return co_await intent(request);
}

// Holds a stream back until it says something, while there is somebody else to ask. nullopt: it may be given.
Task<std::optional<Step>> awaitContent(Request& request, const providers::Target& target) {
    if (!request.isEventStream || request.candidates.size() < 2) {
        co_return std::nullopt;
    }
    const MonotonicTime asked = request.parts().clock.monotonic();
    const auto hasBegun = co_await holdUntilContent(request);
    request.waited += request.parts().clock.monotonic() - asked;
    if (hasBegun && *hasBegun) {
        co_return std::nullopt;
    }
    if (!hasBegun) {
        request.note(hasBegun.error());
        if (request.hasClientLeft) {
            co_return std::optional<Step>(std::unexpected(hasBegun.error()));
        }
    }
    request.parts().router.report(target, false);
    request.source.reset();
    request.usage.reset();
    request.upstreamHeaders.clear();
    request.isEventStream = false;
    request.isTranslated = false;
    Step otherwise = hasBegun ? refuse(RefusalReason::upstreamFailed, "The provider failed before it said anything.")
                              : refuseUpstream(hasBegun.error());
    co_return co_await failOver(request, std::move(otherwise));
}

void answerWithPreview(Request& request, const Candidate& candidate) {
    request.upstreamStatus = 200;
    request.isEventStream = request.parsed.isStream;
    request.source = makePreviewSource(request, candidate);
}

// Counting tokens for a provider that cannot: nobody is asked.
void answerWithEstimate(Request& request) {
    std::size_t bytes = 0;
    for (const Part& part : request.interaction.parts) {
        bytes += part.text.size();
    }
    dialects::PlainAnswer answer;
    answer.usage.inputTokens = limits::estimateTokens(bytes);
    request.upstreamStatus = 200;
    request.isEventStream = false;
    request.source = onePiece(request.dialect.wholeAnswer(answer));
}

} // namespace

Task<Step> call(Request& request) {
    for (;;) {
        const Candidate candidate = *request.chosen();
        if (candidate.target.isPreview) {
            answerWithPreview(request, candidate);
            co_return proceed();
        }
        if (candidate.outbound == nullptr) {
            answerWithEstimate(request);
            co_return proceed();
        }
        const auto key = co_await keyFor(request, candidate.target);
        if (!key) {
            request.note(key.error());
            co_return refuseForKey(candidate.target, key.error());
        }
        auto outgoing = outgoingRequest(request, candidate, *key);
        if (!outgoing) {
            co_return refuseUnsayable(outgoing.error());
        }
        auto called = co_await callTarget(request, *outgoing);
        if (!called) {
            request.note(called.error());
            if (request.hasClientLeft) {
                co_return std::unexpected(called.error()); // no failure of the provider: its health is not touched
            }
        }
        const bool hasFailed = !called || called->head.status >= 500;
        request.parts().router.report(candidate.target, !hasFailed);
        if (!hasFailed) {
            Step taken = takeHead(request, *candidate.outbound, std::move(called->head), std::move(called->transfer));
            if (!taken || *taken) {
                co_return taken;
            }
            std::optional<Step> failed = co_await awaitContent(request, candidate.target);
            if (!failed) {
                co_return proceed();
            }
            if (!*failed || **failed) {
                co_return std::move(*failed);
            }
            continue; // another provider was selected, with an intent of its own
        }
        Step otherwise = called ? refuse(called->head.status == 504 ? RefusalReason::upstreamTimedOut
                                                                    : RefusalReason::upstreamFailed,
                                         "The provider failed (HTTP " + std::to_string(called->head.status) + ").")
                                : refuseUpstream(called.error());
        const bool mayFailOver = called ? isPassing(called->head.status) : wasNeverSent(called.error());
        if (!mayFailOver || request.candidates.size() < 2) {
            co_return otherwise;
        }
        Step next = co_await failOver(request, std::move(otherwise));
        if (!next || *next) {
            co_return next;
        }
    }
}

} // namespace gatehouse::pipeline
