// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/utf8.h"
#include "dlp/catalogue_engine.h"
#include "dlp/evidence.h"
#include "dlp/hidden_text.h"
#include "dlp/views.h"

namespace gatehouse::dlp {

struct CatalogueEngine::Pass {
    const Window& window;
    const Shadow& normalised;
    std::string_view shadow; // its text
    Scratch& scratch;
    std::vector<Scored>& out;
    Span content; // of the shadow, without what frames a lone value: spaces, quotes, punctuation
};

namespace {

constexpr bool isFrame(char c) {
    return !isWord(c) && static_cast<unsigned char>(c) < 0x80;
}

bool hasLetter(std::string_view text, Span span) {
    return std::any_of(text.begin() + static_cast<std::ptrdiff_t>(span.begin),
                       text.begin() + static_cast<std::ptrdiff_t>(span.end), isLetter);
}

// Letters, not all of them capitals, and a blank behind them: more often a word in front of a number than a part of it.
bool beginsWithWord(std::string_view written) {
    std::size_t letters = 0;
    bool hasLower = false;
    while (letters < written.size() && isLetter(written[letters])) {
        hasLower = hasLower || !isUpper(written[letters]);
        ++letters;
    }
    return letters > 1 && hasLower && letters < written.size() && written[letters] == ' ';
}

Span contentOf(std::string_view text) {
    std::size_t begin = 0;
    std::size_t end = text.size();
    while (begin < end && isFrame(text[begin])) {
        ++begin;
    }
    while (end > begin && isFrame(text[end - 1])) {
        --end;
    }
    return {begin, end};
}

} // namespace

double CatalogueEngine::thresholdOf(const Pass& pass, const Row& row) const {
    if (pass.window.isSelfTest) {
        return kMediumScore;
    }
    const double base = m_options.minimum == Level::high     ? kHighScore
                        : m_options.minimum == Level::medium ? kMediumScore
                                                             : -100.0;
    return base - m_options.sensitivity[static_cast<std::size_t>(row.info.findingClass)];
}

void CatalogueEngine::lookAround(Pass& pass, Span span) const {
    Scratch& scratch = pass.scratch;
    if (scratch.wordsAround.begin == span.begin && scratch.wordsAround.end == span.end) {
        return;
    }
    scratch.wordsAround = span;
    const std::size_t begin = span.begin > kContextBefore ? span.begin - kContextBefore : 0;
    const std::size_t end = std::min(pass.shadow.size(), span.end + kContextAfter);
    if (!m_words->find(pass.shadow, {begin, end}, scratch.hyperscan, scratch.wordCache, scratch.words)) {
        scratch.words.clear();
    }
}

void CatalogueEngine::weighContext(Pass& pass, const Row& row, const Candidate& candidate, Scored& scored) const {
    const Span span = candidate.span;
    lookAround(pass, span);
    ContextEvidence evidence = evidenceOf(pass.scratch.words, span, row.contextIds);
    // Words in front outweigh words behind: only a candidate without them can still gain.
    if (evidence.score <= 0) {
        scored.isOpen = !row.contextIds.empty() && !pass.window.isComplete &&
                        span.end + kContextAfter + 1 > pass.shadow.size() &&
                        scored.score + kContextRightBehind >= thresholdOf(pass, row);
    }
    if (evidence.score < kContextColumn) {
        const Span heading =
            row.contextIds.empty() ? Span{} : columnHeading(pass.shadow, span.begin, pass.scratch.headingMemo);
        if (heading.end > heading.begin &&
            m_words->find(pass.shadow, heading, pass.scratch.hyperscan, pass.scratch.wordCache, pass.scratch.heading)) {
            const auto isMine = [&row](const WordHit& hit) {
                return std::binary_search(row.contextIds.begin(), row.contextIds.end(), hit.word);
            };
            if (std::any_of(pass.scratch.heading.begin(), pass.scratch.heading.end(), isMine)) {
                evidence = {kContextColumn, "the heading of its column"};
            }
        }
    }
    if (evidence.score <= 0 && !row.shapes.empty() && hasWordInFront(pass.scratch.words, span, m_negativeWords)) {
        scored.score += kNegativeWord;
    }
    scored.score += evidence.score;
    scored.context = evidence.why;
}

void CatalogueEngine::judge(Pass& pass, std::size_t rowIndex, const Candidate& candidate, double extra) const {
    const Row& row = m_rows[rowIndex];
    Scored scored;
    scored.row = rowIndex;
    scored.score = row.score + candidate.strength + extra;
    scored.isValidated = candidate.isValidated;
    scored.why = candidate.why;
    const double threshold = thresholdOf(pass, row);
    bool isAlone = !row.shapes.empty() && pass.window.isStart && candidate.span.begin <= pass.content.begin &&
                   candidate.span.end >= pass.content.end;
    // One bare number in ten passes one check digit: only a stronger check makes it a finding by itself.
    isAlone = isAlone &&
              candidate.strength >= (hasLetter(pass.shadow, candidate.span) ? kStrongCheckOfLetters : kStrongCheck);
    const double possible = scored.score + kContextNear + (isAlone ? kStandsAlone : 0);
    if (possible < threshold) {
        return;
    }
    scored.span = pass.normalised.toOriginal(candidate.span);
    if (pass.window.view != nullptr && !isOfView(*pass.window.view, scored.span)) {
        return;
    }
    weighContext(pass, row, candidate, scored);
    if (isAlone) {
        scored.isOpen = scored.isOpen || (!pass.window.isComplete && scored.score + kStandsAlone >= threshold);
        scored.score += kStandsAlone;
    }
    const std::string_view value = pass.window.text.substr(scored.span.begin, scored.span.end - scored.span.begin);
    scored.isReportable =
        !(row.needsContext && scored.context.empty()) && scored.score >= threshold && !m_allowed->holds(value);
    pass.out.push_back(scored);
}

void CatalogueEngine::collectIds(Pass& pass) const {
    if (m_layouts.isEmpty()) {
        return;
    }
    const std::size_t from = pass.normalised.fromOriginal(pass.window.from);
    m_layouts.scan(pass.shadow.substr(from), [this, &pass, from](const IdMatch& match) {
        const Row& row = m_rows[match.row];
        Candidate candidate;
        candidate.span = {match.span.begin + from, match.span.end + from};
        if (row.check != nullptr) {
            const IdVerdict verdict = row.check(match.compact);
            if (!verdict.isValid) {
                return;
            }
            candidate.strength = verdict.strength;
            candidate.isValidated = verdict.strength > 0;
            candidate.why = verdict.why;
        }
        const std::string_view written =
            pass.shadow.substr(candidate.span.begin, candidate.span.end - candidate.span.begin);
        const double extra = (match.isFormatted ? kFormatted : 0) + (match.continues ? kContinues : 0) +
                             (beginsWithWord(written) ? kOrdinaryWord : 0);
        judge(pass, match.row, candidate, extra);
    });
}

void CatalogueEngine::collectNames(Pass& pass) const {
    if (!m_hasNames) {
        return;
    }
    const std::size_t from = pass.normalised.fromOriginal(pass.window.from);
    pass.scratch.names.clear();
    findNames(pass.shadow.substr(from), pass.scratch.names);
    for (const NameHit& hit : pass.scratch.names) {
        for (const std::size_t row : m_rowsOfName[static_cast<std::size_t>(hit.kind)]) {
            judge(pass, row, {{hit.span.begin + from, hit.span.end + from}, hit.score, false, hit.why}, 0);
        }
    }
}

void CatalogueEngine::collectData(Pass& pass) const {
    if (m_rowsOfData.empty()) {
        return;
    }
    constexpr std::size_t kMargin = RegisteredData::kMaxReach + RegisteredData::kMaxEntryBytes;
    const std::size_t from = pass.normalised.fromOriginal(pass.window.released);
    FoldedWords& words = pass.scratch.foldedWords;
    words.build(pass.shadow, utf8Boundary(pass.shadow, from > kMargin ? from - kMargin : 0));
    for (std::size_t i = 0; i < m_rowsOfData.size(); ++i) {
        const Row& row = m_rows[m_rowsOfData[i]];
        if (row.score < thresholdOf(pass, row)) {
            continue;
        }
        pass.scratch.dataHits.clear();
        m_options.data[i].data->find(words, from, pass.shadow.size(), pass.window.isComplete, pass.scratch.dataHits);
        for (const DataHit& hit : pass.scratch.dataHits) {
            Scored scored;
            scored.span = pass.normalised.toOriginal(hit.span);
            scored.row = m_rowsOfData[i];
            scored.score = row.score;
            scored.isValidated = true;
            scored.isOpen = hit.isOpen;
            scored.why = row.info.confirmedBy;
            scored.isReportable =
                hit.isReportable &&
                !m_allowed->holds(pass.window.text.substr(scored.span.begin, scored.span.end - scored.span.begin));
            pass.out.push_back(scored);
        }
    }
}

Result<> CatalogueEngine::collectHidden(Pass& pass, std::size_t depth, std::size_t& budget) const {
    if (!m_hasHidden || pass.shadow.data() == pass.window.text.data()) { // all of it is ASCII
        return {};
    }
    std::vector<HiddenRun> runs;
    findHiddenText(pass.window.text.substr(pass.window.from), runs);
    std::vector<Scored> inner;
    for (const HiddenRun& run : runs) {
        Scored scored;
        scored.span = {run.span.begin + pass.window.from, run.span.end + pass.window.from};
        for (const std::size_t row : m_rowsOfName[static_cast<std::size_t>(run.kind)]) {
            scored.row = row;
            scored.score = m_rows[row].score + run.score;
            scored.why = run.why;
            scored.isReportable = scored.score >= thresholdOf(pass, m_rows[row]);
            pass.out.push_back(scored);
        }
        if (run.decoded.empty() || depth >= Scratch::kMaxDepth || run.decoded.size() > budget) {
            continue;
        }
        budget -= run.decoded.size();
        Window window;
        window.text = run.decoded;
        window.isComplete = true;
        inner.clear();
        GH_CHECK(collectLevel(window, depth + 1, budget, pass.scratch, inner));
        for (Scored& found : inner) {
            found.span = scored.span;
            found.hidden = "written in invisible characters";
            pass.out.push_back(found);
        }
    }
    return {};
}

Result<> CatalogueEngine::collectPatterns(Pass& pass) const {
    Scratch& scratch = pass.scratch;
    const std::size_t from = pass.normalised.fromOriginal(pass.window.from);
    const std::string_view searched = pass.shadow.substr(from);
    const auto take = [this, &pass, &scratch, from](std::size_t row, Span hit) {
        scratch.candidates.clear();
        m_rows[row].validator(pass.shadow, {hit.begin + from, hit.end + from}, scratch.candidates);
        for (const Candidate& candidate : scratch.candidates) {
            judge(pass, row, candidate, 0);
        }
    };
    const auto takeAtoms = [this, &scratch, &take](std::size_t offset) {
        for (const Hit& hit : scratch.hits) {
            for (const std::size_t row : m_rowsOfAtom[hit.pattern + offset]) {
                take(row, hit.span);
            }
        }
    };
    scratch.hits.clear();
    scratch.zones.clear();
    findAtoms(searched, scratch.hits, scratch.zones);
    if (scratch.hits.size() > Matcher::maxHits(searched.size())) {
        return fail(ErrorKind::limit, "too many candidates in one text");
    }
    takeAtoms(0);
    if (m_dates != nullptr && !scratch.zones.empty()) {
        GH_CHECK(m_dates->scanParts(searched, scratch.zones, scratch.hyperscan, scratch.last, scratch.hits));
        takeAtoms(static_cast<std::size_t>(AtomKind::date));
    }
    if (m_anchored != nullptr && !pass.window.isSelfTest) {
        GH_CHECK(m_anchored->scan(searched, scratch.zones, scratch.hyperscan, scratch.anchored, scratch.hits));
        for (const Hit& hit : scratch.hits) {
            take(m_rowOfPattern[hit.pattern], hit.span);
        }
    }
    return {};
}

// A number that was broken over lines is one only when no further numbers go on before or behind it: columns of numbers
// are no wrapped text.
bool CatalogueEngine::isColumn(std::string_view text, Span span) {
    const auto isGap = [](char c) { return c == ' ' || c == '\n' || c == '\r'; };
    std::size_t left = span.begin;
    while (left > 0 && isGap(text[left - 1])) {
        --left;
    }
    std::size_t right = span.end;
    while (right < text.size() && isGap(text[right])) {
        ++right;
    }
    return (left > 0 && isDigit(text[left - 1])) || (right < text.size() && isDigit(text[right]));
}

// Whether a view may report what stands at `span` of it; what it may not was found without it.
bool CatalogueEngine::isOfView(const View& view, Span span) {
    return view.isOwed(span) && !(view.mayBeColumn() && isColumn(view.text, span));
}

Result<> CatalogueEngine::collectViews(Pass& pass, std::size_t depth, std::size_t& budget) const {
    std::vector<View> views;
    View outer; // the escapes that this text owes itself to, where they stand in its shadow
    if (pass.window.view != nullptr) {
        outer.offsets = {0};
        outer.offsets.resize(pass.window.view->offsets.empty() ? 0 : 1);
        for (const std::uint32_t place : pass.window.view->decoded) {
            outer.decoded.push_back(static_cast<std::uint32_t>(pass.normalised.fromOriginal(place)));
        }
    }
    if (!findViews(pass.shadow, pass.normalised.fromOriginal(pass.window.from),
                   pass.window.view == nullptr ? nullptr : &outer, budget, views)) {
        return fail(ErrorKind::limit, "what is encoded in the text is too large");
    }
    std::vector<Scored> inner;
    for (const View& view : views) {
        Window window;
        window.text = view.text;
        window.view = &view;
        window.isStart = view.offsets.empty() || (pass.window.isStart && view.source.begin == 0);
        window.isComplete = pass.window.isComplete || view.source.end + 1 < pass.shadow.size();
        inner.clear();
        GH_CHECK(collectLevel(window, depth + 1, budget, pass.scratch, inner));
        for (Scored& scored : inner) {
            if (!isOfView(view, scored.span)) {
                continue;
            }
            scored.span = pass.normalised.toOriginal(view.toSource(scored.span));
            scored.hidden = encodingReason(view.encoding);
            pass.out.push_back(scored);
        }
    }
    return {};
}

Result<> CatalogueEngine::collectLevel(const Window& window, std::size_t depth, std::size_t& budget, Scratch& scratch,
                                       std::vector<Scored>& out) const {
    Shadow& normalised = scratch.shadows[depth];
    normalised.build(window.text);
    scratch.wordsAround = {};
    scratch.headingMemo = {};
    scratch.wordCache.reset(normalised.text().size());
    Pass pass{window, normalised, normalised.text(), scratch, out, contentOf(normalised.text())};
    if (normalised.text().empty()) {
        return collectHidden(pass, depth, budget);
    }
    GH_CHECK(collectPatterns(pass));
    collectIds(pass);
    collectNames(pass);
    collectData(pass);
    if (depth < Scratch::kMaxDepth) {
        GH_CHECK(collectViews(pass, depth, budget));
    }
    return collectHidden(pass, depth, budget);
}

Result<std::vector<Scored>> CatalogueEngine::collect(const Window& window, Scratch& scratch) const {
    if (!scratch.isUsable) {
        return fail(ErrorKind::internal, "a scan without scratch space");
    }
    std::vector<Scored> scored;
    std::size_t budget = decodingBudget(window.text.size());
    GH_CHECK(collectLevel(window, 0, budget, scratch, scored));
    std::sort(scored.begin(), scored.end(), [](const Scored& a, const Scored& b) {
        return a.span.begin != b.span.begin ? a.span.begin < b.span.begin : a.span.end > b.span.end;
    });
    return scored;
}

} // namespace gatehouse::dlp
