// SPDX-License-Identifier: Apache-2.0
#include "dlp/placeholder.h"

#include <array>

#include <fmt/format.h>

#include "base/crypto.h"
#include "dlp/redact.h"
#include "dlp/validators.h"

// A hand-written matcher that works on prefixes too: the stream restorer needs to know whether a tail can still become
// a placeholder. Steps: brackets (each may carry a Markdown backslash), label, separator, number, separator, check,
// brackets.
namespace gatehouse::dlp {
namespace {

enum class Outcome { matched, refused, needsMore };

struct Reader {
    std::string_view text;
    std::size_t at = 0;
    FoundPlaceholder found;

    [[nodiscard]] bool isEnd() const { return at >= text.size(); }
    [[nodiscard]] char peek() const { return text[at]; }
};

// Behind up to two brackets, which are both escaped or both not; a bracket of the other kind ends them.
std::size_t skipBrackets(std::string_view text, std::size_t at, char bracket, char alternative) {
    bool isFirstEscaped = false;
    for (int taken = 0; taken < 2 && at < text.size(); ++taken) {
        const bool isEscaped = text[at] == '\\' && at + 1 < text.size();
        const std::size_t mark = isEscaped ? at + 1 : at;
        if ((text[mark] != bracket && text[mark] != alternative) || (taken == 1 && isEscaped != isFirstEscaped)) {
            break;
        }
        isFirstEscaped = isEscaped;
        at = mark + 1;
    }
    return at;
}

// One separator: '_', '-' or a space, perhaps behind a backslash.
Outcome readSeparator(Reader& reader) {
    if (!reader.isEnd() && reader.peek() == '\\') {
        ++reader.at;
    }
    if (reader.isEnd()) {
        return Outcome::needsMore;
    }
    const char c = reader.peek();
    if (c != '_' && c != '-' && c != ' ') {
        return Outcome::refused;
    }
    ++reader.at;
    return Outcome::matched;
}

Outcome readLabel(Reader& reader, bool hasBrackets) {
    while (!reader.isEnd() && isLetter(reader.peek()) && reader.found.label.size() <= 16) {
        // Without brackets only the spelling that we write is taken, so that prose is left alone.
        if (!hasBrackets && !isUpper(reader.peek())) {
            return Outcome::refused;
        }
        reader.found.label += static_cast<char>(reader.peek() & ~0x20);
        ++reader.at;
    }
    if (reader.found.label.size() > 16) {
        return Outcome::refused;
    }
    if (reader.isEnd()) {
        return Outcome::needsMore;
    }
    return reader.found.label.empty() ? Outcome::refused : Outcome::matched;
}

Outcome readNumber(Reader& reader) {
    std::size_t digits = 0;
    while (!reader.isEnd() && isDigit(reader.peek()) && digits < 8) {
        reader.found.number = reader.found.number * 10 + static_cast<std::uint32_t>(reader.peek() - '0');
        ++digits;
        ++reader.at;
    }
    if (reader.isEnd()) {
        return Outcome::needsMore;
    }
    return digits == 0 || reader.found.number == 0 ? Outcome::refused : Outcome::matched;
}

Outcome readCheck(Reader& reader) {
    std::string check;
    while (!reader.isEnd() && check.size() < 2 && (isDigit(reader.peek()) || isLetter(reader.peek()))) {
        check += isLetter(reader.peek()) ? static_cast<char>(reader.peek() & ~0x20) : reader.peek();
        ++reader.at;
    }
    if (check.size() < 2) {
        return reader.isEnd() ? Outcome::needsMore : Outcome::refused;
    }
    return check == placeholderCheck(reader.found.label, reader.found.number) ? Outcome::matched : Outcome::refused;
}

Outcome read(Reader& reader) {
    const std::size_t begin = reader.at;
    reader.found.begin = begin;
    reader.at = skipBrackets(reader.text, reader.at, '[', '<');
    const bool hasBrackets = reader.at != begin;
    const bool isLoneBackslash = reader.text[begin] == '\\' && begin + 1 == reader.text.size();
    if (hasBrackets) {
        while (!reader.isEnd() && reader.peek() == ' ' && reader.at - begin < 6) {
            ++reader.at;
        }
    } else if (!isLoneBackslash && begin > 0 && isWord(reader.text[begin - 1])) {
        return Outcome::refused; // the middle of a word
    }
    if (reader.isEnd() || (reader.peek() == '\\' && reader.at + 1 == reader.text.size())) {
        return hasBrackets || !reader.isEnd() ? Outcome::needsMore : Outcome::refused;
    }
    for (const auto step : {+[](Reader& r, bool brackets) { return readLabel(r, brackets); },
                            +[](Reader& r, bool /*brackets*/) { return readSeparator(r); },
                            +[](Reader& r, bool /*brackets*/) { return readNumber(r); },
                            +[](Reader& r, bool /*brackets*/) { return readSeparator(r); },
                            +[](Reader& r, bool /*brackets*/) { return readCheck(r); }}) {
        if (const Outcome outcome = step(reader, hasBrackets); outcome != Outcome::matched) {
            return outcome;
        }
    }
    if (!hasBrackets) {
        reader.found.end = reader.at;
        if (reader.isEnd()) {
            return Outcome::needsMore;
        }
        return isWord(reader.peek()) ? Outcome::refused : Outcome::matched;
    }
    std::size_t close = reader.at;
    while (close < reader.text.size() && reader.text[close] == ' ' && close - reader.at < 3) {
        ++close;
    }
    const std::size_t closed = skipBrackets(reader.text, close, ']', '>');
    reader.found.end = closed == close ? reader.at : closed;
    // A second closing bracket, or the first one, may still come.
    const bool mayGoOn =
        closed == reader.text.size() || (closed + 1 == reader.text.size() && reader.text[closed] == '\\');
    const bool isComplete = closed - close >= 2 && closed >= 2 && reader.text[closed - 2] != '\\';
    return mayGoOn && !isComplete ? Outcome::needsMore : Outcome::matched;
}

} // namespace

std::string placeholderCheck(std::string_view label, std::uint32_t number) {
    constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    const Sha256Digest digest = sha256(bytesOf(fmt::format("gatehouse/placeholder/v1/{}_{}", label, number)));
    return {kAlphabet[digest[0] & 31U], kAlphabet[digest[1] & 31U]};
}

std::string formatPlaceholder(std::string_view label, std::uint32_t number) {
    return fmt::format("[[{}_{}_{}]]", label, number, placeholderCheck(label, number));
}

bool mayBeginPlaceholder(char c) {
    return c == '[' || c == '<' || c == '\\' || isUpper(c);
}

std::optional<FoundPlaceholder> readPlaceholder(std::string_view text, std::size_t position) {
    if (position >= text.size() || !mayBeginPlaceholder(text[position])) {
        return std::nullopt;
    }
    // One character more than any placeholder decides what would otherwise wait for the end of the text.
    Reader reader{text, position, {}};
    const Outcome outcome = read(reader);
    const bool isWholeAtEnd = outcome == Outcome::needsMore && reader.found.end > position;
    if (outcome == Outcome::matched || isWholeAtEnd) {
        return reader.found;
    }
    return std::nullopt;
}

bool mayBecomePlaceholder(std::string_view text, std::size_t position) {
    if (position >= text.size() || !mayBeginPlaceholder(text[position]) || text.size() - position > kMaxPlaceholder) {
        return false;
    }
    Reader reader{text, position, {}};
    return read(reader) == Outcome::needsMore;
}

} // namespace gatehouse::dlp
