// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <compare>
#include <map>
#include <tuple>

#include "governance/governor.h"

namespace gatehouse::governance {
namespace {

constexpr std::chrono::minutes kLifetime{5};
constexpr std::size_t kKept = 1024; // of each kind; the oldest goes first

using Bound = std::tuple<std::string, std::string, std::string, std::string, std::string>;

Bound bound(const Approvals::Key& key) {
    return {key.person, key.client, key.destination, key.rule, key.contentHash};
}

// A map whose entries die after kLifetime.
template <class Key, class Value>
class Fading final {
public:
    void put(Key key, Value value, MonotonicTime now) {
        sweep(now);
        if (m_entries.size() >= kKept) {
            auto oldest = m_entries.begin();
            for (auto each = m_entries.begin(); each != m_entries.end(); ++each) {
                oldest = each->second.second < oldest->second.second ? each : oldest;
            }
            m_entries.erase(oldest);
        }
        m_entries.insert_or_assign(std::move(key), std::pair(std::move(value), now));
    }
    std::optional<Value> take(const Key& key, MonotonicTime now) {
        sweep(now);
        const auto found = m_entries.find(key);
        if (found == m_entries.end()) {
            return std::nullopt;
        }
        Value value = std::move(found->second.first);
        m_entries.erase(found);
        return value;
    }

private:
    void sweep(MonotonicTime now) {
        std::erase_if(m_entries, [now](const auto& entry) { return now - entry.second.second >= kLifetime; });
    }
    std::map<Key, std::pair<Value, MonotonicTime>> m_entries;
};

class TimedApprovals final : public Approvals {
public:
    explicit TimedApprovals(const Clock& clock) : m_clock(clock) {}

    void await(const std::string& interaction, Key key) override {
        m_waiting.put(interaction, bound(key), m_clock.monotonic());
    }

    Result<> grant(const std::string& interaction, std::string justification) override {
        auto key = m_waiting.take(interaction, m_clock.monotonic());
        if (!key) {
            return fail(ErrorKind::notFound, "no such question is open: it was answered, or five minutes have passed");
        }
        m_granted.put(std::move(*key), std::move(justification), m_clock.monotonic());
        return {};
    }

    std::optional<std::string> consume(const Key& key) override {
        return m_granted.take(bound(key), m_clock.monotonic());
    }

private:
    const Clock& m_clock;
    Fading<std::string, Bound> m_waiting;
    Fading<Bound, std::string> m_granted;
};

} // namespace

std::unique_ptr<Approvals> Approvals::create(const Clock& clock) {
    return std::make_unique<TimedApprovals>(clock);
}

} // namespace gatehouse::governance
