// SPDX-License-Identifier: Apache-2.0
#include "io_thread.h"

#include <future>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#ifdef __linux__
#include <pthread.h>
#endif

#include "base/log.h"

namespace gatehouse::app {

struct IoThread::Parts {
    asio::io_context context{1};
    asio::executor_work_guard<asio::io_context::executor_type> guard{context.get_executor()};
    std::thread thread;
};

namespace {

void loop(asio::io_context& context) {
#ifdef __linux__
    pthread_setname_np(pthread_self(), "gw-io");
#endif
    for (;;) {
        try {
            context.run();
            return;
        } catch (const std::exception&) {
            // A handler that throws is our bug; its text may hold what a library put there, so only the fact is logged.
            logError("agent", "a handler on gw-io ended with an exception");
        }
    }
}

} // namespace

IoThread::IoThread() : m_parts(std::make_unique<Parts>()) {
    m_parts->thread = std::thread([parts = m_parts.get()] { loop(parts->context); });
}

IoThread::~IoThread() {
    stop();
}

asio::any_io_executor IoThread::executor() {
    return m_parts->context.get_executor();
}

void IoThread::run(const std::function<void()>& work) {
    std::promise<void> done;
    asio::post(m_parts->context, [&work, &done] {
        work();
        done.set_value();
    });
    done.get_future().wait();
}

void IoThread::post(std::function<void()> work) {
    asio::post(m_parts->context, std::move(work));
}

void IoThread::runTask(std::function<Task<>()> task) {
    std::promise<void> done;
    asio::co_spawn(m_parts->context, task(), [&done](const std::exception_ptr& failure) {
        if (failure != nullptr) {
            logError("agent", "a task on gw-io ended with an exception");
        }
        done.set_value();
    });
    done.get_future().wait();
}

void IoThread::stop() {
    if (m_parts->thread.joinable()) {
        m_parts->guard.reset();
        m_parts->context.stop();
        m_parts->thread.join();
    }
}

} // namespace gatehouse::app
