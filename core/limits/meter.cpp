// SPDX-License-Identifier: Apache-2.0
#include "limits/limits.h"

namespace gatehouse::limits {

std::uint64_t estimateTokens(std::size_t bytes) {
    return bytes == 0 ? 0 : (bytes + 3) / 4;
}

} // namespace gatehouse::limits
