// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "pipeline/stages.h"

namespace gatehouse::pipeline {
namespace {

constexpr std::array<std::string_view, 3> kKeyHeaders{"x-api-key", "api-key", "x-goog-api-key"};
constexpr std::string_view kBearer = "bearer ";

bool isBearer(std::string_view value) {
    return value.size() > kBearer.size() &&
           std::equal(kBearer.begin(), kBearer.end(), value.begin(),
                      [](char expected, char c) { return expected == ' ' ? c == ' ' : (c | 0x20) == expected; });
}

std::string percentDecoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool isEscape = text[i] == '%' && i + 2 < text.size();
        auto byte = isEscape ? hexDecode(text.substr(i + 1, 2)) : fail(ErrorKind::invalidInput, "");
        if (byte) {
            out += static_cast<char>(byte->front());
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

// Takes `key` out of the query and gives its values.
std::vector<std::string> takeQueryKeys(std::string& query) {
    std::vector<std::string> keys;
    std::string rest;
    for (std::size_t at = 0; at <= query.size();) {
        const std::size_t end = std::min(query.find('&', at), query.size());
        const std::string_view pair = std::string_view(query).substr(at, end - at);
        if (pair.starts_with("key=")) {
            keys.push_back(percentDecoded(pair.substr(4)));
        } else if (!pair.empty()) {
            rest += rest.empty() ? "" : "&";
            rest += pair;
        }
        at = end + 1;
    }
    query = std::move(rest);
    return keys;
}

// All tokens that the request carries; afterwards it carries none.
std::vector<std::string> takeTokens(RequestHead& head) {
    std::vector<std::string> tokens = takeQueryKeys(head.query);
    for (const auto& [name, value] : head.headers) {
        if (name == "authorization") {
            tokens.push_back(isBearer(value) ? value.substr(kBearer.size()) : std::string());
        } else if (std::find(kKeyHeaders.begin(), kKeyHeaders.end(), name) != kKeyHeaders.end()) {
            tokens.push_back(value);
        }
    }
    if (head.pathToken) {
        tokens.push_back(std::move(*head.pathToken));
        head.pathToken.reset();
    }
    std::erase_if(head.headers, [](const auto& header) {
        return header.first == "authorization" || header.first == "cookie" || header.first == "proxy-authorization" ||
               std::find(kKeyHeaders.begin(), kKeyHeaders.end(), header.first) != kKeyHeaders.end();
    });
    return tokens;
}

} // namespace

Task<Step> authenticate(Request& request) {
    const std::vector<std::string> tokens = takeTokens(request.head);
    if (tokens.empty()) {
        co_return refuse(
            RefusalReason::unauthenticated,
            "A Gatehouse client token is needed, in the slot for the API key. `gatehousectl token` makes one.");
    }
    if (std::any_of(tokens.begin(), tokens.end(), [&](const auto& token) { return token != tokens.front(); })) {
        co_return refuse(RefusalReason::unauthenticated, "The request carries two different keys. Send one.");
    }
    auto client = request.parts().tokens.verify(tokens.front());
    if (!client) {
        co_return refuse(
            RefusalReason::unauthenticated,
            "This client token is not valid (unknown, expired or revoked). `gatehousectl token` makes one.");
    }
    request.owner = request.parts().peers.find(request.head.peer);
    if (request.owner.isUserKnown && request.owner.uid != request.parts().person.uid) {
        co_return refuse(RefusalReason::otherUser, "This Gatehouse belongs to another user of this computer.");
    }
    request.client = std::move(*client);
    co_return proceed();
}

} // namespace gatehouse::pipeline
