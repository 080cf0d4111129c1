// SPDX-License-Identifier: Apache-2.0
#include "secrets/secret_store.h"

#include <algorithm>
#include <utility>

#include "base/crypto.h"
#include "base/json.h"
#include "platform/secure_file.h"
#include "secrets/backends.h"
#include "secrets/database_key.h"

namespace gatehouse::secrets {
namespace {

constexpr std::size_t kChoiceCap = 4096;

// What a data folder has chosen, as <data>/secrets.json: {"version":1,"protection":"keyring","store":"01J…"}.
struct Choice {
    KeyProtection protection = KeyProtection::file;
    std::string storeId;
};

class UnavailableStore final : public SecretStore {
public:
    UnavailableStore(KeyProtection protection, Error error) : m_protection(protection), m_error(std::move(error)) {}
    Result<SecureBytes> read(std::string_view /*name*/) override { return std::unexpected(m_error); }
    Result<> write(std::string_view /*name*/, const SecureBytes& /*value*/) override {
        return std::unexpected(m_error);
    }
    Result<> remove(std::string_view /*name*/) override { return std::unexpected(m_error); }
    [[nodiscard]] KeyProtection protection() const override { return m_protection; }

private:
    KeyProtection m_protection;
    Error m_error;
};

std::string choicePath(const std::string& dataFolder) {
    return dataFolder + "/secrets.json";
}

Result<Choice> readChoice(const std::string& dataFolder) {
    GH_TRY(const Bytes bytes, platform::readFile(choicePath(dataFolder), kChoiceCap));
    const auto json = parseJson(textOf(bytes));
    const auto damaged = fail(ErrorKind::corrupt, "secrets: " + choicePath(dataFolder) + " is damaged");
    if (!json || !json->is_object() || json->value("version", 0) != 1 || !json->contains("protection") ||
        !json->contains("store") || !(*json)["protection"].is_string() || !(*json)["store"].is_string()) {
        return damaged;
    }
    Choice choice;
    choice.storeId = (*json)["store"].get<std::string>();
    const std::string word = (*json)["protection"].get<std::string>();
    if (choice.storeId.empty() || (word != "keyring" && word != "file")) {
        return damaged;
    }
    choice.protection = word == "keyring" ? KeyProtection::keyring : KeyProtection::file;
    return choice;
}

Result<> writeChoice(const std::string& dataFolder, const Choice& choice) {
    const Json json{{"version", 1}, {"protection", keyProtectionWord(choice.protection)}, {"store", choice.storeId}};
    return platform::writePrivateFile(choicePath(dataFolder), bytesOf(dumpJson(json) + "\n"));
}

std::unique_ptr<SecretStore> makeStore(const SecretStoreOptions& options, const Choice& choice) {
    if (choice.protection == KeyProtection::file) {
        return makeKeyFileStore(options.dataFolder + "/secrets");
    }
    if (!options.mayUseKeyring) {
        return std::make_unique<UnavailableStore>(
            KeyProtection::keyring,
            Error{ErrorKind::unavailable, "secrets: the keys are in a keyring that may not be used now", 0});
    }
    return makeKeyringStore(choice.storeId, options.timeOut);
}

Result<std::unique_ptr<SecretStore>> chooseStore(const SecretStoreOptions& options) {
    Choice choice{KeyProtection::file, newId()};
    if (options.mayUseKeyring) {
        const auto probe = probeKeyring(choice.storeId, options.timeOut);
        if (!probe && probe.error().kind != ErrorKind::notFound) {
            // There is a keyring, only not open now. Taking the file instead would be a silent downgrade for good.
            return std::make_unique<UnavailableStore>(KeyProtection::keyring, probe.error());
        }
        choice.protection = probe ? KeyProtection::keyring : KeyProtection::file;
    }
    GH_CHECK(writeChoice(options.dataFolder, choice));
    return makeStore(options, choice);
}

} // namespace

std::string_view keyProtectionWord(KeyProtection protection) {
    return protection == KeyProtection::keyring ? "keyring" : "file";
}

bool isSecretName(std::string_view name) {
    const auto isAllowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    };
    return !name.empty() && name.size() <= 64 && name.front() != '.' &&
           std::all_of(name.begin(), name.end(), isAllowed);
}

Result<std::string> providerKeyName(std::string_view provider) {
    if (provider.size() > 48 || !isSecretName(provider)) {
        return fail(ErrorKind::invalidInput, "a provider's name is 1 to 48 of a-z, 0-9, '.', '-' and '_'");
    }
    return "provider." + std::string(provider);
}

Result<std::unique_ptr<SecretStore>> openExistingSecretStore(const SecretStoreOptions& options) {
    const auto choice = readChoice(options.dataFolder);
    if (choice) {
        return makeStore(options, *choice);
    }
    if (choice.error().kind == ErrorKind::notFound && !databaseExists(options.dataFolder)) {
        return std::unexpected(choice.error());
    }
    // Choosing anew would lose the way to the key of the database that is there.
    const std::string what = "secrets: " + choicePath(options.dataFolder) + " is missing or damaged: restore it";
    return std::make_unique<UnavailableStore>(KeyProtection::file, Error{ErrorKind::unavailable, what, 0});
}

Result<std::unique_ptr<SecretStore>> openSecretStore(const SecretStoreOptions& options) {
    GH_CHECK(platform::ensurePrivateFolder(options.dataFolder));
    auto existing = openExistingSecretStore(options);
    if (!existing && existing.error().kind == ErrorKind::notFound) {
        return chooseStore(options);
    }
    return existing;
}

} // namespace gatehouse::secrets
