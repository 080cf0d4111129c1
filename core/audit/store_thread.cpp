// SPDX-License-Identifier: Apache-2.0
#include "audit/store_thread.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <utility>

#include "audit/disk_errors.h"
#include "audit/search_index.h"
#include "base/log.h"
#include "platform/boot.h"
#include "platform/thread_name.h"

namespace gatehouse::audit {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMaxGroup = 512;
constexpr std::size_t kFullGroup = 256;
constexpr std::size_t kMaxBehind = 1024; // records in the queue from which on everybody waits
// What nobody waits for gathers this long, or until there is a full group of it. Writing a group takes a core for a
// while, so that a quiet store writes small ones, and a busy one large ones, which cost less for each record.
constexpr auto kLinger = 2ms;
constexpr auto kBusyLinger = 5ms;
constexpr std::size_t kBusyGroup = 32; // records of the group before
constexpr auto kRetry = 1s;            // after a failed attempt
constexpr auto kIdleSync = 1s;         // unsynced records reach the disk after this much silence
constexpr std::int64_t kClockJumpMs = std::chrono::milliseconds(5min).count();

std::size_t weigh(const PendingRecord& pending) {
    const AuditRecord& record = pending.record;
    return 1024 + (record.originalText ? record.originalText->size() : 0) +
           (record.sanitisedText ? record.sanitisedText->size() : 0) + record.justification.size();
}

} // namespace

StoreThread::StoreThread(std::unique_ptr<store::Database> database, std::unique_ptr<RecordLog> log,
                         std::unique_ptr<HeadFile> headFile, std::unique_ptr<Journal> journal, const Clock& clock)
    : m_database(std::move(database))
    , m_log(std::move(log))
    , m_headFile(std::move(headFile))
    , m_journal(std::move(journal))
    , m_clock(clock) {
    // What was there at the start was synced by recordStart.
    m_remembered = RememberedHead{m_log->head(), m_log->head().sequence, platform::bootId()};
    m_indexed = indexedBlocks(*m_database).value_or(0);
    if (m_journal != nullptr) {
        m_journalSync = std::make_unique<JournalSync>(*m_journal);
    }
    m_thread = std::thread([this] { run(); });
    platform::nameThread(m_thread, "store");
}

StoreThread::~StoreThread() {
    {
        const std::scoped_lock lock(m_mutex);
        m_isStopping = true;
    }
    m_wake.notify_all();
    m_thread.join();
}

std::uint64_t StoreThread::add(Item item) {
    item.ticket = ++m_lastTicket;
    m_queuedBytes += item.bytes;
    const auto* const record = std::get_if<RecordItem>(&item.what);
    m_awaited += record != nullptr && record->waiter != nullptr ? 1U : 0U;
    const std::uint64_t ticket = item.ticket;
    m_queue.push_back(std::move(item));
    return ticket;
}

bool StoreThread::journalAndQueue(PendingRecord& record, Durability durability) {
    if (m_journal == nullptr || m_journalSync->isFailed()) {
        return false;
    }
    const std::scoped_lock order(m_journalMutex);
    {
        const std::scoped_lock lock(m_mutex);
        if (!m_problem.empty() || m_isBroken || m_isStopping || m_queue.size() >= kMaxBehind ||
            m_queuedBytes >= kMaxQueuedBytes / 4 || m_lastPlaceholder > m_settled.load()) {
            return false;
        }
    }
    const auto number = m_journal->write(record);
    if (!number) {
        return false; // whoever waits for the database instead learns what is wrong
    }
    const std::size_t bytes = weigh(record);
    bool mustWake = false;
    {
        const std::scoped_lock lock(m_mutex);
        add(Item{RecordItem{std::move(record), durability, nullptr, 0, *number}, 0, bytes});
        mustWake = isWorthWaking();
    }
    if (mustWake) {
        m_wake.notify_one();
    }
    return true;
}

// The thread is left alone while it gathers: waking it costs more than a record.
bool StoreThread::isWorthWaking() const {
    return m_isIdle || m_queue.size() == kFullGroup;
}

