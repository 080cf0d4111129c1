// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "audit/commit_waiter.h"
#include "audit/journal.h"

namespace gatehouse::audit {

// The thread "journal": brings what was written into the journal to the disk, for those who wait for that. One sync is
// for everybody who asked before it began; while it runs, the next ones gather.
class JournalSync final {
public:
    // The journal must outlive this.
    explicit JournalSync(Journal& journal);
    JournalSync(const JournalSync&) = delete;
    JournalSync& operator=(const JournalSync&) = delete;
    // Tells everybody who waits, then joins.
    ~JournalSync();

    // done(0) when every entry that was written before this call outlives the end of power; unavailable when that is
    // not certain. Any thread; never blocks for long.
    void await(std::unique_ptr<CommitWaiter> waiter);
    // After a failed sync nothing is certain any more: the system may have dropped what it could not write.
    [[nodiscard]] bool isFailed() const;

private:
    void run();

    Journal& m_journal;
    mutable std::mutex m_mutex;
    std::condition_variable m_wake;
    std::vector<std::unique_ptr<CommitWaiter>> m_waiting;
    bool m_isFailed = false;
    bool m_isStopping = false;
    std::thread m_thread; // last: starts when the rest is there
};

} // namespace gatehouse::audit
