// SPDX-License-Identifier: Apache-2.0
#include "store/export_copy.h"

#include <string_view>

#include "platform/secure_file.h"

namespace gatehouse::store {
namespace {

Result<> attach(Database& database, const std::string& path, const SecureBytes& key) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    SecureBytes text(2 * key.size() + 3);
    std::uint8_t* out = text.data();
    *out++ = 'x';
    *out++ = '\'';
    for (const std::uint8_t byte : key.view()) {
        *out++ = static_cast<std::uint8_t>(kDigits[byte >> 4U]);
        *out++ = static_cast<std::uint8_t>(kDigits[byte & 15U]);
    }
    *out = '\'';
    GH_TRY(Statement statement, database.prepare("ATTACH DATABASE ? AS copy KEY ?"));
    return statement.bind(1, path).bind(2, text.text()).execute();
}

Result<> copyAll(Database& database) {
    GH_TRY(const std::int64_t version, database.queryNumber("PRAGMA user_version"));
    GH_TRY(const std::int64_t application, database.queryNumber("PRAGMA application_id"));
    GH_CHECK(database.run("SELECT sqlcipher_export('copy')"));
    GH_CHECK(database.run(("PRAGMA copy.application_id=" + std::to_string(application)).c_str()));
    return database.run(("PRAGMA copy.user_version=" + std::to_string(version)).c_str());
}

} // namespace

Result<> exportCopy(Database& database, const std::string& path, const SecureBytes& key) {
    if (key.size() != 32) {
        return fail(ErrorKind::invalidInput, "database: the key must have 32 bytes");
    }
    if (platform::fileExists(path)) {
        return fail(ErrorKind::conflict, "database: " + path + " is there already");
    }
    // An empty file of ours, so that SQLite makes none that others could read.
    GH_CHECK(platform::writePrivateFile(path, ByteView()));
    GH_CHECK(attach(database, path, key));
    auto copied = copyAll(database);
    const auto detached = database.run("DETACH DATABASE copy");
    return copied ? detached : copied;
}

} // namespace gatehouse::store
