// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "dlp/validators.h"

// Signs of data that leaves through what an answer makes a program load, and the names of hosts inside a company.
namespace gatehouse::dlp {
namespace {

bool isHex(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Whether a value of a URL's query carries more than a size or a name: long, and of many different characters.
bool isPayload(std::string_view value) {
    if (value.size() < 12) {
        return false;
    }
    const bool isEscaped = value.find("%20") != std::string_view::npos || value.find('+') != std::string_view::npos;
    const bool isTemplate = value.find_first_of("{[<$") != std::string_view::npos;
    const bool isNumber =
        std::all_of(value.begin(), value.end(), [](char c) { return isDigit(c) || c == '.' || c == ','; });
    const bool isDigest = value.size() <= 40 && std::all_of(value.begin(), value.end(), isHex);
    if (isNumber || (isDigest && value.size() <= 16)) {
        return false;
    }
    return isTemplate || isEscaped || (value.size() >= 20 && entropy(value) >= 3.2);
}

// What links carry without harm: campaign marks, sizes, signatures of storage.
bool isUsualKey(std::string_view key) {
    constexpr std::array<std::string_view, 24> kUsual{
        "utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "w",      "h",     "width",
        "height",     "v",          "ver",          "version",     "size",     "format", "fit",   "q80",
        "auto",       "crop",       "lang",         "hl",          "ref",      "branch", "style", "logo"};
    return std::find(kUsual.begin(), kUsual.end(), key) != kUsual.end();
}

// What people look for, in links that they are to click.
bool isSearchKey(std::string_view key) {
    constexpr std::array<std::string_view, 8> kSearch{"q", "query", "search", "s", "search_query",
                                                      "k", "text",  "title"};
    return std::find(kSearch.begin(), kSearch.end(), key) != kSearch.end();
}

bool hasPayload(std::string_view url, bool isClicked) {
    const std::size_t query = url.find('?');
    if (query == std::string_view::npos) {
        return false;
    }
    std::string_view rest = url.substr(query + 1);
    while (!rest.empty()) {
        const std::string_view pair = rest.substr(0, rest.find('&'));
        const std::size_t sign = pair.find('=');
        const std::string_view key = sign == std::string_view::npos ? std::string_view() : pair.substr(0, sign);
        const std::string_view value = sign == std::string_view::npos ? pair : pair.substr(sign + 1);
        if (!isUsualKey(key) && !(isClicked && isSearchKey(key)) && isPayload(value)) {
            return true;
        }
        rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    }
    return false;
}

} // namespace

void validatePayloadLink(std::string_view text, Span hit, std::vector<Candidate>& out) {
    const std::string_view link = text.substr(hit.begin, hit.end - hit.begin);
    const std::size_t scheme = link.find("http");
    if (scheme == std::string_view::npos) {
        return;
    }
    const std::size_t end = link.find_last_not_of(")\"'> \n") + 1;
    if (!hasPayload(link.substr(scheme, end - scheme), link.front() == ']')) {
        return;
    }
    out.push_back({hit, 0.6, false, "data in the query of a link"});
}

// A host inside a company, not a member of an object ("this.internal") or of a package ("jdk.internal.misc").
void validateInnerHost(std::string_view text, Span hit, std::vector<Candidate>& out) {
    const char left = before(text, hit.begin);
    const char right = at(text, hit.end);
    const bool goesOn = (right == '.' || right == '-') && isWord(at(text, hit.end + 1));
    if (isWord(left) || left == '.' || left == '-' || left == '$' || isWord(right) || goesOn || right == '(' ||
        right == '=') {
        return;
    }
    const std::string_view host = text.substr(hit.begin, hit.end - hit.begin);
    const auto dots = std::count(host.begin(), host.end(), '.');
    const bool isTyped = std::any_of(host.begin(), host.end(), [](char c) { return isDigit(c) || c == '-'; });
    constexpr std::array<std::string_view, 6> kMembers{"this", "self", "std", "jdk", "sun", "com"};
    const std::string_view first = host.substr(0, host.find('.'));
    if (std::find(kMembers.begin(), kMembers.end(), first) != kMembers.end()) {
        return;
    }
    const bool isUrl = hit.begin >= 3 && text.substr(hit.begin - 3, 3) == "://";
    const double strength = (dots >= 2 ? 0.7 : 0) + (isTyped ? 0.9 : 0) + (isUrl || left == '@' ? 1.8 : 0);
    out.push_back({hit, strength, false, "a name that only an inner network resolves"});
}

} // namespace gatehouse::dlp
