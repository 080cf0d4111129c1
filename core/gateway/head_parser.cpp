// SPDX-License-Identifier: Apache-2.0
#include "gateway/head_parser.h"

#include <algorithm>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

namespace gatehouse::gateway {
namespace {

namespace http = boost::beast::http;

std::string lowered(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return lower;
}

bool agrees(const http::request_parser<http::empty_body>& parser, const HeadFacts& facts) {
    const auto& message = parser.get();
    const auto length = parser.content_length();
    const bool isSameLength = facts.contentLength ? length && *length == *facts.contentLength : !length;
    return message.method_string() == facts.method && message.target() == facts.target &&
           (message.version() == 11) == facts.isHttp11 && parser.chunked() == facts.isChunked && isSameLength;
}

} // namespace

Result<ParsedHead> parseHead(std::string_view head, const HeadFacts& facts) {
    http::request_parser<http::empty_body> parser;
    parser.eager(false);
    parser.skip(false);
    parser.header_limit(static_cast<std::uint32_t>(head.size() + 1));
    parser.body_limit(boost::none);
    boost::beast::error_code error;
    const auto consumed = parser.put(boost::asio::buffer(head), error);
    if (error || !parser.is_header_done() || consumed != head.size() || !agrees(parser, facts)) {
        return fail(ErrorKind::invalidInput, "the second parser reads the head otherwise", error.value());
    }
    ParsedHead parsed{std::string(facts.method), std::string(facts.target), {}, facts.isHttp11, parser.keep_alive()};
    for (const auto& field : parser.get()) {
        parsed.headers.emplace_back(lowered(field.name_string()), std::string(field.value()));
    }
    return parsed;
}

} // namespace gatehouse::gateway
