// SPDX-License-Identifier: Apache-2.0
#include "policy/policy.h"

#include <cstdlib>

#include "policy/builtin.h"
#include "policy/document.h"
#include "policy/evaluate.h"
#include "policy/parse.h"

namespace gatehouse::policy {
namespace {

class CompiledPolicy final : public Policy {
public:
    explicit CompiledPolicy(Document document) : m_document(std::move(document)) {}

    [[nodiscard]] const std::string& id() const override { return m_document.id; }
    [[nodiscard]] std::uint64_t serial() const override { return m_document.serial; }
    [[nodiscard]] std::optional<WallTime> issued() const override { return m_document.issued; }
    [[nodiscard]] std::optional<WallTime> expires() const override { return m_document.expires; }
    [[nodiscard]] bool has(Section section) const override {
        return (m_document.sections & (1U << static_cast<unsigned>(section))) != 0;
    }
    [[nodiscard]] bool isMonitor() const override { return m_document.isMonitor; }
    [[nodiscard]] Action fallback() const override { return m_document.fallback; }
    [[nodiscard]] std::vector<RuleInfo> rules() const override {
        std::vector<RuleInfo> rules;
        rules.reserve(m_document.rules.size());
        for (const Rule& rule : m_document.rules) {
            rules.push_back({rule.id, rule.whenText, rule.action, rule.style, rule.message, rule.isShadow});
        }
        return rules;
    }
    [[nodiscard]] const std::vector<ProviderEntry>& providers() const override { return m_document.providers; }
    [[nodiscard]] const Discovery& discovery() const override { return m_document.discovery; }
    [[nodiscard]] const std::vector<McpServer>& mcpServers() const override { return m_document.mcpServers; }
    [[nodiscard]] const std::vector<Site>& sites() const override { return m_document.sites; }
    [[nodiscard]] const AuditSettings& audit() const override { return m_document.audit; }
    [[nodiscard]] const std::vector<ModelPrice>& prices() const override { return m_document.prices; }
    [[nodiscard]] const Limits& limits() const override { return m_document.limits; }
    [[nodiscard]] const SyncSettings& sync() const override { return m_document.sync; }
    [[nodiscard]] const DetectorSettings& detectors() const override { return m_document.detectors; }
    [[nodiscard]] FailMode failMode() const override { return m_document.failMode; }
    [[nodiscard]] const BrowserSettings& browser() const override { return m_document.browser; }
    [[nodiscard]] const SecondOpinion* secondOpinion() const override {
        return m_document.secondOpinion ? &*m_document.secondOpinion : nullptr;
    }
    [[nodiscard]] std::uint16_t port() const override { return m_document.port; }
    [[nodiscard]] const std::map<std::string, std::string>& modelAliases() const override {
        return m_document.modelAliases;
    }
    [[nodiscard]] Decision evaluate(const Subject& subject, const std::vector<Finding>& findings) const override {
        return judge(m_document, subject, findings);
    }

private:
    Document m_document;
};

// The built-in texts are part of the program: one that does not compile is our bug, and nothing safe could follow.
std::shared_ptr<const Policy> compileBuiltIn(std::string_view source) {
    auto policy = Policy::compile(source);
    if (!policy) {
        std::abort();
    }
    return *policy;
}

} // namespace

Result<std::shared_ptr<const Policy>> Policy::compile(std::string_view source, std::vector<Fault>* faults) {
    std::vector<Fault> found;
    auto document = parseDocument(source, found);
    if (document) {
        return std::make_shared<const CompiledPolicy>(std::move(*document));
    }
    const Fault& first = found.front();
    std::string what = "line " + std::to_string(first.line) + ", column " + std::to_string(first.column) + ": " +
                       first.path + (first.path.empty() ? "" : ": ") + first.message;
    if (found.size() > 1) {
        what += " (and " + std::to_string(found.size() - 1) + " more)";
    }
    if (faults != nullptr) {
        *faults = std::move(found);
    }
    return fail(ErrorKind::invalidInput, std::move(what));
}

std::shared_ptr<const Policy> Policy::builtInDefault() {
    return compileBuiltIn(kStrictSource);
}

std::shared_ptr<const Policy> Policy::starter() {
    return compileBuiltIn(kStarterSource);
}

std::string_view Policy::starterSource() {
    return kStarterSource;
}

} // namespace gatehouse::policy
