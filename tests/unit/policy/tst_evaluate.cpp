// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <QtTest>

#include "base/time_text.h"
#include "policy/evaluate.h"
#include "policy_support.h"
#include "types/opinion.h"

using namespace gatehouse;
using namespace gatehouse::policy;
using namespace gatehouse::policy::test;

namespace {

const Finding kEmail = found("pii.any.email", FindingClass::pii);
const Finding kCard = found("pci.any.card", FindingClass::pci);
const Finding kToken = found("secret.any.github-token", FindingClass::secret);

// Whether a rule with this `when` decides a pii finding of the interaction.
bool decides(const std::string& when, const Interaction& interaction, const Subject& subject,
             const std::vector<Finding>& findings = {kEmail}) {
    const auto policy = policyOf(R"({"id": "r", "when": {)" + when + R"(}, "then": "block"})");
    Subject asked = subject;
    asked.interaction = &interaction;
    return policy != nullptr && policy->evaluate(asked, findings).isBlocked;
}

} // namespace

class TestEvaluate final : public QObject {
    Q_OBJECT
private slots:
    void firstMatchDecidesAFinding() {
        const auto policy = policyOf(R"({"id": "a", "when": {"class": "pii"}, "then": "redact"},
                                        {"id": "b", "when": {"class": ["pii", "pci"]}, "then": "block"})");
        const Interaction interaction;
        const Decision decision = policy->evaluate(subjectTo(interaction, Trust::external), {kEmail});
        QVERIFY(!decision.isBlocked);
        QCOMPARE(decision.label, Action::redact);
        QCOMPARE(decision.rule, std::string("a"));
        QCOMPARE(decision.findings.size(), 1U);
        QCOMPARE(decision.findings[0].action, Action::redact);
    }

    void effectsOfAllFindingsCompose() {
        const auto policy = policyOf(R"({"id": "mask", "when": {"class": "pii"}, "then": "redact"},
                                        {"id": "ask", "when": {"class": "pci"}, "then": "justify", "message": "why?"},
                                        {"id": "home", "when": {"class": "secret"}, "then": "route-local", "message": "here"})");
        const Interaction interaction;
        const Decision decision = policy->evaluate(subjectTo(interaction, Trust::external), {kCard, kEmail, kToken});
        QVERIFY(!decision.isBlocked);
        QVERIFY(decision.needsJustification);
        QVERIFY(decision.isLocalOnly);
        QVERIFY(!decision.needsWarning);
        QCOMPARE(decision.label, Action::routeLocal);
        QCOMPARE(decision.rule, std::string("home"));
        QCOMPARE(decision.message, std::string("here"));
        QCOMPARE(decision.findings[0].action, Action::justify);
        QCOMPARE(decision.findings[1].action, Action::redact);
        QCOMPARE(decision.findings[2].action, Action::routeLocal);
    }

    void blockWinsOverAll() {
        const auto policy = policyOf(R"({"id": "mask", "when": {"class": "pii"}, "then": "redact"},
                                        {"id": "stop", "when": {"class": "secret"}, "then": "block", "message": "no"})");
        const Interaction interaction;
        const Decision decision = policy->evaluate(subjectTo(interaction, Trust::external), {kEmail, kToken, kEmail});
        QVERIFY(decision.isBlocked);
        QCOMPARE(decision.label, Action::block);
        QCOMPARE(decision.rule, std::string("stop"));
        QCOMPARE(decision.message, std::string("no"));
        QCOMPARE(decision.findings[2].action, Action::redact);
    }

    void rulesWithoutFindingConditionsHoldForTextsWithoutFindings() {
        const auto policy = policyOf(R"({"id": "mask", "when": {"class": "pii"}, "then": "redact"},
                                        {"id": "shut", "when": {"trust": "external"}, "then": "block"})");
        const Interaction interaction;
        QVERIFY(policy->evaluate(subjectTo(interaction, Trust::external), {}).isBlocked);
        QVERIFY(!policy->evaluate(subjectTo(interaction, Trust::approved), {}).isBlocked);
        // The finding is decided by `mask`, and the interaction itself is judged all the same.
        const Decision decision = policy->evaluate(subjectTo(interaction, Trust::external), {kEmail});
        QVERIFY(decision.isBlocked);
        QCOMPARE(decision.rule, std::string("shut"));
        QCOMPARE(decision.findings[0].rule, std::string("mask"));
    }