void StoreThread::pushAwaited(PendingRecord record, Durability durability, std::unique_ptr<CommitWaiter> waiter) {
    if (durability == Durability::strict && journalAndQueue(record, durability)) {
        return m_journalSync->await(std::move(waiter));
    }
    std::optional<Error> problem;
    {
        const std::scoped_lock lock(m_mutex);
        const std::size_t bytes = weigh(record);
        if (m_isBroken || m_isStopping) {
            problem = m_isBroken ? Error{ErrorKind::denied, m_problem, 0}
                                 : Error{ErrorKind::unavailable, "audit: the store is stopping", 0};
        } else if (m_queuedBytes + bytes > kMaxQueuedBytes) {
            problem = Error{ErrorKind::unavailable, "audit: too much waits for the disk", 0};
        } else {
            add(Item{RecordItem{std::move(record), durability, std::move(waiter), 0, 0}, 0, bytes});
        }
    }
    if (problem) {                                      // the waiter was moved only where there is none
        return waiter->done(std::unexpected(*problem)); // NOLINT(bugprone-use-after-move)
    }
    m_wake.notify_one();
}

Result<> StoreThread::push(PendingRecord record) {
    bool mustWake = false;
    {
        const std::scoped_lock lock(m_mutex);
        const std::size_t bytes = weigh(record);
        if (m_isBroken) {
            return fail(ErrorKind::unavailable, m_problem);
        }
        if (m_queue.size() >= kMaxQueued || m_queuedBytes + bytes > kMaxQueuedBytes) {
            ++m_lost;
            return fail(ErrorKind::limit, "audit: the queue is full");
        }
        add(Item{RecordItem{std::move(record), std::nullopt, nullptr, 0, 0}, 0, bytes});
        mustWake = isWorthWaking();
    }
    if (mustWake) {
        m_wake.notify_one();
    }
    return {};
}

Result<std::uint64_t> StoreThread::push(PlaceholderRow row) {
    const std::scoped_lock lock(m_mutex);
    const std::size_t bytes = 256 + row.value.size();
    if (m_isBroken) {
        return fail(ErrorKind::unavailable, m_problem);
    }
    if (m_queuedBytes + bytes > kMaxQueuedBytes) {
        return fail(ErrorKind::limit, "audit: too many values wait for the disk");
    }
    // No wake-up: the intent that follows, or a flush, carries it to the disk.
    m_lastPlaceholder = add(Item{std::move(row), 0, bytes});
    return m_lastPlaceholder;
}

void StoreThread::flush() {
    std::unique_lock lock(m_mutex);
    const std::uint64_t target = m_lastTicket;
    const std::uint64_t failures = m_failures;
    ++m_flushers;
    m_wake.notify_one();
    m_progress.wait(lock,
                    [&] { return m_settled.load() >= target || m_failures != failures || m_isBroken || m_isStopping; });
    --m_flushers;
}

std::string StoreThread::problem() const {
    const std::scoped_lock lock(m_mutex);
    return m_problem;
}

void StoreThread::waitForWork(std::unique_lock<std::mutex>& lock) {
    if (m_isBroken) {
        m_wake.wait(lock, [this] { return m_isStopping || !m_jobs.empty(); });
        return;
    }
    if (!m_problem.empty()) {
        // A failing disk: new waiters try at once (and learn the truth), the kept rest tries each second.
        m_wake.wait_for(lock, kRetry,
                        [this] { return m_isStopping || m_awaited > 0 || m_flushers > 0 || !m_jobs.empty(); });
        return;
    }
    const auto hasWork = [this] { return m_isStopping || !m_queue.empty() || !m_jobs.empty(); };
    m_isIdle = true;
    const bool isUnindexed = m_indexed < m_log->head().sequence / kBlockRecords;
    // Silence first; then block after block, as long as it stays silent.
    const std::chrono::milliseconds pause = m_isIndexing && isUnindexed   ? 1ms
                                            : m_isUnsynced || isUnindexed ? kIdleSync
                                                                          : 60s;
    const bool isWoken = m_wake.wait_for(lock, pause, hasWork);
    m_isIdle = false;
    m_isIndexing = !isWoken;
    if (!isWoken) {
        lock.unlock();
        checkpointIfDue(true);
        indexIfDue(true);
        lock.lock();
        return;
    }
    if (m_awaited == 0 && m_flushers == 0 && m_jobs.empty() && !m_isStopping) {
        m_wake.wait_for(lock, m_lastGroup >= kBusyGroup ? kBusyLinger : kLinger, [this] {
            return m_isStopping || m_awaited > 0 || m_flushers > 0 || !m_jobs.empty() || m_queue.size() >= kFullGroup;
        });
    }
}

StoreThread::Group StoreThread::takeGroup() {
    Group group;
    while (!m_queue.empty() && group.size() < kMaxGroup) {
        Item& item = m_queue.front();
        const auto* const record = std::get_if<RecordItem>(&item.what);
        m_awaited -= record != nullptr && record->waiter != nullptr ? 1U : 0U;
        m_queuedBytes -= item.bytes;
        group.push_back(std::move(item));
        m_queue.pop_front();
    }
    return group;
}

