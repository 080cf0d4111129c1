// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dialects/dialect.h"

// Every path that clients of any vendor may call: one row each. Comparison is byte for byte, so that no encoding or dot
// segment of a path can mean another one; only a model's name in it may be percent-encoded.
namespace gatehouse::dialects {

enum class Operation {
    infer,      // a body that goes to a model
    message,    // one of MCP, to a server of tools; "{model}" is its name
    listModels, // answered here
    showModel,  // answered here: one model that the body names
    version,    // answered here
    running,    // answered here: which models are loaded
};

enum class BodyForm { json, form, either };

struct Surface {
    std::string_view method; // "*": what its protocol has
    std::string_view path;   // "{model}" stands for the name of a model, slashes too
    Operation operation = Operation::infer;
    const Dialect& (*dialect)() = nullptr;
    bool isStream = false; // the path asks for a stream
    BodyForm body = BodyForm::json;
};

struct Route {
    const Surface* surface = nullptr;
    Asked asked;
};

// The row of a path, with what path and query say; nullopt for unknown paths. The method is not compared.
std::optional<Route> findRoute(std::string_view path, std::string_view query);

// The dialect in which a refusal on this path is best understood.
const Dialect& dialectOfPath(std::string_view path);

} // namespace gatehouse::dialects
