// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "dlp/allow_list.h"
#include "dlp/anchored.h"
#include "dlp/atoms.h"
#include "dlp/catalogue.h"
#include "dlp/engine.h"
#include "dlp/id_layouts.h"
#include "dlp/live_tails.h"
#include "dlp/matcher.h"
#include "dlp/scratch.h"

// The one implementation of Engine, for the stream scanner too, which needs what scan() leaves out: candidates that are
// not decided yet.
namespace gatehouse::dlp {

struct View;

// One candidate with its evidence added up; spans are in the original text.
struct Scored {
    Span span;
    std::size_t row = 0;
    double score = 0; // log-odds
    bool isValidated = false;
    bool isReportable = false; // level and context suffice, not allowed by value
    bool isOpen = false;       // text behind it could still change its score
    std::string_view why;
    std::string_view context; // why words nearby count; empty when none do
    std::string_view hidden;  // in what encoding it was found; empty in plain text
};

// A text or the part of a stream that is at hand.
struct Window {
    std::string_view text;
    std::size_t from = 0;       // where candidates are looked for; what is before it is context
    std::size_t released = 0;   // what begins before it was decided earlier
    bool isStart = true;        // the text begins here
    bool isSelfTest = false;    // judged without the policy's level and dials
    bool isComplete = true;     // no more text follows
    const View* view = nullptr; // what the text was decoded by; nullptr: the text itself
};

class CatalogueEngine final : public Engine {
public:
    CatalogueEngine(std::vector<Row> rows, EngineOptions options);
    [[nodiscard]] Result<> prepare();
    // Every row must hit its own examples in this very database: engine defects are silent misses.
    [[nodiscard]] Result<> selfTest() const;
    // Scans the words of kProtocolWords once and for all.
    void learnQuietWords();

    [[nodiscard]] ScratchPtr makeScratch() const override;
    [[nodiscard]] Result<std::vector<Finding>> scan(std::string_view text, Scratch& scratch) const override;
    [[nodiscard]] bool isQuiet(std::string_view text) const override {
        return text.size() <= kMaxQuietWord && m_quietWords.contains(text);
    }
    [[nodiscard]] std::span<const DetectorInfo> catalogue() const override { return m_catalogue; }
    [[nodiscard]] bool confirms(std::string_view detector, std::string_view value) const override;
    [[nodiscard]] DetectorInfo detector(std::string_view id) const override;
    [[nodiscard]] std::span<const Row> rows() const { return m_rows; }
    [[nodiscard]] bool findsNames() const { return m_hasNames; }
    // Where, not before `from`, a pattern of several words may have begun that `text` does not complete.
    [[nodiscard]] std::size_t liveFrom(std::string_view text, std::size_t from) const {
        return m_tails == nullptr ? text.size() : m_tails->liveFrom(text, from);
    }

    // Where, not before `from`, a phrase of registered data may have begun that `text` does not complete.
    [[nodiscard]] std::size_t unfinishedData(std::string_view text, std::size_t from) const;

    // All candidates by begin; overlapping ones included.
    [[nodiscard]] Result<std::vector<Scored>> collect(const Window& window, Scratch& scratch) const;
    // Picks, in each cluster of overlapping reportable candidates, those that hold; appends findings by begin.
    void resolve(std::span<const Scored> scored, std::vector<Finding>& findings) const;

private:
    struct Pass; // one scan of one window
    [[nodiscard]] Result<bool> meets(std::size_t index, const std::string& example, Scratch& scratch) const;
    [[nodiscard]] Result<> prepareAtoms();
    [[nodiscard]] Result<> prepareAnchored();
    [[nodiscard]] Result<> prepareWords();
    [[nodiscard]] Result<> collectLevel(const Window& window, std::size_t depth, std::size_t& budget, Scratch& scratch,
                                        std::vector<Scored>& out) const;
    [[nodiscard]] Result<> collectViews(Pass& pass, std::size_t depth, std::size_t& budget) const;
    [[nodiscard]] Result<> collectPatterns(Pass& pass) const;
    void collectIds(Pass& pass) const;
    void collectNames(Pass& pass) const;
    void collectData(Pass& pass) const;
    // What nobody sees is reported as such, and what it spells is scanned as any text.
    [[nodiscard]] Result<> collectHidden(Pass& pass, std::size_t depth, std::size_t& budget) const;
    void judge(Pass& pass, std::size_t row, const Candidate& candidate, double extra) const;
    void weighContext(Pass& pass, const Row& row, const Candidate& candidate, Scored& scored) const;
    void lookAround(Pass& pass, Span span) const;
    [[nodiscard]] static bool isColumn(std::string_view text, Span span);
    [[nodiscard]] static bool isOfView(const View& view, Span span);
    [[nodiscard]] double thresholdOf(const Pass& pass, const Row& row) const;
    [[nodiscard]] Finding findingOf(const Scored& scored) const;

    std::vector<Row> m_rows;
    EngineOptions m_options;
    std::vector<DetectorInfo> m_catalogue;
    std::unordered_map<std::string, std::size_t> m_rowOf;
    std::unique_ptr<AllowList> m_allowed;
    static constexpr std::size_t kAtomCount = 7;
    std::array<std::vector<std::size_t>, kAtomCount> m_rowsOfAtom; // by AtomKind: the rows that it feeds
    std::unique_ptr<Matcher> m_dates;                              // nullptr when no row looks for dates
    std::unique_ptr<AnchoredPatterns> m_anchored;                  // nullptr when no row has a pattern
    std::vector<std::size_t> m_rowOfPattern;
    std::unique_ptr<LiveTails> m_tails;
    IdLayouts m_layouts;
    std::array<std::vector<std::size_t>, 5> m_rowsOfName; // by NameKind
    std::vector<std::size_t> m_rowsOfData;                // of the options' data sets
    bool m_hasNames = false;
    bool m_hasHidden = false;
    std::unique_ptr<Hotwords> m_words;
    std::vector<WordId> m_negativeWords; // sorted
    static constexpr std::size_t kMaxQuietWord = 64;
    std::unordered_set<std::string_view> m_quietWords; // of kProtocolWords: nothing is found in them
    std::shared_ptr<ScratchPool> m_pool = std::make_shared<ScratchPool>();
};

} // namespace gatehouse::dlp
