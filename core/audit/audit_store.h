// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "audit/audit.h"
#include "audit/eraser.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/secure_bytes.h"
#include "dlp/vault.h"
#include "secrets/secret_store.h"

// Opens the audit of a data folder: the key, the lock, the database, the check against the remembered head, the thread.
namespace gatehouse::audit {

// <data>/audit.head
std::string headPath(const std::string& dataFolder);
// <data>/audit.journal
std::string journalPath(const std::string& dataFolder);

struct AuditOptions {
    std::string dataFolder;        // made (0700) when it is missing
    secrets::SecretStore& secrets; // outlives the store
    const Clock& clock;            // outlives the store
    std::string vfs{};             // for tests: a disk that fails
};

enum class StoreState {
    ready,  // takes records
    locked, // its key cannot be had: nothing may leave; retry() once the keyring is open
    broken, // damaged or not writable now: nothing may leave; problem() says what to do
};

// Everything about one data folder. Doors stay valid, and refuse with unavailable, while the state is not ready.
// Destroy it after everybody who uses its doors, and after the io_context of awaiting coroutines has ended.
class AuditStore {
public:
    virtual ~AuditStore() = default;
    [[nodiscard]] virtual Writer& writer() = 0;
    [[nodiscard]] virtual Reader& reader() = 0;
    [[nodiscard]] virtual dlp::Vault& vault() = 0;
    [[nodiscard]] virtual StoreState state() const = 0;
    // A sentence for people with what to do next; empty when ready.
    [[nodiscard]] virtual std::string problem() const = 0;
    [[nodiscard]] virtual secrets::KeyProtection keyProtection() const = 0;
    // Tries again to open a store that could not be opened. Blocks; the keyring may show its dialog: call it when the
    // person asks or rarely. ok when the state is ready afterwards.
    [[nodiscard]] virtual Result<> retry() = 0;
    // Deletes texts, salts and placeholders' values beside the running business; blocks until all of it is done and the
    // log is purged. unavailable while the store is not open.
    // `isCancelled` is asked between chunks.
    [[nodiscard]] virtual Result<ErasureReport> erase(const ErasureWish& wish,
                                                      const std::function<bool()>& isCancelled) = 0;
};

// conflict: another agent holds this data folder. Other errors: the folder cannot be used. A locked or broken store is
// not an error but a state. Blocks (keyring, recovery of the database's log).
[[nodiscard]] Result<std::unique_ptr<AuditStore>> openAudit(const AuditOptions& options);

// The same for a data folder without an agent. conflict when one runs: ask it (audit/erase_request.h). notFound,
// unavailable as for openAuditReader.
[[nodiscard]] Result<ErasureReport> eraseOffline(const std::string& dataFolder, secrets::SecretStore& secrets,
                                                 const ErasureWish& wish, const Clock& clock);

// After an agent was killed, and before the next one starts, the newest intents may still lie in the journal: brings
// them into the chain, unless an agent runs, which does it itself. What cannot be taken over now is taken over at its
// start.
void takeOverJournal(const std::string& folder, const SecureBytes& key);

// A reader for other processes, beside a running agent or without one. notFound when there is no audit, unavailable
// when it is locked.
[[nodiscard]] Result<std::unique_ptr<Reader>> openAuditReader(const std::string& dataFolder,
                                                              secrets::SecretStore& secrets);

} // namespace gatehouse::audit
