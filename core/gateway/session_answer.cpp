// SPDX-License-Identifier: Apache-2.0
// Writing answers: a buffered one with its length, a stream piece by piece as it comes. A reader that takes nothing for
// GatewayLimits::writeTime is cut off; until then its slowness holds back the source.
#include <algorithm>
#include <array>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.h"
#include "gateway/answer_head.h"
#include "gateway/session.h"

namespace gatehouse::gateway {
namespace {

constexpr auto kAwaitTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::string_view kHealthBody = R"({"status":"ok"})";
constexpr std::string_view kLastChunk = "0\r\n\r\n";
constexpr std::string_view kLineEnd = "\r\n";

} // namespace

Task<bool> Session::write(std::string head, std::string_view data, std::string_view tail) {
    std::array<asio::const_buffer, 3> parts{asio::buffer(head), asio::buffer(data), asio::buffer(tail)};
    std::size_t left = head.size() + data.size() + tail.size();
    while (left > 0) {
        expireAfter(m_context->limits.writeTime);
        const auto [error, written] = co_await m_socket.async_write_some(parts, kAwaitTuple);
        if (error) {
            co_return false;
        }
        left -= written;
        auto count = written;
        for (auto& part : parts) {
            const auto step = std::min(count, part.size());
            part += step;
            count -= step;
        }
    }
    neverExpire();
    co_return true;
}

Task<Session::Next> Session::writeAnswer(pipeline::Answer answer, Reply reply) {
    reply.isKeepAlive = reply.isKeepAlive && !m_context->isDraining;
    if (answer.isStream) {
        co_return co_await writeStream(std::move(answer), reply);
    }
    co_return co_await writeBuffered(std::move(answer), reply);
}

// Needs no token and tells nothing but that the gateway runs.
Task<Session::Next> Session::writeHealth(Reply reply) {
    const pipeline::Headers headers{{"content-type", "application/json"}};
    auto head = answerHead(200, headers, BodyFraming::length, kHealthBody.size(), reply.isKeepAlive);
    const bool isWritten = co_await write(std::move(head), reply.hasBody ? kHealthBody : std::string_view(), {});
    co_return isWritten&& reply.isKeepAlive ? Next::keepAlive : Next::close;
}

Task<Session::Next> Session::writeBuffered(pipeline::Answer answer, Reply reply) {
    std::string body;
    if (answer.body) {
        auto piece = co_await answer.body->next();
        if (!piece) {
            Refusal refusal;
            refusal.reason = RefusalReason::upstreamFailed;
            refusal.message = "The model server's answer could not be read to its end.";
            auto broken = m_context->pipeline.refuse({}, refusal);
            answer.status = broken.status;
            answer.headers = std::move(broken.headers);
            answer.body = std::move(broken.body);
            piece = std::nullopt;
            if (answer.body) {
                piece = co_await answer.body->next();
            }
        }
        if (piece && *piece) {
            body = std::move(**piece);
        }
    }
    auto head = answerHead(answer.status, answer.headers, BodyFraming::length, body.size(), reply.isKeepAlive);
    const bool isWritten =
        co_await write(std::move(head), reply.hasBody ? std::string_view(body) : std::string_view(), {});
    if (!isWritten) {
        co_return Next::close;
    }
    // The source learns that its piece was taken, so that it can tell a complete answer from a client that left.
    if (answer.body) {
        const auto end = co_await answer.body->next();
        if (!end || *end) {
            logError("gateway", "a buffered answer did not end after its one piece");
            co_return Next::close;
        }
    }
    co_return reply.isKeepAlive ? Next::keepAlive : Next::close;
}

Task<Session::Next> Session::writeStream(pipeline::Answer answer, Reply reply) {
    const bool isChunked = reply.isHttp11;
    reply.isKeepAlive = reply.isKeepAlive && isChunked;
    auto head = answerHead(answer.status, answer.headers, isChunked ? BodyFraming::chunked : BodyFraming::untilClose, 0,
                           reply.isKeepAlive);
    bool isWritten = co_await write(std::move(head), {}, {});
    if (!isWritten || !reply.hasBody || !answer.body) {
        co_return Next::close;
    }
    for (;;) {
        auto piece = co_await answer.body->next();
        if (!piece) {
            co_return Next::close; // no last chunk: the client sees that the stream was cut
        }
        if (!*piece) {
            break;
        }
        const std::string_view data = **piece;
        if (data.empty()) {
            continue; // an empty chunk would end the body
        }
        auto before = isChunked ? chunkHead(data.size()) : std::string();
        isWritten = co_await write(std::move(before), data, isChunked ? kLineEnd : std::string_view());
        if (!isWritten) {
            co_return Next::close;
        }
    }
    if (isChunked) {
        isWritten = co_await write(std::string(kLastChunk), {}, {});
    }
    co_return isWritten&& reply.isKeepAlive ? Next::keepAlive : Next::close;
}

} // namespace gatehouse::gateway
