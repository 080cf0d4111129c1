// SPDX-License-Identifier: Apache-2.0
#include <QProcess>
#include <QRandomGenerator>
#include <QtTest>

#include "audit/verify.h"
#include "audit_fixture.h"

using namespace gatehouse;
using namespace gatehouse::test;

class TestCrash final : public QObject {
    Q_OBJECT
private slots:
    // GATEHOUSE_CRASH_ROUNDS sets the number of rounds; the default keeps unit runs short.
    void killedAtAnyMomentNothingAcknowledgedIsLost() {
        const int rounds = qEnvironmentVariableIntValue("GATEHOUSE_CRASH_ROUNDS");
        AuditFixture fixture;
        std::vector<std::string> acknowledged;
        for (int round = 0; round < (rounds > 0 ? rounds : 20); ++round) {
            QProcess child;
            child.start(CRASH_WRITER, {QString::fromStdString(fixture.folder()), QString("r%1").arg(round)});
            QVERIFY(child.waitForReadyRead(60'000));
            QTest::qSleep(static_cast<int>(QRandomGenerator::global()->bounded(40)));
            child.kill();
            QVERIFY(child.waitForFinished(60'000));
            QCOMPARE(child.exitStatus(), QProcess::CrashExit);
            const QByteArray output = child.readAllStandardOutput();
            const QByteArray whole = output.left(output.lastIndexOf('\n') + 1); // the last line may be cut
            for (const QByteArray& line : whole.split('\n')) {
                if (!line.isEmpty()) {
                    acknowledged.push_back(line.toStdString());
                }
            }
            const auto report = audit::verifyAudit(fixture.folder(), fixture.secrets());
            QVERIFY2(report->isIntact(), report->fault ? report->fault->what.c_str() : "breach");
        }
        QVERIFY(acknowledged.size() > 20);
        audit::AuditStore& store = fixture.open();
        for (const std::string& id : acknowledged) {
            const auto records = *store.reader().show(id);
            QVERIFY2(records.size() == 2, id.c_str()); // the intent, and its outcome or "interrupted"
            if (std::stoi(id.substr(id.find('-') + 1)) % 3 != 0) {
                continue;
            }
            QCOMPARE(store.vault().find("conversation-" + id, "CARD", 1)->text(), std::string_view("value of " + id));
        }
        QVERIFY(audit::verifyAudit(fixture.folder(), fixture.secrets())->isIntact());
    }
};

QTEST_GUILESS_MAIN(TestCrash)
#include "tst_crash.moc"
