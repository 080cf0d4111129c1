// SPDX-License-Identifier: Apache-2.0
#include "extract/helper_path.h"

#include <filesystem>
#include <system_error>

namespace gatehouse {

std::string extractHelperPath() {
    std::error_code unknown;
    const std::filesystem::path own = std::filesystem::read_symlink("/proc/self/exe", unknown);
    const std::filesystem::path beside = own.parent_path() / "gatehouse-extract";
    if (std::filesystem::exists(beside, unknown)) {
        return beside.string();
    }
    return (own.parent_path().parent_path() / "lib/gatehouse/gatehouse-extract").string();
}

} // namespace gatehouse
