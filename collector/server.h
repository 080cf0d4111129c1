// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "api/api.h"
#include "base/async.h"

namespace gatehouse::collector {

// One listening port and its connections. Everything on the one thread of its executor.
class Server {
public:
    enum class Port { devices, status };
    // TLS 1.2 or newer with client certificates for devices, plain HTTP for the operator. Errors: unavailable (the
    // address is taken), invalidInput (certificates that cannot be read).
    [[nodiscard]] static Result<std::shared_ptr<Server>> start(Context& context, Port port,
                                                               const asio::any_io_executor& executor);
    virtual ~Server() = default;
    [[nodiscard]] virtual std::uint16_t port() const = 0;
    // Accepts no more, ends idle connections; `whenDone` is called once the running requests are answered.
    virtual void drain(std::function<void()> whenDone) = 0;
    // Ends everything that is left.
    virtual void stop() = 0;
};

} // namespace gatehouse::collector
