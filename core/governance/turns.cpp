// SPDX-License-Identifier: Apache-2.0
#include "governance/turns.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace gatehouse::governance {

// Stands in the queue for as long as its coroutine lives, which may end while it waits.
struct Turns::Waiter {
    Waiter(Turns& turns, const asio::any_io_executor& executor, std::chrono::milliseconds within)
        : owner(turns)
        , timer(executor, within) {
        owner.m_waiting.push_back(this);
    }
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;
    ~Waiter() {
        owner.m_waiting.remove(this);
        if (isNext) {
            owner.release(); // its turn came, and nobody took it
        }
    }

    Turns& owner;
    asio::steady_timer timer;
    bool isNext = false;
};

Turns::Turn::~Turn() {
    if (m_turns != nullptr) {
        m_turns->release();
    }
}

Task<std::optional<Turns::Turn>> Turns::take(std::chrono::milliseconds within) {
    if (!m_isTaken) {
        m_isTaken = true;
        co_return Turn(*this);
    }
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    Waiter waiter(*this, executor, within);
    boost::system::error_code ignored;
    co_await waiter.timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    if (!std::exchange(waiter.isNext, false)) {
        co_return std::nullopt;
    }
    co_return Turn(*this);
}

void Turns::release() {
    if (m_waiting.empty()) {
        m_isTaken = false;
        return;
    }
    Waiter& next = *m_waiting.front();
    m_waiting.pop_front();
    next.isNext = true;
    next.timer.cancel();
}

} // namespace gatehouse::governance
