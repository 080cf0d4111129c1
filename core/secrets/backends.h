// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "secrets/secret_store.h"

// The kinds of secret store that openSecretStore chooses from; for it and for tests.
namespace gatehouse::secrets {

bool isSecretName(std::string_view name);

// Items in the session's keyring (Secret Service) with the attributes service=gatehouse, store=<storeId>, name=<name>.
// Each operation opens its own session, so that a keyring that was restarted is found again.
std::unique_ptr<SecretStore> makeKeyringStore(std::string storeId, std::chrono::seconds timeOut);

// Whether secrets can be kept in a keyring here and now. ok: a probe was written, read back and removed. notFound:
// there is no keyring (no bus, no service, no collection that can be made). unavailable, timedOut: there is one, but
// locked or silent.
[[nodiscard]] Result<> probeKeyring(const std::string& storeId, std::chrono::seconds timeOut);

// Secrets sealed (AES-256-GCM) in <folder>/<name>.sealed under the 0600 key file <folder>/key. The key lies beside what
// it opens: this keeps secrets out of greps and partial copies, and protects from other users by file modes alone.
std::unique_ptr<SecretStore> makeKeyFileStore(std::string folder);

} // namespace gatehouse::secrets
