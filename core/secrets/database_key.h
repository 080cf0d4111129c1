// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "base/secure_bytes.h"
#include "secrets/secret_store.h"

// The key of the database and the one rule about it: the key exists if and only if the database exists.
namespace gatehouse::secrets {

// <data>/audit.db
std::string databasePath(const std::string& dataFolder);
// True also when it cannot be told (the folder cannot be searched), because then no new key may be made.
bool databaseExists(const std::string& dataFolder);

// The 32-byte key. Without a database: the stored key, or a new one that was written and read back before this returns.
// With a database: the stored key, else unavailable ("locked"), whatever the reason; never a new key.
[[nodiscard]] Result<SecureBytes> obtainDatabaseKey(SecretStore& store, const std::string& dataFolder);

// Another key takes the place of the stored one; the caller has proven that the database opens with it.
[[nodiscard]] Result<> replaceDatabaseKey(SecretStore& store, const SecureBytes& key);

// A name for a key that says nothing about it: the first 16 hex digits of HMAC-SHA-256(key, "gatehouse/key-id/v1").
std::string databaseKeyId(const SecureBytes& key);

} // namespace gatehouse::secrets
