// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>

#include "base/async.h"
#include "pipeline/request.h"

// Helpers of the stage call.
namespace gatehouse::pipeline {

// Waits delay · 2^attempt, with up to a quarter more so that clients do not come back in step.
Task<> pauseBeforeRetry(std::chrono::milliseconds delay, int attempt);

// Takes an answer's head below 500: what of it may be passed on, and whether it can be an answer at all.
// `outbound` is the provider's dialect.
Step takeHead(Request& request, const dialects::Dialect& outbound, upstream::Head head,
              std::unique_ptr<upstream::Transfer> transfer);

} // namespace gatehouse::pipeline
