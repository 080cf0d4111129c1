// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/redacted.h"
#include "base/result.h"

namespace gatehouse::providers {

// The port through which calls get the keys of providers; app/wiring gives it the secret store. gw-io thread.
class Keys {
public:
    virtual ~Keys() = default;
    // The key that `gatehousectl providers set-key NAME` stored, as plain text ("sk-…"), to be sent to its provider and
    // nowhere else. notFound when none was set, unavailable when the secret store is locked.
    [[nodiscard]] virtual Result<Redacted<std::string>> find(std::string_view keyName) = 0;
};

} // namespace gatehouse::providers
