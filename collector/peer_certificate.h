// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include <openssl/ssl.h>

#include "database/ingest.h"

namespace gatehouse::collector {

// The device whose verified certificate the other end showed: the common name is the device's name in hex. nullopt when
// it showed none, or one that is no device's.
[[nodiscard]] std::optional<Sender> senderOf(SSL* connection);

} // namespace gatehouse::collector