void StoreThread::run() {
    while (true) {
        Group group;
        {
            std::unique_lock lock(m_mutex);
            if (m_queue.empty() || !m_problem.empty() || m_awaited == 0) {
                waitForWork(lock);
            }
            if (m_isStopping && (m_queue.empty() || !m_problem.empty())) {
                break;
            }
            if (!m_isBroken) {
                group = takeGroup();
                m_lastGroup = group.size();
            }
        }
        if (!group.empty()) {
            process(std::move(group));
        }
        runJobs();
    }
    runJobs(); // tells those who came last
    finish();
}

void StoreThread::process(Group group) {
    const auto committed = commitGroup(group);
    if (committed) {
        settle(group);
    } else if (isOfTheDisk(committed.error())) {
        failGroup(std::move(group), committed.error());
    } else {
        commitSingly(std::move(group));
    }
}

Result<> StoreThread::commitGroup(Group& group) {
    if (m_database->hasMoved()) {
        return fail(ErrorKind::denied, "the database is no longer where it was opened");
    }
    const bool isStrict = std::any_of(group.begin(), group.end(), [](const Item& item) {
        const auto* const record = std::get_if<RecordItem>(&item.what);
        return record != nullptr && record->durability == Durability::strict;
    });
    const auto durability = isStrict ? store::CommitDurability::synced : store::CommitDurability::cached;
    if (durability != m_durability) {
        GH_CHECK(m_database->setDurability(durability));
        m_durability = durability;
    }
    Result<> committed = appendAll(group);
    if (!committed) {
        m_log->forget();
        return committed;
    }
    m_log->keep();
    afterCommit(isStrict);
    return {};
}

Result<> StoreThread::appendAll(Group& group) {
    GH_TRY(store::Transaction transaction, store::Transaction::begin(*m_database));
    m_journaled = 0;
    for (Item& item : group) {
        if (auto* const record = std::get_if<RecordItem>(&item.what)) {
            noteClock(record->pending);
            GH_TRY(record->sequence, m_log->append(record->pending));
            m_journaled = std::max(m_journaled, record->journalNumber);
        } else {
            GH_CHECK(m_log->append(std::get<PlaceholderRow>(item.what)));
        }
    }
    if (m_journaled > 0) {
        GH_CHECK(m_log->setJournaled(m_journaled));
    }
    return transaction.commit();
}

void StoreThread::afterCommit(bool isSynced) {
    if (m_journaled > 0) {
        m_journal->settle(m_journaled);
    }
    m_remembered.head = m_log->head();
    if (isSynced) {
        m_remembered.syncedSequence = m_remembered.head.sequence;
    }
    m_isUnsynced = !isSynced;
    writeHead();
}

void StoreThread::writeHead() {
    if (const auto written = m_headFile->write(m_remembered); !written) {
        // Not fatal: a head that lags behind hides nothing that the database still has.
        logWarning("audit", "the head file was not written: errno {}", written.error().native);
    }
}

void StoreThread::settle(Group& group) {
    for (Item& item : group) {
        auto* const record = std::get_if<RecordItem>(&item.what);
        if (record != nullptr && record->waiter != nullptr) {
            record->waiter->done(record->sequence);
        }
    }
    std::uint64_t lost = 0;
    bool isRecovered = false;
    {
        const std::scoped_lock lock(m_mutex);
        m_settled = std::max(m_settled.load(), group.back().ticket);
        isRecovered = !m_problem.empty();
        m_problem.clear();
        lost = std::exchange(m_lost, 0);
    }
    m_progress.notify_all();
    if (isRecovered) {
        logInfo("audit", "the store takes records again");
        enqueueEvent("store_recovered", "refused=" + std::to_string(std::exchange(m_refused, 0)));
    }
    if (lost > 0) {
        enqueueEvent("records_lost", "count=" + std::to_string(lost));
    }
    checkpointIfDue(false);
    indexIfDue(false);
}

void StoreThread::commitSingly(Group group) {
    while (!group.empty()) {
        Group single;
        single.push_back(std::move(group.front()));
        group.pop_front();
        const auto committed = commitGroup(single);
        if (committed) {
            settle(single);
        } else if (isOfTheDisk(committed.error())) {
            group.push_front(std::move(single.front()));
            failGroup(std::move(group), committed.error());
            return;
        } else {
            dropRefused(single.front(), committed.error());
        }
    }
}

