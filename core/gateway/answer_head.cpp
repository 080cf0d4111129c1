// SPDX-License-Identifier: Apache-2.0
#include "gateway/answer_head.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace gatehouse::gateway {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

// RFC 9110 §15; a status that is not listed gets an empty reason phrase, which is well-formed.
constexpr std::array<std::pair<int, std::string_view>, 20> kPhrases{{
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
}};

constexpr std::array<std::string_view, 10> kOwnedFields{
    "connection", "content-length",    "keep-alive", "proxy-authenticate", "proxy-connection", "te",
    "trailer",    "transfer-encoding", "upgrade",    "cache-control"};

std::string_view phraseOf(int status) {
    const auto* const found =
        std::find_if(kPhrases.begin(), kPhrases.end(), [status](const auto& row) { return row.first == status; });
    return found == kPhrases.end() ? std::string_view() : found->second;
}

bool isSendable(std::string_view name, std::string_view value) {
    const auto isControl = [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == '\x7f'; };
    const auto isNameByte = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    };
    const auto isOwned = std::find(kOwnedFields.begin(), kOwnedFields.end(), name) != kOwnedFields.end();
    return !name.empty() && !isOwned && !name.starts_with("access-control-") &&
           std::all_of(name.begin(), name.end(), isNameByte) && std::none_of(value.begin(), value.end(), isControl);
}

} // namespace

std::string answerHead(int status, const pipeline::Headers& headers, BodyFraming framing, std::uint64_t length,
                       bool isKeepAlive) {
    std::string head;
    head.reserve(512);
    head.append("HTTP/1.1 ").append(std::to_string(status)).append(" ").append(phraseOf(status)).append(kLineEnd);
    for (const auto& [name, value] : headers) {
        if (isSendable(name, value)) {
            head.append(name).append(": ").append(value).append(kLineEnd);
        }
    }
    switch (framing) {
    case BodyFraming::length:
        head.append("content-length: ").append(std::to_string(length)).append(kLineEnd);
        break;
    case BodyFraming::chunked:
        head += "transfer-encoding: chunked\r\n";
        break;
    case BodyFraming::untilClose:
        break;
    }
    head += "cache-control: no-store\r\nx-content-type-options: nosniff\r\n";
    head += isKeepAlive ? "connection: keep-alive\r\n\r\n" : "connection: close\r\n\r\n";
    return head;
}

std::string chunkHead(std::size_t size) {
    std::array<char, 2 * sizeof(size)> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), size, 16).ptr;
    return std::string(digits.data(), end).append(kLineEnd);
}

} // namespace gatehouse::gateway
