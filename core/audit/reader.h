// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <mutex>

#include "audit/audit.h"
#include "ledger/record_codec.h"
#include "store/database.h"

namespace gatehouse::audit {

// Reads on a connection of its own. Any thread; the calls exclude each other and block for the disk.
class StoreReader final : public Reader {
public:
    // `beforeReading` runs at the start of each call; inside the agent it flushes the writer, so that a reader sees
    // what was enqueued before it asked. May be empty.
    StoreReader(std::unique_ptr<store::Database> database, std::function<void()> beforeReading);
    [[nodiscard]] Result<std::vector<AuditRecord>> list(const Query& query) override;
    [[nodiscard]] Result<std::vector<AuditRecord>> show(const std::string& interaction) override;

private:
    enum class Texts { leftOut, included };
    Result<std::vector<AuditRecord>> withContent(std::vector<ledger::Entry> entries, Texts texts);
    // Gives which kinds of content are kept: bit 1 << ContentKind.
    Result<unsigned> addContent(AuditRecord& record, Texts texts);

    std::unique_ptr<store::Database> m_database;
    std::function<void()> m_beforeReading;
    std::mutex m_mutex;
};

} // namespace gatehouse::audit