void StoreThread::dropRefused(Item& item, const Error& error) {
    logError("audit", "the database refused one entry: code {}", error.native);
    auto* const record = std::get_if<RecordItem>(&item.what);
    if (record != nullptr && record->waiter != nullptr) {
        record->waiter->done(fail(ErrorKind::unavailable, "audit: the record was refused by the database"));
    }
    {
        const std::scoped_lock lock(m_mutex);
        ++m_lost;
        m_settled = std::max(m_settled.load(), item.ticket);
    }
    m_progress.notify_all();
}

void StoreThread::failGroup(Group group, const Error& error) {
    const bool isDamaged = error.kind == ErrorKind::corrupt || error.kind == ErrorKind::denied;
    const std::string sentence = sentenceFor(error.kind);
    bool isFirst = false;
    {
        const std::scoped_lock lock(m_mutex);
        isFirst = m_problem.empty();
        m_problem = sentence;
        m_isBroken = m_isBroken || isDamaged;
        ++m_failures;
    }
    if (isFirst) {
        logError("audit", "{} ({})", sentence, error.what);
    }
    Group kept;
    for (Item& item : group) {
        auto* const record = std::get_if<RecordItem>(&item.what);
        if (record != nullptr && record->waiter != nullptr) {
            ++m_refused;
            record->waiter->done(fail(isDamaged ? ErrorKind::denied : ErrorKind::unavailable, sentence, error.native));
        } else {
            kept.push_back(std::move(item));
        }
    }
    {
        const std::scoped_lock lock(m_mutex);
        for (; !kept.empty(); kept.pop_back()) {
            m_queuedBytes += kept.back().bytes;
            m_queue.push_front(std::move(kept.back()));
        }
    }
    if (isFirst && !isDamaged) {
        // Stays at hand until it can be written, so that the store itself finds out when the disk is back.
        enqueueEvent("store_failed", "code=" + std::to_string(error.native));
    }
    m_progress.notify_all();
}

void StoreThread::enqueueEvent(std::string outcome, std::string reason) {
    PendingRecord event = makeEvent(std::move(outcome), std::move(reason), m_clock);
    const std::size_t bytes = weigh(event);
    const std::scoped_lock lock(m_mutex);
    add(Item{RecordItem{std::move(event), std::nullopt, nullptr, 0, 0}, 0, bytes});
}

void StoreThread::noteClock(const PendingRecord& pending) {
    if (m_lastStamp) {
        const std::int64_t wall = pending.record.timeMs - m_lastStamp->record.timeMs;
        const auto monotonic =
            static_cast<std::int64_t>(pending.monotonicMs) - static_cast<std::int64_t>(m_lastStamp->monotonicMs);
        if (std::abs(wall - monotonic) > kClockJumpMs) {
            enqueueEvent("clock_jump", "ms=" + std::to_string(wall - monotonic));
        }
    }
    PendingRecord times;
    times.record.timeMs = pending.record.timeMs;
    times.monotonicMs = pending.monotonicMs;
    m_lastStamp = std::move(times);
}

void StoreThread::finish() {
    Group rest;
    bool isComplete = true;
    {
        const std::scoped_lock lock(m_mutex);
        rest = takeGroup();
    }
    while (!rest.empty()) {
        // Only reached when the disk fails: one last try, then those who wait are told and the rest is counted.
        const auto committed = commitGroup(rest);
        for (Item& item : rest) {
            auto* const record = std::get_if<RecordItem>(&item.what);
            if (record != nullptr && record->waiter != nullptr) {
                record->waiter->done(committed ? Result<std::uint64_t>(record->sequence)
                                               : fail(ErrorKind::unavailable, "audit: the store is stopping"));
            }
        }
        if (!committed) {
            isComplete = false;
            logError("audit", "{} entries could not be written before the end", rest.size());
        }
        const std::scoped_lock lock(m_mutex);
        rest = takeGroup();
    }
    if (m_database->checkpointAndTruncate()) {
        m_remembered.syncedSequence = m_remembered.head.sequence;
    } else {
        isComplete = false;
    }
    if (isComplete && m_journal != nullptr) {
        m_journal->remove();
    }
    writeHead();
    if (const auto synced = m_headFile->sync(); !synced) {
        logWarning("audit", "the head file was not synced: errno {}", synced.error().native);
    }
    m_progress.notify_all();
}

} // namespace gatehouse::audit
