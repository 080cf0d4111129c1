// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>

#include <sys/sysctl.h>

#include "base/bytes.h"
#include "platform/boot.h"

// Written and reviewed, not run: see docs/known-issues.md.
namespace gatehouse::platform {

BootId bootId() {
    BootId id{};
    std::array<char, 64> text{};
    std::size_t size = text.size() - 1;
    if (::sysctlbyname("kern.bootsessionuuid", text.data(), &size, nullptr, 0) != 0) {
        return id;
    }
    std::string digits(text.data());
    std::erase(digits, '-');
    if (const auto bytes = hexDecode(digits); bytes && bytes->size() == id.size()) {
        std::copy(bytes->begin(), bytes->end(), id.begin());
    }
    return id;
}

} // namespace gatehouse::platform
