// SPDX-License-Identifier: Apache-2.0
#define QT_NO_EMIT
#include <QtTest>

#include "governance/describe.h"

using namespace gatehouse;
using namespace gatehouse::governance;

class TestExplain final : public QObject {
    Q_OBJECT

    std::shared_ptr<const dlp::Engine> m_engine;

    static Finding finding(const std::string& detector) {
        Finding made;
        made.detector = detector;
        return made;
    }

    QString explain(const std::vector<Finding>& findings, const policy::Decision& decision,
                    Channel channel = Channel::sdk) const {
        return QString::fromStdString(explainDecision(m_engine.get(), findings, decision, channel));
    }

private slots:
    void initTestCase() {
        auto engine = dlp::Engine::compile({});
        QVERIFY(engine.has_value());
        m_engine = std::move(*engine);
    }

    void eachDecisionSaysWhatHappenedAndWhatToDo_data() {
        QTest::addColumn<int>("decision");
        QTest::addColumn<bool>("isSdk");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, int decision, bool isSdk, const char* expected) {
            QTest::newRow(name) << decision << isSdk << expected;
        };
        row("blocked", 0, true, "This was not sent. Remove what was found, then try again.");
        row("local", 1, true,
            "This may only go to a model on this computer. Choose a local model, or remove what was found.");
        row("justify, SDK", 2, true,
            "This is sent only with a reason. Send it from Gatehouse's chat window, which asks for the reason, or take "
            "out what was found.");
        row("justify, window", 2, false, "This is sent only with a reason. Give a reason, or change the text.");
        row("warn, SDK", 3, true, "This was sent, with a warning.");
        row("warn, window", 3, false, "Please look at this before it is sent. Send it, or change the text.");
        row("redact", 4, true, "Sensitive values were replaced before sending.");
        row("allow", 5, true, "This was sent.");
    }
    void eachDecisionSaysWhatHappenedAndWhatToDo() {
        QFETCH(int, decision);
        QFETCH(bool, isSdk);
        QFETCH(QString, expected);
        policy::Decision made;
        made.isBlocked = decision == 0;
        made.isLocalOnly = decision <= 1; // the stricter word wins
        made.needsJustification = decision <= 2;
        made.needsWarning = decision <= 3;
        made.label = decision <= 4 ? Action::redact : Action::allow;
        for (const Channel channel : {Channel::chat, Channel::paste, Channel::drop, Channel::upload, Channel::submit}) {
            QCOMPARE(explain({}, made, isSdk ? Channel::sdk : channel), expected);
        }
    }

    void onlyWhatLedToItIsNamed() {
        policy::Decision decision;
        decision.isBlocked = true;
        decision.label = Action::block;
        decision.rule = "no-keys";
        decision.findings = {{Action::redact, "hide"}, {Action::block, "no-keys"}, {Action::block, "no-keys"}};
        const std::vector<Finding> findings{finding("pci.any.card"), finding("secret.aws.access_key_id"),
                                            finding("secret.aws.access_key_id")};
        const QString name = QString::fromStdString(m_engine->detector("secret.aws.access_key_id").name);
        QCOMPARE(explain(findings, decision),
                 "This was not sent. Found: 2 × " + name + ". Rule: no-keys. Remove what was found, then try again.");
    }

    void severalDetectorsAreCountedApart() {
        policy::Decision decision;
        decision.label = Action::redact;
        decision.rule = "hide";
        decision.findings.assign(3, {Action::redact, "hide"});
        const QString text =
            explain({finding("pci.any.card"), finding("pii.any.email"), finding("pci.any.card")}, decision);
        const auto named = [this](const char* id) { return QString::fromStdString(m_engine->detector(id).name); };
        QVERIFY2(text.contains("2 × " + named("pci.any.card")), qPrintable(text));
        QVERIFY2(text.contains("1 × " + named("pii.any.email")), qPrintable(text));
    }

    void theRulesOwnWordsAreSaid() {
        policy::Decision decision;
        decision.isBlocked = true;
        decision.message = "Ask the privacy desk.";
        QVERIFY(explain({}, decision).contains(" Ask the privacy desk. "));
    }

    void withoutACatalogueItIsTheDetectorsId() {
        policy::Decision decision;
        decision.label = Action::log;
        decision.findings = {{Action::log, "default"}};
        QCOMPARE(explainDecision(nullptr, {finding("pci.any.card")}, decision, Channel::sdk),
                 std::string("This was sent. Found: 1 × pci.any.card."));
        QVERIFY(explain({finding("no.such.detector")}, decision).contains("1 × "));
    }
};

QTEST_GUILESS_MAIN(TestExplain)
#include "tst_explain.moc"
