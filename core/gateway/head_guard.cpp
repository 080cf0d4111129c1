// SPDX-License-Identifier: Apache-2.0
#include "gateway/head_guard.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace gatehouse::gateway {
namespace {

std::unexpected<HeadFault> malformed(std::string_view what) {
    return std::unexpected(HeadFault{HeadFaultKind::malformed, what});
}

std::unexpected<HeadFault> tooLarge(std::string_view what) {
    return std::unexpected(HeadFault{HeadFaultKind::tooLarge, what});
}

constexpr bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

// RFC 9110 §5.6.2.
constexpr bool isTokenByte(char c) {
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || kMarks.find(c) != std::string_view::npos;
}

bool isToken(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), isTokenByte);
}

bool equalsIgnoringCase(std::string_view text, std::string_view lower) {
    return text.size() == lower.size() && std::equal(text.begin(), text.end(), lower.begin(), [](char a, char b) {
               return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
           });
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<HeadFault> checkRequestLine(std::string_view line, HeadFacts& facts) {
    const auto firstSpace = line.find(' ');
    const auto lastSpace = line.rfind(' ');
    if (firstSpace == std::string_view::npos || firstSpace == lastSpace) {
        return HeadFault{HeadFaultKind::malformed, "the request line does not have three parts"};
    }
    facts.method = line.substr(0, firstSpace);
    facts.target = line.substr(firstSpace + 1, lastSpace - firstSpace - 1);
    const auto version = line.substr(lastSpace + 1);
    if (!isToken(facts.method)) {
        return HeadFault{HeadFaultKind::malformed, "the method is not a token"};
    }
    const auto isVisible = [](char c) { return c > 0x20 && c < 0x7f && c != '#'; };
    if (facts.target.empty() || !std::all_of(facts.target.begin(), facts.target.end(), isVisible)) {
        return HeadFault{HeadFaultKind::malformed, "the request target holds a byte that it must not"};
    }
    if (version != "HTTP/1.1" && version != "HTTP/1.0") {
        return HeadFault{HeadFaultKind::malformed, "the HTTP version is not 1.1 or 1.0"};
    }
    facts.isHttp11 = version == "HTTP/1.1";
    return std::nullopt;
}

// The fields that decide about framing and authority, gathered while the lines pass.
struct Framing {
    std::size_t hosts = 0;
    std::size_t lengths = 0;
    std::size_t codings = 0;
};

std::optional<HeadFault> noteLength(std::string_view value, Framing& framing, HeadFacts& facts) {
    std::uint64_t length = 0;
    const auto parsed = std::from_chars(value.data(), value.data() + value.size(), length);
    const bool isNumber = !value.empty() && std::all_of(value.begin(), value.end(), isDigit) && value.size() <= 19 &&
                          parsed.ec == std::errc{} && parsed.ptr == value.data() + value.size();
    if (++framing.lengths > 1 || !isNumber) {
        return HeadFault{HeadFaultKind::malformed, "Content-Length is not one number"};
    }
    facts.contentLength = length;
    return std::nullopt;
}

std::optional<HeadFault> checkField(std::string_view line, Framing& framing, HeadFacts& facts) {
    if (line.front() == ' ' || line.front() == '\t') {
        return HeadFault{HeadFaultKind::malformed, "a field is folded over two lines"};
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !isToken(line.substr(0, colon))) {
        return HeadFault{HeadFaultKind::malformed, "a field name is not a token"};
    }
    const auto name = line.substr(0, colon);
    const auto value = trimmed(line.substr(colon + 1));
    const auto isAllowed = [](char c) { return c == '\t' || static_cast<unsigned char>(c) >= 0x20; };
    if (!std::all_of(value.begin(), value.end(), isAllowed) || value.find('\x7f') != std::string_view::npos) {
        return HeadFault{HeadFaultKind::malformed, "a field value holds a control byte"};
    }
    if (equalsIgnoringCase(name, "content-length")) {
        return noteLength(value, framing, facts);
    }
    if (equalsIgnoringCase(name, "transfer-encoding")) {
        if (++framing.codings > 1 || !equalsIgnoringCase(value, "chunked")) {
            return HeadFault{HeadFaultKind::malformed, "Transfer-Encoding is not exactly chunked"};
        }
        facts.isChunked = true;
    } else if (equalsIgnoringCase(name, "host")) {
        ++framing.hosts;
        facts.host = value;
    }
    return std::nullopt;
}

std::optional<HeadFault> checkWhole(const Framing& framing, const HeadFacts& facts) {
    if (framing.codings > 0 && framing.lengths > 0) {
        return HeadFault{HeadFaultKind::malformed, "Content-Length and Transfer-Encoding together"};
    }
    if (framing.codings > 0 && !facts.isHttp11) {
        return HeadFault{HeadFaultKind::malformed, "Transfer-Encoding in HTTP/1.0"};
    }
    if (framing.hosts != 1) {
        return HeadFault{HeadFaultKind::malformed, "there is not exactly one Host field"};
    }
    return std::nullopt;
}

} // namespace

std::expected<std::optional<std::size_t>, HeadFault> HeadScanner::scan(std::string_view received) {
    while (m_scanned < received.size()) {
        const auto lineFeed = received.find('\n', m_scanned);
        const auto end = lineFeed == std::string_view::npos ? received.size() : lineFeed;
        const auto fresh = received.substr(m_scanned, end - m_scanned);
        if (fresh.find('\0') != std::string_view::npos) {
            return malformed("the head holds a NUL byte");
        }
        if (end - m_lineBegin > m_limits.lineBytes + 1) { // the carriage return is not counted
            return tooLarge("a line of the head is too long");
        }
        if (lineFeed == std::string_view::npos) {
            m_scanned = end;
            break;
        }
        if (end == m_lineBegin || received[end - 1] != '\r') {
            return malformed("a line ends without a carriage return");
        }
        if (received.substr(m_lineBegin, end - 1 - m_lineBegin).find('\r') != std::string_view::npos) {
            return malformed("a carriage return stands inside a line");
        }
        const bool isEmptyLine = end - m_lineBegin == 1;
        m_scanned = m_lineBegin = end + 1;
        if (m_scanned > m_limits.headBytes) {
            return tooLarge("the head is too large");
        }
        if (isEmptyLine) {
            if (m_lines == 0) {
                return malformed("the request begins with an empty line");
            }
            return m_scanned;
        }
        if (++m_lines > m_limits.fields + 1) {
            return tooLarge("the head has too many fields");
        }
    }
    if (m_scanned > m_limits.headBytes) {
        return tooLarge("the head is too large");
    }
    return std::nullopt;
}

std::expected<HeadFacts, HeadFault> checkHead(std::string_view head) {
    HeadFacts facts;
    Framing framing;
    bool isFirst = true;
    while (!head.empty()) {
        const auto end = head.find("\r\n");
        if (end == std::string_view::npos) {
            return malformed("the head is cut");
        }
        const auto line = head.substr(0, end);
        head.remove_prefix(end + 2);
        if (line.empty()) {
            break;
        }
        const auto fault = isFirst ? checkRequestLine(line, facts) : checkField(line, framing, facts);
        if (fault) {
            return std::unexpected(*fault);
        }
        isFirst = false;
    }
    if (isFirst || !head.empty()) {
        return malformed("the head has no request line or goes on after its end");
    }
    if (const auto fault = checkWhole(framing, facts)) {
        return std::unexpected(*fault);
    }
    return facts;
}

} // namespace gatehouse::gateway
