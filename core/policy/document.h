// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "policy/glob.h"
#include "policy/policy.h"

// A policy document as plain values, after parsing and before it is a Policy.
namespace gatehouse::policy {

// A set of enumerators as bits; empty means "any".
class WordSet final {
public:
    template <class Enum>
    void add(Enum value) {
        m_bits |= 1U << static_cast<unsigned>(value);
    }
    template <class Enum>
    [[nodiscard]] bool admits(Enum value) const {
        return m_bits == 0 || (m_bits & (1U << static_cast<unsigned>(value))) != 0;
    }
    [[nodiscard]] bool empty() const { return m_bits == 0; }

private:
    std::uint32_t m_bits = 0;
};

enum class Zone { utc, local, fixed };

// From `fromMinute` (inclusive) to `toMinute` (exclusive) of the listed days; past midnight when from ≥ to, then the
// day is the one on which it begins.
struct TimeWindow {
    std::array<bool, 7> days{true, true, true, true, true, true, true}; // Sunday first
    int fromMinute = 0;
    int toMinute = 24 * 60;
    Zone zone = Zone::utc;
    int offsetMinutes = 0; // of Zone::fixed, east of UTC
};

// Conditions of one rule; all that are given must hold. An empty list admits everything.
struct When {
    WordSet classes;
    std::vector<Glob> detectors;
    double confidence = 0;
    Level level = Level::low;
    std::size_t minCount = 0; // findings of this rule's class, detector, confidence and level in the interaction
    std::size_t maxCount = std::numeric_limits<std::size_t>::max();
    std::size_t minLines = 0; // of source code in the same findings, together
    bool hasFindingConditions = false;

    WordSet directions;
    WordSet channels;
    WordSet trusts;
    std::vector<Glob> persons;
    std::vector<Glob> groups;
    std::vector<Glob> apps;
    std::vector<Glob> sites;
    std::vector<Glob> destinations;
    std::vector<Glob> providers;
    std::vector<Glob> models;
    std::vector<Glob> regions;
    std::optional<TimeWindow> time;
};

struct Rule {
    std::string id;
    When when;
    std::string whenText; // compact JSON, for people
    Action action = Action::allow;
    RedactStyle style = RedactStyle::placeholder;
    std::string message;
    bool isShadow = false;
};

struct Document {
    std::string id;
    std::uint64_t serial = 0;
    std::optional<WallTime> issued;
    std::optional<WallTime> expires;
    bool isMonitor = false;
    Action fallback = Action::allow; // "default"
    std::vector<ProviderEntry> providers;
    Discovery discovery;
    std::vector<McpServer> mcpServers;
    std::map<std::string, std::string> modelAliases;
    std::vector<Rule> rules;
    std::vector<Site> sites;
    DetectorSettings detectors;
    Limits limits;
    AuditSettings audit;
    SyncSettings sync;
    std::vector<ModelPrice> prices;
    FailMode failMode = FailMode::closed;
    BrowserSettings browser;
    std::optional<SecondOpinion> secondOpinion;
    std::uint16_t port = 4141;
    std::uint32_t sections = 0; // bits of Section
};

} // namespace gatehouse::policy
