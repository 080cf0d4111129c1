// SPDX-License-Identifier: Apache-2.0
#include "dlp/live_tails.h"

#include <algorithm>
#include <mutex>
#include <optional>

#include <fmt/format.h>
#include <re2/re2.h>

#include "dlp/names/fold.h"
#include "dlp/names/gazetteer.h"
#include "dlp/validators.h"

namespace gatehouse::dlp {
namespace {

constexpr int kMaxDepth = 24;

// A piece of a pattern: what it matches, and what its beginnings match (the empty text included).
struct Piece {
    std::string whole;
    std::string beginnings;
    std::vector<std::string> firsts = {}; // the first kKeyBytes of each way to match, as keyOf writes them; shorter
                                          // where the match may be; kUnknown where a class stands
};

constexpr std::size_t kKeyBytes = 3;
constexpr std::size_t kMaxFirsts = 512;
constexpr char kUnknown = '\x01';

// Without case, and every digit alike.
char keyOf(char c) {
    return isDigit(c) ? '#' : isUpper(c) ? static_cast<char>(c | 0x20) : c;
}

void addFirst(std::vector<std::string>& firsts, std::string first) {
    if (firsts.size() < kMaxFirsts && std::find(firsts.begin(), firsts.end(), first) == firsts.end()) {
        firsts.push_back(std::move(first));
    }
}

std::vector<std::string> joined(const std::vector<std::string>& heads, const std::vector<std::string>& tails) {
    std::vector<std::string> all;
    for (const std::string& head : heads) {
        const bool isFull = head.size() >= kKeyBytes || (!head.empty() && head.back() == kUnknown);
        if (isFull) {
            addFirst(all, head);
            continue;
        }
        for (const std::string& tail : tails) {
            addFirst(all, (head + tail).substr(0, kKeyBytes));
        }
    }
    return all;
}

// Reads the syntax that the catalogue uses: literals, escapes, classes, "." , groups "(?:", "(?i:", "(?-i:", a leading
// "(?i)", alternation and the quantifiers.
class Reader final {
public:
    explicit Reader(std::string_view pattern) : m_pattern(pattern) {}

    std::optional<Piece> read() {
        std::string flags;
        if (m_pattern.substr(0, 4) == "(?i)") {
            flags = "i";
            m_at = 4;
        }
        std::optional<Piece> piece = alternatives(0);
        if (!piece || m_at != m_pattern.size()) {
            return std::nullopt;
        }
        piece->beginnings = fmt::format("(?{}:{})", flags, piece->beginnings);
        return piece;
    }

private:
    [[nodiscard]] bool isAt(char c) const { return m_at < m_pattern.size() && m_pattern[m_at] == c; }

    std::optional<Piece> alternatives(int depth) {
        Piece all;
        while (true) {
            const std::optional<Piece> one = sequence(depth);
            if (!one) {
                return std::nullopt;
            }
            all.whole += one->whole;
            all.beginnings += one->beginnings;
            for (const std::string& first : one->firsts) {
                addFirst(all.firsts, first);
            }
            if (!isAt('|')) {
                return all;
            }
            ++m_at;
            all.whole += '|';
            all.beginnings += '|';
        }
    }

    std::optional<Piece> sequence(int depth) {
        std::vector<Piece> pieces;
        while (m_at < m_pattern.size() && !isAt('|') && !isAt(')')) {
            std::optional<Piece> piece = quantified(depth);
            if (!piece) {
                return std::nullopt;
            }
            pieces.push_back(std::move(*piece));
        }
        // From the right: the beginnings of "ab" are those of "a", and "a" with the beginnings of "b".
        Piece all;
        for (std::size_t i = pieces.size(); i-- > 0;) {
            const Piece& piece = pieces[i];
            all.beginnings = i + 1 == pieces.size()
                                 ? fmt::format("(?:{})", piece.beginnings)
                                 : fmt::format("(?:{}|{}{})", piece.beginnings, piece.whole, all.beginnings);
        }
        all.firsts = {""};
        for (const Piece& piece : pieces) {
            all.whole += piece.whole;
            all.firsts = joined(all.firsts, piece.firsts);
        }
        return all;
    }

