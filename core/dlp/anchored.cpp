// SPDX-License-Identifier: Apache-2.0
#include "dlp/anchored.h"

#include <algorithm>

#include <fmt/format.h>
#include <re2/re2.h>

#include "dlp/atoms.h"

namespace gatehouse::dlp {

struct AnchoredPatterns::Confirmer {
    std::size_t lookBack = kMaxLookBack;
    std::once_flag once;
    std::unique_ptr<re2::RE2> expression;
};

namespace {

// RE2 looks for what all matches begin with before anything else, and takes those bytes for code points that it writes
// in UTF-8 even where the text is Latin-1: "(?:סודי|לשימוש)" would match nothing. A branch that can match nowhere,
// since nothing follows the end, leaves it without such a beginning.
std::string withoutCommonPrefix(const std::string& expression) {
    const bool isAscii =
        std::all_of(expression.begin(), expression.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    const bool hasEscapes = expression.find("\\x") != std::string::npos;
    return isAscii && !hasEscapes ? expression : fmt::format("(?:{})|\\z\\x00", expression);
}

Result<> checkConfirmer(const std::string& expression, std::size_t index) {
    re2::RE2::Options options(re2::RE2::Latin1);
    options.set_log_errors(false);
    const re2::RE2 made(withoutCommonPrefix(expression), options);
    if (!made.ok()) {
        return fail(ErrorKind::invalidInput, fmt::format("pattern {} cannot be confirmed: {}", index, made.error()));
    }
    return {};
}

// Whether every match begins with a digit and is short: "[0-9]" in front, no other branch beside it.
bool isNearDigits(std::string_view expression) {
    constexpr std::string_view kFold = "(?i)";
    constexpr std::string_view kDigit = "[0-9]";
    std::string_view rest = expression;
    rest.remove_prefix(rest.starts_with(kFold) ? kFold.size() : 0);
    if (!rest.starts_with(kDigit) || rest.size() == kDigit.size()) {
        return false;
    }
    const char behind = rest[kDigit.size()];
    if (behind == '?' || behind == '*' || rest.substr(kDigit.size()).starts_with("{0")) {
        return false;
    }
    int depth = 0;
    bool isInClass = false;
    for (std::size_t i = 0; i < rest.size(); ++i) {
        const char c = rest[i];
        if (c == '\\') {
            ++i;
        } else if (isInClass || c == '[') {
            isInClass = c != ']';
        } else if (c == '|' && depth == 0) {
            return false;
        } else {
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        }
    }
    return Matcher::maxWidth(std::string(expression)) < kZoneMargin;
}

} // namespace

AnchoredPatterns::AnchoredPatterns() = default;
AnchoredPatterns::~AnchoredPatterns() = default;

Result<> AnchoredPatterns::compilePart(Part& part) const {
    if (part.patterns.empty()) {
        return {};
    }
    std::vector<std::string> expressions;
    for (const std::uint32_t index : part.patterns) {
        expressions.push_back(m_patterns[index].expression);
    }
    const auto accept = [this, &part]() -> Result<> {
        for (const std::uint32_t index : part.patterns) {
            if (m_patterns[index].literalLength == 0) {
                GH_CHECK(checkConfirmer(m_patterns[index].expression, index));
            }
        }
        return {};
    };
    GH_TRY(part.matcher, Matcher::compile(expressions, MatchMode::ends, accept));
    return {};
}

Result<std::unique_ptr<AnchoredPatterns>> AnchoredPatterns::compile(std::vector<Pattern> patterns) {
    std::unique_ptr<AnchoredPatterns> made(new AnchoredPatterns());
    for (std::size_t i = 0; i < patterns.size(); ++i) {
        Part& part = isNearDigits(patterns[i].expression) ? made->m_nearDigits : made->m_anywhere;
        part.patterns.push_back(static_cast<std::uint32_t>(i));
        made->m_confirmers.push_back(std::make_unique<Confirmer>());
    }
    made->m_patterns = std::move(patterns);
    GH_CHECK(made->compilePart(made->m_anywhere));
    GH_CHECK(made->compilePart(made->m_nearDigits));
    return made;
}

Result<> AnchoredPatterns::fit(hs_scratch*& scratch) const {
    for (const Part* const part : {&m_anywhere, &m_nearDigits}) {
        if (part->matcher != nullptr) {
            GH_CHECK(part->matcher->fit(scratch));
        }
    }
    return {};
}

std::size_t AnchoredPatterns::databaseSize() const {
    std::size_t size = 0;
    for (const Part* const part : {&m_anywhere, &m_nearDigits}) {
        size += part->matcher == nullptr ? 0 : part->matcher->databaseSize();
    }
    return size;
}

const re2::RE2* AnchoredPatterns::confirmer(std::size_t pattern) const {
    Confirmer& own = *m_confirmers[pattern];
    // Hundreds of patterns, of which a person's texts meet a few: each is built when it is needed.
    std::call_once(own.once, [&own, &expression = m_patterns[pattern].expression] {
        re2::RE2::Options options(re2::RE2::Latin1);
        options.set_log_errors(false);
        options.set_max_mem(2 << 20);
        own.lookBack = std::min(Matcher::maxWidth(expression), kMaxLookBack);
        own.expression = std::make_unique<re2::RE2>(withoutCommonPrefix(expression), options);
    });
    return own.expression->ok() ? own.expression.get() : nullptr;
}

void AnchoredPatterns::confirm(std::string_view text, const Hit& ends, std::size_t& cursor,
                               std::vector<Hit>& hits) const {
    const re2::RE2* const expression = confirmer(ends.pattern);
    const std::size_t firstEnd = ends.span.begin;
    if (expression == nullptr) {
        hits.push_back({ends.pattern, {firstEnd > 1 ? firstEnd - 1 : 0, ends.span.end}});
        return;
    }
    const std::size_t lookBack = m_confirmers[ends.pattern]->lookBack;
    cursor = std::max(cursor, firstEnd > lookBack ? firstEnd - lookBack : 0);
    re2::StringPiece match;
    const re2::StringPiece subject(text.data(), text.size());
    while (cursor < ends.span.end &&
           expression->Match(subject, cursor, ends.span.end, re2::RE2::UNANCHORED, &match, 1) && !match.empty()) {
        const auto begin = static_cast<std::size_t>(match.data() - text.data());
        cursor = begin + match.size();
        hits.push_back({ends.pattern, {begin, cursor}});
    }
}

Result<> AnchoredPatterns::findEnds(std::string_view text, std::span<const Span> zones, hs_scratch* scratch,
                                    Buffers& buffers) const {
    buffers.ends.clear();
    const auto add = [&buffers](const Part& part, const std::vector<Hit>& hits) {
        for (const Hit& hit : hits) {
            buffers.ends.push_back({part.patterns[hit.pattern], hit.span});
        }
    };
    if (m_anywhere.matcher != nullptr) {
        GH_CHECK(m_anywhere.matcher->scan(text, scratch, buffers.last, buffers.more));
        add(m_anywhere, buffers.more);
    }
    if (m_nearDigits.matcher != nullptr && !zones.empty()) {
        GH_CHECK(m_nearDigits.matcher->scanParts(text, zones, scratch, buffers.last, buffers.more));
        add(m_nearDigits, buffers.more);
    }
    return {};
}

Result<> AnchoredPatterns::scan(std::string_view text, std::span<const Span> zones, hs_scratch* scratch,
                                Buffers& buffers, std::vector<Hit>& hits) const {
    hits.clear();
    GH_CHECK(findEnds(text, zones, scratch, buffers));
    if (buffers.ends.empty()) {
        return {};
    }
    std::vector<std::uint32_t>& known = buffers.last; // up to where each pattern's matches are known
    known.assign(m_patterns.size(), 0);
    for (const Hit& hit : buffers.ends) {
        const std::size_t literal = m_patterns[hit.pattern].literalLength;
        if (literal != 0) {
            for (std::size_t end = hit.span.begin; end <= hit.span.end; end += std::max<std::size_t>(1, literal)) {
                hits.push_back({hit.pattern, {end - literal, end}});
            }
            continue;
        }
        std::size_t cursor = known[hit.pattern];
        confirm(text, hit, cursor, hits);
        known[hit.pattern] = static_cast<std::uint32_t>(cursor);
    }
    return {};
}

} // namespace gatehouse::dlp
