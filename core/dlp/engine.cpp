// SPDX-License-Identifier: Apache-2.0
#include "dlp/engine.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/utf8.h"
#include "dlp/catalogue_engine.h"
#include "dlp/custom.h"
#include "dlp/evidence.h"
#include "dlp/protocol_words.h"
#include "dlp/second_opinion.h"

namespace gatehouse::dlp {
namespace {

bool isListed(const std::vector<std::string>& rules, std::string_view id) {
    return std::any_of(rules.begin(), rules.end(), [id](std::string_view rule) {
        if (rule == "*") {
            return true;
        }
        const bool isPrefix = rule.size() >= 2 && rule.substr(rule.size() - 2) == ".*";
        return isPrefix ? id.substr(0, rule.size() - 1) == rule.substr(0, rule.size() - 1) : id == rule;
    });
}

} // namespace

CatalogueEngine::CatalogueEngine(std::vector<Row> rows, EngineOptions options)
    : m_rows(std::move(rows))
    , m_options(std::move(options)) {
    std::erase_if(m_rows, [this](const Row& row) {
        return isListed(m_options.disabled, row.info.id) ||
               (row.isOptional && !isListed(m_options.enabled, row.info.id));
    });
    addCustomRows(m_options, m_rows);
    for (std::size_t i = 0; i < m_options.data.size(); ++i) {
        m_rowsOfData.push_back(m_rows.size() - m_options.data.size() + i);
    }
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (m_rowOf.emplace(m_rows[i].info.id, i).second) {
            m_catalogue.push_back(m_rows[i].info);
        }
    }
}

Result<> CatalogueEngine::prepareAtoms() {
    static_assert(static_cast<std::size_t>(AtomKind::icd10) + 1 == kAtomCount);
    for (std::size_t atom = 0; atom < kAtomCount; ++atom) {
        for (std::size_t i = 0; i < m_rows.size(); ++i) {
            if (m_rows[i].atom == atoms()[atom].name) {
                m_rowsOfAtom[atom].push_back(i);
            }
        }
    }
    constexpr auto kDate = static_cast<std::size_t>(AtomKind::date);
    if (!m_rowsOfAtom[kDate].empty()) {
        GH_TRY(m_dates, Matcher::compile({std::string(atoms()[kDate].pattern)}, MatchMode::spans));
    }
    return {};
}

Result<> CatalogueEngine::prepareAnchored() {
    std::vector<AnchoredPatterns::Pattern> patterns;
    std::vector<std::string> phrases;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (!m_rows[i].pattern.empty()) {
            patterns.push_back({m_rows[i].pattern, m_rows[i].literalLength});
            m_rowOfPattern.push_back(i);
            if (m_rows[i].literalLength == 0) {
                phrases.push_back(m_rows[i].pattern);
            }
        }
    }
    m_tails = std::make_unique<LiveTails>(phrases);
    if (!patterns.empty()) {
        GH_TRY(m_anchored, AnchoredPatterns::compile(std::move(patterns)));
    }
    return {};
}

Result<> CatalogueEngine::prepareWords() {
    std::vector<std::string> words(negativeWords().begin(), negativeWords().end());
    for (const Row& row : m_rows) {
        words.insert(words.end(), row.context.begin(), row.context.end());
    }
    GH_TRY(m_words, Hotwords::compile(words));
    const auto idsOf = [this](const auto& list) {
        std::vector<WordId> ids;
        for (const auto& word : list) {
            ids.push_back(m_words->idOf(std::string(word)));
        }
        std::sort(ids.begin(), ids.end());
        return ids;
    };
    for (Row& row : m_rows) {
        std::erase(row.context, std::string());
        row.contextIds = idsOf(row.context);
    }
    m_negativeWords = idsOf(negativeWords());
    return {};
}

Result<> CatalogueEngine::prepare() {
    if (m_rows.empty()) {
        return fail(ErrorKind::invalidInput, "no detector is enabled");
    }
    for (const CustomPattern& pattern : m_options.patterns) {
        GH_CHECK(checkPattern(pattern));
    }
    GH_TRY(m_allowed, AllowList::compile(m_options));
    GH_CHECK(prepareAtoms());
    GH_CHECK(prepareAnchored());
    GH_CHECK(prepareWords());
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (const auto kind = m_rows[i].finder) {
            m_rowsOfName[static_cast<std::size_t>(*kind)].push_back(i);
            (*kind < NameKind::hiddenText ? m_hasNames : m_hasHidden) = true;
        }
        for (const std::string& shape : m_rows[i].shapes) {
            GH_CHECK(m_layouts.add(shape, i));
        }
    }
    return {};
}

