// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/crypto.h"
#include "dialects/multipart.h"
#include "pipeline/stages.h"

namespace gatehouse::pipeline {
namespace {

constexpr std::size_t kMaxConversationName = 256;

std::string lowerCase(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

const std::string* findHeader(const Headers& headers, std::string_view name) {
    const auto found =
        std::find_if(headers.begin(), headers.end(), [&](const auto& each) { return each.first == name; });
    return found == headers.end() ? nullptr : &found->second;
}

bool isJsonInUtf8(const Headers& headers) {
    const std::string* type = findHeader(headers, "content-type");
    if (type == nullptr) {
        return false;
    }
    std::string value = lowerCase(*type);
    std::erase_if(value, [](char c) { return c == ' ' || c == '\t' || c == '"'; });
    return value == "application/json" || value == "application/json;charset=utf-8";
}

// Of a form, where the path takes one; empty: the body must be JSON.
std::string boundaryOf(const Request& request) {
    const auto route = dialects::findRoute(request.head.path, {});
    const std::string* type = findHeader(request.head.headers, "content-type");
    const bool mayBeForm = route && route->surface->body != dialects::BodyForm::json && type != nullptr;
    return mayBeForm ? dialects::formBoundary(*type).value_or(std::string()) : std::string();
}

bool hasEncoding(const Headers& headers) {
    const std::string* encoding = findHeader(headers, "content-encoding");
    return encoding != nullptr && !encoding->empty() && lowerCase(*encoding) != "identity";
}

// The scope of placeholders: what the client says, else the dialect's id, else how the conversation begins. Always
// bound to the client, so that none can ask for the values of another.
std::string conversationOf(const Request& request) {
    const std::string* named = findHeader(request.head.headers, "x-gatehouse-conversation");
    std::string scope = request.client.id + '\0';
    if (request.parsed.rpc && named == nullptr) {
        named = findHeader(request.head.headers, "mcp-session-id");
    }
    if (named != nullptr && !named->empty()) {
        scope += "h" + named->substr(0, kMaxConversationName);
    } else if (!request.parsed.conversation.empty()) {
        scope += "d" + request.parsed.conversation;
    } else {
        scope += "s" + request.parsed.seed;
    }
    const auto digest = hmacSha256(request.parts().conversationKey.view(), bytesOf(scope));
    return hexEncode(ByteView(digest).first(16));
}

// Headers that the provider must get become parts that cannot be changed. False when one could carry a text.
bool addForwardedHeaders(Request& request) {
    constexpr std::size_t kMaxValue = 1024;
    for (const std::string_view name : request.dialect.forwardedHeaders()) {
        const std::string* value = findHeader(request.head.headers, name);
        if (value == nullptr) {
            continue;
        }
        const bool isPlain = value->size() <= kMaxValue && std::all_of(value->begin(), value->end(), [](char c) {
                                 return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                        c == '-' || c == '_' || c == '.' || c == ',' || c == ' ';
                             });
        if (!isPlain) {
            return false;
        }
        Part part;
        part.kind = PartKind::metadata;
        part.text = *value;
        part.pointer = "header:" + std::string(name);
        part.isImmutable = true;
        request.parsed.parts.push_back(std::move(part));
    }
    return true;
}

} // namespace

Task<Step> admit(Request& request) {
    const bool hasBody = request.head.method == "POST"; // MCP has GET and DELETE, too
    request.asked.boundary = boundaryOf(request);
    if (hasBody && request.asked.boundary.empty() && !isJsonInUtf8(request.head.headers)) {
        co_return refuse(RefusalReason::unsupportedMedia, "Send the request as application/json in UTF-8.");
    }
    if (hasEncoding(request.head.headers)) {
        co_return refuse(RefusalReason::unsupportedMedia, "Send the request without Content-Encoding.");
    }
    const governance::Rules now = request.parts().governor.rules();
    const policy::Limits& limits = now.policy->limits();
    if (request.body.size() > limits.bodyBytes) {
        co_return refuse(RefusalReason::tooLarge, "The body is larger than policy allows.");
    }
    auto ticket = request.parts().gate.enter(
        request.client.id, {limits.connectionsPerClient, limits.connections, limits.requestsPerMinute});
    if (!ticket) {
        request.upstreamHeaders.emplace_back("retry-after", std::to_string(std::max(1, ticket.error().native)));
        co_return refuse(RefusalReason::limited, "Too many requests from this client. Try again a little later.");
    }
    request.ticket = std::move(*ticket);
    JsonLimits caps;
    caps.maxBytes = limits.bodyBytes;
    auto parsed = request.dialect.parse(request.body, caps, request.asked);
    if (!parsed) {
        const bool isTooMuch = parsed.error().kind == ErrorKind::limit;
        co_return refuse(RefusalReason::malformedRequest,
                         (isTooMuch ? "The request is above a limit: " : "The request cannot be read: ") +
                             parsed.error().what + ".");
    }
    request.parsed = std::move(*parsed);
    if (hasBody && request.body.empty()) {
        co_return refuse(RefusalReason::malformedRequest, "The request has no body.");
    }
    if (!addForwardedHeaders(request)) {
        co_return refuse(RefusalReason::malformedRequest, "A header that belongs to the provider has an odd form.");
    }
    request.interaction.parts = request.parsed.parts;
    request.interaction.conversation = conversationOf(request);
    co_return proceed();
}

} // namespace gatehouse::pipeline
