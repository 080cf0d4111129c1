// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "base/secure_bytes.h"
#include "store/database.h"

namespace gatehouse::store {

// Writes everything that the database holds into a new encrypted file under another key, synced. Changing the key in
// place would leave a file of two keys behind when it is interrupted. `path` must not exist. The writer only, outside
// of a transaction. What was written is a database of its own: open it before you trust it.
[[nodiscard]] Result<> exportCopy(Database& database, const std::string& path, const SecureBytes& key);

} // namespace gatehouse::store
