// SPDX-License-Identifier: Apache-2.0
#include "audit/writer.h"

#include <utility>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace gatehouse::audit {
namespace {

// Brings the answer back to the executor of the coroutine, and keeps its io_context running until then.
template <class Handler>
class HandlerWaiter final : public CommitWaiter {
public:
    explicit HandlerWaiter(Handler handler)
        : m_handler(std::move(handler))
        , m_work(asio::get_associated_executor(m_handler)) {}
    void done(Result<std::uint64_t> sequence) override {
        asio::post(m_work.get_executor(), [handler = std::move(m_handler), sequence = std::move(sequence)]() mutable {
            std::move(handler)(std::move(sequence));
        });
        m_work.reset();
    }

private:
    Handler m_handler;
    asio::executor_work_guard<asio::associated_executor_t<Handler>> m_work;
};

// Cancelling the awaiting coroutine does not take the record back: it may be on the disk already.
class StartCommit final {
public:
    StartCommit(StoreThread& thread, PendingRecord pending, Durability durability)
        : m_thread(thread)
        , m_pending(std::move(pending))
        , m_durability(durability) {}
    template <class Handler>
    void operator()(Handler handler) {
        m_thread.pushAwaited(std::move(m_pending), m_durability,
                             std::make_unique<HandlerWaiter<Handler>>(std::move(handler)));
    }

private:
    StoreThread& m_thread;
    PendingRecord m_pending;
    Durability m_durability;
};

} // namespace

Task<Result<std::uint64_t>> StoreWriter::commit(AuditRecord record, Durability durability) {
    const std::shared_ptr<StoreThread> store = thread();
    if (store == nullptr) {
        co_return std::unexpected(whyNot());
    }
    PendingRecord pending = stamp(std::move(record), m_clock);
    if (durability == Durability::balanced && store->pushJournaled(pending)) {
        co_return std::uint64_t{0};
    }
    // Named, because GCC 12 destroys braced temporaries of a co_await expression twice (GCC bug 99576).
    StartCommit start(*store, std::move(pending), durability);
    co_return co_await asio::async_initiate<decltype(asio::use_awaitable), void(Result<std::uint64_t>)>(
        std::move(start), asio::use_awaitable);
}

Result<> StoreWriter::enqueue(AuditRecord record) {
    const std::shared_ptr<StoreThread> store = thread();
    if (store == nullptr) {
        return fail(ErrorKind::unavailable, problem());
    }
    return store->push(stamp(std::move(record), m_clock));
}

bool StoreWriter::isReady() const {
    const std::shared_ptr<StoreThread> store = thread();
    return store != nullptr && store->problem().empty();
}

void StoreWriter::flush() {
    if (const std::shared_ptr<StoreThread> store = thread()) {
        store->flush();
    }
}

void StoreWriter::connect(std::shared_ptr<StoreThread> thread, Error problem) {
    const std::scoped_lock lock(m_mutex);
    m_thread.swap(thread);
    m_problem = std::move(problem);
}

std::string StoreWriter::problem() const {
    const std::shared_ptr<StoreThread> store = thread();
    return store != nullptr ? store->problem() : whyNot().what;
}

Error StoreWriter::whyNot() const {
    const std::scoped_lock lock(m_mutex);
    return m_problem;
}

std::shared_ptr<StoreThread> StoreWriter::thread() const {
    const std::scoped_lock lock(m_mutex);
    return m_thread;
}

} // namespace gatehouse::audit
