// SPDX-License-Identifier: Apache-2.0
#include "audit/journal_sync.h"

#include <utility>

#include "base/log.h"
#include "platform/thread_name.h"

namespace gatehouse::audit {

JournalSync::JournalSync(Journal& journal) : m_journal(journal) {
    m_thread = std::thread([this] { run(); });
    platform::nameThread(m_thread, "journal");
}

JournalSync::~JournalSync() {
    {
        const std::scoped_lock lock(m_mutex);
        m_isStopping = true;
    }
    m_wake.notify_one();
    m_thread.join();
}

void JournalSync::await(std::unique_ptr<CommitWaiter> waiter) {
    bool mustWake = false;
    {
        const std::scoped_lock lock(m_mutex);
        mustWake = m_waiting.empty();
        m_waiting.push_back(std::move(waiter));
    }
    if (mustWake) {
        m_wake.notify_one();
    }
}

bool JournalSync::isFailed() const {
    const std::scoped_lock lock(m_mutex);
    return m_isFailed;
}

void JournalSync::run() {
    std::vector<std::unique_ptr<CommitWaiter>> group;
    while (true) {
        bool isFailed = false;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [this] { return m_isStopping || !m_waiting.empty(); });
            if (m_waiting.empty()) {
                return;
            }
            group.swap(m_waiting);
            isFailed = m_isFailed;
        }
        const Result<> synced =
            isFailed ? fail(ErrorKind::unavailable, "audit: the journal has failed") : m_journal.sync();
        if (!synced && !isFailed) {
            logError("audit", "{}: errno {}", synced.error().what, synced.error().native);
            const std::scoped_lock lock(m_mutex);
            m_isFailed = true;
        }
        for (const auto& waiter : group) {
            waiter->done(synced ? Result<std::uint64_t>(std::uint64_t{0}) : std::unexpected(synced.error()));
        }
        group.clear();
    }
}

} // namespace gatehouse::audit
