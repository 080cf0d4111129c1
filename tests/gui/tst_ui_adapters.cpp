// SPDX-License-Identifier: Apache-2.0
#include <QSignalSpy>
#include <QTest>
#include <atomic>
#include <thread>

#include "ui_adapters.h"

using namespace gatehouse;
using namespace gatehouse::app;
using namespace Qt::StringLiterals;

namespace {

struct Log {
    std::atomic<bool> isStopped = false;
    std::atomic<bool> doesGrant = true;
    std::atomic<bool> canRead = true;
    std::atomic<bool> wasOnMain = false; // something that may take a while was called on the GUI thread
    Qt::HANDLE main = QThread::currentThreadId();

    void enter() { wasOnMain = wasOnMain || QThread::currentThreadId() == main; }
};

// An agent that answers from a thread of its own, as the real one does.
class ScriptedAgent final : public Agent {
public:
    ScriptedAgent(Log& log, AgentObserver* observer) : m_log(log), m_observer(observer) {
        m_thread = std::thread([this] {
            AgentStatus later = status();
            later.policySerial = 8;
            m_observer->statusChanged(later);
            AuditRecord record;
            record.kind = RecordKind::intent;
            m_observer->recorded(record);
            record.kind = RecordKind::outcome;
            record.interaction = "i-9";
            m_observer->recorded(record);
        });
    }
    ~ScriptedAgent() override { stop(); }
    [[nodiscard]] AgentStatus status() const override {
        AgentStatus status;
        status.state = AgentState::ready;
        status.baseUrl = "http://127.0.0.1:4141";
        status.policyId = "acme";
        status.policySerial = 7;
        return status;
    }
    [[nodiscard]] SecureBytes chatToken() const override { return SecureBytes(std::string_view("ghc_x")); }
    [[nodiscard]] Result<SecureBytes> issueToken(const std::string& /*name*/) override { return SecureBytes(); }
    void grantApproval(std::string /*interaction*/, std::string /*justification*/,
                       std::function<void(Result<>)> done) override {
        m_log.enter();
        if (m_log.doesGrant) {
            done({});
        } else {
            done(fail(ErrorKind::notFound, "expired"));
        }
    }
    [[nodiscard]] Result<std::vector<AuditRecord>> recent(std::size_t /*limit*/) override {
        m_log.enter();
        if (!m_log.canRead) {
            return fail(ErrorKind::unavailable, "locked");
        }
        AuditRecord outcome;
        outcome.kind = RecordKind::outcome;
        outcome.sequence = 4;
        outcome.findings = {{"pci.any.card", FindingClass::pci, 3, 1.0}};
        outcome.costUsd = 0.0;
        AuditRecord intent;
        intent.kind = RecordKind::intent;
        return std::vector{outcome, intent};
    }
    void stop() override {
        m_log.enter();
        m_log.isStopped = true;
        if (m_thread.joinable()) {
            m_thread.join();
        }
    }

private:
    Log& m_log;
    AgentObserver* m_observer;
    std::thread m_thread;
};

AgentAdapter::Starter starterOf(Log& log) {
    return [&log](AgentOptions, AgentObserver* observer) -> Result<std::unique_ptr<Agent>> {
        log.enter();
        return std::make_unique<ScriptedAgent>(log, observer);
    };
}

} // namespace

class TestUiAdapters final : public QObject {
    Q_OBJECT
private slots:
    void theAgentStartsOffTheGuiThreadAndReports();
    void onlyOutcomesAreShown();
    void approvalsAreAnsweredEitherWay();
    void recentDecisionsAreLoadedOrFail();
    void stoppingStopsTheAgentAndSaysSo();
    void destroyingTheAdapterStopsTheAgent();
    void aStartThatFailsIsToldInWords();
    void everyAgentStateHasItsPhase();
};

void TestUiAdapters::theAgentStartsOffTheGuiThreadAndReports() {
    Log log;
    AgentAdapter adapter({}, starterOf(log));
    QCOMPARE(adapter.view().phase, ui::AgentPhase::starting);
    QVERIFY(adapter.chatToken().empty());
    adapter.start();
    QTRY_COMPARE(adapter.view().phase, ui::AgentPhase::ready);
    QTRY_COMPARE(adapter.chatToken().text(), std::string_view("ghc_x"));
    QCOMPARE(adapter.view().baseUrl, QUrl(u"http://127.0.0.1:4141"_s));
    QVERIFY(!log.wasOnMain);
}

