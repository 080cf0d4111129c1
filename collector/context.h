// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <optional>

#include <boost/asio/thread_pool.hpp>

#include "base/clock.h"
#include "cms/authority.h"
#include "cms/device_key.h"
#include "config.h"
#include "database/pool.h"
#include "metrics.h"
#include "objects/store.h"
#include "transparency/log.h"

namespace gatehouse::collector {

// What every request may use; built in main, outlives the servers.
struct Context {
    Config config;
    cms::DeviceKey receiptKey;
    std::optional<cms::Authority> authority; // none: somebody else issues the devices' certificates
    std::optional<LogKey> log;               // none: receipts wait in the database for one
    std::unique_ptr<ObjectStore> objects;    // null: batches lie in the database
    Pool pool;
    Metrics metrics{};
    SystemClock clock{};
    std::atomic<bool> isDraining{false};
    std::atomic<std::int64_t> preparedDay{0}; // since 1970, for which the partitions of records were looked after
    // What waits for the object store; last, so that its threads end first.
    asio::thread_pool objectThreads{8};
};

} // namespace gatehouse::collector
