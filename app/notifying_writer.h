// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent.h"
#include "audit/audit.h"

namespace gatehouse::app {

// Passes everything to the real writer and tells the observer of each outcome, without its texts.
class NotifyingWriter final : public audit::Writer {
public:
    NotifyingWriter(audit::Writer& writer, AgentObserver* observer) : m_writer(writer), m_observer(observer) {}

    Task<Result<std::uint64_t>> commit(AuditRecord record, audit::Durability durability) override {
        return m_writer.commit(std::move(record), durability);
    }
    Result<> enqueue(AuditRecord record) override {
        if (m_observer != nullptr && record.kind == RecordKind::outcome) {
            AuditRecord shown = record;
            shown.originalText.reset();
            shown.sanitisedText.reset();
            m_observer->recorded(shown);
        }
        return m_writer.enqueue(std::move(record));
    }
    [[nodiscard]] bool isReady() const override { return m_writer.isReady(); }
    void flush() override { m_writer.flush(); }

private:
    audit::Writer& m_writer;
    AgentObserver* m_observer;
};

} // namespace gatehouse::app
