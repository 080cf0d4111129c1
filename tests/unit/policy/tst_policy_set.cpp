// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <QtTest>

#include "policy/match.h"
#include "policy_support.h"
#include "types/opinion.h"

using namespace gatehouse;
using namespace gatehouse::policy;
using namespace gatehouse::policy::test;

namespace {

const Finding kEmail = found("pii.any.email", FindingClass::pii);
const Finding kKey = found("secret.any.private-key", FindingClass::secret);

Decision evaluateBoth(std::string_view upper, std::string_view lower, const std::vector<Finding>& findings) {
    const PolicySet set({policyOf(upper), policyOf(lower)});
    const Interaction interaction;
    return set.evaluate(subjectTo(interaction, Trust::external), findings);
}

} // namespace

class TestPolicySet final : public QObject {
    Q_OBJECT
private slots:
    void aLowerLayerCanOnlyBeStricter() {
        const char* const mask = R"({"id": "mask", "when": {"class": "pii"}, "then": "redact"})";
        const char* const stop = R"({"id": "stop", "when": {"class": "pii"}, "then": "block"})";
        const char* const pass = R"({"id": "pass", "when": {}, "then": "allow"})";
        QCOMPARE(evaluateBoth(mask, pass, {kEmail}).label, Action::redact);
        QCOMPARE(evaluateBoth(mask, pass, {kEmail}).rule, std::string("mask"));
        QVERIFY(evaluateBoth(mask, stop, {kEmail}).isBlocked);
        QCOMPARE(evaluateBoth(mask, stop, {kEmail}).rule, std::string("stop"));
        QVERIFY(evaluateBoth(stop, mask, {kEmail}).isBlocked);
    }

    void ofTwoStylesTheOneThatLeavesLessHolds() {
        const char* const plain = R"({"id": "plain", "when": {"class": "pii"}, "then": "redact"})";
        const char* const hidden = R"({"id": "hidden", "when": {"class": "pii"}, "then": "redact", "style": "mask"})";
        QCOMPARE(evaluateBoth(plain, plain, {kEmail}).findings[0].style, RedactStyle::placeholder);
        for (const auto& decision : {evaluateBoth(plain, hidden, {kEmail}), evaluateBoth(hidden, plain, {kEmail})}) {
            QCOMPARE(decision.findings[0].style, RedactStyle::mask);
            QCOMPARE(decision.findings[0].rule, std::string("hidden"));
        }
        const char* const alike =
            R"({"id": "alike", "when": {"class": "pii"}, "then": "redact", "style": "look-alike"})";
        const char* const hashed = R"({"id": "hashed", "when": {"class": "pii"}, "then": "redact", "style": "hash"})";
        QCOMPARE(evaluateBoth(hashed, alike, {kEmail}).findings[0].style, RedactStyle::hash);
        QCOMPARE(evaluateBoth(alike, hashed, {kEmail}).findings[0].style, RedactStyle::hash);
        QCOMPARE(evaluateBoth(alike, plain, {kEmail}).findings[0].style, RedactStyle::lookAlike);
        QCOMPARE(evaluateBoth(hidden, alike, {kEmail}).findings[0].rule, std::string("hidden"));
        QCOMPARE(evaluateBoth(alike, hidden, {kEmail}).findings[0].rule, std::string("hidden"));
        QCOMPARE(evaluateBoth(plain, alike, {kEmail}).findings[0].rule, std::string("alike"));
    }

    void theSecondOpinionIsTheHighestLayersAndItsAbsenceIsJudgedByEach() {
        const auto layer = [](const char* id, const char* onFailure, const char* url) {
            std::string source = std::string("{'meta': {'id': '") + id + "'}, 'second_opinion': {'url': '" + url +
                                 "', 'model': 'm', 'on_failure': '" + onFailure + "'}}";
            std::replace(source.begin(), source.end(), '\'', '"');
            return *Policy::compile(source);
        };
        const auto plain = *Policy::compile(R"({"meta": {"id": "plain"}})");
        const auto logs = layer("a", "log", "http://127.0.0.1:1/v1");
        const auto asks = layer("b", "warn", "http://127.0.0.1:2/v1");
        QVERIFY(!PolicySet({plain}).secondOpinion());
        QCOMPARE(PolicySet({plain, asks}).secondOpinion()->url, std::string("http://127.0.0.1:2/v1"));
        QCOMPARE(PolicySet({logs, asks}).secondOpinion()->url, std::string("http://127.0.0.1:1/v1"));
        Finding none;
        none.detector = kNoOpinionDetector;
        none.findingClass = FindingClass::unreadable;
        const Interaction interaction;
        const Subject subject{&interaction, {}, {}};
        QCOMPARE(PolicySet({logs}).evaluate(subject, {none}).label, Action::log);
        QCOMPARE(PolicySet({logs, asks}).evaluate(subject, {none}).label, Action::warn);
        QCOMPARE(PolicySet({asks, logs}).evaluate(subject, {none}).rule, std::string("second_opinion"));
    }

