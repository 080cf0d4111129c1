// SPDX-License-Identifier: Apache-2.0
#include "provider_ports.h"

#include <utility>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "platform/port_owner.h"

namespace gatehouse::app {

Task<Result<std::string>> UpstreamHttp::get(std::string url) {
    upstream::Request request;
    request.method = "GET";
    request.url = std::move(url);
    request.connectTimeout = std::chrono::milliseconds(500);
    request.firstByteTimeout = std::chrono::milliseconds(2'000);
    request.totalTimeout = std::chrono::milliseconds(2'000);
    request.maxAnswerBytes = 1024UL * 1024UL;
    const auto transfer = m_upstream.start(std::move(request));
    auto head = co_await transfer->head();
    if (!head) {
        co_return std::unexpected(std::move(head).error());
    }
    if (head->status != 200) {
        co_return fail(ErrorKind::unavailable, "the server does not give a model list", head->status);
    }
    std::string body;
    for (;;) {
        auto piece = co_await transfer->next();
        if (!piece) {
            co_return std::unexpected(std::move(piece).error());
        }
        if (!*piece) {
            co_return body;
        }
        body += **piece;
    }
}

std::string PlatformPortOwners::executableOn(std::uint16_t port) {
    const auto owner = platform::findPortOwner(port);
    return owner ? owner->executable : std::string();
}

Task<> keepModelsFresh(providers::DiscoveringRegistry& registry,
                       std::function<std::shared_ptr<const policy::PolicySet>()> policies, std::chrono::seconds pause) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    for (;;) {
        co_await registry.refresh(policies());
        timer.expires_after(pause);
        co_await timer.async_wait(asio::use_awaitable);
    }
}

} // namespace gatehouse::app
