// SPDX-License-Identifier: Apache-2.0
#include "gateway/request_guard.h"

#include <algorithm>
#include <array>

#include "dialects/multipart.h"

namespace gatehouse::gateway {
namespace {

using Verdict = std::optional<GuardVerdict>;

bool equalsIgnoringCase(std::string_view text, std::string_view lower) {
    return std::equal(text.begin(), text.end(), lower.begin(), lower.end(), [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
    });
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    return first == std::string_view::npos ? std::string_view()
                                           : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// A page that a browser opened under another name for this address gets nothing, not even an error of a known path.
Verdict guardHost(const HeadFacts& facts, const Target& target, std::uint16_t port) {
    const bool isForeignAuthority = !target.authority.empty() && !isOwnHost(target.authority, port);
    if (isOwnHost(facts.host, port) && !isForeignAuthority) {
        return std::nullopt;
    }
    return GuardVerdict{RefusalReason::wrongHost, "This server answers only to its own loopback address.", true, {}};
}

// Programs send neither field; browsers cannot leave them out of the requests that other sites make them send.
Verdict guardOrigin(const ParsedHead& head) {
    const auto* const site = findHeader(head.headers, "sec-fetch-site");
    const bool isCrossSite = site != nullptr && *site != "none" && *site != "same-origin";
    if (findHeader(head.headers, "origin") == nullptr && !isCrossSite && head.method != "OPTIONS") {
        return std::nullopt;
    }
    return GuardVerdict{RefusalReason::forbiddenOrigin, "Web pages may not call this server.", true, {}};
}

bool isJsonMediaType(std::string_view value) {
    const auto semicolon = value.find(';');
    if (!equalsIgnoringCase(trimmed(value.substr(0, semicolon)), "application/json")) {
        return false;
    }
    if (semicolon == std::string_view::npos) {
        return true;
    }
    const auto parameter = trimmed(value.substr(semicolon + 1));
    return parameter.empty() || equalsIgnoringCase(parameter, "charset=utf-8") ||
           equalsIgnoringCase(parameter, "charset=\"utf-8\"");
}

bool takesMediaType(BodyKind kind, std::string_view value) {
    const bool isJson = kind != BodyKind::form && isJsonMediaType(value);
    return isJson || (kind != BodyKind::json && dialects::formBoundary(value).has_value());
}

Verdict guardMedia(const ParsedHead& head, BodyKind kind) {
    const auto isType = [](const auto& field) { return field.first == "content-type"; };
    const auto types = std::count_if(head.headers.begin(), head.headers.end(), isType);
    const auto* const type = findHeader(head.headers, "content-type");
    if (types != 1 || !takesMediaType(kind, *type)) {
        const std::string_view wanted = kind == BodyKind::json   ? "application/json (UTF-8)"
                                        : kind == BodyKind::form ? "multipart/form-data with its boundary"
                                                                 : "application/json (UTF-8) or multipart/form-data";
        return GuardVerdict{
            RefusalReason::unsupportedMedia, "Send the body as Content-Type: " + std::string(wanted) + ".", false, {}};
    }
    const auto* const coding = findHeader(head.headers, "content-encoding");
    if (coding != nullptr && !equalsIgnoringCase(*coding, "identity")) {
        return GuardVerdict{RefusalReason::unsupportedMedia, "Send the body without Content-Encoding.", false, {}};
    }
    return std::nullopt;
}

Verdict guardBody(const HeadFacts& facts, const ParsedHead& head, const Endpoint& endpoint) {
    const bool takesBody = endpoint.kind == EndpointKind::pipelinePost ||
                           (endpoint.kind == EndpointKind::pipelineAny && head.method == "POST");
    if (!takesBody) {
        if (facts.isChunked || facts.contentLength.value_or(0) > 0) {
            return GuardVerdict{RefusalReason::malformedRequest, "This request takes no body.", true, {}};
        }
        return std::nullopt;
    }
    const auto* const expect = findHeader(head.headers, "expect");
    if (expect != nullptr && !equalsIgnoringCase(*expect, "100-continue")) {
        return GuardVerdict{RefusalReason::malformedRequest, "Unknown expectation in Expect.", true, {}};
    }
    return guardMedia(head, endpoint.body);
}

} // namespace

bool isOwnHost(std::string_view host, std::uint16_t port) {
    constexpr std::array<std::string_view, 3> kNames{"127.0.0.1", "localhost", "[::1]"};
    const auto suffix = ":" + std::to_string(port);
    return std::any_of(kNames.begin(), kNames.end(), [&](std::string_view name) {
        return host.size() == name.size() + suffix.size() && host.starts_with(name) && host.ends_with(suffix);
    });
}

const std::string* findHeader(const pipeline::Headers& headers, std::string_view name) {
    const auto found =
        std::find_if(headers.begin(), headers.end(), [name](const auto& field) { return field.first == name; });
    return found == headers.end() ? nullptr : &found->second;
}

Verdict guardRequest(const HeadFacts& facts, const ParsedHead& head, const Target& target, std::uint16_t port,
                     const Endpoint*& endpoint) {
    if (auto verdict = guardHost(facts, target, port)) {
        return verdict;
    }
    if (auto verdict = guardOrigin(head)) {
        return verdict;
    }
    endpoint = findEndpoint(target.path);
    if (endpoint == nullptr) {
        return GuardVerdict{RefusalReason::unknownPath, "There is no such endpoint here.", false, {}};
    }
    if (!takesMethod(*endpoint, head.method)) {
        return GuardVerdict{RefusalReason::unknownMethod, "This endpoint does not take that method.", false,
                            allowedMethods(*endpoint)};
    }
    return guardBody(facts, head, *endpoint);
}

} // namespace gatehouse::gateway
