// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "services.h"

namespace gatehouse::app {

// What the agent does for its store, on the thread "upkeep": erases what gatehousectl asks for, and what policy's
// retention says is too old or too much. Blocks there for as long as it takes; nobody waits for it.
class Upkeep final {
public:
    // The foundation must stay until this is destroyed.
    explicit Upkeep(Foundation& foundation);
    Upkeep(const Upkeep&) = delete;
    Upkeep& operator=(const Upkeep&) = delete;
    // Ends after the chunk of deletions that runs now, and joins.
    ~Upkeep();

private:
    void run();
    void carryOutRequest();
    void keepRetention();
    Result<audit::ErasureReport> erase(const audit::ErasureWish& wish);
    void keep(const audit::ErasureWish& wish);

    Foundation& m_foundation;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    bool m_isStopping = false;
    std::thread m_thread; // last: starts when the rest is there
};

} // namespace gatehouse::app
