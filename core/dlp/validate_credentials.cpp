// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>

#include "base/bytes.h"
#include "dlp/secret_text.h"
#include "dlp/validators.h"

// Passwords where they are used: in assignments, URLs, headers, command lines and the files of clients.
namespace gatehouse::dlp {
namespace {

// Where the last word of a hit begins.
std::size_t lastWordBegin(std::string_view text, Span hit, std::string_view separators) {
    std::size_t begin = hit.end;
    while (begin > hit.begin && separators.find(text[begin - 1]) == std::string_view::npos) {
        --begin;
    }
    return begin;
}

bool hasDigit(std::string_view value) {
    return std::any_of(value.begin(), value.end(), isDigit);
}

// What may stand between quotes or tags as a password.
bool isPasswordLike(std::string_view value) {
    return value.size() >= 4 && !isReference(value) && !isPlaceholder(value) && !isOrdinaryWord(value);
}

// Without quotes, a name in code (a variable, a member, a call) or a word of prose stands where a value could.
bool isCodeBehind(std::string_view text, std::string_view value, std::size_t begin, Span hit) {
    if (std::string_view("\"'`").find(before(text, begin)) != std::string_view::npos) {
        return false;
    }
    const char next = at(text, hit.end);
    if (next == '(' || (next == ',' && isWordLike(value))) {
        return true;
    }
    const bool isIdentifier =
        std::all_of(value.begin(), value.end(), [](char c) { return isWord(c) || c == '.' || c == ':' || c == '-'; });
    if (!isIdentifier || hasDigit(value)) {
        return false;
    }
    const bool isSpaced = before(text, begin) == ' ' && begin >= 2 && text[begin - 2] == '=';
    const bool isProse = next == ' ' && isLetter(at(text, hit.end + 1));
    return isSpaced || isProse || value.find_first_of("._:") != std::string_view::npos;
}

} // namespace

void validateAssignedValue(std::string_view text, Span hit, std::vector<Candidate>& out) {
    if (isLetter(before(text, hit.begin)) && isLetter(text[hit.begin]) && !isUpper(text[hit.begin])) {
        return;
    }
    // The value is what stands behind the operator; a quote on its left closes it on its right.
    std::size_t begin = hit.begin;
    const std::size_t wide = text.substr(0, hit.end).find("\xEF\xBC\x9A", hit.begin); // the wide colon
    while (begin < hit.end && begin != wide && text[begin] != '=' && text[begin] != ':' && text[begin] != ',') {
        ++begin;
    }
    // A comma stands between a name in quotes and its value, as in define('DB_PASSWORD', 'value').
    const bool isArgument = at(text, begin) == ',';
    if (isArgument && (begin == hit.begin || std::string_view("\"'").find(text[begin - 1]) == std::string_view::npos ||
                       std::string_view("\"'").find(before(text, text.find_first_not_of(" \t\"'", begin + 1))) ==
                           std::string_view::npos)) {
        return;
    }
    begin += begin == wide ? 3U : 0U;
    while (begin < hit.end && std::string_view("=:,> \t\"'`\\").find(text[begin]) != std::string_view::npos) {
        ++begin;
    }
    std::size_t end = hit.end;
    while (end > begin && std::string_view(".)]}\\").find(text[end - 1]) != std::string_view::npos) {
        --end;
    }
    const std::string_view value = text.substr(begin, end - begin);
    if (value.size() < 6 || isReference(text.substr(begin, hit.end - begin)) || isPlaceholder(value) ||
        isOrdinaryWord(value)) {
        return;
    }
    if (isCodeBehind(text, value, begin, hit)) {
        return;
    }
    const bool hasMark = std::any_of(value.begin(), value.end(), [](char c) { return !isWord(c); });
    const bool hasUpper = std::any_of(value.begin(), value.end(), isUpper);
    const double strength =
        (hasDigit(value) ? 0.8 : -0.9) + (hasMark ? 0.4 : 0) + (hasUpper ? 0.2 : 0) + (entropy(value) > 3.2 ? 0.4 : 0);
    out.push_back({{begin, end}, strength, false, "value of an assignment"});
}

// RFC 3986 §3.2.1: user ":" password before the host.
void validateUserinfo(std::string_view text, Span hit, std::vector<Candidate>& out) {
    const std::size_t authority = text.find("://", hit.begin) + 3;
    const std::size_t colon = text.find(':', authority);
    const std::size_t sign = text.rfind('@', hit.end - 1);
    if (colon == std::string_view::npos || sign == std::string_view::npos || colon >= sign) {
        return;
    }
    const std::string_view password = text.substr(colon + 1, sign - colon - 1);
    constexpr std::array<std::string_view, 8> kWords{"password", "pass",  "passwd",   "pwd",
                                                     "secret",   "token", "PASSWORD", "PASS"};
    const bool isTemplate = password.find_first_of("${}<>%*[") == 0 || password.find("${") != std::string_view::npos ||
                            password.find_first_not_of(password[0]) == std::string_view::npos;
    if (!isTemplate && password.size() >= 3 && std::find(kWords.begin(), kWords.end(), password) == kWords.end() &&
        folded(password).find("your") == std::string::npos) {
        out.push_back({{colon + 1, sign}, 0.6, true, "password before the host of a URL"});
    }
}

// "Authorization: <scheme> <value>" and headers like it: the value is the last word.
void validateHeaderValue(std::string_view text, Span hit, std::vector<Candidate>& out) {
    std::size_t begin = hit.end;
    while (begin > hit.begin && std::string_view(" \t:\"'=").find(text[begin - 1]) == std::string_view::npos) {
        --begin;
    }
    // Padding belongs to the value.
    if (begin == hit.end) {
        while (begin > hit.begin && text[begin - 1] == '=') {
            --begin;
        }
        while (begin > hit.begin && std::string_view(" \t:\"'=").find(text[begin - 1]) == std::string_view::npos) {
            --begin;
        }
    }
    const std::string_view value = text.substr(begin, hit.end - begin);
    const char previous = before(text, hit.begin);
    if (isWord(previous) || previous == ':' || previous == '.' || (isHex(value) && value.size() < 20)) {
        return;
    }
    if (value.size() < 12 || isPlaceholder(value) || !looksRandom(value) || isWordLike(value) || isSequence(value) ||
        isWord(at(text, hit.end))) {
        return;
    }
    out.push_back({{begin, hit.end}, 0.8, true, "value of a header that authenticates"});
}

// RFC 7617: base64 of user ":" password.
void validateBasicAuth(std::string_view text, Span hit, std::vector<Candidate>& out) {
    std::size_t begin = hit.end;
    while (begin > hit.begin && std::string_view(" \t\":").find(text[begin - 1]) == std::string_view::npos) {
        --begin;
    }
    std::string value(text.substr(begin, hit.end - begin));
    value.append((4 - value.size() % 4) % 4, '=');
    const auto decoded = base64Decode(value);
    if (!decoded) {
        return;
    }
    const std::string_view pair = textOf(*decoded);
    const std::size_t colon = pair.find(':');
    const bool isText =
        std::none_of(pair.begin(), pair.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    if (isText && colon != std::string_view::npos && pair.size() - colon > 3 &&
        !isPlaceholder(pair.substr(colon + 1))) {
        out.push_back({{begin, hit.end}, 1.4, true, "decodes to user and password"});
    }
}

// The last field of a line: curl -u user:password, .netrc, .pgpass, command lines.
void validateLastField(std::string_view text, Span hit, std::vector<Candidate>& out) {
    const std::size_t begin = lastWordBegin(text, hit, " \t:\"'=\n>%");
    std::size_t end = hit.end;
    while (end > begin && std::string_view("\\,;)").find(text[end - 1]) != std::string_view::npos) {
        --end;
    }
    const std::string_view value = text.substr(begin, end - begin);
    const bool isSnake = value.find('_') != std::string_view::npos && !hasDigit(value) &&
                         std::none_of(value.begin(), value.end(), isUpper);
    if (!isPasswordLike(value) || isSnake) {
        return;
    }
    const bool isWeak = std::none_of(value.begin(), value.end(), [](char c) { return !isLetter(c); });
    out.push_back({{begin, end}, isWeak ? -0.6 : 0.6, false, "where a client's password stands"});
}

// Several words in quotes behind "passphrase". Messages to people stand there too.
void validateQuotedValue(std::string_view text, Span hit, std::vector<Candidate>& out) {
    constexpr std::array<std::string_view, 20> kMessage{
        "must",    "least", "character", "enter",   "please", "should", "cannot",  "invalid", "required", "password",
        "minimum", "match", "contain",   "between", "length", "reset",  "expired", "click",   "change",   "forgot"};
    const std::size_t begin = text.rfind(text[hit.end - 1], hit.end - 2) + 1;
    const std::size_t end = hit.end - 1;
    const std::string_view value = text.substr(begin, end - begin);
    const std::string words = folded(value);
    const bool isMessage = std::any_of(kMessage.begin(), kMessage.end(), [&words](std::string_view word) {
        return words.find(word) != std::string::npos;
    });
    if (value.find(' ') == std::string_view::npos || isMessage || !isPasswordLike(value) || !hasDigit(value)) {
        return;
    }
    out.push_back({{begin, end}, 0.2, false, "several words in quotes"});
}

// "the password is …": most of what follows is an ordinary word.
void validateSpokenValue(std::string_view text, Span hit, std::vector<Candidate>& out) {
    const std::size_t begin = lastWordBegin(text, hit, " \t\r\n:=\"'`");
    std::size_t end = hit.end;
    while (end > begin && std::string_view(".,)?:").find(text[end - 1]) != std::string_view::npos) {
        --end;
    }
    const std::string_view value = text.substr(begin, end - begin);
    if (value.size() < 6 || isLetter(before(text, hit.begin)) || !isPasswordLike(value)) {
        return;
    }
    const bool hasLetter = std::any_of(value.begin(), value.end(), isLetter);
    const bool hasUpper = std::any_of(value.begin(), value.end(), isUpper);
    const bool hasMark = value.find_first_of("!#$%^&*+_?@~") != std::string_view::npos;
    if (hasLetter && (hasDigit(value) || (hasMark && hasUpper))) {
        out.push_back({{begin, end}, hasUpper || hasMark ? 1.0 : 0.4, false, "told as a password"});
    }
}

// The last argument in quotes.
void validateQuotedArgument(std::string_view text, Span hit, std::vector<Candidate>& out) {
    std::size_t end = hit.end;
    while (end > hit.begin && text[end - 1] != '\'' && text[end - 1] != '"') {
        --end;
    }
    if (end < hit.begin + 2) {
        return;
    }
    const std::size_t begin = text.rfind(text[end - 1], end - 2) + 1;
    if (begin > hit.begin && isPasswordLike(text.substr(begin, end - 1 - begin))) {
        out.push_back({{begin, end - 1}, 0.6, false, "argument that sets a password"});
    }
}

} // namespace gatehouse::dlp
