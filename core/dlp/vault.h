// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secure_bytes.h"

namespace gatehouse::dlp {

// Remembers which placeholder stands for which value, per conversation. The same value gets the same placeholder in
// every turn, across restarts. Implemented by audit/vault (encrypted store) and by dlp/file_vault (gatehousectl
// redact). Calls come from one thread at a time.
class Vault {
public:
    virtual ~Vault() = default;
    // The number of `value` under `label` in `conversation`: the known one, or the next free one (from 1). It may still
    // be on its way to the disk, but no later than the next record that is committed to the audit after this call: an
    // intent carries the values of its placeholders, and a placeholder that was never sent needs no durability.
    [[nodiscard]] virtual Result<std::uint32_t> assign(std::string_view conversation, std::string_view label,
                                                       std::string_view value) = 0;
    // The value, or notFound.
    [[nodiscard]] virtual Result<SecureBytes> find(std::string_view conversation, std::string_view label,
                                                   std::uint32_t number) = 0;
};

} // namespace gatehouse::dlp