    std::optional<Piece> quantified(int depth) {
        const std::optional<Piece> one = atom(depth);
        if (!one) {
            return std::nullopt;
        }
        const std::size_t begin = m_at;
        if (isAt('?') || isAt('*') || isAt('+')) {
            ++m_at;
        } else if (isAt('{')) {
            const std::size_t close = m_pattern.find('}', m_at);
            if (close == std::string_view::npos) {
                return std::nullopt;
            }
            m_at = close + 1;
        } else {
            return one;
        }
        const std::string_view quantifier = m_pattern.substr(begin, m_at - begin);
        if (isAt('?')) { // as few as possible: the same texts
            ++m_at;
        }
        const std::string whole = one->whole + std::string(quantifier);
        std::vector<std::string> firsts = one->firsts;
        const bool mayBeMissing =
            quantifier.front() == '?' || quantifier.front() == '*' || quantifier.substr(0, 2) == "{0";
        if (quantifier != "?") { // once more, and once more
            for (int i = 0; i < 2; ++i) {
                for (const std::string& more : joined(firsts, one->firsts)) {
                    addFirst(firsts, more);
                }
            }
        }
        if (mayBeMissing) {
            addFirst(firsts, "");
        }
        if (quantifier == "?") {
            return Piece{whole, one->beginnings, firsts};
        }
        // As often as allowed or less, and then a part of one more.
        const std::size_t comma = quantifier.find(',');
        const std::string most =
            quantifier.front() != '{' || (comma != std::string_view::npos && comma + 2 == quantifier.size())
                ? "*"
                : fmt::format("{{0,{}}}", comma == std::string_view::npos
                                              ? quantifier.substr(1, quantifier.size() - 2)
                                              : quantifier.substr(comma + 1, quantifier.size() - comma - 2));
        return Piece{whole, fmt::format("{}{}(?:{})", one->whole, most, one->beginnings), firsts};
    }

    std::optional<Piece> atom(int depth) {
        if (isAt('(')) {
            return group(depth);
        }
        const std::size_t begin = m_at;
        if (isAt('[')) {
            // A ']' right behind the start or the '^' belongs to the class.
            m_at += m_pattern.substr(m_at, 2) == "[^" ? 2U : 1U;
            m_at += isAt(']') ? 1U : 0U;
            while (m_at < m_pattern.size() && !isAt(']')) {
                m_at += isAt('\\') ? 2U : 1U;
            }
            ++m_at;
        } else if (isAt('\\')) {
            m_at += m_pattern.substr(m_at, 2) == "\\x" ? 4U : 2U;
        } else if (isAt('^') || isAt('$')) {
            return std::nullopt;
        } else {
            ++m_at;
        }
        if (m_at > m_pattern.size()) {
            return std::nullopt;
        }
        const std::string whole(m_pattern.substr(begin, m_at - begin));
        return Piece{whole, whole + "?", {std::string(1, firstOf(whole))}};
    }

    // The key of a literal, of an escaped one or of digits; kUnknown for other classes.
    static char firstOf(std::string_view whole) {
        if (whole == "[0-9]") {
            return '#';
        }
        if (whole == "\\n") {
            return '\n';
        }
        const bool isEscaped = whole.size() == 2 && whole[0] == '\\' && !isWord(whole[1]);
        const bool isLiteral = whole.size() == 1 && whole[0] != '.';
        return isEscaped ? whole[1] : isLiteral ? keyOf(whole[0]) : kUnknown;
    }

    std::optional<Piece> group(int depth) {
        std::string_view opening;
        for (const std::string_view known : {"(?:", "(?i:", "(?-i:"}) {
            opening = m_pattern.substr(m_at, known.size()) == known ? known : opening;
        }
        const bool isBare = opening.empty() && m_pattern.substr(m_at, 2) != "(?";
        if ((opening.empty() && !isBare) || depth >= kMaxDepth) {
            return std::nullopt;
        }
        m_at += isBare ? 1 : opening.size();
        const std::string open(isBare ? "(?:" : opening);
        const std::optional<Piece> inner = alternatives(depth + 1);
        if (!inner || !isAt(')')) {
            return std::nullopt;
        }
        ++m_at;
        return Piece{open + inner->whole + ")", open + inner->beginnings + ")", inner->firsts};
    }

