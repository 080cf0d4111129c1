// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "base/async.h"
#include "base/result.h"

namespace gatehouse::governance {

// A language model on this machine, as the governor sees it. Whoever implements it sees to it that nothing goes to
// another machine, be it by name, redirect, proxy or a server that passes questions on.
class LocalModel {
public:
    struct Question {
        std::string url; // of its OpenAI interface, without the path of the call
        std::string model;
        std::string body; // JSON of a chat completion
        std::chrono::milliseconds time{0};
    };
    virtual ~LocalModel() = default;
    // The body of an answer with status 200. unavailable when there is none in time; denied when the model runs on
    // another machine. gw-io; does not block it.
    [[nodiscard]] virtual Task<Result<std::string>> ask(Question question) = 0;
};

} // namespace gatehouse::governance
