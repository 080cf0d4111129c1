// SPDX-License-Identifier: Apache-2.0
// Reading request bodies under their caps. A body is never allocated by what its head claims, only as it arrives.
#include <algorithm>
#include <utility>

#include "gateway/chunked_decoder.h"
#include "gateway/session.h"

namespace gatehouse::gateway {
namespace {

constexpr std::size_t kFirstReserve = 64UL * 1024UL;

} // namespace

Task<std::expected<std::string, Session::Next>> Session::readBody(const Request& request, std::size_t limit) {
    if (request.facts.isChunked) {
        auto body = co_await readChunkedBody(limit, request.target.path);
        neverExpire();
        co_return body;
    }
    auto body = co_await readSizedBody(static_cast<std::size_t>(request.facts.contentLength.value_or(0)));
    neverExpire();
    co_return body;
}

// The deadline moves with every byte: the grace, and a second for each bodyBytesPerSecond received.
Task<std::expected<std::string, Session::Next>> Session::readSizedBody(std::size_t length) {
    const auto begun = std::chrono::steady_clock::now();
    std::string body;
    body.reserve(std::min(length, kFirstReserve));
    for (;;) {
        const auto count = std::min(length - body.size(), m_received.size());
        body.append(m_received, 0, count);
        m_received.erase(0, count);
        if (body.size() == length) {
            co_return body;
        }
        m_deadline = begun + m_context->limits.bodyGrace +
                     std::chrono::seconds(body.size() / m_context->limits.bodyBytesPerSecond);
        const bool isOpen = co_await readMore();
        if (!isOpen) {
            co_return std::unexpected(Next::close);
        }
    }
}

Task<std::expected<std::string, Session::Next>> Session::readChunkedBody(std::size_t limit, std::string path) {
    const auto begun = std::chrono::steady_clock::now();
    ChunkedDecoder decoder(limit);
    auto next = Next::close;
    std::string body;
    for (;;) {
        std::size_t consumed = 0;
        const auto status = decoder.feed(m_received, body, consumed);
        m_received.erase(0, consumed);
        switch (status) {
        case ChunkedDecoder::Status::done:
            co_return body;
        case ChunkedDecoder::Status::tooLarge:
            next = co_await refuse(path, RefusalReason::tooLarge, "The body is larger than policy allows.");
            co_return std::unexpected(next);
        case ChunkedDecoder::Status::malformed:
            next = co_await refuse(path, RefusalReason::malformedRequest, "The chunked body is not well-formed.");
            co_return std::unexpected(next);
        case ChunkedDecoder::Status::needsMore:
            break;
        }
        m_deadline = begun + m_context->limits.bodyGrace +
                     std::chrono::seconds(body.size() / m_context->limits.bodyBytesPerSecond);
        const bool isOpen = co_await readMore();
        if (!isOpen) {
            co_return std::unexpected(Next::close);
        }
    }
}

} // namespace gatehouse::gateway
