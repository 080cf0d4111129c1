// SPDX-License-Identifier: Apache-2.0
#include "dlp/anchored.h"

#include <algorithm>

#include <fmt/format.h>
#include <re2/re2.h>

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

} // namespace

AnchoredPatterns::AnchoredPatterns() = default;
AnchoredPatterns::~AnchoredPatterns() = default;

Result<std::unique_ptr<AnchoredPatterns>> AnchoredPatterns::compile(std::vector<Pattern> patterns) {
    std::unique_ptr<AnchoredPatterns> made(new AnchoredPatterns());
    std::vector<std::string> expressions;
    for (const Pattern& pattern : patterns) {
        expressions.push_back(pattern.expression);
        made->m_confirmers.push_back(std::make_unique<Confirmer>());
    }
    made->m_patterns = std::move(patterns);
    GH_TRY(made->m_matcher, Matcher::compile(expressions, MatchMode::ends));
    return made;
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

Result<> AnchoredPatterns::scan(std::string_view text, hs_scratch* scratch, std::vector<std::uint32_t>& last,
                                std::vector<Hit>& ends, std::vector<Hit>& hits) const {
    hits.clear();
    GH_CHECK(m_matcher->scan(text, scratch, last, ends));
    if (ends.empty()) {
        return {};
    }
    last.assign(m_patterns.size(), 0); // now: up to where each pattern's matches are known
    for (const Hit& hit : ends) {
        const std::size_t literal = m_patterns[hit.pattern].literalLength;
        if (literal != 0) {
            for (std::size_t end = hit.span.begin; end <= hit.span.end; end += std::max<std::size_t>(1, literal)) {
                hits.push_back({hit.pattern, {end - literal, end}});
            }
            continue;
        }
        std::size_t cursor = last[hit.pattern];
        confirm(text, hit, cursor, hits);
        last[hit.pattern] = static_cast<std::uint32_t>(cursor);
    }
    return {};
}

} // namespace gatehouse::dlp
