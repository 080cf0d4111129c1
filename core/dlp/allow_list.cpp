// SPDX-License-Identifier: Apache-2.0
#include "dlp/allow_list.h"

#include <algorithm>

#include <fmt/format.h>
#include <re2/re2.h>

#include "base/crypto.h"
#include "dlp/validators.h"

namespace gatehouse::dlp {
namespace {

bool isHash(std::string_view text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

} // namespace

AllowList::AllowList() = default;
AllowList::~AllowList() = default;

Result<std::unique_ptr<AllowList>> AllowList::compile(const EngineOptions& options) {
    std::unique_ptr<AllowList> made(new AllowList());
    made->m_values = options.allowed;
    std::sort(made->m_values.begin(), made->m_values.end());
    for (std::string hash : options.allowedHashes) {
        std::transform(hash.begin(), hash.end(), hash.begin(),
                       [](char c) { return isUpper(c) ? static_cast<char>(c | 0x20) : c; });
        if (!isHash(hash)) {
            return fail(ErrorKind::invalidInput, "an allowed hash is not a SHA-256 of 64 hex digits");
        }
        made->m_hashes.push_back(std::move(hash));
    }
    std::sort(made->m_hashes.begin(), made->m_hashes.end());
    for (const std::string& pattern : options.allowedPatterns) {
        re2::RE2::Options re2Options(re2::RE2::Latin1);
        re2Options.set_log_errors(false);
        auto expression = std::make_unique<re2::RE2>(pattern, re2Options);
        if (!expression->ok()) {
            return fail(ErrorKind::invalidInput,
                        fmt::format("an allowed pattern cannot be used: {}", expression->error()));
        }
        made->m_patterns.push_back(std::move(expression));
    }
    return made;
}

Result<> checkAllowed(const EngineOptions& options) {
    GH_TRY(const auto list, AllowList::compile(options));
    return list == nullptr ? fail(ErrorKind::internal, "no list of allowed values") : Result<>();
}

bool AllowList::holds(std::string_view value) const {
    if (std::binary_search(m_values.begin(), m_values.end(), value)) {
        return true;
    }
    const re2::StringPiece piece(value.data(), value.size());
    if (std::any_of(m_patterns.begin(), m_patterns.end(),
                    [piece](const auto& pattern) { return re2::RE2::FullMatch(piece, *pattern); })) {
        return true;
    }
    return !m_hashes.empty() && std::binary_search(m_hashes.begin(), m_hashes.end(), sha256Hex(value));
}

} // namespace gatehouse::dlp
