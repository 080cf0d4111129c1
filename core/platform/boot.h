// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

namespace gatehouse::platform {

// An identifier that changes with each start of the machine (Linux: /proc/sys/kernel/random/boot_id); all zero when
// the system does not tell. Monotonic times compare only within one boot.
using BootId = std::array<std::uint8_t, 16>;
BootId bootId();

} // namespace gatehouse::platform
