// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "api/api.h"
#include "ledger/batch.h"

namespace gatehouse::collector {

namespace beast = boost::beast;
namespace http = beast::http;

inline constexpr auto kAwaitTuple = asio::as_tuple(asio::use_awaitable);
inline constexpr std::chrono::seconds kIdle{75};
inline constexpr std::chrono::seconds kTransfer{60};
inline constexpr std::uint32_t kMaxHead = 16U * 1024U;
inline constexpr std::uint64_t kMaxBodyOfStranger = 64U * 1024U; // who showed no certificate

// What the server keeps of one connection.
struct SessionState {
    bool isBusy = false; // a request is being answered
    std::function<void()> close;
};

inline http::response<http::vector_body<std::uint8_t>> encode(const Response& response, unsigned version,
                                                              bool keepsAlive) {
    http::response<http::vector_body<std::uint8_t>> message(static_cast<http::status>(response.status), version);
    message.set(http::field::content_type, response.type);
    message.set(http::field::cache_control, "no-store");
    if (response.retryAfterSeconds > 0) {
        message.set(http::field::retry_after, std::to_string(response.retryAfterSeconds));
    }
    if (!response.tag.empty()) {
        message.set(http::field::etag, response.tag);
    }
    message.keep_alive(keepsAlive);
    message.body() = response.body;
    message.prepare_payload();
    return message;
}

using RequestParser = http::request_parser<http::vector_body<std::uint8_t>>;

// One request's head, then its body. True: it is there, or (`isTooLarge`) refused unread. False: the connection ended.
template <class Stream>
Task<bool> readRequest(Stream& stream, beast::flat_buffer& buffer, RequestParser& parser, SessionState& state,
                       std::uint64_t maxBody, bool& isTooLarge) {
    parser.header_limit(kMaxHead);
    parser.body_limit(maxBody);
    beast::get_lowest_layer(stream).expires_after(kIdle);
    const auto [headError, headSize] = co_await http::async_read_header(stream, buffer, parser, kAwaitTuple);
    isTooLarge = headError == http::error::body_limit;
    if (headError) {
        co_return isTooLarge;
    }
    state.isBusy = true;
    beast::get_lowest_layer(stream).expires_after(kTransfer);
    if (parser.get()[http::field::expect] == "100-continue") {
        http::response<http::empty_body> goOn(http::status::continue_, 11);
        const auto [goOnError, goOnSize] = co_await http::async_write(stream, goOn, kAwaitTuple);
        if (goOnError) {
            co_return false;
        }
    }
    const auto [error, size] = co_await http::async_read(stream, buffer, parser, kAwaitTuple);
    isTooLarge = error == http::error::body_limit; // of a chunked body, which does not say its size
    co_return !error || isTooLarge;
}

// Reads requests and writes answers until the connection ends. `Answer` is answerDevice or answerOperator. Nothing of a
// body is read before its head was seen; the body is capped.
template <class Stream, class Answer>
Task<> serveHttp(Stream& stream, Context& context, SessionState& state, std::optional<Sender> sender, Answer answer) {
    beast::flat_buffer buffer;
    bool keepsAlive = true;
    const std::uint64_t maxBody = sender ? ledger::kMaxBatchFile : kMaxBodyOfStranger;
    while (keepsAlive && !context.isDraining) {
        RequestParser parser;
        bool isTooLarge = false;
        const bool isThere = co_await readRequest(stream, buffer, parser, state, maxBody, isTooLarge);
        if (!isThere) {
            co_return;
        }
        Response response = problem(413, "too_large");
        const unsigned version = parser.get().version();
        if (!isTooLarge) {
            auto message = parser.release();
            Request request;
            request.sender = sender;
            request.method = std::string(message.method_string());
            request.target = std::string(message.target());
            request.authorization = std::string(message[http::field::authorization]);
            request.knownTag = std::string(message[http::field::if_none_match]);
            request.body = std::move(message.body());
            keepsAlive = message.keep_alive();
            // The database may take its time; it has limits of its own.
            beast::get_lowest_layer(stream).expires_never();
            response = co_await answer(context, request);
        }
        keepsAlive = keepsAlive && !isTooLarge && !context.isDraining;
        auto message = encode(response, version, keepsAlive);
        beast::get_lowest_layer(stream).expires_after(kTransfer);
        const auto [writeError, written] = co_await http::async_write(stream, message, kAwaitTuple);
        if (writeError) {
            co_return;
        }
        state.isBusy = false;
    }
}

} // namespace gatehouse::collector
