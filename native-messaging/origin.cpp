// SPDX-License-Identifier: Apache-2.0
#include "origin.h"

#include "ipc/extension_id.h"

namespace gatehouse::host {

Result<std::string_view> callerOrigin(std::span<const std::string_view> arguments) {
    if (!arguments.empty() && arguments[0] == ipc::kChromiumOrigin) {
        return ipc::kChromiumOrigin;
    }
    if (arguments.size() >= 2 && arguments[0].starts_with('/') && arguments[1] == ipc::kFirefoxId) {
        return ipc::kFirefoxId;
    }
    return fail(ErrorKind::denied, "not started by the Gatehouse extension");
}

} // namespace gatehouse::host
