// SPDX-License-Identifier: Apache-2.0
#include "gateway/listener.h"

#include <string>
#include <utility>

#include <boost/asio/ip/v6_only.hpp>

#include "platform/port_owner.h"

namespace gatehouse::gateway {
namespace {

using Tcp = asio::ip::tcp;
using Code = boost::system::error_code;

constexpr int kFreePortTries = 16;

Code open(Tcp::acceptor& acceptor, const Tcp::endpoint& endpoint) {
    Code error;
    acceptor.open(endpoint.protocol(), error);
#if !defined(_WIN32) // there the option would let a second program take the port
    if (!error) {
        acceptor.set_option(Tcp::acceptor::reuse_address(true), error);
    }
#endif
    if (!error && endpoint.address().is_v6()) {
        acceptor.set_option(asio::ip::v6_only(true), error);
    }
    if (!error) {
        acceptor.bind(endpoint, error);
    }
    if (!error) {
        acceptor.listen(Tcp::acceptor::max_listen_connections, error);
    }
    return error;
}

Error bindError(const Code& error, std::uint16_t port) {
    if (error != asio::error::address_in_use) {
        return {ErrorKind::unavailable, "cannot listen on port " + std::to_string(port), error.value()};
    }
    return {ErrorKind::conflict, platform::describePortOwner(port), error.value()};
}

// True where the machine simply has no IPv6 loopback.
bool isMissingFamily(const Code& error) {
    return error == asio::error::address_family_not_supported || error == asio::error::no_protocol_option ||
           error == boost::system::errc::address_not_available;
}

} // namespace

Result<Listeners> listenOnLoopback(std::uint16_t port, const asio::any_io_executor& executor) {
    for (int attempt = 1;; ++attempt) {
        Listeners listeners;
        auto v4 = std::make_shared<Tcp::acceptor>(executor);
        if (const auto error = open(*v4, {asio::ip::address_v4::loopback(), port})) {
            return std::unexpected(bindError(error, port));
        }
        Code ignored;
        listeners.port = v4->local_endpoint(ignored).port();
        listeners.acceptors.push_back(std::move(v4));
        auto v6 = std::make_shared<Tcp::acceptor>(executor);
        const auto error = open(*v6, {asio::ip::address_v6::loopback(), listeners.port});
        if (!error) {
            listeners.hasIpv6 = true;
            listeners.acceptors.push_back(std::move(v6));
            return listeners;
        }
        if (isMissingFamily(error)) {
            return listeners;
        }
        if (port != 0 || attempt == kFreePortTries) {
            return std::unexpected(bindError(error, listeners.port));
        }
    }
}

} // namespace gatehouse::gateway