// A pattern is tried against Hyperscan's database alone: RE2 has no databases that could be damaged or compiled
// wrongly, and building hundreds of its programs would make every start slow. The tests try each example in full.
Result<bool> CatalogueEngine::meets(std::size_t index, const std::string& example, Scratch& scratch) const {
    const std::string& id = m_rows[index].info.id;
    if (!m_rows[index].pattern.empty()) {
        Shadow& shadow = scratch.shadows[0];
        shadow.build(example);
        const Span whole{0, shadow.text().size()};
        GH_CHECK(m_anchored->findEnds(shadow.text(), {&whole, 1}, scratch.hyperscan, scratch.anchored));
        return std::any_of(scratch.anchored.ends.begin(), scratch.anchored.ends.end(),
                           [this, &id](const Hit& hit) { return m_rows[m_rowOfPattern[hit.pattern]].info.id == id; });
    }
    Window window;
    window.text = example;
    window.isSelfTest = true;
    GH_TRY(const std::vector<Scored> scored, collect(window, scratch));
    return std::any_of(scored.begin(), scored.end(), [this, &id](const Scored& found) {
        return m_rows[found.row].info.id == id && found.score >= kMediumScore;
    });
}

Result<> CatalogueEngine::selfTest() const {
    const ScratchPtr scratch = makeScratch();
    if (!scratch->isUsable) {
        return fail(ErrorKind::internal, "a scan without scratch space");
    }
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        for (const std::string& example : m_rows[i].examples) {
            GH_TRY(const bool isMet, meets(i, example, *scratch));
            if (!isMet) {
                return fail(ErrorKind::corrupt,
                            fmt::format("detector {} misses one of its own examples", m_rows[i].info.id));
            }
        }
    }
    return {};
}

ScratchPtr CatalogueEngine::makeScratch() const {
    if (Scratch* const idle = m_pool->take()) {
        return ScratchPtr(idle);
    }
    ScratchPtr scratch(new Scratch());
    scratch->home = m_pool;
    bool fits = m_dates == nullptr || m_dates->fit(scratch->hyperscan).has_value();
    fits = fits && (m_anchored == nullptr || m_anchored->fit(scratch->hyperscan).has_value());
    fits = fits && m_words->fit(scratch->hyperscan).has_value();
    scratch->isUsable = fits; // else each scan fails, which callers treat as "unreadable"
    return scratch;
}

void CatalogueEngine::learnQuietWords() {
    const ScratchPtr scratch = makeScratch();
    std::unordered_set<std::string_view> quiet;
    for (const std::string_view word : kProtocolWords) {
        if (const auto found = scan(word, *scratch); found && found->empty()) {
            quiet.insert(word);
        }
    }
    m_quietWords = std::move(quiet);
}

Result<std::vector<Finding>> CatalogueEngine::scan(std::string_view text, Scratch& scratch) const {
    if (isQuiet(text)) {
        return std::vector<Finding>();
    }
    GH_TRY(const std::vector<Scored> scored, collect(Window{text}, scratch));
    std::vector<Finding> findings;
    resolve(scored, findings);
    return findings;
}

std::size_t CatalogueEngine::unfinishedData(std::string_view text, std::size_t from) const {
    std::size_t live = 0;
    for (const DataSet& set : m_options.data) {
        live = std::max(live, set.data->liveWords());
    }
    if (live == 0) {
        return text.size();
    }
    constexpr std::size_t kFarthest = 16UL * 1024UL;
    const std::size_t start = utf8Boundary(text, std::max(from, text.size() > kFarthest ? text.size() - kFarthest : 0));
    Shadow shadow; // as the words are looked for, without what is invisible
    shadow.build(text.substr(start));
    FoldedWords words;
    words.build(shadow.text());
    return words.size() <= live ? from : start + shadow.toOriginal(words.span(words.size() - live)).begin;
}

bool CatalogueEngine::confirms(std::string_view detector, std::string_view value) const {
    std::string compact;
    for (const char c : value) {
        if (isDigit(c) || isLetter(c)) {
            compact += c >= 'a' && c <= 'z' ? static_cast<char>(c & ~0x20) : c;
        }
    }
    const auto first = m_rowOf.find(std::string(detector));
    std::vector<Candidate> found;
    // The rows of a detector stand together.
    for (std::size_t i = first == m_rowOf.end() ? m_rows.size() : first->second;
         i < m_rows.size() && m_rows[i].info.id == detector; ++i) {
        if (m_rows[i].check != nullptr) {
            const IdVerdict verdict = m_rows[i].check(compact);
            if (verdict.isValid && verdict.strength > 0) {
                return true;
            }
        } else if (m_rows[i].validator != nullptr) {
            m_rows[i].validator(value, {0, value.size()}, found);
        }
    }
    return std::any_of(found.begin(), found.end(), [](const Candidate& candidate) { return candidate.isValidated; });
}

DetectorInfo CatalogueEngine::detector(std::string_view id) const {
    const auto found = m_rowOf.find(std::string(id));
    if (found != m_rowOf.end()) {
        return m_rows[found->second].info;
    }
    if (auto opinion = opinionDetector(id)) {
        return std::move(*opinion);
    }
    return {std::string(id), std::string(id), FindingClass::custom, "any", "", "VALUE"};
}

Result<std::shared_ptr<const Engine>> Engine::compile(const EngineOptions& options) {
    GH_TRY(std::vector<Row> rows, builtInCatalogue());
    auto engine = std::make_shared<CatalogueEngine>(std::move(rows), options);
    GH_CHECK(engine->prepare());
    GH_CHECK(engine->selfTest());
    engine->learnQuietWords();
    return std::shared_ptr<const Engine>(std::move(engine));
}

} // namespace gatehouse::dlp