void TestUiAdapters::onlyOutcomesAreShown() {
    Log log;
    AgentAdapter adapter({}, starterOf(log));
    QStringList seen;
    connect(&adapter, &ui::AgentPort::recorded, this,
            [&seen](const ui::DecisionRow& row) { seen.append(row.interaction); });
    adapter.start();
    QTRY_COMPARE(seen, QStringList{u"i-9"_s});
}

void TestUiAdapters::approvalsAreAnsweredEitherWay() {
    Log log;
    AgentAdapter adapter({}, starterOf(log));
    QSignalSpy answered(&adapter, &ui::AgentPort::approvalAnswered);
    adapter.grantApproval(u"too early"_s, {}); // before the agent is there: a no, not silence
    QTRY_COMPARE(answered.size(), 1);
    QCOMPARE(answered[0][1].toBool(), false);
    adapter.start();
    adapter.grantApproval(u"i-1"_s, u"because"_s);
    QTRY_COMPARE(answered.size(), 2);
    QCOMPARE(answered[1][0].toString(), u"i-1"_s);
    QCOMPARE(answered[1][1].toBool(), true);
    log.doesGrant = false;
    adapter.grantApproval(u"i-2"_s, {});
    QTRY_COMPARE(answered.size(), 3);
    QCOMPARE(answered[2][1].toBool(), false);
    QVERIFY(!log.wasOnMain);
}

void TestUiAdapters::recentDecisionsAreLoadedOrFail() {
    Log log;
    AgentAdapter adapter({}, starterOf(log));
    std::vector<ui::DecisionRow> rows;
    connect(&adapter, &ui::AgentPort::recentLoaded, this, [&rows](const auto& loaded) { rows = loaded; });
    QSignalSpy failed(&adapter, &ui::AgentPort::recentFailed);
    adapter.start();
    adapter.requestRecent(10);
    QTRY_COMPARE(rows.size(), 1U);
    QCOMPARE(rows[0].findings.at(0).count, 3U);
    QVERIFY(rows[0].costUsd.has_value());
    log.canRead = false;
    adapter.requestRecent(10);
    QTRY_COMPARE(failed.size(), 1);
    QVERIFY(!log.wasOnMain);
}

void TestUiAdapters::stoppingStopsTheAgentAndSaysSo() {
    Log log;
    AgentAdapter adapter({}, starterOf(log));
    QSignalSpy stopped(&adapter, &ui::AgentPort::stopped);
    adapter.start();
    QTRY_COMPARE(adapter.view().phase, ui::AgentPhase::ready);
    adapter.requestStop();
    QTRY_COMPARE(stopped.size(), 1);
    QCOMPARE(adapter.view().phase, ui::AgentPhase::stopped);
    QVERIFY(log.isStopped);
    QVERIFY(!log.wasOnMain);
}

void TestUiAdapters::destroyingTheAdapterStopsTheAgent() {
    Log log;
    {
        AgentAdapter adapter({}, starterOf(log));
        adapter.start();
        QTRY_COMPARE(adapter.view().phase, ui::AgentPhase::ready);
    }
    QVERIFY(log.isStopped);
    QVERIFY(!log.wasOnMain);
}

void TestUiAdapters::aStartThatFailsIsToldInWords() {
    AgentAdapter adapter({}, [](AgentOptions, AgentObserver*) -> Result<std::unique_ptr<Agent>> {
        return fail(ErrorKind::conflict, "lock held");
    });
    adapter.start();
    QTRY_COMPARE(adapter.view().phase, ui::AgentPhase::stopped);
    QVERIFY(adapter.view().problem.contains(u"already uses this data folder"_s));
}

void TestUiAdapters::everyAgentStateHasItsPhase() {
    AgentStatus status;
    for (const auto& [state, phase] : {std::pair{AgentState::ready, ui::AgentPhase::ready},
                                       {AgentState::policyBroken, ui::AgentPhase::policyBroken},
                                       {AgentState::storeLocked, ui::AgentPhase::storeLocked},
                                       {AgentState::storeBroken, ui::AgentPhase::storeBroken},
                                       {AgentState::portTaken, ui::AgentPhase::portTaken},
                                       {AgentState::stopped, ui::AgentPhase::stopped}}) {
        status.state = state;
        QCOMPARE(viewOf(status).phase, phase);
    }
}

QTEST_GUILESS_MAIN(TestUiAdapters)
#include "tst_ui_adapters.moc"
