// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "base/secure_bytes.h"
#include "store/database.h"

struct sqlite3;

// What every new connection goes through before anybody may use it. Each step reads back what it set, because an
// SQLite without encryption takes unknown pragmas silently and would keep plain text.
namespace gatehouse::store {

// On a connection that was just opened and never used. The order is that of docs/formats/database.md.
[[nodiscard]] Result<> runOpenSequence(sqlite3* handle, const SecureBytes& key, const OpenOptions& options);

// denied when the file begins with SQLite's plain-text magic: something wrote it without encryption.
[[nodiscard]] Result<> refusePlainFile(const std::string& path);

} // namespace gatehouse::store
