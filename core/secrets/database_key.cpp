// SPDX-License-Identifier: Apache-2.0
#include "secrets/database_key.h"

#include "base/crypto.h"
#include "platform/secure_file.h"

namespace gatehouse::secrets {
namespace {

constexpr std::string_view kName = "database-key";
constexpr std::size_t kKeyBytes = 32;

} // namespace

std::string databasePath(const std::string& dataFolder) {
    return dataFolder + "/audit.db";
}

bool databaseExists(const std::string& dataFolder) {
    return platform::fileExists(databasePath(dataFolder));
}

Result<SecureBytes> obtainDatabaseKey(SecretStore& store, const std::string& dataFolder) {
    auto stored = store.read(kName);
    if (stored && stored->size() == kKeyBytes) {
        return stored;
    }
    if (stored) {
        return fail(ErrorKind::unavailable, "locked: the stored database key does not have 32 bytes");
    }
    if (stored.error().kind != ErrorKind::notFound) {
        return fail(ErrorKind::unavailable, "locked: " + stored.error().what, stored.error().native);
    }
    if (databaseExists(dataFolder)) {
        return fail(ErrorKind::unavailable, "locked: the database is there, but its key is not in the secret store");
    }
    SecureBytes fresh(randomBytes(kKeyBytes));
    if (auto written = store.write(kName, fresh); !written) {
        return fail(ErrorKind::unavailable, "locked: " + written.error().what, written.error().native);
    }
    return fresh;
}

Result<> replaceDatabaseKey(SecretStore& store, const SecureBytes& key) {
    if (key.size() != kKeyBytes) {
        return fail(ErrorKind::invalidInput, "the database key must have 32 bytes");
    }
    return store.write(kName, key);
}

std::string databaseKeyId(const SecureBytes& key) {
    return hexEncode(hmacSha256(key.view(), bytesOf("gatehouse/key-id/v1"))).substr(0, 16);
}

} // namespace gatehouse::secrets
