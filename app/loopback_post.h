// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <string>

#include "base/result.h"

namespace gatehouse::app {

// POSTs JSON to a server on this machine and gives back the body of its answer. No proxy, no redirects, no name is
// looked up: "localhost" is this machine. `url` has passed policy::checkModelUrl(). unavailable when there is no answer
// with status 200 in `time`, or once `stop` is true; `native` is then the status, if there was one. Blocks, any thread.
[[nodiscard]] Result<std::string> postToLoopback(const std::string& url, const std::string& body,
                                                 std::chrono::milliseconds time,
                                                 const std::atomic<bool>* stop = nullptr);

} // namespace gatehouse::app
