// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "cms/authority.h"
#include "config.h"
#include "objects/store.h"
#include "transparency/log.h"

// The keys that the configuration names, read from their files. invalidInput with the member's name.
namespace gatehouse::collector {

[[nodiscard]] Result<cms::DeviceKey> openReceiptKey(const Config& config);
// nullopt where none is configured.
[[nodiscard]] Result<std::optional<cms::Authority>> openAuthority(const Config& config);
[[nodiscard]] Result<std::optional<LogKey>> openLogKey(const Config& config);
// Null where none is configured.
[[nodiscard]] Result<std::unique_ptr<ObjectStore>> openObjects(const Config& config);

} // namespace gatehouse::collector
