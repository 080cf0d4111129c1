// SPDX-License-Identifier: Apache-2.0
#include "platform/boot.h"

// Windows has no identifier of a boot that survives fast start-up: monotonic times of two runs never compare there.
namespace gatehouse::platform {

BootId bootId() {
    return {};
}

} // namespace gatehouse::platform
