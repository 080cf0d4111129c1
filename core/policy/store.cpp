// SPDX-License-Identifier: Apache-2.0
#include "policy/store.h"

#include <array>
#include <filesystem>

#include "policy/high_water.h"
#include "policy/load.h"
#include "policy/source_file.h"

namespace gatehouse::policy {
namespace {

using Stamps = std::vector<std::pair<std::string, FileStamp>>;

// What a change of any source changes: the folder, every file in it, the person's file.
Stamps stampsOf(const StoreOptions& options) {
    Stamps stamps;
    stamps.emplace_back(options.machineFolder, stampOf(options.machineFolder));
    std::error_code error;
    if (!options.machineFolder.empty()) {
        for (std::filesystem::directory_iterator entry(options.machineFolder, error);
             !error && entry != std::filesystem::directory_iterator() && stamps.size() < 1000; entry.increment(error)) {
            stamps.emplace_back(entry->path().string(), stampOf(entry->path().string()));
        }
    }
    const std::string fromCollector = collectorBundle(options.dataFolder);
    stamps.emplace_back(fromCollector, stampOf(fromCollector));
    stamps.emplace_back(options.userFile, stampOf(options.userFile));
    return stamps;
}

std::string problemOf(const std::vector<SourceReport>& sources) {
    std::string problem;
    for (const SourceReport& source : sources) {
        if (!source.problem.empty()) {
            problem += (problem.empty() ? "policy broken: " : "; ") + source.path + ": " + source.problem;
        }
    }
    return problem;
}

} // namespace

class PolicyStore::State final {
public:
    State(StoreOptions given, const Clock& theClock)
        : options(std::move(given))
        , clock(theClock)
        , highWater(options.dataFolder + "/policy", options.isReadOnly) {}
    StoreOptions options;
    const Clock& clock;
    HighWater highWater;
    Stamps stamps;
    std::optional<WallTime> nextChange;
};

std::string_view sourceKindWord(SourceKind kind) {
    constexpr std::array<std::string_view, 4> kWords{"machine", "bundle", "user", "built-in"};
    return kWords.at(static_cast<std::size_t>(kind));
}

std::string_view sourceStateWord(SourceState state) {
    constexpr std::array<std::string_view, 3> kWords{"current", "last-good", "strict-default"};
    return kWords.at(static_cast<std::size_t>(state));
}

PolicyStore::PolicyStore(StoreOptions options, const Clock& clock)
    : m_state(std::make_unique<State>(std::move(options), clock))
    , m_current(nullptr) {
    load();
}

PolicyStore::~PolicyStore() = default;

void PolicyStore::load() {
    // Stamps first: a file that changes while it is read is read again at the next check.
    m_state->stamps = stampsOf(m_state->options);
    Loader loader(m_state->options, m_state->highWater, m_state->clock.wall());
    m_sources = loader.loadAll();
    m_state->nextChange = loader.nextChange();
    if (m_sources.empty()) {
        SourceReport starter;
        starter.policy = Policy::starter();
        m_sources.push_back(std::move(starter));
    }
    std::vector<std::shared_ptr<const Policy>> layers;
    layers.reserve(m_sources.size());
    for (const SourceReport& source : m_sources) {
        layers.push_back(source.policy);
    }
    m_current.set(std::make_shared<const PolicySet>(std::move(layers), problemOf(m_sources)));
}

bool PolicyStore::check() {
    const bool isDue = m_state->nextChange && m_state->clock.wall() >= *m_state->nextChange;
    if (!isDue && stampsOf(m_state->options) == m_state->stamps) {
        return false;
    }
    load();
    return true;
}

} // namespace gatehouse::policy
