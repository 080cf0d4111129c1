// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "base/bytes.h"
#include "platform/boot.h"
#include "platform/secure_file.h"

namespace gatehouse::platform {

BootId bootId() {
    BootId id{};
    const auto text = readFile("/proc/sys/kernel/random/boot_id", 64);
    if (!text) {
        return id;
    }
    std::string digits(textOf(*text));
    std::erase_if(digits, [](char c) { return c == '-' || c == '\n'; });
    if (const auto bytes = hexDecode(digits); bytes && bytes->size() == id.size()) {
        std::copy(bytes->begin(), bytes->end(), id.begin());
    }
    return id;
}

} // namespace gatehouse::platform
