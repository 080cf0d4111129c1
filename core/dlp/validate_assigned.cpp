// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>

#include "dlp/secret_text.h"
#include "dlp/validators.h"

// Values that say nothing by themselves and are secrets because of the name that they are assigned to. The hit is name,
// operator and value; only the value is the finding.
namespace gatehouse::dlp {
namespace {

// Words in a name that make its value no secret. A word counts when no small letter goes on behind it.
constexpr std::array<std::string_view, 18> kHarmless{
    "sha",    "md5",  "hash", "commit",  "checksum", "digest", "integrity", "etag",       "revision",
    "public", "uuid", "guid", "version", "blake",    "cid",    "pubkey",    "thumbprint", "fingerprint"};
// Last words of names whose values are no secrets.
constexpr std::array<std::string_view, 16> kHarmlessLast{"id",   "ids",  "name", "url",    "uri",   "host",
                                                         "path", "file", "type", "region", "count", "size",
                                                         "date", "time", "user", "email"};
// One of these in the name says that it means a secret.
constexpr std::array<std::string_view, 13> kSecretWords{"key",  "token", "secret", "pass", "pwd",   "pat",    "auth",
                                                        "cred", "api",   "bearer", "sign", "login", "private"};

bool hasWord(std::string_view name, std::string_view word) {
    for (std::size_t i = name.find(word); i != std::string_view::npos; i = name.find(word, i + 1)) {
        const char next = at(name, i + word.size());
        if (!isLetter(next)) {
            return true;
        }
    }
    return false;
}

std::string_view lastWord(std::string_view name) {
    std::size_t end = name.size();
    while (end > 0 && !isLetter(name[end - 1])) {
        --end;
    }
    std::size_t begin = end;
    while (begin > 0 && isLetter(name[begin - 1])) {
        --begin;
    }
    return name.substr(begin, end - begin);
}

// The name in small letters, camel humps as words of their own.
std::string nameOf(std::string_view label) {
    std::string name;
    for (std::size_t i = 0; i < label.size(); ++i) {
        const bool isHump = i > 0 && isUpper(label[i]) && isLetter(label[i - 1]) && !isUpper(label[i - 1]);
        name += isHump ? "_" : "";
        name += isUpper(label[i]) ? static_cast<char>(label[i] | 0x20) : label[i];
    }
    return name;
}

enum class Naming { harmless, silent, secret };

Naming namingOf(std::string_view label) {
    const std::string name = nameOf(label);
    const auto isIn = [&name](std::string_view word) { return hasWord(name, word); };
    // "is" is an operator in prose.
    std::string_view last = lastWord(name);
    if (last == "is" || last == "was") {
        last = lastWord(std::string_view(name).substr(0, static_cast<std::size_t>(last.data() - name.data())));
    }
    if (std::any_of(kHarmless.begin(), kHarmless.end(), isIn) ||
        std::find(kHarmlessLast.begin(), kHarmlessLast.end(), last) != kHarmlessLast.end()) {
        return Naming::harmless;
    }
    const bool isSecret = std::any_of(kSecretWords.begin(), kSecretWords.end(),
                                      [&name](std::string_view word) { return name.find(word) != std::string::npos; });
    return isSecret ? Naming::secret : Naming::silent;
}

// A name may begin behind anything but another word: "DATADOG" in "MY_DATADOG", "Datadog" in "myDatadog", not "box" in
// "xbox".
bool startsName(std::string_view text, std::size_t position) {
    const char previous = before(text, position);
    return !isLetter(previous) || !isLetter(at(text, position)) ||
           (isUpper(at(text, position)) && !isUpper(previous)) || startsToken(text, position);
}

// What goes on behind a value: then it was only the beginning of another.
bool isCut(std::string_view text, std::size_t end) {
    const char next = at(text, end);
    const char afterNext = at(text, end + 1);
    const bool isJoint = next == '.' || next == ':' || next == '@';
    return isWord(next) || std::string_view("-+/~(%=").find(next) != std::string_view::npos ||
           (isJoint && (isWord(afterNext) || afterNext == '/'));
}

// Where the name that the hit begins in begins: "public_" in front of "api_key" says much.
std::size_t nameBegin(std::string_view text, std::size_t position) {
    const std::size_t limit = position > 40 ? position - 40 : 0;
    while (position > limit && (isWord(text[position - 1]) || text[position - 1] == '-')) {
        --position;
    }
    return position;
}

void acceptAssigned(std::string_view text, Span hit, std::size_t begin, std::vector<Candidate>& out) {
    const std::string_view value = text.substr(begin, hit.end - begin);
    if (!startsName(text, hit.begin) || isCut(text, hit.end) || !looksRandom(value)) {
        return;
    }
    if (isDocumentationValue(value)) {
        out.push_back({{begin, hit.end}, 0.8, true, "name and length agree; a value that documentation prints"});
        return;
    }
    const bool isSum = isHex(value) || isUuid(value);
    if (isPlaceholder(value) || isSequence(value) || (!isSum && isWordLike(value))) {
        return;
    }
    const Naming naming = namingOf(text.substr(nameBegin(text, hit.begin), begin - nameBegin(text, hit.begin)));
    if (naming == Naming::harmless || (naming == Naming::silent && isSum)) {
        return;
    }
    const bool isNamed = naming == Naming::secret;
    out.push_back({{begin, hit.end}, isNamed ? 0.8 : -0.6, isNamed, "name, length and entropy agree"});
}

// Where the last run of characters that values are made of begins; '=' counts at its end only.
std::size_t valueBegin(std::string_view text, Span hit) {
    std::size_t begin = hit.end;
    while (begin > hit.begin && text[begin - 1] == '=') {
        --begin;
    }
    while (begin > hit.begin &&
           std::string_view("=:\"'` \t\r\n<>(),;[]{}|\\&@?").find(text[begin - 1]) == std::string_view::npos) {
        --begin;
    }
    return begin;
}

// Where the name in front of a value begins and ends, without operator, quotes and spaces.
Span nameSpan(std::string_view text, Span hit, std::size_t value) {
    std::size_t end = value;
    while (end > hit.begin && !isWord(text[end - 1])) {
        --end;
    }
    std::size_t begin = end;
    while (begin > hit.begin && (isWord(text[begin - 1]) || text[begin - 1] == '-' || text[begin - 1] == '.')) {
        --begin;
    }
    return {begin == hit.begin ? nameBegin(text, begin) : begin, end};
}

// Names of tokens that protect nothing: they go to everybody, or only for a moment.
constexpr std::array<std::string_view, 16> kIdleTokens{"csrf",   "xsrf",   "nonce",    "page",   "next", "continuation",
                                                       "cursor", "resume", "csrfmid",  "site",   "sync", "cancellation",
                                                       "design", "device", "optional", "captcha"};

// Dots and slashes between names: a path, a member of an object, a host.
bool isPathLike(std::string_view value) {
    if (value[0] == '/' || value[0] == '.' || value[0] == '~' || value[0] == '@') {
        return true;
    }
    const bool isJoined = value.find_first_of("./") != std::string_view::npos;
    const bool hasDigit = std::any_of(value.begin(), value.end(), isDigit);
    return isJoined && (isWordLike(value) || !hasDigit);
}

// Short values must mix; digits alone are numbers, letters alone must not read like words.
bool isMixed(std::string_view value) {
    const bool hasDigit = std::any_of(value.begin(), value.end(), isDigit);
    const bool hasUpper = std::any_of(value.begin(), value.end(), isUpper);
    const bool hasLower = std::any_of(value.begin(), value.end(), [](char c) { return isLetter(c) && !isUpper(c); });
    const bool hasLetter = hasUpper || hasLower;
    if (value.size() < 16) {
        return hasDigit && hasUpper && hasLower;
    }
    if (isHex(value) && value.size() < 20) {
        return false;
    }
    return hasLetter && (hasDigit || (hasUpper && hasLower && value.size() >= 20));
}

// Names that a UUID is a secret behind; most UUIDs are none.
bool isNameOfKey(std::string_view name) {
    constexpr std::array<std::string_view, 9> kOfKeys{"api_key",    "apikey",       "api-key",
                                                      "secret",     "access_token", "api_token",
                                                      "auth_token", "access_key",   "private_key"};
    return std::any_of(kOfKeys.begin(), kOfKeys.end(),
                       [name](std::string_view word) { return name.find(word) != std::string_view::npos; });
}

template <std::size_t kLength>
void validateTail(std::string_view text, Span hit, std::vector<Candidate>& out) {
    if (hit.end - hit.begin > kLength) {
        acceptAssigned(text, hit, hit.end - kLength, out);
    }
}

struct Tail {
    std::size_t length;
    Validator validator;
};

template <std::size_t... kLengths>
constexpr auto tailsOf(std::index_sequence<kLengths...> /*lengths*/) {
    return std::array<Tail, sizeof...(kLengths)>{Tail{kLengths, &validateTail<kLengths>}...};
}

// Of one to 128 characters.
constexpr auto kTails = tailsOf(std::make_index_sequence<129>{});

} // namespace

Validator tailValidator(std::size_t length) {
    return length >= 8 && length < kTails.size() ? kTails.at(length).validator : nullptr;
}

// Generic names ("token", "api_key") say less than a provider's: the value must look random in every respect.
void validateAssignedKey(std::string_view text, Span hit, std::vector<Candidate>& out) {
    const std::size_t begin = valueBegin(text, hit);
    const std::string_view value = text.substr(begin, hit.end - begin);
    if (value.size() < 10 || !startsName(text, hit.begin) || isCut(text, hit.end) || !looksRandom(value)) {
        return;
    }
    const bool isDocumented = isDocumentationValue(value);
    if (!isDocumented && (isPlaceholder(value) || isSequence(value) || isWordLike(value))) {
        return;
    }
    const bool isId = isUuid(value);
    if (isPathLike(value) || (!isId && !isMixed(value))) {
        return;
    }
    // In a URL the parameter is the name, not what stands before it.
    const Span name = text[hit.begin] == ':' ? nameSpan(text, hit, begin) : Span{nameBegin(text, hit.begin), begin};
    const std::string_view label = text.substr(name.begin, name.end - name.begin);
    const std::string folded = nameOf(label);
    const bool isIdle = std::any_of(kIdleTokens.begin(), kIdleTokens.end(),
                                    [&folded](std::string_view word) { return hasWord(folded, word); });
    if (isIdle || namingOf(label) != Naming::secret || (isId && !isNameOfKey(folded))) {
        return;
    }
    out.push_back({{begin, hit.end}, isId ? 0.0 : 0.8, false, "name, length and entropy agree"});
}

// Cookies and the like: the name is the provider's own, the value random.
void validateAssignedSession(std::string_view text, Span hit, std::vector<Candidate>& out) {
    const std::size_t begin = valueBegin(text, hit);
    const std::string_view value = text.substr(begin, hit.end - begin);
    if (value.size() < 16 || isWord(at(text, hit.end)) || at(text, hit.end) == '(' || !looksRandom(value) ||
        isPlaceholder(value) || isWordLike(value) || !isMixed(value)) {
        return;
    }
    out.push_back({{begin, hit.end}, 0.6, true, "name of a session and a random value"});
}

// A private key in wallet import format behind a name that says so.
void validateWif(std::string_view text, Span hit, std::vector<Candidate>& out) {
    const std::size_t begin = valueBegin(text, hit);
    const std::string_view value = text.substr(begin, hit.end - begin);
    const auto payload = base58Check(value);
    // BIP 178 and its forerunner: version, 32 bytes, and 01 when the public key is compressed.
    if (payload && (payload->size() == 33 || payload->size() == 34) && endsToken(text, hit.end)) {
        out.push_back({{begin, hit.end}, 2.0, true, "checksum agrees"});
    }
}

void validateAssigned(std::string_view text, Span hit, std::vector<Candidate>& out) {
    const std::size_t begin = valueBegin(text, hit);
    if (hit.end - begin >= 8) {
        acceptAssigned(text, hit, begin, out);
    }
}

} // namespace gatehouse::dlp
