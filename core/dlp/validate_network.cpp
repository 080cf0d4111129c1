// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "dlp/names/fold.h"
#include "dlp/validators.h"

namespace gatehouse::dlp {
namespace {

constexpr bool isLocalPart(char c) {
    return isWord(c) || c == '.' || c == '+' || c == '-' || c == '%' || c == '\'';
}

// Other letters are those of internationalised names (RFC 6531), but for the space and the punctuation of UTF-8's
// second block: "@firma.de\u00a0…", "@firma.de…".
bool isHostPart(std::string_view text, std::size_t position) {
    const char c = text[position];
    if (static_cast<unsigned char>(c) >= 0x80) {
        return letterSize(text, position) > 0 ||
               (position > 0 && (static_cast<unsigned char>(c) & 0xC0U) == 0x80 && isHostPart(text, position - 1));
    }
    return isDigit(c) || isLetter(c) || c == '-' || c == '.';
}

// "https://key@host" and "https://user:password@host" are no addresses.
bool isUserinfo(std::string_view text, std::size_t begin) {
    constexpr std::size_t kReach = 80;
    const std::size_t from = begin > kReach ? begin - kReach : 0;
    const std::string_view lead = text.substr(from, begin - from);
    const std::size_t scheme = lead.rfind("://");
    return scheme != std::string_view::npos &&
           lead.find_first_of(" \t\r\n/@?#\"'<>", scheme + 3) == std::string_view::npos;
}

} // namespace

// RFC 5321 §4.5.3.1: local part up to 64, domain up to 255 characters.
void validateEmail(std::string_view text, Span hit, std::vector<Candidate>& out) {
    const std::size_t sign = hit.begin + 1;
    std::size_t begin = sign;
    while (begin > 0 && sign - begin < 64 && isLocalPart(text[begin - 1])) {
        --begin;
    }
    while (begin < sign && (text[begin] == '.' || text[begin] == '\'' || text[begin] == '-')) {
        ++begin;
    }
    std::size_t end = sign + 1;
    while (end < text.size() && end - sign < 255 && isHostPart(text, end)) {
        ++end;
    }
    while (end > sign && (text[end - 1] == '.' || text[end - 1] == '-')) {
        --end;
    }
    const std::string_view domain = text.substr(sign + 1, end - sign - 1);
    const std::size_t dot = domain.rfind('.');
    if (begin == sign || dot == std::string_view::npos || dot == 0 || domain.find("..") != std::string_view::npos) {
        return;
    }
    const std::string_view top = domain.substr(dot + 1);
    const bool isName = (top.size() >= 2 && top.size() <= 24 &&
                         std::all_of(top.begin(), top.end(),
                                     [](char c) { return isLetter(c) || static_cast<unsigned char>(c) >= 0x80; })) ||
                        (top.size() > 6 && top.substr(0, 4) == "xn--");
    if (isName && !isUserinfo(text, begin) && text[sign - 1] != '.' && at(text, end) != '@') {
        out.push_back({{begin, end}, 1.0, true, "form of an address"});
    }
}

void validateIpv4(std::string_view text, Span hit, std::vector<Candidate>& out) {
    std::size_t end = hit.begin;
    std::array<int, 4> octets{};
    for (std::size_t i = 0; i < 4; ++i) {
        int value = 0;
        std::size_t count = 0;
        while (count < 3 && isDigit(at(text, end))) {
            value = value * 10 + (text[end] - '0');
            ++end;
            ++count;
        }
        if (count == 0 || value > 255 || (count > 1 && text[end - count] == '0') || (i < 3 && at(text, end) != '.')) {
            return;
        }
        octets[i] = value;
        end += i < 3 ? 1U : 0U;
    }
    const char left = before(text, hit.begin);
    const bool isLonger = isDigit(at(text, end)) || (at(text, end) == '.' && isDigit(at(text, end + 1)));
    const std::size_t from = hit.begin > 9 ? hit.begin - 9 : 0;
    const std::string_view lead = text.substr(from, hit.begin - from);
    const bool isVersion =
        lead.find("ersion") != std::string_view::npos || lead.find("lause ") != std::string_view::npos ||
        lead.find("ection ") != std::string_view::npos || lead.ends_with(",v ") || left == 'v' || left == 'V';
    const bool isDocumentation = (octets[0] == 192 && octets[1] == 0 && octets[2] == 2) ||
                                 (octets[0] == 198 && octets[1] == 51 && octets[2] == 100) ||
                                 (octets[0] == 203 && octets[1] == 0 && octets[2] == 113);
    if (isWord(left) || left == '.' || isLetter(at(text, end)) || isLonger || isVersion || isDocumentation ||
        octets[0] == 0 || octets[0] == 127 || octets[0] >= 224) {
        return;
    }
    const bool isSmall = octets[0] < 10 && octets[1] < 10 && octets[2] < 10;
    out.push_back({{hit.begin, end}, isSmall ? -1.0 : 0.9, true, "four octets"});
}

// RFC 4291 §2.2.
void validateIpv6(std::string_view text, Span hit, std::vector<Candidate>& out) {
    const auto isPart = [](char c) {
        return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':';
    };
    std::size_t begin = hit.begin;
    while (begin > 0 && hit.begin - begin < 45 && isPart(text[begin - 1])) {
        --begin;
    }
    std::size_t end = hit.end;
    while (end < text.size() && end - begin < 46 && isPart(text[end])) {
        ++end;
    }
    if (isWord(before(text, begin)) || isWord(at(text, end)) || before(text, begin) == '.') {
        return;
    }
    while (end > begin && text[end - 1] == ':' && !(end - begin > 1 && text[end - 2] == ':')) {
        --end;
    }
    const std::string_view value = text.substr(begin, end - begin);
    std::size_t groups = 0;
    std::size_t length = 0;
    bool hasGap = false;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] != ':') {
            groups += length == 0 ? 1U : 0U;
            if (++length > 4) {
                return;
            }
            continue;
        }
        length = 0;
        if (i + 1 < value.size() && value[i + 1] == ':') {
            if (hasGap) {
                return;
            }
            hasGap = true;
            ++i;
        } else if (i == 0) {
            return;
        }
    }
    const bool isComplete = hasGap ? groups >= 3 && groups <= 7 : groups == 8;
    const bool isDocumentation = value.substr(0, 8) == "2001:db8" || value.substr(0, 8) == "2001:DB8";
    if (isComplete && !isDocumentation) {
        out.push_back({{begin, end}, 1.0, true, "eight groups"});
    }
}

} // namespace gatehouse::dlp
