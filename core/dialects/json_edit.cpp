// SPDX-License-Identifier: Apache-2.0
#include "dialects/json_edit.h"

#include <algorithm>

namespace gatehouse::dialects {
namespace {

bool isSpace(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

std::size_t skipSpace(std::string_view document, std::size_t at) {
    while (at < document.size() && isSpace(document[at])) {
        ++at;
    }
    return at;
}

std::size_t skipString(std::string_view document, std::size_t at) {
    for (++at;;) {
        const std::size_t quote = document.find('"', at);
        if (quote == std::string_view::npos) {
            return document.size() + 1;
        }
        std::size_t escapes = 0; // backslashes in front of the quote: an odd number makes it part of the text
        while (quote - escapes > at && document[quote - escapes - 1] == '\\') {
            ++escapes;
        }
        if (escapes % 2 == 0) {
            return quote + 1;
        }
        at = quote + 1;
    }
}

std::size_t skipContainer(std::string_view document, std::size_t at) {
    std::size_t depth = 0;
    while (at < document.size()) {
        const char c = document[at];
        if (c == '"') {
            at = skipString(document, at);
            continue;
        }
        if (c == '{' || c == '[') {
            ++depth;
        } else if (c == '}' || c == ']') {
            --depth;
        }
        ++at;
        if (depth == 0) {
            break;
        }
    }
    return at;
}

// The value that begins at `at`.
JsonRange valueAt(std::string_view document, std::size_t at) {
    if (at >= document.size()) {
        return {document.size(), document.size()};
    }
    const char c = document[at];
    if (c == '"') {
        return {at, std::min(skipString(document, at), document.size())};
    }
    if (c == '{' || c == '[') {
        return {at, skipContainer(document, at)};
    }
    std::size_t end = at;
    while (end < document.size() && !isSpace(document[end]) && document[end] != ',' && document[end] != '}' &&
           document[end] != ']') {
        ++end;
    }
    return {at, end};
}

} // namespace

std::size_t memberBegin(std::string_view document, std::size_t keyEnd) {
    const std::size_t colon = skipSpace(document, keyEnd);
    return std::min(skipSpace(document, colon + 1), document.size());
}

JsonRange memberValue(std::string_view document, std::size_t keyEnd) {
    const std::size_t colon = skipSpace(document, keyEnd);
    return valueAt(document, skipSpace(document, colon + 1));
}

JsonRange elementValue(std::string_view document, std::size_t at) {
    at = skipSpace(document, at);
    if (at < document.size() && document[at] == ',') {
        at = skipSpace(document, at + 1);
    }
    return at < document.size() && document[at] == ']' ? JsonRange{at, at} : valueAt(document, at);
}

std::string applyEdits(std::string_view document, std::vector<JsonEdit> edits) {
    std::stable_sort(edits.begin(), edits.end(),
                     [](const JsonEdit& a, const JsonEdit& b) { return a.begin < b.begin; });
    std::string out;
    out.reserve(document.size() + 64);
    std::size_t at = 0;
    for (const JsonEdit& edit : edits) {
        out.append(document.substr(at, edit.begin - at));
        out += edit.bytes;
        at = edit.end;
    }
    out.append(document.substr(at));
    return out;
}

} // namespace gatehouse::dialects
