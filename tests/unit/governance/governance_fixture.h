// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "dlp/file_vault.h"
#include "governance/governor.h"
#include "support/manual_clock.h"

// A governor on real dlp and policy; its audit takes nothing, because these tests do not ask for it.
namespace gatehouse::test {

// JSON with ' for ": moc of Qt 6.4 loses classes behind some raw strings.
inline std::string quoted(std::string text) {
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

class NoWriter final : public audit::Writer {
public:
    Task<Result<std::uint64_t>> commit(AuditRecord /*record*/, audit::Durability /*durability*/) override {
        co_return fail(ErrorKind::unavailable, "none");
    }
    Result<> enqueue(AuditRecord /*record*/) override { return {}; }
    [[nodiscard]] bool isReady() const override { return true; }
    void flush() override {}
};

class GovernanceFixture final {
public:
    // `rules` is the list of a policy whose default is to allow.
    explicit GovernanceFixture(const std::string& rules, const std::string& more = {},
                               const documents::Extractor* extractor = nullptr)
        : m_rules(
              makeRules(quoted("{'meta':{'id':'t','serial':1},'default':'allow'," + more + "'rules':" + rules + "}")))
        , governor(governance::makeGovernor({m_rules, m_writer, vault, clock, extractor})) {}

    static Interaction prompt(std::vector<Part> parts) {
        Interaction made;
        made.id = "i1";
        made.conversation = "c1";
        made.person.name = "ann";
        made.client = "editor";
        made.surface = "openai.chat";
        made.parts = std::move(parts);
        return made;
    }
    static Part part(const std::string& text, PartKind kind = PartKind::text) {
        Part made;
        made.text = text;
        made.kind = kind;
        made.role = "user";
        made.pointer = "/messages/0/content";
        return made;
    }
    [[nodiscard]] std::vector<Finding> scan(const std::string& text) const {
        const auto engine = governor->rules().engine;
        const auto scratch = engine->makeScratch();
        return *engine->scan(text, *scratch);
    }

    ManualClock clock;
    dlp::MemoryVault vault;
    Destination destination{"openai", "gpt-4o", "", "", Trust::approved};

private:
    static std::shared_ptr<const governance::Rules> makeRules(const std::string& source) {
        auto made = std::make_shared<governance::Rules>();
        made->policy = std::make_shared<policy::PolicySet>(
            std::vector<std::shared_ptr<const policy::Policy>>{*policy::Policy::compile(source)});
        made->engine = *dlp::Engine::compile({});
        return made;
    }
    NoWriter m_writer;
    Snapshot<governance::Rules> m_rules;

public:
    std::unique_ptr<governance::Governor> governor;
};

} // namespace gatehouse::test
