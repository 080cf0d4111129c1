// SPDX-License-Identifier: Apache-2.0
#include "discovery_ports.h"

#include <array>
#include <charconv>
#include <cstdlib>
#include <string_view>

namespace gatehouse::app {

Task<Result<std::string>> UpstreamHttp::get(std::string url) {
    constexpr std::chrono::milliseconds kTime{2'000};
    upstream::Request request;
    request.method = "GET";
    request.url = std::move(url);
    request.connectTimeout = kTime;
    request.firstByteTimeout = kTime;
    request.idleTimeout = kTime;
    request.totalTimeout = kTime;
    request.maxAnswerBytes = 1024ULL * 1024ULL;
    const auto transfer = m_upstream.start(std::move(request));
    GH_CO_TRY(const upstream::Head head, co_await transfer->head());
    if (head.status != 200) {
        co_return fail(ErrorKind::unavailable, "a model server answered with a status other than 200", head.status);
    }
    std::string body;
    for (;;) {
        GH_CO_TRY(const auto piece, co_await transfer->next());
        if (!piece) {
            co_return body;
        }
        body += *piece;
    }
}

std::string PlatformPortOwners::executableOn(std::uint16_t port) {
    const auto owner = platform::findPortOwner(port);
    return owner ? owner->executable : std::string();
}

providers::DiscoveryPorts discoveryPorts() {
    providers::DiscoveryPorts ports;
    const char* const given = std::getenv("GATEHOUSE_DISCOVERY_PORTS");
    if (given == nullptr) {
        return ports;
    }
    std::array<std::uint16_t*, 3> fields{&ports.ollama, &ports.lmStudio, &ports.llamaServer};
    std::string_view rest = given;
    for (std::uint16_t* const field : fields) {
        *field = 0;
        std::from_chars(rest.data(), rest.data() + rest.size(), *field);
        const std::size_t comma = rest.find(',');
        rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    }
    return ports;
}

} // namespace gatehouse::app
