// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "audit/audit.h"
#include "audit/store_thread.h"

namespace gatehouse::audit {

// The door's writer in front of the store thread; refuses everything while there is none (locked, broken).
class StoreWriter final : public Writer {
public:
    explicit StoreWriter(const Clock& clock) : m_clock(clock) {}
    [[nodiscard]] Task<Result<std::uint64_t>> commit(AuditRecord record, Durability durability) override;
    Result<> enqueue(AuditRecord record) override;
    [[nodiscard]] bool isReady() const override;
    void flush() override;

    // Null with a problem, or a thread without one.
    void connect(std::shared_ptr<StoreThread> thread, Error problem);
    [[nodiscard]] std::string problem() const;

private:
    [[nodiscard]] std::shared_ptr<StoreThread> thread() const;
    [[nodiscard]] Error whyNot() const;

    const Clock& m_clock;
    mutable std::mutex m_mutex;
    std::shared_ptr<StoreThread> m_thread;
    Error m_problem{ErrorKind::denied, "the audit is not open", 0};
};

} // namespace gatehouse::audit
