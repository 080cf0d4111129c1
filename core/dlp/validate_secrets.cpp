// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>

#include "base/bytes.h"
#include "base/json.h"
#include "dlp/validators.h"

namespace gatehouse::dlp {
namespace {

bool isTokenPart(char c) {
    return isWord(c) || c == '-';
}

// CRC-32 (ISO 3309), bit by bit: tokens are short.
std::uint32_t crc32(std::string_view data) {
    std::uint32_t crc = 0xFFFFFFFFU;
    for (const char c : data) {
        crc ^= static_cast<std::uint8_t>(c);
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
        }
    }
    return ~crc;
}

// GitHub's checksum: the last six characters are base62 of the CRC-32 of what stands between prefix and them
// (github.blog, "Behind GitHub's new authentication token formats").
bool hasGithubChecksum(std::string_view token) {
    constexpr std::string_view kBase62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const std::string_view body = token.substr(4, token.size() - 10);
    std::uint32_t crc = crc32(body);
    std::string expected(6, '0');
    for (std::size_t i = 6; i-- > 0; crc /= 62) {
        expected[i] = kBase62[crc % 62];
    }
    return token.substr(token.size() - 6) == expected;
}

} // namespace

void validateToken(std::string_view text, Span hit, std::vector<Candidate>& out) {
    if (isWord(before(text, hit.begin)) || isTokenPart(at(text, hit.end))) {
        return;
    }
    const std::string_view token = text.substr(hit.begin, hit.end - hit.begin);
    if (entropy(token) < 3.0) {
        return;
    }
    out.push_back({hit, 1.0, true, "prefix, length and alphabet agree"});
}

void validateTail40(std::string_view text, Span hit, std::vector<Candidate>& out) {
    const Span tail{hit.end - 40, hit.end};
    const char next = at(text, hit.end);
    const std::string_view value = text.substr(tail.begin, 40);
    if (isWord(next) || next == '/' || next == '+' || entropy(value) < 3.5) {
        return;
    }
    out.push_back({tail, 0.8, true, "keyword, length and entropy agree"});
}

void validateGithub(std::string_view text, Span hit, std::vector<Candidate>& out) {
    if (isWord(before(text, hit.begin)) || isWord(at(text, hit.end))) {
        return;
    }
    const std::string_view token = text.substr(hit.begin, hit.end - hit.begin);
    const bool isSummed = hasGithubChecksum(token);
    out.push_back({hit, isSummed ? 2.0 : 0.6, isSummed, isSummed ? "checksum agrees" : "prefix and length agree"});
}

void validateKeyBlock(std::string_view text, Span hit, std::vector<Candidate>& out) {
    constexpr std::string_view kEnd = "-----END ";
    const std::string_view window = text.substr(hit.begin, kKeyBlockReach);
    const std::size_t foot = window.find(kEnd, hit.end - hit.begin);
    std::size_t end = hit.end;
    if (foot != std::string_view::npos) {
        const std::size_t close = window.find("-----", foot + kEnd.size());
        end = hit.begin + (close == std::string_view::npos ? foot : close + 5);
    } else {
        // A cut block: everything that can still be its body.
        while (end < text.size() && end - hit.begin < kKeyBlockReach &&
               (isWord(text[end]) || std::string_view("+/=\r\n \\:,-").find(text[end]) != std::string_view::npos)) {
            ++end;
        }
        while (end > hit.end && (text[end - 1] == ' ' || text[end - 1] == '\n' || text[end - 1] == '\r')) {
            --end;
        }
    }
    out.push_back({{hit.begin, end}, 2.0, foot != std::string_view::npos, "frame of a private key"});
}

// RFC 7519 §5: the header is a JSON object; RFC 7515 §4.1.1: it has "alg".
void validateJwt(std::string_view text, Span hit, std::vector<Candidate>& out) {
    if (isTokenPart(before(text, hit.begin)) || isTokenPart(at(text, hit.end))) {
        return;
    }
    const std::string_view token = text.substr(hit.begin, hit.end - hit.begin);
    const auto header = base64UrlDecode(token.substr(0, token.find('.')));
    if (!header) {
        return;
    }
    const auto json = parseJson(textOf(*header));
    if (json && json->is_object() && json->contains("alg")) {
        out.push_back({hit, 1.6, true, "its header decodes"});
    }
}

namespace {

constexpr std::array<std::string_view, 26> kNotSecrets{
    "required", "changed", "optional", "incorrect", "invalid",   "expired",  "correct",   "password",  "string",
    "secret",   "private", "public",   "default",   "undefined", "function", "protected", "forgotten", "authentication",
    "missing",  "example", "changeme", "disabled",  "enabled",   "redacted", "unknown",   "configured"};

// References, templates and masks: text that stands where a secret would.
bool isReference(std::string_view value) {
    if (value.find_first_of("()[]{}") != std::string_view::npos || value[0] == '$' || value[0] == '%' ||
        value[0] == '*' || value.substr(0, 2) == "[[") {
        return true;
    }
    const bool isUniform = value.find_first_not_of(value[0]) == std::string_view::npos;
    const bool isPath = value.find("env.") != std::string_view::npos ||
                        value.find("config.") != std::string_view::npos ||
                        value.find("self.") != std::string_view::npos || value.find("process.") == 0;
    return isUniform || isPath || value.find("://") != std::string_view::npos;
}

} // namespace

void validateAssignedValue(std::string_view text, Span hit, std::vector<Candidate>& out) {
    if (isLetter(before(text, hit.begin))) {
        return;
    }
    // The value is what stands behind the operator; a quote on its left closes it on its right.
    std::size_t begin = hit.begin;
    while (begin < hit.end && text[begin] != '=' && text[begin] != ':') {
        ++begin;
    }
    while (begin < hit.end && std::string_view("=:> \t\"'`").find(text[begin]) != std::string_view::npos) {
        ++begin;
    }
    std::size_t end = hit.end;
    while (end > begin && std::string_view(".)]}").find(text[end - 1]) != std::string_view::npos) {
        --end;
    }
    const std::string_view value = text.substr(begin, end - begin);
    if (value.size() < 6 || isReference(text.substr(begin, hit.end - begin))) {
        return;
    }
    std::string folded(value);
    std::transform(folded.begin(), folded.end(), folded.begin(),
                   [](char c) { return isUpper(c) ? static_cast<char>(c | 0x20) : c; });
    if (std::find(kNotSecrets.begin(), kNotSecrets.end(), folded) != kNotSecrets.end()) {
        return;
    }
    const bool hasDigit = std::any_of(value.begin(), value.end(), isDigit);
    const bool hasMark = std::any_of(value.begin(), value.end(), [](char c) { return !isWord(c); });
    const bool hasUpper = std::any_of(value.begin(), value.end(), isUpper);
    const double strength =
        (hasDigit ? 0.8 : -0.9) + (hasMark ? 0.4 : 0) + (hasUpper ? 0.2 : 0) + (entropy(value) > 3.2 ? 0.4 : 0);
    out.push_back({{begin, end}, strength, false, "value of an assignment"});
}

} // namespace gatehouse::dlp
