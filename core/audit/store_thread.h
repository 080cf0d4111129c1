// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "audit/audit.h"
#include "audit/commit_waiter.h"
#include "audit/head_file.h"
#include "audit/journal.h"
#include "audit/journal_sync.h"
#include "audit/record_log.h"
#include "base/clock.h"
#include "base/result.h"
#include "store/database.h"

namespace gatehouse::audit {

// The thread "store": the one owner of the writing connection. What waits in its queue is committed as one group, in
// the order of arrival; while a group is synced the next one gathers. When the disk is full or fails, waiters are told
// at once and everything else is kept and tried again each second, so nothing that was accepted is lost while the
// process lives.
class StoreThread final {
public:
    // What is done with the writing connection between two groups; opens and commits its own transactions, never keeps
    // what it is given.
    using StoreJob = std::function<Result<>(store::Database&, RecordLog&)>;

    static constexpr std::size_t kMaxQueued = 4096;
    static constexpr std::size_t kMaxQueuedBytes = 64UL * 1024UL * 1024UL;

    // `journal` may be null: then everybody who wants to be sure waits for the database.
    StoreThread(std::unique_ptr<store::Database> database, std::unique_ptr<RecordLog> log,
                std::unique_ptr<HeadFile> headFile, std::unique_ptr<Journal> journal, const Clock& clock);
    StoreThread(const StoreThread&) = delete;
    StoreThread& operator=(const StoreThread&) = delete;
    // Commits what can be committed, then joins.
    ~StoreThread();

    // Any thread; never blocks for long.
    // Writes the record into the journal and queues it: it outlives the process from now on, and nobody has to wait.
    // False, with the record untouched, when the caller must wait after all: the disk fails, the database lags behind,
    // or values of placeholders in front of the record are not in the database yet.
    [[nodiscard]] bool pushJournaled(PendingRecord& record) { return journalAndQueue(record, Durability::balanced); }
    // The waiter learns when the record is as durable as asked: a strict one when the journal is synced, which is
    // sooner than the database would be, or, where the journal cannot take it, when the database is.
    void pushAwaited(PendingRecord record, Durability durability, std::unique_ptr<CommitWaiter> waiter);
    [[nodiscard]] Result<> push(PendingRecord record);
    // Gives a ticket: once isSettled(ticket), the row is in the database.
    [[nodiscard]] Result<std::uint64_t> push(PlaceholderRow row);
    [[nodiscard]] bool isSettled(std::uint64_t ticket) const { return ticket <= m_settled.load(); }
    // Waits until everything pushed before is committed, or an attempt at it has failed.
    void flush();
    // Runs a job on the thread and waits for it. What it appended to the log counts when it succeeds. unavailable while
    // the store is damaged or stopping; else the job's own error.
    [[nodiscard]] Result<> perform(const StoreJob& job);
    // Leaves nothing of what was deleted in the write-ahead log or in the journal. False when a reader, or an intent on
    // its way, did not let that happen now.
    [[nodiscard]] bool purge();
    // Empty while records are taken; else a sentence that says why not.
    [[nodiscard]] std::string problem() const;

private:
    struct RecordItem {
        PendingRecord pending;
        std::optional<Durability> durability; // set when somebody waits, or relies on the journal until it is kept
        std::unique_ptr<CommitWaiter> waiter;
        std::uint64_t sequence = 0;
        std::uint64_t journalNumber = 0; // zero: not in the journal
    };
    struct Item {
        std::variant<RecordItem, PlaceholderRow> what;
        std::uint64_t ticket = 0;
        std::size_t bytes = 0;
    };
    using Group = std::deque<Item>;
    struct WaitingJob {
        const StoreJob* job;
        Result<> result;
        bool isDone = false;
    };

    void run();
    [[nodiscard]] bool journalAndQueue(PendingRecord& record, Durability durability);
    [[nodiscard]] bool isWorthWaking() const; // with the mutex held
    void waitForWork(std::unique_lock<std::mutex>& lock);
    Group takeGroup();
    void process(Group group);
    [[nodiscard]] Result<> commitGroup(Group& group);
    [[nodiscard]] Result<> appendAll(Group& group);
    void settle(Group& group);
    // One by one, so that a record that the database refuses takes nobody with it.
    void commitSingly(Group group);
    void dropRefused(Item& item, const Error& error);
    void failGroup(Group group, const Error& error);
    void noteClock(const PendingRecord& pending);
    void enqueueEvent(std::string outcome, std::string reason);
    void afterCommit(bool isSynced);
    void writeHead();
    void checkpointIfDue(bool isIdle);
    void runJobs();
    [[nodiscard]] Result<> runJob(const StoreJob& job);
    // One block, when nobody waits or too much is not indexed.
    void indexIfDue(bool isIdle);
    void finish();
    std::uint64_t add(Item item); // with the mutex held

    std::unique_ptr<store::Database> m_database;
    std::unique_ptr<RecordLog> m_log;
    std::unique_ptr<HeadFile> m_headFile;
    std::unique_ptr<Journal> m_journal;
    std::unique_ptr<JournalSync> m_journalSync; // null when there is no journal
    std::mutex m_journalMutex;                  // the order of the journal is that of the queue; taken before m_mutex
    const Clock& m_clock;

    mutable std::mutex m_mutex;
    std::condition_variable m_wake;     // for the thread
    std::condition_variable m_progress; // for flush()
    Group m_queue;
    std::deque<WaitingJob*> m_jobs;
    std::size_t m_queuedBytes = 0;
    std::size_t m_awaited = 0; // items of the queue that somebody waits for
    std::size_t m_flushers = 0;
    bool m_isIdle = false; // the thread sleeps until there is something in the queue
    std::uint64_t m_lastTicket = 0;
    std::uint64_t m_lastPlaceholder = 0; // ticket
    std::uint64_t m_failures = 0;        // attempts that failed, for flush()
    std::uint64_t m_lost = 0;            // records that found no room since the last such event
    std::string m_problem;
    bool m_isBroken = false; // damaged: no attempt will help
    bool m_isStopping = false;
    std::atomic<std::uint64_t> m_settled{0};

    // The thread's own.
    RememberedHead m_remembered;
    store::CommitDurability m_durability = store::CommitDurability::synced;
    bool m_isUnsynced = false;
    std::uint64_t m_indexed = 0; // whole blocks that are in the search index
    bool m_isIndexing = false;   // the silence in which that is done goes on
    std::size_t m_lastGroup = 0;
    std::uint64_t m_journaled = 0; // newest entry of the journal in the group that is being committed
    std::uint64_t m_refused = 0;   // waiters turned away since the disk failed
    std::optional<PendingRecord> m_lastStamp;
    std::thread m_thread; // last: starts when the rest is there
};

} // namespace gatehouse::audit
