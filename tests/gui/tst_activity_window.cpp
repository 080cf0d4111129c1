// SPDX-License-Identifier: Apache-2.0
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QTableView>
#include <QTest>
#include <QToolButton>

#include "activity/activity_window.h"
#include "activity/decision_model.h"
#include "gui/support/fake_agent.h"
#include "gui/support/sample_rows.h"

using namespace gatehouse;
using namespace gatehouse::test;
using namespace Qt::StringLiterals;

class TestActivityWindow final : public QObject {
    Q_OBJECT
private slots:
    void decisionsAreListedNewestFirst();
    void aNewDecisionAppearsOnTopOnce();
    void wordsAndDecisionFilterTogether();
    void theDetailsSayWhatIsKnown();
    void emptyFilteredAndUnreadableEachSaySo();
    void theListIsCapped();
};

void TestActivityWindow::decisionsAreListedNewestFirst() {
    FakeAgent agent;
    agent.rows = sampleRows();
    ui::ActivityWindow window(agent);
    window.show();
    auto* table = window.findChild<QTableView*>(u"decisionTable"_s);

    QTRY_COMPARE(table->model()->rowCount(), 7);
    const auto cell = [table](int row, int column) { return table->model()->index(row, column).data().toString(); };
    QCOMPARE(cell(0, ui::DecisionModel::decisionColumn), u"Blocked"_s);
    QCOMPARE(cell(0, ui::DecisionModel::fromColumn), u"Chromium (paste)"_s);
    QCOMPARE(cell(0, ui::DecisionModel::toColumn), u"chatgpt.com"_s);
    QCOMPARE(cell(1, ui::DecisionModel::foundColumn), u"1 payment card, 2 e-mail addresses"_s);
    QCOMPARE(cell(2, ui::DecisionModel::fromColumn), u"vscode"_s);
    QCOMPARE(cell(2, ui::DecisionModel::foundColumn), u"Nothing sensitive"_s);
}

void TestActivityWindow::aNewDecisionAppearsOnTopOnce() {
    FakeAgent agent;
    agent.rows = sampleRows();
    ui::ActivityWindow window(agent);
    auto* table = window.findChild<QTableView*>(u"decisionTable"_s);
    QTRY_COMPARE(table->model()->rowCount(), 7);
    ui::DecisionRow row = agent.rows[2];
    row.sequence = 950;
    row.client = u"newest"_s;

    emit agent.recorded(row);
    emit agent.recorded(row);

    QCOMPARE(table->model()->rowCount(), 8);
    QCOMPARE(table->model()->index(0, ui::DecisionModel::fromColumn).data().toString(), u"newest"_s);
}

void TestActivityWindow::wordsAndDecisionFilterTogether() {
    FakeAgent agent;
    agent.rows = sampleRows();
    ui::ActivityWindow window(agent);
    auto* table = window.findChild<QTableView*>(u"decisionTable"_s);
    auto* words = window.findChild<QLineEdit*>(u"filterInput"_s);
    auto* action = window.findChild<QComboBox*>(u"actionFilter"_s);
    QTRY_COMPARE(table->model()->rowCount(), 7);

    QTest::keyClicks(words, u"OPENAI gpt"_s);
    QCOMPARE(table->model()->rowCount(), 2);
    action->setCurrentIndex(action->findText(u"Redacted"_s));
    QCOMPARE(table->model()->rowCount(), 1);
    words->clear();
    action->setCurrentIndex(0);
    QCOMPARE(table->model()->rowCount(), 7);
}

void TestActivityWindow::theDetailsSayWhatIsKnown() {
    FakeAgent agent;
    agent.rows = sampleRows();
    ui::ActivityWindow window(agent);
    window.show();
    auto* table = window.findChild<QTableView*>(u"decisionTable"_s);
    QTRY_COMPARE(table->model()->rowCount(), 7);

    table->selectRow(1);

    const auto detail = [&window](const char* name) {
        const auto* label = window.findChild<QLabel*>(QString::fromLatin1(name));
        return label == nullptr ? QString() : label->text();
    };
    QCOMPARE(detail("detailRule"), u"redact-payment"_s);
    QCOMPARE(detail("detailTo"), u"openai · gpt-4o"_s);
    QCOMPARE(detail("detailFound"), u"1 payment card, 2 e-mail addresses"_s);
    QCOMPARE(detail("detailOutcome"), u"Answered"_s);
    QCOMPARE(detail("detailCost"), u"$0.0031"_s);
    QCOMPARE(detail("detailPolicy"), u"acme 12"_s);
    table->selectRow(2);
    QCOMPARE(detail("detailCost"), QString()); // unknown is not shown as zero
}

void TestActivityWindow::emptyFilteredAndUnreadableEachSaySo() {
    FakeAgent agent;
    ui::ActivityWindow window(agent);
    window.show();
    auto* title = window.findChild<QLabel*>(u"emptyTitle"_s);
    QTRY_COMPARE(agent.recentRequests, 1);
    QVERIFY(title->isVisible());
    QCOMPARE(title->text(), u"Nothing yet"_s);

    agent.doesFailRecent = true;
    QTest::mouseClick(window.findChild<QToolButton*>(u"refreshButton"_s), Qt::LeftButton);
    QTRY_COMPARE(title->text(), u"The record cannot be read now"_s);

    agent.doesFailRecent = false;
    agent.rows = sampleRows();
    QTest::mouseClick(window.findChild<QToolButton*>(u"refreshButton"_s), Qt::LeftButton);
    QTRY_VERIFY(!title->isVisible());
    QTest::keyClicks(window.findChild<QLineEdit*>(u"filterInput"_s), u"nosuchword"_s);
    QVERIFY(title->isVisible());
    QCOMPARE(title->text(), u"Nothing fits the filter"_s);
}

void TestActivityWindow::theListIsCapped() {
    ui::DecisionModel model;
    for (quint64 i = 1; i <= ui::DecisionModel::kMaxRows + 5; ++i) {
        ui::DecisionRow row;
        row.sequence = i;
        model.prepend(row);
    }
    QCOMPARE(model.rowCount(), ui::DecisionModel::kMaxRows);
    QCOMPARE(model.rowAt(0)->sequence, static_cast<quint64>(ui::DecisionModel::kMaxRows + 5));
}

QTEST_MAIN(TestActivityWindow)
#include "tst_activity_window.moc"
