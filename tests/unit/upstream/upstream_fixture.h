// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <future>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include "support/scripted_server.h"
#include "upstream/upstream.h"

// A loop with an upstream on it, and coroutines that read whole answers.
namespace gatehouse::upstream::test {

using namespace std::chrono_literals;

constexpr std::string_view kChunkedHead =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

struct Fetched {
    std::optional<Error> headError;
    Head head;
    std::vector<std::string> pieces;
    std::optional<Error> bodyError;

    [[nodiscard]] std::string body() const {
        std::string all;
        for (const auto& piece : pieces) {
            all += piece;
        }
        return all;
    }
};

inline Task<Fetched> fetch(std::unique_ptr<Transfer> transfer) {
    Fetched fetched;
    auto head = co_await transfer->head();
    if (!head) {
        fetched.headError = head.error();
        co_return fetched;
    }
    fetched.head = *head;
    for (;;) {
        auto piece = co_await transfer->next();
        if (!piece) {
            fetched.bodyError = piece.error();
            break;
        }
        if (!*piece) {
            break;
        }
        fetched.pieces.push_back(**piece);
    }
    co_return fetched;
}

inline Task<> sleepFor(std::chrono::milliseconds time) {
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await timer.async_wait(asio::use_awaitable);
}

class Loop {
public:
    asio::io_context context{1};
    std::unique_ptr<Upstream> upstream = *Upstream::create(context.get_executor());

    template <class T>
    T run(Task<T> task) {
        auto future = asio::co_spawn(context, std::move(task), asio::use_future);
        context.restart();
        while (future.wait_for(0s) != std::future_status::ready) {
            context.run_one_for(100ms);
        }
        return future.get();
    }
    Fetched get(Request request) { return run(fetch(upstream->start(std::move(request)))); }
};

inline Request requestTo(const std::string& url) {
    Request request;
    request.url = url;
    request.body = R"({"model":"m"})";
    request.headers = {{"Content-Type", "application/json"}};
    return request;
}

inline Task<> takeHeadAndDrop(std::unique_ptr<Transfer> transfer, bool waitsForPiece) {
    static_cast<void>(co_await transfer->head());
    if (waitsForPiece) {
        static_cast<void>(co_await transfer->next());
    }
}

} // namespace gatehouse::upstream::test
