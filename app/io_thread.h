// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "base/async.h"

namespace gatehouse::app {

// The thread "gw-io" and its one io_context. Coroutines and sockets of core live here.
class IoThread final {
public:
    IoThread();
    ~IoThread();
    IoThread(const IoThread&) = delete;
    IoThread& operator=(const IoThread&) = delete;

    [[nodiscard]] asio::any_io_executor executor();
    // Runs `work` on the thread and waits for it; must not be called from the thread itself.
    void run(const std::function<void()>& work);
    // Runs `work` on the thread some time later; does not wait.
    void post(std::function<void()> work);
    // Spawns `task` on the thread and waits for its end.
    void runTask(std::function<Task<>()> task);
    // Lets the loop run dry for a moment, then ends the thread. Idempotent.
    void stop();

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace gatehouse::app
