// SPDX-License-Identifier: Apache-2.0
#include "gateway/endpoints.h"

#include <algorithm>
#include <array>

#include "dialects/surfaces.h"

namespace gatehouse::gateway {
namespace {

// Those of Gatehouse itself; the vendors' are rows of dialects/surfaces.cpp.
constexpr std::array kEndpoints{
    Endpoint{"/healthz", false, EndpointKind::health},
    Endpoint{"/gatehouse/v1/interactions/", true, EndpointKind::pipelineGet},
};

bool isSegment(std::string_view text) {
    constexpr std::size_t kMaxSegment = 64;
    return !text.empty() && text.size() <= kMaxSegment && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
    });
}

bool matches(const Endpoint& endpoint, std::string_view path) {
    if (!endpoint.isPrefix) {
        return path == endpoint.path;
    }
    return path.starts_with(endpoint.path) && isSegment(path.substr(endpoint.path.size()));
}

} // namespace

const Endpoint* findEndpoint(std::string_view path) {
    const auto* const found = std::find_if(kEndpoints.begin(), kEndpoints.end(),
                                           [path](const Endpoint& endpoint) { return matches(endpoint, path); });
    if (found != kEndpoints.end()) {
        return found;
    }
    static constexpr Endpoint kPost{{}, false, EndpointKind::pipelinePost};
    static constexpr Endpoint kGet{{}, false, EndpointKind::pipelineGet};
    const auto route = dialects::findRoute(path, {});
    if (!route) {
        return nullptr;
    }
    static constexpr Endpoint kAny{{}, false, EndpointKind::pipelineAny};
    static constexpr Endpoint kForm{{}, false, EndpointKind::pipelinePost, BodyKind::form};
    static constexpr Endpoint kEither{{}, false, EndpointKind::pipelinePost, BodyKind::either};
    if (route->surface->method == "POST") {
        const dialects::BodyForm body = route->surface->body;
        return body == dialects::BodyForm::form ? &kForm : body == dialects::BodyForm::either ? &kEither : &kPost;
    }
    return route->surface->method == "*" ? &kAny : &kGet;
}

bool takesMethod(const Endpoint& endpoint, std::string_view method) {
    if (endpoint.kind == EndpointKind::pipelinePost) {
        return method == "POST";
    }
    if (endpoint.kind == EndpointKind::pipelineAny) {
        return method == "POST" || method == "GET" || method == "DELETE";
    }
    return method == "GET" || method == "HEAD";
}

std::string_view allowedMethods(const Endpoint& endpoint) {
    if (endpoint.kind == EndpointKind::pipelineAny) {
        return "GET, POST, DELETE";
    }
    return endpoint.kind == EndpointKind::pipelinePost ? "POST" : "GET, HEAD";
}

std::optional<Target> splitTarget(std::string_view target) {
    constexpr std::string_view kScheme = "http://";
    constexpr std::string_view kTokenPrefix = "/t/";
    Target parts;
    if (target == "*") {
        parts.path = target;
        return parts;
    }
    if (target.starts_with(kScheme)) {
        target.remove_prefix(kScheme.size());
        const auto slash = target.find('/');
        if (slash == 0 || slash == std::string_view::npos) {
            return std::nullopt;
        }
        parts.authority = target.substr(0, slash);
        target.remove_prefix(slash);
    }
    if (!target.starts_with('/')) {
        return std::nullopt;
    }
    const auto question = target.find('?');
    if (question != std::string_view::npos) {
        parts.query = target.substr(question + 1);
        target = target.substr(0, question);
    }
    if (target.starts_with(kTokenPrefix)) {
        target.remove_prefix(kTokenPrefix.size());
        const auto slash = target.find('/');
        parts.pathToken = std::string(target.substr(0, slash));
        target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
    }
    parts.path = target;
    return parts;
}

} // namespace gatehouse::gateway
