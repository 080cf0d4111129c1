// SPDX-License-Identifier: Apache-2.0
#include "transparency/keeper.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.h"

namespace gatehouse::collector {
namespace {

constexpr std::chrono::seconds kPause{1};
constexpr std::size_t kMost = 1000; // leaves of one transaction

} // namespace

std::shared_ptr<LogKeeper> LogKeeper::start(Context& context, const asio::any_io_executor& executor) {
    auto keeper = std::make_shared<LogKeeper>(context, executor);
    auto task = keeper->run();
    asio::co_spawn(executor, std::move(task), [keeper](const std::exception_ptr& failure) {
        if (failure) {
            logError("collector", "the log's keeper ended by an exception");
        }
    });
    return keeper;
}

void LogKeeper::stop() {
    m_isStopping = true;
    m_timer.cancel();
}

Task<> LogKeeper::run() {
    constexpr auto kAwaitTuple = asio::as_tuple(asio::use_awaitable);
    const auto job = [this](Connection& connection) { return growLog(connection, *m_context.log, kMost); };
    bool wasGood = true;
    while (!m_isStopping) {
        const Result<std::size_t> moved = co_await m_context.pool.run<std::size_t>(job);
        if (moved) {
            m_context.metrics.add(Count::logLeaves, *moved);
        } else if (wasGood) { // once, and not each second while the database is away
            logError("collector", "the log does not grow: {}", moved.error().what);
        }
        wasGood = moved.has_value();
        if (moved && *moved == kMost) {
            continue;
        }
        m_timer.expires_after(kPause);
        [[maybe_unused]] const auto waited = co_await m_timer.async_wait(kAwaitTuple);
    }
}

} // namespace gatehouse::collector
