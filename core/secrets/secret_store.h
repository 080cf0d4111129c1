// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secure_bytes.h"

// Where keys live: the session's keyring, or an owner-only file where no keyring can be reached. All calls block (a
// keyring may ask its owner to unlock it) up to the time-out; they may come from any thread, one at a time inside.
namespace gatehouse::secrets {

enum class KeyProtection { keyring, file };
// "keyring" or "file": what doctor, status and the records say.
std::string_view keyProtectionWord(KeyProtection protection);

// Secrets by name. A name is 1–64 of a–z, 0–9, '.', '-', '_', and does not begin with '.'; anything else is
// invalidInput.
class SecretStore {
public:
    virtual ~SecretStore() = default;
    // notFound only when the store was reached, is unlocked and surely has no such secret; unavailable when it is
    // locked or out of reach; timedOut when it did not answer. Callers make a new key on notFound alone.
    [[nodiscard]] virtual Result<SecureBytes> read(std::string_view name) = 0;
    // Replaces; returns after the secret was read back and compared. At most 64 KiB.
    [[nodiscard]] virtual Result<> write(std::string_view name, const SecureBytes& value) = 0;
    [[nodiscard]] virtual Result<> remove(std::string_view name) = 0;
    [[nodiscard]] virtual KeyProtection protection() const = 0;
};

inline constexpr std::size_t kMaxSecretBytes = 64UL * 1024UL;

struct SecretStoreOptions {
    std::string dataFolder{};
    bool mayUseKeyring = true;        // false: as if no keyring could be reached
    std::chrono::seconds timeOut{20}; // long enough to type a password into the keyring's dialog
};

// Opens the store of a data folder. The first call chooses (a keyring that takes and gives back a probe, else the file)
// and writes the choice down in <data>/secrets.json; from then on the folder keeps it: a keyring that cannot be reached
// later is unavailable, never a reason for the file. A folder whose database is there but whose choice is lost, or
// whose keyring is locked at the first call, gives a store that answers unavailable to everything. Errors: the folder
// cannot be used.
[[nodiscard]] Result<std::unique_ptr<SecretStore>> openSecretStore(const SecretStoreOptions& options);

// The same for readers: never chooses and makes nothing. notFound when the folder has no secret store yet.
[[nodiscard]] Result<std::unique_ptr<SecretStore>> openExistingSecretStore(const SecretStoreOptions& options);

// The name under which the key of a provider is kept. invalidInput for names that are not 1–48 of the characters above.
[[nodiscard]] Result<std::string> providerKeyName(std::string_view provider);

} // namespace gatehouse::secrets
