// SPDX-License-Identifier: Apache-2.0
#include "audit/store_thread.h"

#include <utility>

#include "audit/search_index.h"
#include "base/log.h"

// What the thread "store" does besides records: jobs of others, and the search index.
namespace gatehouse::audit {
namespace {

constexpr int kCheckpointPages = 1000;
// Indexing takes the processor from whoever talks to a model; it waits for silence unless this much waits for it.
constexpr std::uint64_t kMaxUnindexed = 50'000;

} // namespace

Result<> StoreThread::perform(const StoreJob& job) {
    WaitingJob waiting{&job, {}, false};
    std::unique_lock lock(m_mutex);
    if (m_isBroken || m_isStopping) {
        return fail(ErrorKind::unavailable, m_isBroken ? m_problem : "audit: the store is stopping");
    }
    m_jobs.push_back(&waiting);
    m_wake.notify_one();
    m_progress.wait(lock, [&waiting] { return waiting.isDone; });
    return std::move(waiting.result);
}

void StoreThread::runJobs() {
    std::unique_lock lock(m_mutex);
    while (!m_jobs.empty()) {
        WaitingJob* const waiting = m_jobs.front();
        m_jobs.pop_front();
        const bool canRun = !m_isBroken && !m_isStopping;
        lock.unlock();
        Result<> result = canRun ? runJob(*waiting->job) : fail(ErrorKind::unavailable, "audit: the store is stopping");
        lock.lock();
        waiting->result = std::move(result);
        waiting->isDone = true; // from here on it is the caller's to destroy
        m_progress.notify_all();
    }
}

Result<> StoreThread::runJob(const StoreJob& job) {
    if (m_durability != store::CommitDurability::synced) {
        GH_CHECK(m_database->setDurability(store::CommitDurability::synced));
        m_durability = store::CommitDurability::synced;
    }
    Result<> result = job(*m_database, *m_log);
    if (!result) {
        m_log->forget();
        return result;
    }
    m_log->keep();
    if (m_log->head() != m_remembered.head) {
        afterCommit(true);
    }
    return {};
}

bool StoreThread::purge() {
    const auto truncated =
        perform([](store::Database& database, RecordLog&) { return database.checkpointAndTruncate(); });
    const std::scoped_lock order(m_journalMutex);
    return truncated && (m_journal == nullptr || m_journal->wipeSettled());
}

void StoreThread::checkpointIfDue(bool isIdle) {
    const bool isLong = m_database->walPages() >= kCheckpointPages;
    if (!isLong && !(isIdle && m_isUnsynced)) {
        return;
    }
    const auto done = m_database->checkpoint();
    if (!done) {
        logWarning("audit", "checkpoint failed: code {}", done.error().native);
        return;
    }
    if (!*done) {
        return; // a reader was in the way; the next turn tries again
    }
    // A checkpoint syncs the log before it moves pages: everything committed is on the disk now.
    m_isUnsynced = false;
    m_remembered.syncedSequence = m_remembered.head.sequence;
    writeHead();
}

void StoreThread::indexIfDue(bool isIdle) {
    const std::uint64_t whole = m_log->head().sequence / kBlockRecords;
    if (m_indexed >= whole || (!isIdle && (whole - m_indexed) * kBlockRecords < kMaxUnindexed)) {
        return;
    }
    if (m_durability != store::CommitDurability::cached) {
        if (!m_database->setDurability(store::CommitDurability::cached)) {
            return;
        }
        m_durability = store::CommitDurability::cached;
    }
    const auto indexed = indexNextBlock(*m_database);
    if (!indexed) {
        // Searches go through the records themselves; the next silence tries again.
        logWarning("audit", "the search index was not brought up: code {}", indexed.error().native);
        m_indexed = whole;
        return;
    }
    m_indexed = *indexed ? m_indexed + 1 : whole;
}

} // namespace gatehouse::audit
