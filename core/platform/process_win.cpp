// SPDX-License-Identifier: Apache-2.0
#include "platform/process.h"

#include <windows.h>

namespace gatehouse::platform {

// Not implemented on this system yet.
std::optional<ProcessFacts> processFacts(std::int64_t /*pid*/) {
    return std::nullopt;
}

std::optional<ProcessFacts> processOfSocket(std::uint64_t /*inode*/, std::int64_t /*first*/) {
    return std::nullopt;
}

std::vector<std::string> hardenProcess() {
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
    return {"no crash dialog, no crash dump upload"};
}

} // namespace gatehouse::platform
