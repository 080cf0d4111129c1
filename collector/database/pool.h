// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/async.h"
#include "database/connection.h"

namespace gatehouse::collector {

// The threads "database" and as many connections: libpq blocks, and the thread that serves the network must not.
class Pool final {
public:
    Pool(std::string address, std::size_t threads) : m_address(std::move(address)), m_threads(threads) {}

    // Runs job(connection) on one of the threads and gives what it gives; unavailable without a connection.
    template <class T, class Job>
    Task<Result<T>> run(Job job) {
        Task<Result<T>> task = onThread<T>(*this, std::move(job));
        co_return co_await asio::co_spawn(m_threads, std::move(task), asio::use_awaitable);
    }
    // After the last run() has ended.
    void join() { m_threads.join(); }

private:
    template <class T, class Job>
    static Task<Result<T>> onThread(Pool& pool, Job job) {
        auto connection = pool.take();
        if (!connection) {
            co_return std::unexpected(connection.error());
        }
        Result<T> result = job(**connection);
        pool.giveBack(std::move(*connection));
        co_return result;
    }
    [[nodiscard]] Result<std::unique_ptr<Connection>> take();
    void giveBack(std::unique_ptr<Connection> connection);

    std::string m_address;
    std::mutex m_mutex;
    std::vector<std::unique_ptr<Connection>> m_idle;
    asio::thread_pool m_threads; // last: its threads end before the connections go
};

} // namespace gatehouse::collector
