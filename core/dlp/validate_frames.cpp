// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "base/bytes.h"
#include "dlp/secret_text.h"
#include "dlp/validators.h"

// Keys that stand in a frame: PEM and OpenPGP armour, PuTTY's files, JSON web keys, Kubernetes secrets.
namespace gatehouse::dlp {
namespace {

bool isBase64(char c) {
    return isDigit(c) || isLetter(c) || c == '+' || c == '/' || c == '=' || c == '-' || c == '_';
}

// The end of what can still be the body of a block that was cut; what begins at `limit` is another one.
std::size_t bodyEnd(std::string_view text, Span hit, std::size_t limit) {
    std::size_t end = hit.end;
    while (end < limit &&
           (isWord(text[end]) || std::string_view("+/=\r\n \\:,-").find(text[end]) != std::string_view::npos)) {
        ++end;
    }
    while (end > hit.end && (text[end - 1] == ' ' || text[end - 1] == '\n' || text[end - 1] == '\r')) {
        --end;
    }
    return end;
}

// Text about keys quotes their frame: a key has base64 behind it, or the header lines of RFC 1421 and RFC 4880.
bool hasBody(std::string_view text, std::size_t position) {
    const std::size_t limit = std::min(text.size(), position + kReach);
    const auto skip = [text, limit](std::size_t from) {
        while (from < limit && std::string_view(" \t\r\n").find(text[from]) != std::string_view::npos) {
            ++from;
        }
        return from;
    };
    position = skip(position);
    while (position + 1 < limit && text[position] == '\\') { // escaped line breaks
        position = skip(position + 2);
    }
    std::size_t end = position;
    while (end < limit && (isBase64(text[end]))) {
        ++end;
    }
    return end - position >= 8 || (end > position && at(text, end) == ':');
}

} // namespace

void validateKeyBlock(std::string_view text, Span hit, std::vector<Candidate>& out) {
    constexpr std::string_view kDashes = "-----";
    constexpr std::string_view kEnd = "-----END ";
    constexpr std::string_view kBegin = "-----BEGIN ";
    if (!hasBody(text, hit.end)) {
        return;
    }
    // Up to the next frame and not to the end of the reach: else many heads in a row would each look at all behind
    // them.
    const std::string_view window = text.substr(hit.begin, kKeyBlockReach);
    std::size_t mark = window.find(kDashes, hit.end - hit.begin);
    while (mark != std::string_view::npos && !window.substr(mark).starts_with(kEnd) &&
           !window.substr(mark).starts_with(kBegin)) {
        mark = window.find(kDashes, mark + 1);
    }
    const bool hasFoot = mark != std::string_view::npos && window.substr(mark).starts_with(kEnd);
    std::size_t end = hit.begin + std::min(mark, window.size());
    if (hasFoot) {
        const std::size_t close = window.find(kDashes, mark + kEnd.size());
        end = close == std::string_view::npos ? end : hit.begin + close + kDashes.size();
    } else {
        end = bodyEnd(text, hit, end);
    }
    out.push_back({{hit.begin, end}, 2.0, hasFoot, "frame of a private key"});
}

// PuTTY's appendix C: "Private-Lines: n" and n lines of base64. Only they are secret.
void validatePutty(std::string_view text, Span hit, std::vector<Candidate>& out) {
    std::size_t end = hit.end;
    while (end < text.size() && end - hit.begin < kReach &&
           (isBase64(text[end]) || text[end] == '\r' || text[end] == '\n' || text[end] == '\\')) {
        ++end;
    }
    while (end > hit.end && (text[end - 1] == '\r' || text[end - 1] == '\n')) {
        --end;
    }
    out.push_back({{hit.begin, end}, 2.0, true, "lines of a private key"});
}

// RFC 7517: "d" (or "k" of a symmetric key) is the secret part; "kty" or another member says that this is a key at all.
void validateJwk(std::string_view text, Span hit, std::vector<Candidate>& out) {
    const std::size_t from = hit.begin > kReach ? hit.begin - kReach : 0;
    const std::string_view near = text.substr(from, hit.end - from + kReach);
    const auto has = [near](std::string_view member) { return near.find(member) != std::string_view::npos; };
    const std::size_t begin = text.rfind('"', hit.end - 2) + 1;
    const std::size_t end = text[hit.end - 1] == '"' ? hit.end - 1 : hit.end;
    if ((has("\"kty\"") || has("\"crv\"") || has("\"AQAB\"") || has("\"dp\"")) && end - begin >= 20 &&
        looksRandom(text.substr(begin, end - begin))) {
        out.push_back({{begin, end}, 1.6, true, "private member of a JSON web key"});
    }
}

// A value under "data:" of "kind: Secret". Base64 that is a value and not another manifest's field.
void validateKubernetes(std::string_view text, Span hit, std::vector<Candidate>& out) {
    std::size_t position = hit.end;
    while (position > hit.begin && text[position - 1] != '\n') {
        --position;
    }
    // From the first line under "data:" as far as lines "  name: base64" go on, at most kReach bytes.
    const std::size_t limit = std::min(text.size(), hit.end + kReach);
    while (position < limit) {
        std::size_t line = text.find('\n', position);
        line = line == std::string_view::npos ? text.size() : line;
        const std::string_view content = text.substr(position, line - position);
        const std::size_t colon = content.find(": ");
        if (content.empty() || content[0] != ' ' || colon == std::string_view::npos) {
            return;
        }
        std::size_t begin = position + colon + 2;
        std::size_t end = line;
        const auto isFrame = [text](std::size_t at) {
            return std::string_view("\"' \r").find(text[at]) != std::string_view::npos;
        };
        while (begin < end && isFrame(begin)) {
            ++begin;
        }
        while (end > begin && isFrame(end - 1)) {
            --end;
        }
        const std::string_view value = text.substr(begin, end - begin);
        if (value.size() >= 8 && std::all_of(value.begin(), value.end(), isBase64) && !isPlaceholder(value)) {
            out.push_back({{begin, end}, 1.4, base64Decode(value).has_value(), "value of a Kubernetes secret"});
        }
        position = line + 1;
    }
}

} // namespace gatehouse::dlp