    void aTransformSurvivesAStricterWordOfAnotherLayer() {
        const Decision decision =
            evaluateBoth(R"({"id": "home", "when": {"class": "pii"}, "then": "route-local"})",
                         R"({"id": "mask", "when": {"class": "pii"}, "then": "redact"})", {kEmail});
        QCOMPARE(decision.label, Action::routeLocal);
        QVERIFY(decision.isLocalOnly);
        QCOMPARE(decision.findings[0].action, Action::redact);
        QCOMPARE(decision.findings[0].rule, std::string("mask"));
    }

    void lowerLayersCannotGrantTrust() {
        const char* const providers =
            R"({"meta": {"id": "u"}, "providers": {"discovery": {"trust_local": ["ollama"]},
                "lan": {"base_url": "https://llm.example.com/v1", "trust": "local"}}})";
        const PolicySet alone({compiled(providers)});
        QCOMPARE(alone.providers().at(0).trust, Trust::local);
        QCOMPARE(alone.discovery().trustedLocal.size(), 1U);
        const PolicySet below({policyOf(""), compiled(providers)});
        QCOMPARE(below.providers().at(0).trust, Trust::external);
        QVERIFY(below.discovery().trustedLocal.empty());
    }

    void settingsOfTheSetAreTheStrictest() {
        const auto upper = compiled(R"({"meta": {"id": "m"}, "fail_mode": "open", "limits": {"body_bytes": 4096},
            "audit": {"durability": "balanced", "on_failure": "local-only", "content": "none"},
            "detectors": {"disable": ["pii.any.email"]}, "port": 5000,
            "sites": [{"name": "A", "hosts": ["a.example"], "guarded": false}]})");
        const auto lower = compiled(R"({"meta": {"id": "u"}, "fail_mode": "closed",
            "limits": {"body_bytes": 8192, "connections": 2, "requests_per_minute": 10},
            "audit": {"durability": "strict", "content": "full"},
            "detectors": {"disable": ["pci.*"], "allow": ["x"], "words": [{"id": "w", "words": ["falcon"]}]}, "port": 6000,
            "sites": [{"hosts": ["a.example", "b.example"]}]})");
        const PolicySet set({upper, lower});
        QCOMPARE(set.failMode(), FailMode::closed);
        QCOMPARE(set.limits().bodyBytes, 4096U);
        QCOMPARE(set.limits().connections, 2U);
        QCOMPARE(set.limits().requestsPerMinute, 10U);
        QCOMPARE(set.audit().durability, Durability::strict);
        QCOMPARE(set.audit().onFailure, OnAuditFailure::refuse);
        QCOMPARE(set.audit().content, AuditContent::none);
        QCOMPARE(set.detectors().disabled, (std::vector<std::string>{"pii.any.email"}));
        QVERIFY(set.detectors().allowed.empty());
        QCOMPARE(set.detectors().words.size(), 1U);
        QCOMPARE(set.port(), 5000);
        QVERIFY(siteOf(set.sites(), "a.example")->isGuarded);
        QVERIFY(siteOf(set.sites(), "b.example")->isGuarded);
        QCOMPARE(siteOf(set.sites(), "c.example"), nullptr);
    }

    void ofTheBrowserTheStrictestHoldsAndTheFirstSaysWhatIsShown() {
        const auto plain = policyOf("");
        const auto upper = compiled(R"({"meta": {"id": "m"}, "browser": {"answers": "flag", "unlisted": "warn",
            "ai_hosts": ["a.example"]}})");
        const auto lower = compiled(R"({"meta": {"id": "u"}, "browser": {"answers": "restore", "unlisted": "block",
            "ai_hosts": ["B.example"], "fast_path": false}})");
        const BrowserSettings none = PolicySet({plain}).browser();
        QVERIFY(none.answers == Answers::leave && none.unlisted == Unlisted::report && none.hasFastPath);
        const BrowserSettings both = PolicySet({plain, upper, plain, lower}).browser();
        QVERIFY(both.answers == Answers::flag && both.unlisted == Unlisted::block && !both.hasFastPath);
        QCOMPARE(both.aiHosts, (std::vector<std::string>{"a.example", "b.example"}));
    }

    void anEmptySetHoldsTheStrictDefault() {
        const PolicySet set({}, "policy broken");
        QCOMPARE(set.primary().id(), std::string("built-in-strict"));
        QCOMPARE(set.problem(), std::string("policy broken"));
    }

    void theStrictDefaultBlocksFindingsThatWouldLeave() {
        const auto policy = Policy::builtInDefault();
        const Interaction interaction;
        for (const Trust trust : {Trust::approved, Trust::external}) {
            QVERIFY(policy->evaluate(subjectTo(interaction, trust), {kEmail}).isBlocked);
            QVERIFY(!policy->evaluate(subjectTo(interaction, trust), {}).isBlocked);
        }
        QCOMPARE(policy->evaluate(subjectTo(interaction, Trust::local), {kEmail, kKey}).label, Action::allow);
        QCOMPARE(policy->failMode(), FailMode::closed);
        QVERIFY(siteOf(policy->sites(), "chatgpt.com") != nullptr);
    }

    void theStarterMasksAndBlocksKeys() {
        const auto policy = Policy::starter();
        const Interaction interaction;
        const Decision masked = policy->evaluate(subjectTo(interaction, Trust::external), {kEmail});
        QCOMPARE(masked.label, Action::redact);
        QVERIFY(!masked.isBlocked);
        QVERIFY(policy->evaluate(subjectTo(interaction, Trust::external), {kKey}).isBlocked);
        QCOMPARE(policy->evaluate(subjectTo(interaction, Trust::local), {kEmail, kKey}).label, Action::allow);
        for (const char* const host :
             {"chatgpt.com", "chat.openai.com", "claude.ai", "gemini.google.com", "copilot.microsoft.com",
              "www.perplexity.ai", "chat.deepseek.com", "grok.com", "chat.mistral.ai"}) {
            const Site* const site = siteOf(policy->sites(), host);
            QVERIFY2(site != nullptr && site->isGuarded, host);
        }
        QCOMPARE(policy->discovery().trustedLocal.size(), 3U);
        QVERIFY(compiled(Policy::starterSource()) != nullptr);
    }

    void hostsMatchExactlyOrBelow() {
        QVERIFY(hostMatches("chatgpt.com", "ChatGPT.com"));
        QVERIFY(hostMatches("chatgpt.com", "chatgpt.com."));
        QVERIFY(!hostMatches("chatgpt.com", "evilchatgpt.com"));
        QVERIFY(!hostMatches("chatgpt.com", "chatgpt.com.evil.example"));
        QVERIFY(hostMatches("*.example.com", "a.b.example.com"));
        QVERIFY(!hostMatches("*.example.com", "example.com"));
        QVERIFY(!hostMatches("*.example.com", "badexample.com"));
        QVERIFY(!hostMatches("*", ""));
    }

    void modelNamesAreMatchedAndSplit() {
        ProviderEntry provider;
        provider.models = {"gpt-4*", "o3"};
        QVERIFY(allowsModel(provider, "gpt-4o"));
        QVERIFY(allowsModel(provider, "O3"));
        QVERIFY(!allowsModel(provider, "o3-mini"));
        QCOMPARE(splitModelName("a/b/c").provider, std::string_view("a"));
        QCOMPARE(splitModelName("a/b/c").model, std::string_view("b/c"));
        QVERIFY(splitModelName("plain").provider.empty());
        QCOMPARE(splitModelName("plain").model, std::string_view("plain"));
    }
};

QTEST_GUILESS_MAIN(TestPolicySet)
#include "tst_policy_set.moc"
