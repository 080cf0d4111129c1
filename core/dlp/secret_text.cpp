// SPDX-License-Identifier: Apache-2.0
#include "dlp/secret_text.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cmath>

#include "base/crypto.h"
#include "dlp/validators.h"

namespace gatehouse::dlp {
namespace {

constexpr bool isHexDigit(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

constexpr char lower(char c) {
    return isUpper(c) ? static_cast<char>(c | 0x20) : c;
}

// Words that no random token has.
constexpr std::array<std::string_view, 22> kStandIns{
    "your",   "example", "placeholder", "changeme",  "change_me", "change-me", "redacted", "dummy",
    "sample", "insert",  "replace",     "xxxx",      "****",      "....",      "enter",    "goes-here",
    "_here",  "-here",   "undefined",   "my-secret", "mysecret",  "notasecret"};

// The pairs of letters that make up most of English and of identifiers.
constexpr std::string_view kPairs =
    "th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic "
    "ne ea ra ce li ch ll be ma si om ur ca el ta la ns di fo ho pe ec pr no ct us ac ot il tr ly nc et ut ss so rs un "
    "lo wa ge ie wh ee wi em ad ol rt po we na ul ni ts mo ow pa im mi ai sh ir su id os iv ia am fi ci vi pl ig tu ev "
    "ld ry mp fe bl ab gh ty op wo sa ay ex ke fr oo av ag if ap gr od bo sp rd do uc bu ei ov rm ep oc fa cu rn sc";

constexpr std::size_t pairIndex(char a, char b) {
    return static_cast<std::size_t>(a - 'a') * 26 + static_cast<std::size_t>(b - 'a');
}

const std::bitset<676>& commonPairs() {
    static const std::bitset<676> kSet = [] {
        std::bitset<676> set;
        for (std::size_t i = 0; i + 1 < kPairs.size(); i += 3) {
            set.set(pairIndex(kPairs[i], kPairs[i + 1]));
        }
        return set;
    }();
    return kSet;
}

// Runs that masks have. Base64 of numbers has long runs of 'A', so those say nothing.
bool hasMaskRun(std::string_view value) {
    std::size_t run = 1;
    for (std::size_t i = 1; i < value.size(); ++i) {
        run = lower(value[i]) == lower(value[i - 1]) ? run + 1 : 1;
        const bool isMask = std::string_view("xX*.?#_").find(value[i]) != std::string_view::npos;
        if ((isMask && run >= 5) || (run >= 8 && value[i] != 'A')) {
            return true;
        }
    }
    return false;
}

constexpr std::array<std::string_view, 71> kNotSecrets{
    "required",      "changed",   "optional",   "incorrect",   "invalid",        "expired",     "correct",
    "password",      "string",    "secret",     "private",     "public",         "default",     "undefined",
    "function",      "protected", "forgotten",  "missing",     "example",        "changeme",    "disabled",
    "enabled",       "redacted",  "unknown",    "configured",  "authentication", "passwd",      "username",
    "nullptr",       "boolean",   "number",     "object",      "token",          "apikey",      "api_key",
    "hidden",        "encrypted", "<password>", "generate",    "generated",      "credentials", "settings",
    "process",       "environ",   "variable",   "placeholder", "testing",        "prompt",      "stdin",
    "always",        "before",    "should",     "cannot",      "please",         "secret_key",  "access_token",
    "client_secret", "manager",   "reset",      "options",     "empty",          "blank",       "wrong",
    "stored",        "hashed",    "validated",  "yesterday",   "passphrase",     "expected",    "userpass",
    "community"};

// Three or more parts, most of them letters of one case: "app-config-v2-prod-eu1".
bool isKebab(std::string_view value) {
    std::size_t parts = 0;
    std::size_t words = 0;
    std::size_t lettersInWords = 0;
    for (std::size_t begin = 0; begin <= value.size();) {
        const std::size_t end = std::min(value.find_first_of("-_./+:", begin), value.size());
        const std::string_view part = value.substr(begin, end - begin);
        const bool isWordPart =
            part.size() >= 2 && std::all_of(part.begin(), part.end(), isLetter) &&
            std::all_of(part.begin() + 1, part.end(), [part](char c) { return !isUpper(c) || isUpper(part[0]); });
        ++parts;
        words += isWordPart ? 1U : 0U;
        lettersInWords += isWordPart ? part.size() : 0;
        begin = end + 1;
    }
    return parts >= 3 && words * 2 > parts && lettersInWords * 2 > value.size();
}

} // namespace

bool startsToken(std::string_view text, std::size_t position) {
    if (position == 0 || !isWord(text[position - 1])) {
        return true;
    }
    const auto isAllHex = [](std::string_view part) { return std::all_of(part.begin(), part.end(), isHexDigit); };
    if (position >= 2 && text[position - 2] == '\\') {
        return std::string_view("nrtbfv0").find(text[position - 1]) != std::string_view::npos;
    }
    if (position >= 3 && text[position - 3] == '%' && isAllHex(text.substr(position - 2, 2))) {
        return true;
    }
    return position >= 6 && text.substr(position - 6, 2) == "\\u" && isAllHex(text.substr(position - 4, 4));
}

bool endsToken(std::string_view text, std::size_t position) {
    const char next = at(text, position);
    return !isWord(next) && next != '-';
}

bool isHex(std::string_view value) {
    return std::all_of(value.begin(), value.end(), isHexDigit);
}

bool isUuid(std::string_view value) {
    if (value.size() != 36) {
        return false;
    }
    for (std::size_t i = 0; i < value.size(); ++i) {
        const bool isDash = i == 8 || i == 13 || i == 18 || i == 23;
        if (isDash ? value[i] != '-' : !isHexDigit(value[i])) {
            return false;
        }
    }
    return true;
}

std::string folded(std::string_view value) {
    std::string out(value);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

bool isDocumentationValue(std::string_view value) {
    return value.find("EXAMPLE") != std::string_view::npos && looksRandom(value);
}

bool isPlaceholder(std::string_view value) {
    if (value.empty() || std::string_view("$<[{%").find(value[0]) != std::string_view::npos || hasMaskRun(value)) {
        return true;
    }
    if (value.find("${") != std::string_view::npos || value.find("{{") != std::string_view::npos ||
        value.find("$(") != std::string_view::npos || value.find('<') != std::string_view::npos) {
        return true;
    }
    std::bitset<256> seen;
    for (const char c : value) {
        seen.set(static_cast<unsigned char>(c));
    }
    if (seen.count() <= 3) {
        return true;
    }
    const std::string text = folded(value);
    return std::any_of(kStandIns.begin(), kStandIns.end(),
                       [&text](std::string_view word) { return text.find(word) != std::string::npos; });
}

bool isSequence(std::string_view value) {
    if (value.size() < 6) {
        return false;
    }
    std::size_t steps = 0;
    for (std::size_t i = 1; i < value.size(); ++i) {
        const int step = lower(value[i]) - lower(value[i - 1]);
        steps += step == 1 || step == -1 ? 1U : 0U;
    }
    return steps * 10 >= (value.size() - 1) * 7;
}

bool isWordLike(std::string_view value) {
    std::size_t pairs = 0;
    std::size_t common = 0;
    std::size_t letters = 0;
    std::size_t digits = 0;
    for (std::size_t i = 0; i < value.size(); ++i) {
        letters += isLetter(value[i]) ? 1U : 0U;
        digits += isDigit(value[i]) ? 1U : 0U;
        if (i > 0 && isLetter(value[i - 1]) && isLetter(value[i])) {
            ++pairs;
            common += commonPairs().test(pairIndex(lower(value[i - 1]), lower(value[i]))) ? 1U : 0U;
        }
    }
    // Without a digit, less has to read like words.
    const std::size_t share = digits == 0 ? 52 : 65;
    const bool reads = pairs >= 7 && letters >= 5 * digits && common * 100 >= pairs * share;
    return reads || isKebab(value);
}

bool looksRandom(std::string_view value) {
    bool hasUpper = false;
    bool hasLower = false;
    bool hasBeyondHex = false;
    for (const char c : value) {
        hasUpper = hasUpper || isUpper(c);
        hasLower = hasLower || (isLetter(c) && !isUpper(c));
        hasBeyondHex = hasBeyondHex || !isHexDigit(c);
    }
    const double symbols = !hasUpper && !hasLower ? 10 : !hasBeyondHex ? 16 : hasUpper && hasLower ? 62 : 36;
    const double most = std::log2(std::min(symbols, static_cast<double>(value.size())));
    // A prefix in other letters than the rest makes the alphabet look larger than it is.
    return !value.empty() && entropy(value) >= std::min(0.7 * most, 3.0);
}

// References, templates and masks: text that stands where a secret would.
bool isReference(std::string_view value) {
    if (value.find_first_of("()[]{}") != std::string_view::npos || value[0] == '$' || value[0] == '%' ||
        value[0] == '*' || value[0] == '<' || value[0] == '&' || value.substr(0, 2) == "[[") {
        return true;
    }
    constexpr std::array<std::string_view, 5> kTags{"!vault", "!secret", "!ref", "!env", "!sub"}; // YAML
    if (std::any_of(kTags.begin(), kTags.end(),
                    [tag = folded(value)](std::string_view known) { return tag == known; })) {
        return true;
    }
    const bool isUniform = value.find_first_not_of(value[0]) == std::string_view::npos;
    constexpr std::array<std::string_view, 12> kPaths{"env.",     "config.",  "self.",     "this.",
                                                      "process.", "options.", "secrets.",  "vars.",
                                                      "params.",  "var.",     "settings.", "data."};
    const bool isPath = std::any_of(kPaths.begin(), kPaths.end(), [value](std::string_view path) {
        return value.find(path) != std::string_view::npos;
    });
    return isUniform || isPath || value.find("://") != std::string_view::npos ||
           value.find("->") != std::string_view::npos;
}

// What code and prose put behind "password" without meaning one: names, paths, calls, words.
bool isOrdinaryWord(std::string_view value) {
    const std::string text = folded(value);
    if (std::find(kNotSecrets.begin(), kNotSecrets.end(), text) != kNotSecrets.end()) {
        return true;
    }
    const bool isFile = value[0] == '/' || value.substr(0, 2) == "./" || value.substr(0, 2) == "~/";
    const bool isIdentifier = std::all_of(value.begin(), value.end(), [](char c) { return isWord(c) || c == '.'; });
    const bool hasSecretWord = text.find("passw") != std::string::npos || text.find("secret") != std::string::npos ||
                               text.find("token") != std::string::npos || text.find("_key") != std::string::npos ||
                               text.find("credential") != std::string::npos;
    const bool hasDigit = std::any_of(value.begin(), value.end(), isDigit);
    const bool isPath = value.find('/') != std::string_view::npos && isWordLike(value);
    return isFile || isPath || (value.size() >= 10 && isSequence(value)) ||
           (isIdentifier && hasSecretWord && !hasDigit);
}

std::uint32_t crc32(std::string_view data) {
    std::uint32_t crc = 0xFFFFFFFFU;
    for (const char c : data) {
        crc ^= static_cast<std::uint8_t>(c);
        for (int bit = 0; bit < 8; ++bit) { // bit by bit: tokens are short
            crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
        }
    }
    return ~crc;
}

std::string base62Of(std::uint32_t value) {
    constexpr std::string_view kBase62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    std::string digits(6, '0');
    for (std::size_t i = 6; i-- > 0; value /= 62) {
        digits[i] = kBase62[value % 62];
    }
    return digits;
}

std::optional<Bytes> base58Check(std::string_view text) {
    constexpr std::string_view kBase58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    if (text.size() > 128) {
        return std::nullopt;
    }
    Bytes number; // least significant byte first
    for (const char c : text) {
        std::size_t carry = kBase58.find(c);
        if (carry == std::string_view::npos) {
            return std::nullopt;
        }
        for (std::uint8_t& byte : number) {
            carry += static_cast<std::size_t>(byte) * 58;
            byte = static_cast<std::uint8_t>(carry & 0xFFU);
            carry >>= 8U;
        }
        for (; carry > 0; carry >>= 8U) {
            number.push_back(static_cast<std::uint8_t>(carry & 0xFFU));
        }
    }
    for (std::size_t i = 0; i < text.size() && text[i] == '1'; ++i) {
        number.push_back(0);
    }
    std::reverse(number.begin(), number.end());
    if (number.size() < 5) {
        return std::nullopt;
    }
    const std::size_t size = number.size() - 4;
    const Sha256Digest once = sha256(ByteView(number.data(), size));
    const Sha256Digest twice = sha256(ByteView(once));
    if (!std::equal(twice.begin(), twice.begin() + 4, number.begin() + static_cast<std::ptrdiff_t>(size))) {
        return std::nullopt;
    }
    number.resize(size);
    return number;
}

bool hasBech32Checksum(std::string_view text) {
    constexpr std::string_view kAlphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    constexpr std::array<std::uint32_t, 5> kGenerator{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    const std::string value = folded(text);
    const std::size_t separator = value.rfind('1');
    if (separator == std::string::npos || separator == 0 || value.size() - separator < 7) {
        return false;
    }
    std::uint32_t sum = 1;
    const auto add = [&sum, &kGenerator](std::uint32_t digit) {
        const std::uint32_t top = sum >> 25U;
        sum = ((sum & 0x1ffffffU) << 5U) ^ digit;
        for (unsigned i = 0; i < 5; ++i) {
            sum ^= ((top >> i) & 1U) != 0 ? kGenerator.at(i) : 0U;
        }
    };
    for (std::size_t i = 0; i < separator; ++i) {
        add(static_cast<std::uint32_t>(static_cast<unsigned char>(value[i])) >> 5U);
    }
    add(0);
    for (std::size_t i = 0; i < separator; ++i) {
        add(static_cast<std::uint32_t>(static_cast<unsigned char>(value[i])) & 31U);
    }
    for (std::size_t i = separator + 1; i < value.size(); ++i) {
        const std::size_t digit = kAlphabet.find(value[i]);
        if (digit == std::string_view::npos) {
            return false;
        }
        add(static_cast<std::uint32_t>(digit));
    }
    return sum == 1;
}

} // namespace gatehouse::dlp
