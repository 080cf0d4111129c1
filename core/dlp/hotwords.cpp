// SPDX-License-Identifier: Apache-2.0
#include "dlp/hotwords.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/utf8.h"
#include "dlp/names/fold.h"

namespace gatehouse::dlp {
namespace {

constexpr bool isLower(char c) {
    return c >= 'a' && c <= 'z';
}
constexpr bool isAscii(char c) {
    return static_cast<unsigned char>(c) < 0x80;
}

// Capitals of the scripts that detectors' words are written in (Latin-1, Latin Extended-A, Greek, Cyrillic); Hyperscan
// without UTF-8 mode folds ASCII only.
char32_t capitalOf(char32_t c) {
    if ((c >= 0xE0 && c <= 0xFE && c != 0xF7) || (c >= 0x3B1 && c <= 0x3C9 && c != 0x3C2) ||
        (c >= 0x430 && c <= 0x44F)) {
        return c - 0x20;
    }
    if (c >= 0x450 && c <= 0x45F) {
        return c - 0x50;
    }
    const bool isOddCapital = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E);
    if (c >= 0x100 && c <= 0x17F) {
        return isOddCapital ? ((c % 2 == 0) ? c - 1 : c) : ((c % 2 == 1) ? c - 1 : c);
    }
    return c;
}

std::string withCapitals(std::string_view word, bool onlyFirst) {
    std::string out;
    for (std::size_t i = 0; i < word.size();) {
        const CodePoint point = decodeUtf8(word, i);
        const std::size_t size = std::max<std::size_t>(point.size, 1);
        if (point.size > 1 && (!onlyFirst || i == 0)) {
            appendUtf8(out, capitalOf(point.value));
        } else {
            out += word.substr(i, size);
        }
        i += size;
    }
    return out;
}

std::string escaped(std::string_view word) {
    std::string pattern;
    for (const char c : word) {
        pattern +=
            isLetter(c) || isDigit(c) ? std::string(1, c) : fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
    return pattern;
}

// How a word of context is written: with capitals that ASCII's folding does not know, without accents
// ("numero_fiscal"), and in names of fields, where a blank is '_', '-' or nothing ("tax_number", "taxNumber").
std::vector<std::string> formsOf(const std::string& word) {
    constexpr std::size_t kMinJoined = 5; // "id no" is not meant by "idno"
    constexpr std::size_t kMinBare = 5;   // nor "né" by "ne"
    std::vector<std::string> bare{word};
    if (const Folded folded(word); folded.text() != word && folded.text().size() >= kMinBare &&
                                   std::all_of(folded.text().begin(), folded.text().end(), isAscii)) {
        bare.emplace_back(folded.text());
    }
    std::vector<std::string> forms;
    for (const std::string& plain : bare) {
        forms.insert(forms.end(), {plain, withCapitals(plain, true), withCapitals(plain, false)});
        for (const char joint : {' ', '_', '-', '\0'}) {
            std::string joined;
            for (const char c : plain) {
                const bool isJoint = c == ' ' || c == '-';
                if (!isJoint) {
                    joined += c;
                } else if (joint != '\0') {
                    joined += joint;
                }
            }
            if (joint == '\0' && joined != plain && joined.size() < kMinJoined) {
                continue;
            }
            forms.insert(forms.end(), {joined, withCapitals(joined, true), withCapitals(joined, false)});
        }
    }
    std::sort(forms.begin(), forms.end());
    forms.erase(std::unique(forms.begin(), forms.end()), forms.end());
    return forms;
}

// Whether a word begins at `begin`: behind no letter, or at the hump of a camel ("customerCard").
bool startsWord(std::string_view text, std::size_t begin) {
    if (begin == 0 || !isLetter(text[begin - 1])) {
        return true;
    }
    return isUpper(text[begin]) && isLower(text[begin - 1]);
}

bool endsWord(std::string_view text, std::size_t end) {
    if (end >= text.size() || !isLetter(text[end])) {
        return true;
    }
    return isUpper(text[end]) && isLower(text[end - 1]);
}

} // namespace

Result<std::unique_ptr<Hotwords>> Hotwords::compile(const std::vector<std::string>& words) {
    std::unique_ptr<Hotwords> made(new Hotwords());
    std::vector<std::string> patterns;
    for (const std::string& word : words) {
        if (word.empty() || made->m_ids.contains(word)) {
            continue;
        }
        if (made->m_ids.size() >= UINT16_MAX) {
            return fail(ErrorKind::limit, "too many words of context");
        }
        const auto id = static_cast<WordId>(made->m_ids.size());
        made->m_ids.emplace(word, id);
        for (const std::string& form : formsOf(word)) {
            patterns.push_back(escaped(form));
            made->m_forms.push_back({id, static_cast<std::uint16_t>(form.size()), word.size() <= 3});
            made->m_longest = std::max(made->m_longest, form.size());
        }
    }
    if (!patterns.empty()) {
        GH_TRY(made->m_matcher, Matcher::compile(patterns, MatchMode::words));
    }
    return made;
}

Result<> Hotwords::fit(hs_scratch*& scratch) const {
    return m_matcher == nullptr ? Result<>() : m_matcher->fit(scratch);
}

void WordCache::reset(std::size_t textSize) {
    m_blocks.assign(textSize / kBlock + 1, Range{});
    m_hits.clear();
}

// The words that end behind the block's first byte, up to the next block's first.
Result<> Hotwords::readBlock(std::string_view text, std::size_t block, hs_scratch* scratch, WordCache& cache) const {
    const std::size_t first = block * WordCache::kBlock;
    const std::size_t begin = first > m_longest ? first - m_longest : 0;
    const std::size_t stop = std::min(text.size(), first + WordCache::kBlock);
    std::vector<std::uint32_t> unused;
    GH_CHECK(m_matcher->scan(text.substr(begin, stop - begin), scratch, unused, cache.m_raw));
    WordCache::Range& range = cache.m_blocks[block];
    range = {static_cast<std::uint32_t>(cache.m_hits.size()), 0, true};
    for (const Hit& hit : cache.m_raw) {
        const Form& form = m_forms[hit.pattern];
        const std::size_t end = begin + hit.span.end;
        if (end > first && startsWord(text, end - form.size) && (!form.standsAlone || endsWord(text, end))) {
            cache.m_hits.push_back({form.word, {end - form.size, end}});
        }
    }
    range.end = static_cast<std::uint32_t>(cache.m_hits.size());
    return {};
}

Result<> Hotwords::find(std::string_view text, Span window, hs_scratch* scratch, WordCache& cache,
                        std::vector<WordHit>& hits) const {
    hits.clear();
    if (m_matcher == nullptr || window.begin >= window.end) {
        return {};
    }
    for (std::size_t block = window.begin / WordCache::kBlock; block <= (window.end - 1) / WordCache::kBlock; ++block) {
        if (!cache.m_blocks[block].isKnown) {
            GH_CHECK(readBlock(text, block, scratch, cache));
        }
        const WordCache::Range& range = cache.m_blocks[block];
        for (std::size_t i = range.begin; i < range.end; ++i) {
            const WordHit& hit = cache.m_hits[i];
            if (hit.span.begin >= window.begin && hit.span.end <= window.end) {
                hits.push_back(hit);
            }
        }
    }
    return {};
}

} // namespace gatehouse::dlp
