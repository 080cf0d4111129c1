// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dlp/engine.h"

namespace re2 {
class RE2;
}

namespace gatehouse::dlp {

// Values that are never reported: as they stand, by pattern, by hash. Immutable; any thread.
class AllowList final {
public:
    // invalidInput when a pattern does not compile or a hash is none.
    [[nodiscard]] static Result<std::unique_ptr<AllowList>> compile(const EngineOptions& options);
    ~AllowList();

    [[nodiscard]] bool holds(std::string_view value) const;

private:
    AllowList();
    std::vector<std::string> m_values; // sorted
    std::vector<std::string> m_hashes; // sorted, lower case
    std::vector<std::unique_ptr<re2::RE2>> m_patterns;
};

} // namespace gatehouse::dlp
