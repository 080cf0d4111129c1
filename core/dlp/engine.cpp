// SPDX-License-Identifier: Apache-2.0
#include "dlp/engine.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <hs/hs.h>

#include "dlp/catalogue_engine.h"
#include "dlp/context.h"

namespace gatehouse::dlp {
namespace {

constexpr double kMedium = 0.6;
constexpr double kHigh = 0.9;
constexpr double kCustomWordScore = 4.0;

double confidenceOf(double score) {
    return std::round(1000.0 / (1.0 + std::exp(-score))) / 1000.0;
}

Level levelOf(double confidence) {
    return confidence >= kHigh ? Level::high : confidence >= kMedium ? Level::medium : Level::low;
}

bool isDisabled(const EngineOptions& options, std::string_view id) {
    return std::any_of(options.disabled.begin(), options.disabled.end(), [id](std::string_view rule) {
        const bool isPrefix = rule.size() >= 2 && rule.substr(rule.size() - 2) == ".*";
        return isPrefix ? id.substr(0, rule.size() - 1) == rule.substr(0, rule.size() - 1) : id == rule;
    });
}

// A whole word: what stands beside it is no letter or digit.
void validateWord(std::string_view text, Span hit, std::vector<Candidate>& out) {
    const bool startsWithWord = isWord(text[hit.begin]);
    const bool endsWithWord = isWord(text[hit.end - 1]);
    if ((startsWithWord && isWord(before(text, hit.begin))) || (endsWithWord && isWord(at(text, hit.end)))) {
        return;
    }
    out.push_back({hit, 0, true, "a word of the policy's list"});
}

std::string literalPattern(std::string_view word, bool isCaseSensitive) {
    Shadow shadow;
    shadow.build(word);
    std::string pattern = isCaseSensitive ? "" : "(?i)";
    for (const char c : shadow.text()) {
        if (isDigit(c) || isLetter(c)) {
            pattern += c;
        } else {
            pattern += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        }
    }
    return pattern;
}

void addWords(const EngineOptions& options, std::vector<Row>& rows) {
    for (const CustomWords& list : options.words) {
        for (const std::string& word : list.words) {
            if (word.empty()) {
                continue;
            }
            Row row;
            row.info = {"custom.policy." + list.id,    list.id, list.findingClass, "any",
                        "a word of the policy's list", "TERM"};
            row.pattern = literalPattern(word, list.isCaseSensitive);
            row.validator = &validateWord;
            row.score = kCustomWordScore;
            rows.push_back(std::move(row));
        }
    }
}

} // namespace

Scratch::~Scratch() {
    hs_free_scratch(hyperscan);
}

Scratch* ScratchPool::take() {
    const std::scoped_lock lock(m_mutex);
    if (m_idle.empty()) {
        return nullptr;
    }
    Scratch* const scratch = m_idle.back().release();
    m_idle.pop_back();
    return scratch;
}

void ScratchPool::giveBack(Scratch* scratch) {
    std::unique_ptr<Scratch> owned(scratch);
    const std::scoped_lock lock(m_mutex);
    if (m_idle.size() < kMaxIdle) {
        m_idle.push_back(std::move(owned));
    }
}

void ScratchDeleter::operator()(Scratch* scratch) const {
    if (const auto pool = scratch->home.lock()) {
        scratch->shadow = Shadow(); // no text stays behind
        pool->giveBack(scratch);
    } else {
        delete scratch;
    }
}

CatalogueEngine::CatalogueEngine(std::vector<Row> rows, EngineOptions options)
    : m_rows(std::move(rows))
    , m_options(std::move(options)) {
    std::erase_if(m_rows, [this](const Row& row) { return isDisabled(m_options, row.info.id); });
    addWords(m_options, m_rows);
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (m_rowOf.emplace(m_rows[i].info.id, i).second) {
            m_catalogue.push_back(m_rows[i].info);
        }
    }
}

Result<> CatalogueEngine::prepare() {
    std::vector<std::string> patterns;
    for (const Atom& atom : atoms()) {
        std::vector<std::size_t> fed;
        for (std::size_t i = 0; i < m_rows.size(); ++i) {
            if (m_rows[i].atom == atom.name) {
                fed.push_back(i);
            }
        }
        if (!fed.empty()) {
            patterns.emplace_back(atom.pattern);
            m_rowsOfPattern.push_back(std::move(fed));
        }
    }
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (!m_rows[i].pattern.empty()) {
            patterns.push_back(m_rows[i].pattern);
            m_rowsOfPattern.push_back({i});
        }
    }
    if (patterns.empty()) {
        return fail(ErrorKind::invalidInput, "no detector is enabled");
    }
    GH_TRY(m_matcher, Matcher::compile(patterns));
    return {};
}

