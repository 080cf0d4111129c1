// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

// Which paths exist and which method each takes. Everything else is 404 or 405; comparison is byte for byte, so that no
// encoding or dot segment of a path can mean another one.
namespace gatehouse::gateway {

// pipelineAny: POST with a body, GET and DELETE without.
enum class EndpointKind { health, pipelineGet, pipelinePost, pipelineAny };

// What a body may be: JSON, a form (multipart/form-data), or either.
enum class BodyKind { json, form, either };

struct Endpoint {
    std::string_view path;
    bool isPrefix = false; // one more segment of [A-Za-z0-9_-]{1,64} follows
    EndpointKind kind = EndpointKind::health;
    BodyKind body = BodyKind::json;
};

const Endpoint* findEndpoint(std::string_view path);
// GET endpoints take HEAD too.
bool takesMethod(const Endpoint& endpoint, std::string_view method);
std::string_view allowedMethods(const Endpoint& endpoint);

// A request target taken apart: path without query and without /t/<token>/.
struct Target {
    std::string path;
    std::string query;
    std::optional<std::string> pathToken;
    std::string authority; // of the absolute form; else empty
};
// nullopt for anything but the origin form, the absolute form with http:// and "*".
std::optional<Target> splitTarget(std::string_view target);

} // namespace gatehouse::gateway
