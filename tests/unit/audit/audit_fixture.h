// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include <QTemporaryDir>

#include "audit/audit_store.h"
#include "base/clock.h"
#include "secrets/secret_store.h"

namespace gatehouse::test {

// A clock that stands still until it is moved.
class ManualClock final : public Clock {
public:
    [[nodiscard]] WallTime wall() const override { return m_wall; }
    [[nodiscard]] MonotonicTime monotonic() const override { return m_monotonic; }
    void moveWall(std::chrono::milliseconds by) { m_wall += by; }
    void moveMonotonic(std::chrono::milliseconds by) { m_monotonic += by; }

private:
    WallTime m_wall{std::chrono::milliseconds{1'800'000'000'000}};
    MonotonicTime m_monotonic{std::chrono::hours{1}};
};

// A data folder with its audit, opened with a key file, and the short words that the tests speak.
class AuditFixture final {
public:
    AuditFixture();
    // Opens (again). The state is not checked.
    audit::AuditStore& open(const std::string& vfs = {});
    void close() { m_store.reset(); }
    [[nodiscard]] audit::AuditStore& store() { return *m_store; }
    [[nodiscard]] std::string folder() const { return m_folder.path().toStdString() + "/data"; }
    [[nodiscard]] secrets::SecretStore& secrets() { return *m_secrets; }

    ManualClock clock;

private:
    QTemporaryDir m_folder;
    std::unique_ptr<secrets::SecretStore> m_secrets;
    std::unique_ptr<audit::AuditStore> m_store;
};

AuditRecord makeIntent(const std::string& interaction);
AuditRecord makeOutcome(const std::string& interaction, const std::string& outcome = "completed");
// Runs the coroutine to its end on an io_context of its own and gives its answer.
Result<std::uint64_t> commitNow(audit::Writer& writer, AuditRecord record,
                                audit::Durability durability = audit::Durability::strict);
// The same for many at once, which the store may commit as groups.
std::vector<Result<std::uint64_t>> commitAll(audit::Writer& writer, std::vector<AuditRecord> records);

} // namespace gatehouse::test