    std::string_view m_pattern;
    std::size_t m_at = 0;
};

bool isPart(char c) {
    return isWord(c) || static_cast<unsigned char>(c) >= 0x80;
}

// A medicine among the last three words: a dose may follow, see validateDose.
std::size_t medicineFrom(std::string_view text, std::size_t from) {
    std::size_t end = text.size();
    for (int words = 0; words < 4 && end > from; ++words) {
        while (end > from && !isPart(text[end - 1])) {
            --end;
        }
        std::size_t begin = end;
        while (begin > from && end - begin < 32 && isPart(text[begin - 1])) {
            --begin;
        }
        if (end - begin >= 4 && isMedicine(Folded(text.substr(begin, end - begin)).text())) {
            return begin;
        }
        end = begin;
    }
    return text.size();
}

} // namespace

std::string beginningsOf(std::string_view pattern) {
    const std::optional<Piece> piece = Reader(pattern).read();
    return piece ? piece->beginnings : std::string();
}

struct LiveTails::Pattern {
    std::string beginnings;
    std::once_flag once;
    std::unique_ptr<re2::RE2> expression;
};

LiveTails::LiveTails(const std::vector<std::string>& patterns) {
    for (const std::string& pattern : patterns) {
        const bool hasBlank = pattern.find(' ') != std::string::npos || pattern.find("\\s") != std::string::npos ||
                              pattern.find("\\n") != std::string::npos;
        std::optional<Piece> piece = hasBlank ? Reader(pattern).read() : std::nullopt;
        if (!piece) {
            continue;
        }
        const std::size_t index = m_patterns.size();
        m_patterns.push_back(std::make_unique<Pattern>());
        m_patterns.back()->beginnings = std::move(piece->beginnings);
        for (const std::string& first : piece->firsts) {
            // What begins with a class of characters is a number or a name, which wait by themselves.
            const std::string key = first.substr(0, first.find(kUnknown));
            if (!key.empty()) {
                m_patternsOf[key].push_back(index);
            }
        }
    }
}

LiveTails::~LiveTails() = default;

bool LiveTails::isBeginning(std::size_t index, std::string_view tail) const {
    Pattern& pattern = *m_patterns[index];
    std::call_once(pattern.once, [&pattern] {
        re2::RE2::Options options(re2::RE2::Latin1);
        options.set_log_errors(false);
        options.set_never_capture(true);
        options.set_max_mem(4L << 20);
        pattern.expression = std::make_unique<re2::RE2>(pattern.beginnings, options);
    });
    return pattern.expression->ok() &&
           re2::RE2::FullMatch(re2::StringPiece(tail.data(), tail.size()), *pattern.expression);
}

bool LiveTails::isAlive(std::string_view tail) const {
    std::string key;
    for (std::size_t size = 1; size <= kKeyBytes && size <= tail.size(); ++size) {
        key += keyOf(tail[size - 1]);
        const auto found = m_patternsOf.find(key);
        if (found != m_patternsOf.end() &&
            std::any_of(found->second.begin(), found->second.end(),
                        [this, tail](std::size_t index) { return isBeginning(index, tail); })) {
            return true;
        }
    }
    // Too short to tell: a few bytes wait.
    return tail.size() < kKeyBytes && std::any_of(
                                          m_patternsOf.begin(), m_patternsOf.end(),
                                          [&key](const auto& entry) {
                                              return entry.first.size() > key.size() &&
                                                     entry.first.substr(0, key.size()) == key;
                                          });
}

std::size_t LiveTails::liveFrom(std::string_view text, std::size_t from) const {
    std::size_t i = std::max(from, text.size() > kReach ? text.size() - kReach : 0);
    const std::size_t medicine = medicineFrom(text, i);
    for (; i < medicine; ++i) {
        // Inside of a word nothing begins.
        const bool isInside = isPart(text[i]) && i > 0 && isPart(text[i - 1]);
        if (!isInside && isAlive(text.substr(i))) {
            return i;
        }
    }
    return medicine;
}

} // namespace gatehouse::dlp