    void anAllowRuleBeforeABlockIsAnException() {
        const auto policy = policyOf(R"({"id": "legal-may", "when": {"group": "legal"}, "then": "allow"},
                                        {"id": "stop", "when": {"class": "pii"}, "then": "block"})");
        Interaction interaction;
        QVERIFY(policy->evaluate(subjectTo(interaction, Trust::external), {kEmail}).isBlocked);
        interaction.person.groups = {"staff", "legal"};
        const Decision decision = policy->evaluate(subjectTo(interaction, Trust::external), {kEmail});
        QVERIFY(!decision.isBlocked);
        QCOMPARE(decision.label, Action::allow);
        QCOMPARE(decision.rule, std::string("legal-may"));
    }

    void redactOfTheInteractionItselfIsNothingToDo() {
        const auto policy = policyOf(R"({"id": "all", "when": {}, "then": "redact"})");
        const Interaction interaction;
        QCOMPARE(policy->evaluate(subjectTo(interaction, Trust::external), {}).label, Action::allow);
        QCOMPARE(policy->evaluate(subjectTo(interaction, Trust::external), {kEmail}).label, Action::redact);
    }

    void theDefaultIsForWhatLeavesTheMachine_data() {
        QTest::addColumn<int>("trust");
        QTest::addColumn<int>("direction");
        QTest::addColumn<bool>("blocked");
        const auto prompt = static_cast<int>(Direction::prompt);
        const auto answer = static_cast<int>(Direction::answer);
        QTest::newRow("local prompt") << static_cast<int>(Trust::local) << prompt << false;
        QTest::newRow("approved prompt") << static_cast<int>(Trust::approved) << prompt << true;
        QTest::newRow("external prompt") << static_cast<int>(Trust::external) << prompt << true;
        QTest::newRow("external answer") << static_cast<int>(Trust::external) << answer << false;
    }
    void theDefaultIsForWhatLeavesTheMachine() {
        QFETCH(int, trust);
        QFETCH(int, direction);
        QFETCH(bool, blocked);
        const auto policy = policyOf("", R"("default": "block",)");
        Interaction interaction;
        interaction.direction = static_cast<Direction>(direction);
        for (const auto& findings : {std::vector<Finding>{}, std::vector<Finding>{kEmail}}) {
            const Decision decision = policy->evaluate(subjectTo(interaction, static_cast<Trust>(trust)), findings);
            QCOMPARE(decision.isBlocked, blocked);
            QCOMPARE(decision.rule, std::string("default"));
        }
    }

    void gatesInAnswersComeTooLateAndAreLogged() {
        Interaction interaction;
        interaction.direction = Direction::answer;
        for (const std::string action : {"warn", "justify", "route-local"}) {
            const auto policy = policyOf(R"({"id": "r", "when": {}, "then": ")" + action + R"("})");
            const Decision decision = policy->evaluate(subjectTo(interaction, Trust::external), {kEmail});
            QCOMPARE(decision.label, Action::log);
            QVERIFY(!decision.needsWarning && !decision.needsJustification && !decision.isLocalOnly);
        }
        const auto policy = policyOf(R"({"id": "r", "when": {"class": "pii"}, "then": "redact"})");
        QCOMPARE(policy->evaluate(subjectTo(interaction, Trust::external), {kEmail}).label, Action::redact);
    }

