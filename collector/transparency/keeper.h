// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include <boost/asio/steady_timer.hpp>

#include "context.h"

namespace gatehouse::collector {

// Moves new receipts into the log, each second, as long as it lives: one of all instances does it at a time. On the
// thread of the executor; the database's work is the pool's.
class LogKeeper final : public std::enable_shared_from_this<LogKeeper> {
public:
    static std::shared_ptr<LogKeeper> start(Context& context, const asio::any_io_executor& executor);
    LogKeeper(Context& context, const asio::any_io_executor& executor) : m_context(context), m_timer(executor) {}
    // Ends after what is under way.
    void stop();

private:
    Task<> run();

    Context& m_context;
    asio::steady_timer m_timer;
    bool m_isStopping = false;
};

} // namespace gatehouse::collector
