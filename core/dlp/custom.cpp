// SPDX-License-Identifier: Apache-2.0
#include "dlp/custom.h"

#include <algorithm>

#include <fmt/format.h>
#include <re2/re2.h>

#include "dlp/anchored.h"
#include "dlp/registered_data.h"
#include "dlp/scratch.h"

namespace gatehouse::dlp {
namespace {

constexpr double kCustomWordScore = 4.0;
constexpr double kDataScore = 5.0;          // nothing else is as sure of what it has found
constexpr double kCustomPatternScore = 1.5; // medium by itself, high with a word of context
constexpr std::size_t kMaxPattern = 1024;
constexpr std::size_t kMaxDatabase = 512UL * 1024UL; // the whole catalogue is a few of these
constexpr std::size_t kMaxHitsInSample = 24;

// Ordinary text in which a useful pattern finds next to nothing.
constexpr std::string_view kSample =
    "The meeting was moved to Tuesday because three of us travel. Please send the notes, and keep them short: last "
    "time it took 45 minutes to read them. for (int i = 0; i < 10; ++i) { total += values[i]; } // see README.md and "
    "https://example.com/a/b?c=1. In 2024 we shipped version 1.12.0 to 300 users; \"thank you\", they said. A list: "
    "one, two, three (and four). {\"name\": \"value\", \"count\": 3, \"ok\": true}";

// A whole word: what stands beside it is no letter or digit.
bool standsFree(std::string_view text, Span hit) {
    const bool startsWithWord = isWord(text[hit.begin]);
    const bool endsWithWord = isWord(text[hit.end - 1]);
    return !(startsWithWord && isWord(before(text, hit.begin))) && !(endsWithWord && isWord(at(text, hit.end)));
}

void validateWord(std::string_view text, Span hit, std::vector<Candidate>& out) {
    if (standsFree(text, hit)) {
        out.push_back({hit, 0, true, "a word of the policy's list"});
    }
}

void validatePattern(std::string_view text, Span hit, std::vector<Candidate>& out) {
    if (standsFree(text, hit)) {
        out.push_back({hit, 0, true, "a pattern of the policy"});
    }
}

std::string literalPattern(std::string_view word, bool isCaseSensitive) {
    std::string pattern = isCaseSensitive ? "" : "(?i)";
    for (const char c : word) {
        if (isDigit(c) || isLetter(c)) {
            pattern += c;
        } else {
            pattern += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        }
    }
    return pattern;
}

std::string expressionOf(const CustomPattern& pattern) {
    return (pattern.isCaseSensitive ? "" : "(?i)") + pattern.pattern;
}

void addWords(const CustomWords& list, std::vector<Row>& rows) {
    for (const std::string& word : list.words) {
        Shadow shadow;
        shadow.build(word);
        if (shadow.text().empty()) {
            continue;
        }
        Row row;
        row.info = {"custom.policy." + list.id,    list.id, list.findingClass, "any",
                    "a word of the policy's list", "TERM"};
        row.pattern = literalPattern(shadow.text(), list.isCaseSensitive);
        row.literalLength = shadow.text().size();
        row.validator = &validateWord;
        row.score = kCustomWordScore;
        rows.push_back(std::move(row));
    }
}

Row rowOf(const CustomPattern& pattern) {
    Row row;
    row.info = {"custom.policy." + pattern.id, pattern.id, pattern.findingClass, "any",
                "a pattern of the policy",     "TERM"};
    row.pattern = expressionOf(pattern);
    row.validator = &validatePattern;
    row.score = kCustomPatternScore;
    row.context = pattern.context;
    row.needsContext = pattern.needsContext;
    return row;
}

Row rowOf(const DataSet& set) {
    Row row;
    const DataKind kind = set.data->kind();
    row.info = {"custom.policy." + set.id,
                set.id,
                set.findingClass,
                "any",
                kind == DataKind::dictionary ? "a word of a registered dictionary"
                : kind == DataKind::table    ? "values of one registered row near each other"
                                             : "a passage of a registered document",
                kind == DataKind::dictionary ? "TERM"
                : kind == DataKind::table    ? "RECORD"
                                             : "PASSAGE"};
    row.score = kDataScore;
    return row;
}

} // namespace

void addCustomRows(const EngineOptions& options, std::vector<Row>& rows) {
    for (const CustomWords& list : options.words) {
        addWords(list, rows);
    }
    for (const CustomPattern& pattern : options.patterns) {
        rows.push_back(rowOf(pattern));
    }
    for (const DataSet& set : options.data) {
        rows.push_back(rowOf(set));
    }
}

Result<> checkPattern(const CustomPattern& pattern) {
    const auto wrong = [&pattern](std::string_view why) {
        return fail(ErrorKind::invalidInput, fmt::format("pattern '{}' {}", pattern.id, why));
    };
    if (pattern.pattern.empty() || pattern.pattern.size() > kMaxPattern) {
        return wrong("is empty or longer than 1024 bytes");
    }
    re2::RE2::Options options(re2::RE2::Latin1);
    options.set_log_errors(false);
    const re2::RE2 expression(expressionOf(pattern), options);
    if (!expression.ok()) {
        return wrong("cannot be used: " + expression.error());
    }
    if (re2::RE2::FullMatch("", expression)) {
        return wrong("matches the empty text");
    }
    const auto compiled = AnchoredPatterns::compile({{expressionOf(pattern), 0}});
    if (!compiled) {
        return wrong("cannot be used: " + compiled.error().what);
    }
    if ((*compiled)->databaseSize() > kMaxDatabase) {
        return wrong("is too large: bound its repeats");
    }
    AnchoredPatterns::Buffers buffers;
    std::vector<Hit> hits;
    const Span whole{0, kSample.size()};
    Scratch scratch;
    GH_CHECK((*compiled)->fit(scratch.hyperscan));
    GH_CHECK((*compiled)->scan(kSample, {&whole, 1}, scratch.hyperscan, buffers, hits));
    if (hits.size() > kMaxHitsInSample) {
        return wrong("matches ordinary text everywhere: give it a fixed beginning or a longer shape");
    }
    return {};
}

} // namespace gatehouse::dlp