    void monitorModeHasNoEffectAndSaysWhatItWouldDo() {
        const auto policy = policyOf(R"({"id": "stop", "when": {"class": "pii"}, "then": "block"},
                                        {"id": "note", "when": {"class": "pci"}, "then": "log"})",
                                     R"("mode": "monitor", "default": "justify",)");
        const Interaction interaction;
        const Decision decision = policy->evaluate(subjectTo(interaction, Trust::external), {kEmail, kCard, kEmail});
        QVERIFY(!decision.isBlocked && !decision.needsJustification);
        QCOMPARE(decision.label, Action::log);
        QCOMPARE(decision.shadowRules, (std::vector<std::string>{"stop", "default"}));
        QCOMPARE(decision.findings[0].action, Action::allow);
    }

    void shadowRulesAreNotedAndPassedOver() {
        const auto policy = policyOf(R"({"id": "draft", "when": {"class": "pii"}, "then": "block", "shadow": true},
                                        {"id": "mask", "when": {"class": "pii"}, "then": "redact"},
                                        {"id": "late", "when": {"class": "pii"}, "then": "block", "shadow": true},
                                        {"id": "whole", "when": {}, "then": "warn", "shadow": true})");
        const Interaction interaction;
        const Decision decision = policy->evaluate(subjectTo(interaction, Trust::external), {kEmail});
        QCOMPARE(decision.label, Action::redact);
        QVERIFY(!decision.isBlocked && !decision.needsWarning);
        QCOMPARE(decision.shadowRules, (std::vector<std::string>{"draft", "whole"}));
    }

    void findingConditionsAllHaveToHold() {
        const Interaction interaction;
        const Subject subject = subjectTo(interaction, Trust::external);
        QVERIFY(decides(R"("class": "pii", "detector": "pii.*.email", "confidence": 0.9, "level": "high")", interaction,
                        subject));
        QVERIFY(!decides(R"("class": "pci")", interaction, subject));
        QVERIFY(!decides(R"("detector": "pii.us.*")", interaction, subject));
        QVERIFY(!decides(R"("confidence": 0.91)", interaction, subject));
        const Finding medium = found("pii.any.email", FindingClass::pii, 0.6, Level::medium);
        QVERIFY(!decides(R"("level": "high")", interaction, subject, {medium}));
        QVERIFY(decides(R"("level": "medium")", interaction, subject, {medium}));
    }

    void countIsOfTheRulesOwnFindings() {
        const Interaction interaction;
        const Subject subject = subjectTo(interaction, Trust::external);
        const std::string three = R"("class": "pii", "count": 3)";
        QVERIFY(!decides(three, interaction, subject, {kEmail, kEmail, kCard}));
        QVERIFY(decides(three, interaction, subject, {kEmail, kEmail, kCard, kEmail}));
        const std::string range = R"("class": "pii", "count": {"min": 2, "max": 3})";
        QVERIFY(!decides(range, interaction, subject, {kEmail}));
        QVERIFY(decides(range, interaction, subject, {kEmail, kEmail}));
        QVERIFY(decides(range, interaction, subject, {kEmail, kEmail, kEmail}));
        QVERIFY(!decides(range, interaction, subject, {kEmail, kEmail, kEmail, kEmail}));
    }

    void linesAreThoseOfTheRulesOwnFindingsTogether() {
        const Interaction interaction;
        const Subject subject = subjectTo(interaction, Trust::external);
        Finding program = found("source-code.any.python-def", FindingClass::sourceCode);
        program.lines = 30;
        Finding other = found("custom.policy.x", FindingClass::custom);
        other.lines = 30;
        other.why = "a line that only a program has; Python, 30 lines, 1200 characters, 85 % of the text";
        const std::string fifty = R"("class": "source-code", "lines": 50)";
        QVERIFY(!decides(fifty, interaction, subject, {program, other}));
        QVERIFY(decides(fifty, interaction, subject, {program, other, program}));
        QVERIFY(!decides(R"("class": "source-code", "lines": 61)", interaction, subject, {program, program}));
        QVERIFY(!decides(R"("lines": 1)", interaction, subject, {kEmail}));
    }

    void noRuleIsAskedAboutAnOpinionThatIsMissing() {
        const auto compiled = [](std::string source) {
            std::replace(source.begin(), source.end(), '\'', '"');
            return *Policy::compile(source);
        };
        const std::string rules = "'rules': [{'id': 'r', 'when': {'class': 'unreadable'}, 'then': 'block'}]}";
        const auto policy = compiled("{'meta': {'id': 'p'}, 'default': 'block', 'second_opinion': "
                                     "{'url': 'http://[::1]:8080/v1', 'model': 'm', 'on_failure': 'justify'}, " +
                                     rules);
        const auto without = compiled("{'meta': {'id': 'p'}, " + rules);
        Interaction interaction;
        const Finding none = found(std::string(kNoOpinionDetector).c_str(), FindingClass::unreadable);
        Decision decision = policy->evaluate(subjectTo(interaction, Trust::local), {none});
        QVERIFY(decision.label == Action::allow && !decision.needsJustification);
        QCOMPARE(without->evaluate(subjectTo(interaction, Trust::external), {none}).label, Action::allow);
        decision = policy->evaluate(subjectTo(interaction, Trust::approved), {none});
        QVERIFY(decision.needsJustification && decision.findings[0].rule == "second_opinion");
    }

    void subjectConditions_data() {
        QTest::addColumn<QString>("when");
        QTest::addColumn<bool>("holds");
        const auto row = [](const char* when, bool holds) { QTest::newRow(when) << QString::fromUtf8(when) << holds; };
        row(R"("direction": "prompt")", true);
        row(R"("direction": "answer")", false);
        row(R"("channel": ["chat", "paste"])", true);
        row(R"("channel": "sdk")", false);
        row(R"("person": "ali*")", true);
        row(R"("person": "ALICE")", true);
        row(R"("person": "bob")", false);
        row(R"("group": "eng")", true);
        row(R"("group": "sales")", false);
        row(R"("app": "code")", true);
        row(R"("app": "vscode")", true);
        row("\"app\": \"/usr/*/code\"", true); // moc sees a comment in a raw string here
        row("\"app\": \"/opt/*\"", false);
        row(R"("site": "*.example.com")", true);
        row(R"("site": "example.com")", false);
        row(R"("destination": "acme/big-*")", true);
        row(R"("destination": "acme/small-*")", false);
        row(R"("provider": "acme")", true);
        row(R"("provider": "other")", false);
        row(R"("model": "BIG-?")", true);
        row(R"("model": "big")", false);
        row(R"("region": "eu*")", true);
        row(R"("region": "us*")", false);
        row(R"("trust": "external")", true);
        row(R"("trust": ["local", "approved"])", false);
        row(R"("time": {"days": "fri", "from": "08:00", "to": "18:00"})", true);
        row(R"("time": {"days": ["sat", "sun"]})", false);
        row(R"("person": "alice", "group": "sales")", false);
    }
    void subjectConditions() {
        QFETCH(QString, when);
        QFETCH(bool, holds);
        Interaction interaction;
        interaction.channel = Channel::paste;
        interaction.person.name = "alice";
        interaction.person.groups = {"staff", "eng"};
        interaction.process.executable = "/usr/share/code/code";
        interaction.client = "vscode";
        interaction.site = "chat.example.com.";
        Subject subject = subjectTo(interaction, Trust::external);
        subject.destination.region = "eu-west-1";
        subject.now = *parseTime("2026-11-20T12:00:00Z"); // a Friday
        QCOMPARE(decides(when.toStdString(), interaction, subject), holds);
        QCOMPARE(decides(when.toStdString(), interaction, subject, {}), holds);
    }

    void destinationOfAWebPageIsItsHost() {
        Interaction interaction;
        interaction.site = "chatgpt.com";
        Subject subject;
        QVERIFY(decides(R"("destination": "chatgpt.com")", interaction, subject));
        QVERIFY(!decides(R"("destination": "claude.ai")", interaction, subject));
    }

    void timeWindows_data() {
        QTest::addColumn<QString>("time");
        QTest::addColumn<QString>("window");
        QTest::addColumn<bool>("inside");
        const auto row = [](const char* time, const char* window, bool inside) {
            QTest::addRow("%s in %s", time, window) << QString::fromUtf8(time) << QString::fromUtf8(window) << inside;
        };
        const char* const office = R"({"days": ["mon", "fri"], "from": "08:00", "to": "18:00"})";
        row("2026-11-20T07:59:59Z", office, false);
        row("2026-11-20T08:00:00Z", office, true);
        row("2026-11-20T17:59:59.999Z", office, true);
        row("2026-11-20T18:00:00Z", office, false);
        row("2026-11-21T12:00:00Z", office, false);
        const char* const night = R"({"days": "fri", "from": "22:00", "to": "06:00"})";
        row("2026-11-20T22:00:00Z", night, true);
        row("2026-11-21T05:59:00Z", night, true);
        row("2026-11-21T06:00:00Z", night, false);
        row("2026-11-20T05:59:00Z", night, false);
        row("2026-11-22T05:00:00Z", R"({"days": "sat", "from": "22:00", "to": "06:00"})", true);
        row("2026-11-20T06:30:00Z", R"({"from": "08:00", "to": "18:00", "zone": "+02:00"})", true);
        row("2026-11-20T12:30:00Z", R"({"from": "08:00", "to": "18:00", "zone": "-05:00"})", false);
        row("2026-11-20T23:30:00Z", R"({"days": "sat", "zone": "+01:00"})", true);
    }
    void timeWindows() {
        QFETCH(QString, time);
        QFETCH(QString, window);
        QFETCH(bool, inside);
        Subject subject;
        subject.now = *parseTime(time.toStdString());
        QCOMPARE(decides(R"("time": )" + window.toStdString(), Interaction{}, subject), inside);
    }

    void aNullInteractionIsJudgedToo() {
        const auto policy = policyOf(R"({"id": "r", "when": {"trust": "external"}, "then": "block"})");
        QVERIFY(policy->evaluate(Subject{}, {}).isBlocked);
    }
};

QTEST_GUILESS_MAIN(TestEvaluate)
#include "tst_evaluate.moc"
