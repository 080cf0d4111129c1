// SPDX-License-Identifier: Apache-2.0
#include <QApplication>
#include <QMessageBox>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include "gui/support/fake_agent.h"
#include "gui/support/sample_rows.h"
#include "tray/desktop.h"

using namespace gatehouse;
using namespace gatehouse::test;
using namespace Qt::StringLiterals;

namespace {

QWidget* windowNamed(const QString& name) {
    for (QWidget* window : QApplication::topLevelWidgets()) {
        if (window->objectName() == name && window->isVisible()) {
            return window;
        }
    }
    return nullptr;
}

QAction* actionOf(ui::Desktop& desktop, const char* name) {
    return desktop.tray().menu().findChild<QAction*>(QString::fromLatin1(name));
}

} // namespace

class TestDesktop final : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { QApplication::setQuitOnLastWindowClosed(false); }
    void theMenuOpensTheWindowsAndClosingFreesThem();
    void openingAgainRaisesTheSameWindow();
    void theMenuSaysTheStateAndThatPausingIsPolicy();
    void everyStateHasItsToolTip();
    void quittingAsksFirstAndStayingStays();
    void withoutATrayTheChatOpensByItself();
    void somethingHeldBackIsNotedOnceInAWhile();
};

void TestDesktop::theMenuOpensTheWindowsAndClosingFreesThem() {
    FakeAgent agent;
    ui::Desktop desktop(agent);
    for (const auto& [action, name] :
         {std::pair{"chatAction", u"chatWindow"_s}, {"decisionsAction", u"activityWindow"_s}}) {
        QVERIFY(windowNamed(name) == nullptr);
        actionOf(desktop, action)->trigger();
        QPointer<QWidget> window = windowNamed(name);
        QVERIFY(window != nullptr);
        window->close();
        QTRY_VERIFY(window == nullptr);
    }
}

void TestDesktop::openingAgainRaisesTheSameWindow() {
    FakeAgent agent;
    ui::Desktop desktop(agent);
    desktop.openChat();
    QWidget* first = windowNamed(u"chatWindow"_s);
    first->setWindowState(Qt::WindowMinimized);
    desktop.openChat();
    QCOMPARE(windowNamed(u"chatWindow"_s), first);
    QVERIFY(!first->isMinimized());
}

void TestDesktop::theMenuSaysTheStateAndThatPausingIsPolicy() {
    FakeAgent agent;
    ui::Desktop desktop(agent);
    QCOMPARE(actionOf(desktop, "statusAction")->text(), u"Ready · policy acme, serial 12"_s);
    QVERIFY(!actionOf(desktop, "statusAction")->isEnabled());
    QVERIFY(!actionOf(desktop, "pauseAction")->isEnabled());
    QVERIFY(actionOf(desktop, "pauseAction")->text().contains(u"organisation's policy"_s));

    ui::AgentView view = agent.view();
    view.phase = ui::AgentPhase::policyBroken;
    view.isMonitorMode = true;
    agent.setView(view);

    QCOMPARE(actionOf(desktop, "statusAction")->text(), u"Policy broken · policy acme, serial 12 · watching only"_s);
}

void TestDesktop::everyStateHasItsToolTip() {
    FakeAgent agent;
    ui::Desktop desktop(agent);
    QSet<QString> seen;
    for (int i = 0; i <= static_cast<int>(ui::AgentPhase::stopped); ++i) {
        ui::AgentView view = agent.view();
        view.phase = static_cast<ui::AgentPhase>(i);
        agent.setView(view);
        QVERIFY(desktop.tray().toolTip().startsWith(u"Gatehouse: "_s));
        seen.insert(desktop.tray().toolTip());
    }
    QCOMPARE(seen.size(), 7);
    ui::AgentView view = agent.view();
    view.problem = u"Port 4141 is used by nginx."_s;
    agent.setView(view);
    QVERIFY(desktop.tray().toolTip().contains(u"nginx"_s));
}

void TestDesktop::quittingAsksFirstAndStayingStays() {
    FakeAgent agent;
    ui::Desktop desktop(agent);
    QSignalSpy accepted(&desktop, &ui::Desktop::quitAccepted);
    actionOf(desktop, "quitAction")->trigger();
    QWidget* dialog = windowNamed(u"quitDialog"_s);
    QVERIFY(dialog != nullptr);
    QVERIFY(qobject_cast<QMessageBox*>(dialog)->informativeText().contains(u"cannot reach any model"_s));
    QTest::mouseClick(dialog->findChild<QPushButton*>(u"stayButton"_s), Qt::LeftButton);
    QTRY_VERIFY(windowNamed(u"quitDialog"_s) == nullptr);
    QCOMPARE(accepted.size(), 0);

    actionOf(desktop, "quitAction")->trigger();
    QTRY_VERIFY(windowNamed(u"quitDialog"_s) != nullptr);
    QTest::mouseClick(windowNamed(u"quitDialog"_s)->findChild<QPushButton*>(u"quitButton"_s), Qt::LeftButton);
    QTRY_COMPARE(accepted.size(), 1);
}

void TestDesktop::withoutATrayTheChatOpensByItself() {
    if (ui::Tray::isAvailable()) {
        QSKIP("there is a tray here");
    }
    FakeAgent agent;
    ui::Desktop desktop(agent);
    desktop.openIfNoTray(1);
    QTRY_VERIFY(windowNamed(u"chatWindow"_s) != nullptr);
}

void TestDesktop::somethingHeldBackIsNotedOnceInAWhile() {
    FakeAgent agent;
    ui::Desktop desktop(agent);
    QSignalSpy noted(&desktop.tray(), &ui::Tray::noted);
    const std::vector<ui::DecisionRow> rows = sampleRows();
    emit agent.recorded(rows[1]); // redacted: nothing to say
    QCOMPARE(noted.size(), 0);
    emit agent.recorded(rows[0]);
    emit agent.recorded(rows[0]);
    QCOMPARE(noted.size(), 1);
    QVERIFY(noted[0][0].toString().contains(u"chatgpt.com"_s));
    ui::DecisionRow own = rows[0];
    own.channel = Channel::chat; // the chat window says it itself
    FakeAgent other;
    ui::Desktop second(other);
    QSignalSpy quiet(&second.tray(), &ui::Tray::noted);
    emit other.recorded(own);
    QCOMPARE(quiet.size(), 0);
}

QTEST_MAIN(TestDesktop)
#include "tst_desktop.moc"
