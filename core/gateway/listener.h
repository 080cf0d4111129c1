// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <boost/asio/ip/tcp.hpp>

#include "base/async.h"
#include "base/result.h"

namespace gatehouse::gateway {

using Acceptor = std::shared_ptr<asio::ip::tcp::acceptor>;

struct Listeners {
    std::vector<Acceptor> acceptors;
    std::uint16_t port = 0;
    bool hasIpv6 = false;
};

// Listens on the two literal loopback addresses and on the same port of both; port 0 takes a free one. A machine
// without IPv6 gets the first alone. conflict, with the owner's name, when either address is taken: a stranger on [::1]
// would receive what programs send to "localhost".
[[nodiscard]] Result<Listeners> listenOnLoopback(std::uint16_t port, const asio::any_io_executor& executor);

} // namespace gatehouse::gateway
