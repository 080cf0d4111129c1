// SPDX-License-Identifier: Apache-2.0
#include "secret_keys.h"

namespace gatehouse::app {
namespace {

constexpr std::chrono::seconds kFoundFor{60};
constexpr std::chrono::seconds kMissedFor{3};

} // namespace

Result<Redacted<std::string>> SecretKeys::find(std::string_view keyName) {
    const MonotonicTime now = m_clock.monotonic();
    auto known = m_remembered.find(keyName);
    if (known == m_remembered.end() || known->second.until <= now) {
        GH_TRY(const std::string name, secrets::providerKeyName(keyName));
        Result<SecureBytes> value = m_store.read(name);
        const auto lifetime = value ? kFoundFor : kMissedFor;
        known = m_remembered.insert_or_assign(std::string(keyName), Remembered{std::move(value), now + lifetime}).first;
    }
    const Result<SecureBytes>& value = known->second.value;
    if (!value) {
        return std::unexpected(value.error());
    }
    return Redacted<std::string>(std::string(value->text()));
}

} // namespace gatehouse::app
