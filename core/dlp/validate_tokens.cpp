// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>

#include "base/bytes.h"
#include "base/json.h"
#include "dlp/secret_text.h"
#include "dlp/validators.h"

// Tokens that say what they are by a prefix: the whole match is the value.
namespace gatehouse::dlp {
namespace {

constexpr std::size_t kLeastDistinct = 8; // different characters, those of the prefix included

std::size_t distinctCharacters(std::string_view token) {
    std::array<bool, 256> seen{};
    std::size_t count = 0;
    for (const char c : token) {
        bool& isSeen = seen[static_cast<unsigned char>(c)];
        count += isSeen ? 0U : 1U;
        isSeen = true;
    }
    return count;
}

// Accepts the hit with what its checksum says. A checksum that fails lowers nothing by itself: providers change their
// formats, and tokens in examples rarely carry a good one.
void acceptToken(std::string_view text, Span hit, bool isSummed, std::vector<Candidate>& out) {
    const std::string_view token = text.substr(hit.begin, hit.end - hit.begin);
    if (!startsToken(text, hit.begin) || !endsToken(text, hit.end)) {
        return;
    }
    if (isDocumentationValue(token)) {
        out.push_back({hit, 1.0, true, "format agrees; a value that documentation prints"});
        return;
    }
    if (isPlaceholder(token)) {
        return;
    }
    if (!looksRandom(token)) {
        // Regular, as nobody's generator makes them; but the prefix says what it is, and a key that is let through
        // costs more than a sample that is held.
        if (distinctCharacters(token) >= kLeastDistinct) {
            out.push_back({hit, 0, false, "prefix, length and alphabet agree; it looks made up"});
        }
        return;
    }
    out.push_back(
        {hit, isSummed ? 2.4 : 1.0, true, isSummed ? "checksum agrees" : "prefix, length and alphabet agree"});
}

// The last six characters are base62 of the CRC-32 of what stands between prefix and them (github.blog, "Behind
// GitHub's new authentication token formats"); npm and others took it over.
bool hasBase62Sum(std::string_view token, std::size_t prefix) {
    return token.size() > prefix + 6 &&
           token.substr(token.size() - 6) == base62Of(crc32(token.substr(prefix, token.size() - prefix - 6)));
}

std::string base36Of(std::uint32_t value, std::size_t width) {
    constexpr std::string_view kBase36 = "0123456789abcdefghijklmnopqrstuvwxyz";
    std::string digits(width, '0');
    for (std::size_t i = width; i-- > 0; value /= 36) {
        digits[i] = kBase36[value % 36];
    }
    return digits;
}

} // namespace

void validateToken(std::string_view text, Span hit, std::vector<Candidate>& out) {
    acceptToken(text, hit, false, out);
}

void validateGithub(std::string_view text, Span hit, std::vector<Candidate>& out) {
    acceptToken(text, hit, hasBase62Sum(text.substr(hit.begin, hit.end - hit.begin), 4), out);
}

// Routable tokens end in ".01." + two digits of the payload's length + seven of a CRC-32, all base36 (GitLab's
// documentation, "Token overview").
void validateGitlab(std::string_view text, Span hit, std::vector<Candidate>& out) {
    const std::string_view token = text.substr(hit.begin, hit.end - hit.begin);
    const std::size_t sum = token.size() - std::min<std::size_t>(token.size(), 7);
    const bool isSummed =
        token.find(".01.") != std::string_view::npos && token.substr(sum) == base36Of(crc32(token.substr(0, sum)), 7);
    acceptToken(text, hit, isSummed, out);
}

// Eight hex digits of the CRC-32 of what stands before the last '_'.
void validateCrcHex(std::string_view text, Span hit, std::vector<Candidate>& out) {
    constexpr std::string_view kHex = "0123456789abcdef";
    const std::string_view token = text.substr(hit.begin, hit.end - hit.begin);
    const std::size_t split = token.rfind('_');
    bool isSummed = false;
    if (split != std::string_view::npos && token.size() - split == 9) {
        std::uint32_t sum = crc32(token.substr(0, split));
        std::string expected(8, '0');
        for (std::size_t i = 8; i-- > 0; sum >>= 4U) {
            expected[i] = kHex[sum & 15U];
        }
        isSummed = folded(token.substr(split + 1)) == expected;
    }
    acceptToken(text, hit, isSummed, out);
}

// BIP 173's checksum must hold: age keys, Nostr keys, HD keys in that form.
void validateBech32(std::string_view text, Span hit, std::vector<Candidate>& out) {
    if (hasBech32Checksum(text.substr(hit.begin, hit.end - hit.begin))) {
        acceptToken(text, hit, true, out);
    }
}

// Base58 with the double SHA-256 that Bitcoin's formats end in: wallet import format, extended private keys.
void validateBase58Check(std::string_view text, Span hit, std::vector<Candidate>& out) {
    if (base58Check(text.substr(hit.begin, hit.end - hit.begin))) {
        acceptToken(text, hit, true, out);
    }
}

// RFC 7519 §5: the header is a JSON object; RFC 7515 §4.1.1: it has "alg" (RFC 7516: so has that of an encrypted one).
void validateJwt(std::string_view text, Span hit, std::vector<Candidate>& out) {
    if (!startsToken(text, hit.begin) || !endsToken(text, hit.end)) {
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

// Password hashes in the modular crypt format, and others whose frame says enough.
void validateHash(std::string_view text, Span hit, std::vector<Candidate>& out) {
    const char next = at(text, hit.end);
    const std::string_view hash = text.substr(hit.begin, hit.end - hit.begin);
    if (!startsToken(text, hit.begin) || isWord(next) || next == '/' || next == '+' || !looksRandom(hash)) {
        return;
    }
    out.push_back({hit, 1.0, true, "frame of a password hash"});
}

// Addresses that are keys themselves: webhooks, signed links. Nothing can be glued to their left.
void validateSecretUrl(std::string_view text, Span hit, std::vector<Candidate>& out) {
    const std::string_view link = text.substr(hit.begin, hit.end - hit.begin);
    if (isWord(at(text, hit.end)) || isPlaceholder(link.substr(link.find("//") + 2))) {
        return;
    }
    out.push_back({hit, 1.0, true, "host and path of a link that is a key"});
}

} // namespace gatehouse::dlp