Result<> CatalogueEngine::selfTest() const {
    const ScratchPtr scratch = makeScratch();
    for (const Row& row : m_rows) {
        for (const std::string& example : row.examples) {
            GH_TRY(const std::vector<Scored> scored, collect(example, *scratch));
            const bool isHit = std::any_of(scored.begin(), scored.end(), [this, &row](const Scored& found) {
                return m_rows[found.row].info.id == row.info.id && confidenceOf(found.score) >= kMedium;
            });
            if (!isHit) {
                return fail(ErrorKind::corrupt, fmt::format("detector {} misses one of its own examples", row.info.id));
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
    // A scratch that could not be grown makes each scan fail, which callers treat as "unreadable".
    (void)m_matcher->fit(scratch->hyperscan).has_value();
    return scratch;
}

void CatalogueEngine::judge(std::string_view text, std::size_t rowIndex, Scratch& scratch,
                            std::vector<Scored>& out) const {
    const Row& row = m_rows[rowIndex];
    const std::string_view shadow = scratch.shadow.text();
    for (const Candidate& candidate : scratch.candidates) {
        Scored scored;
        scored.span = scratch.shadow.toOriginal(candidate.span);
        scored.row = rowIndex;
        const double context = contextScore(shadow, candidate.span, row.context);
        scored.score = row.score + candidate.strength + context;
        scored.isValidated = candidate.isValidated;
        scored.hasContext = context > 0;
        scored.why = candidate.why;
        // Words in front outweigh words behind: only a candidate without them can still gain.
        scored.isOpen = !row.context.empty() && context <= 0 &&
                        candidate.span.end + kContextAfter + 1 > shadow.size() &&
                        levelOf(confidenceOf(scored.score + kContextAfterScore)) >= m_options.minimum;
        const std::string_view value = text.substr(scored.span.begin, scored.span.end - scored.span.begin);
        const bool isAllowed =
            std::find(m_options.allowed.begin(), m_options.allowed.end(), value) != m_options.allowed.end();
        scored.isReportable = !isAllowed && !(row.needsContext && context <= 0) &&
                              levelOf(confidenceOf(scored.score)) >= m_options.minimum;
        out.push_back(scored);
    }
}

Result<std::vector<Scored>> CatalogueEngine::collect(std::string_view text, Scratch& scratch) const {
    scratch.shadow.build(text);
    const std::string_view shadow = scratch.shadow.text();
    std::vector<Scored> scored;
    if (shadow.empty()) {
        return scored;
    }
    if (scratch.hyperscan == nullptr) {
        return fail(ErrorKind::internal, "a scan without scratch space");
    }
    GH_CHECK(m_matcher->scan(shadow, scratch.hyperscan, scratch.hits));
    for (const Hit& hit : scratch.hits) {
        for (const std::size_t row : m_rowsOfPattern[hit.pattern]) {
            scratch.candidates.clear();
            m_rows[row].validator(shadow, hit.span, scratch.candidates);
            judge(text, row, scratch, scored);
        }
    }
    std::sort(scored.begin(), scored.end(), [](const Scored& a, const Scored& b) {
        return a.span.begin != b.span.begin ? a.span.begin < b.span.begin : a.span.end > b.span.end;
    });
    return scored;
}

Finding CatalogueEngine::findingOf(const Scored& scored) const {
    const Row& row = m_rows[scored.row];
    Finding finding;
    finding.detector = row.info.id;
    finding.findingClass = row.info.findingClass;
    finding.begin = scored.span.begin;
    finding.end = scored.span.end;
    finding.confidence = confidenceOf(scored.score);
    finding.level = levelOf(finding.confidence);
    finding.validated = scored.isValidated;
    finding.why = std::string(scored.why) + (scored.hasContext ? "; a context word is near" : "");
    return finding;
}

void CatalogueEngine::resolve(std::span<const Scored> scored, std::vector<Finding>& findings) const {
    std::vector<const Scored*> cluster;
    const auto settle = [this, &cluster, &findings] {
        // The strongest first; what overlaps it falls. Ties go to the longer, then to the earlier one.
        std::stable_sort(cluster.begin(), cluster.end(), [](const Scored* a, const Scored* b) {
            return a->score != b->score ? a->score > b->score
                                        : a->span.end - a->span.begin > b->span.end - b->span.begin;
        });
        std::vector<const Scored*> kept;
        for (const Scored* const candidate : cluster) {
            const bool isFree = std::none_of(kept.begin(), kept.end(), [candidate](const Scored* other) {
                return candidate->span.begin < other->span.end && other->span.begin < candidate->span.end;
            });
            if (isFree) {
                kept.push_back(candidate);
            }
        }
        std::sort(kept.begin(), kept.end(),
                  [](const Scored* a, const Scored* b) { return a->span.begin < b->span.begin; });
        for (const Scored* const winner : kept) {
            findings.push_back(findingOf(*winner));
        }
        cluster.clear();
    };
    std::size_t clusterEnd = 0;
    for (const Scored& candidate : scored) {
        if (!candidate.isReportable) {
            continue;
        }
        if (!cluster.empty() && candidate.span.begin >= clusterEnd) {
            settle();
            clusterEnd = 0;
        }
        cluster.push_back(&candidate);
        clusterEnd = std::max(clusterEnd, candidate.span.end);
    }
    settle();
}

Result<std::vector<Finding>> CatalogueEngine::scan(std::string_view text, Scratch& scratch) const {
    GH_TRY(const std::vector<Scored> scored, collect(text, scratch));
    std::vector<Finding> findings;
    resolve(scored, findings);
    return findings;
}

DetectorInfo CatalogueEngine::detector(std::string_view id) const {
    const auto found = m_rowOf.find(std::string(id));
    if (found != m_rowOf.end()) {
        return m_rows[found->second].info;
    }
    return {std::string(id), std::string(id), FindingClass::custom, "any", "", "VALUE"};
}

Result<std::shared_ptr<const Engine>> Engine::compile(const EngineOptions& options) {
    GH_TRY(std::vector<Row> rows, builtInCatalogue());
    auto engine = std::make_shared<CatalogueEngine>(std::move(rows), options);
    GH_CHECK(engine->prepare());
    GH_CHECK(engine->selfTest());
    return std::shared_ptr<const Engine>(std::move(engine));
}

} // namespace gatehouse::dlp
