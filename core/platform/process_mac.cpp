// SPDX-License-Identifier: Apache-2.0
#include "platform/process.h"

#include <sys/types.h>

#include <sys/ptrace.h>
#include <sys/resource.h>

namespace gatehouse::platform {

// Not implemented on this system yet.
std::optional<ProcessFacts> processFacts(std::int64_t /*pid*/) {
    return std::nullopt;
}

std::optional<ProcessFacts> processOfSocket(std::uint64_t /*inode*/, std::int64_t /*first*/) {
    return std::nullopt;
}

std::vector<std::string> hardenProcess() {
    std::vector<std::string> measures;
    if (ptrace(PT_DENY_ATTACH, 0, nullptr, 0) == 0) {
        measures.emplace_back("no debugger may attach");
    }
    const rlimit none{0, 0};
    if (setrlimit(RLIMIT_CORE, &none) == 0) {
        measures.emplace_back("no core dumps");
    }
    return measures;
}

} // namespace gatehouse::platform
