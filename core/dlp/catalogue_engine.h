// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dlp/catalogue.h"
#include "dlp/engine.h"
#include "dlp/matcher.h"
#include "dlp/shadow.h"

// The one implementation of Engine, for the stream scanner too, which needs what scan() leaves out: candidates that are
// not decided yet.
namespace gatehouse::dlp {

class ScratchPool;

class Scratch final {
public:
    Scratch() = default;
    ~Scratch();
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    hs_scratch* hyperscan = nullptr;
    std::weak_ptr<ScratchPool> home; // where it goes when nobody holds it
    Shadow shadow;
    std::vector<Hit> hits;
    std::vector<Candidate> candidates;
};

// Scratches that wait for their next scan: growing one costs several times what scanning a prompt does. Any thread.
class ScratchPool final {
public:
    // nullptr when none waits.
    Scratch* take();
    // Keeps it, or deletes it when enough wait already.
    void giveBack(Scratch* scratch);

private:
    static constexpr std::size_t kMaxIdle = 32;
    std::mutex m_mutex;
    std::vector<std::unique_ptr<Scratch>> m_idle;
};

// One candidate with its evidence added up; spans are in the original text.
struct Scored {
    Span span;
    std::size_t row = 0;
    double score = 0; // log-odds
    bool isValidated = false;
    bool isReportable = false; // level and context suffice, not allowed by value
    bool isOpen = false;       // text behind it could still change its score
    std::string_view why;
    bool hasContext = false;
};

class CatalogueEngine final : public Engine {
public:
    CatalogueEngine(std::vector<Row> rows, EngineOptions options);
    [[nodiscard]] Result<> prepare();
    // Every row must hit its own examples in this very database: engine defects are silent misses.
    [[nodiscard]] Result<> selfTest() const;

    [[nodiscard]] ScratchPtr makeScratch() const override;
    [[nodiscard]] Result<std::vector<Finding>> scan(std::string_view text, Scratch& scratch) const override;
    [[nodiscard]] std::span<const DetectorInfo> catalogue() const override { return m_catalogue; }
    [[nodiscard]] DetectorInfo detector(std::string_view id) const override;

    // All candidates by begin; overlapping ones included.
    [[nodiscard]] Result<std::vector<Scored>> collect(std::string_view text, Scratch& scratch) const;
    // Picks, in each cluster of overlapping reportable candidates, those that hold; appends findings by begin.
    void resolve(std::span<const Scored> scored, std::vector<Finding>& findings) const;

private:
    void judge(std::string_view text, std::size_t row, Scratch& scratch, std::vector<Scored>& out) const;
    [[nodiscard]] Finding findingOf(const Scored& scored) const;

    std::vector<Row> m_rows;
    EngineOptions m_options;
    std::vector<DetectorInfo> m_catalogue;
    std::unordered_map<std::string, std::size_t> m_rowOf;
    std::vector<std::vector<std::size_t>> m_rowsOfPattern; // pattern index → rows that it feeds
    std::unique_ptr<Matcher> m_matcher;
    std::shared_ptr<ScratchPool> m_pool = std::make_shared<ScratchPool>();
};

} // namespace gatehouse::dlp
