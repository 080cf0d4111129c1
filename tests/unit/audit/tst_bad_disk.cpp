// SPDX-License-Identifier: Apache-2.0
#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include "audit/verify.h"
#include "audit_fixture.h"

using namespace gatehouse;

// A short life of a store (bad_disk_run.cpp) on the disk of tests/support/bad_disk.cpp: the power fails before each
// single sync, the process is killed before each single change, each single change fails.
class TestBadDisk final : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        QVERIFY(m_folder.isValid());
        QFile boot(m_folder.filePath("boot"));
        QVERIFY(boot.open(QIODevice::WriteOnly));
        boot.write("01234567-89ab-cdef-0123-456789abcdef\n");
        boot.close();
        QVERIFY(QDir(m_folder.path()).mkdir("images"));
        // Whoever opens an image does so in another boot.
        const auto ran = run("whole", {{"IMAGES", m_folder.filePath("images")}, {"BOOT", m_folder.filePath("boot")}});
        QCOMPARE(ran.code, 0);
        QCOMPARE(ran.said.count('\n'), 14);
    }

    // An intent that was acknowledged as strict is there, the chain verifies, and what a cut may take is called so: no
    // alarm.
    void nothingAcknowledgedIsLostWheneverThePowerFails_data() {
        QTest::addColumn<QString>("kind");
        QTest::newRow("all that was not synced is gone") << "synced";
        QTest::newRow("of what was not synced, any sectors are there") << "torn";
    }
    void nothingAcknowledgedIsLostWheneverThePowerFails() {
        QFETCH(QString, kind);
        int cuts = 0;
        int withRecords = 0;
        for (;; ++cuts) {
            const QString image = m_folder.filePath(QString("images/%1.%2").arg(cuts + 1).arg(kind));
            if (!QDir(image).exists()) {
                break;
            }
            QFile file(m_folder.filePath(QString("images/%1.said").arg(cuts + 1)));
            QVERIFY(file.open(QIODevice::ReadOnly));
            QByteArrayList strict;
            for (const QByteArray& line : file.readAll().split('\n')) {
                if (line.startsWith("strict ")) {
                    strict.push_back(line.mid(7));
                }
            }
            withRecords += strict.isEmpty() ? 0 : 1;
            const QString problem = problemOf(image, strict);
            QVERIFY2(problem.isEmpty(), qPrintable(QString("cut %1: %2").arg(cuts + 1).arg(problem)));
        }
        QVERIFY2(cuts > 40, qPrintable(QString::number(cuts)));
        QVERIFY2(withRecords > 20, qPrintable(QString::number(withRecords)));
        qInfo("%d cuts, %d of them behind acknowledged records", cuts, withRecords);
    }

    // A process that is killed loses nothing that it wrote: what was acknowledged as balanced is there too.
    void nothingAcknowledgedIsLostWhereverTheProcessIsKilled() {
        int kills = 0;
        for (int at = 1;; at += kStep) {
            const auto ran = run("killed", {{"KILL", QString::number(at)}});
            if (ran.code == 0) {
                break;
            }
            QCOMPARE(ran.code, kKilled);
            const QString problem = problemOf(m_folder.filePath("killed"), idsOf(ran.said));
            QVERIFY2(problem.isEmpty(),
                     qPrintable(QString("before change %1 (%2): %3").arg(at).arg(ran.told, problem)));
            ++kills;
        }
        QVERIFY2(kills * kStep > 100, qPrintable(QString::number(kills)));
        qInfo("%d kills", kills);
    }

    void everyFailingChangeIsSurvived_data() {
        QTest::addColumn<QString>("fault");
        QTest::newRow("full") << "full";
        QTest::newRow("error") << "error";
        QTest::newRow("short write") << "short";
    }
    void everyFailingChangeIsSurvived() {
        QFETCH(QString, fault);
        int faults = 0;
        for (int at = 1;; at += kStep) {
            const auto ran = run("failing", {{"FAIL", QString::number(at)}, {"FAULT", fault}});
            if (!ran.told.contains("disk: ")) {
                break;
            }
            QString problem = ran.code == 0 ? QString() : QString("ended with %1").arg(ran.code);
            if (problem.isEmpty()) {
                problem = problemOf(m_folder.filePath("failing"), idsOf(ran.said));
            }
            QVERIFY2(problem.isEmpty(), qPrintable(QString("at change %1 (%2): %3").arg(at).arg(ran.told, problem)));
            ++faults;
        }
        QVERIFY2(faults * kStep > 100, qPrintable(QString::number(faults)));
        qInfo("%d faults", faults);
    }

private:
    struct Ran {
        int code = 0;
        QByteArray said;
        QString told;
    };
    static constexpr int kKilled = -1;

    // On an empty folder of that name.
    [[nodiscard]] Ran run(const QString& name, const std::vector<std::pair<QString, QString>>& settings) const {
        QDir(m_folder.filePath(name)).removeRecursively();
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("LD_PRELOAD", BAD_DISK_LIBRARY);
        environment.insert("GATEHOUSE_DISK_FOLDER", m_folder.filePath(name));
        for (const auto& [word, value] : settings) {
            environment.insert("GATEHOUSE_DISK_" + word, value);
        }
        QProcess child;
        child.setProcessEnvironment(environment);
        child.start(BAD_DISK_RUN, {m_folder.filePath(name)});
        if (!child.waitForFinished(300'000)) {
            child.kill();
            child.waitForFinished();
            return {-2, {}, "it hangs"};
        }
        const int code = child.exitStatus() == QProcess::CrashExit ? kKilled : child.exitCode();
        const QByteArray output = child.readAllStandardOutput();
        return {code, output.left(output.lastIndexOf('\n') + 1), QString::fromUtf8(child.readAllStandardError())};
    }

    static QByteArrayList idsOf(const QByteArray& said) {
        QByteArrayList ids;
        for (const QByteArray& line : said.split('\n')) {
            if (!line.isEmpty()) {
                ids.push_back(line.mid(line.indexOf(' ') + 1));
            }
        }
        return ids;
    }

    // Empty when the store in the folder opens, has the records, alarms of nothing and verifies.
    static QString problemOf(const QString& folder, const QByteArrayList& ids) {
        const std::string path = folder.toStdString();
        const auto secrets = secrets::openSecretStore({.dataFolder = path, .mayUseKeyring = false});
        if (!secrets) {
            return "no secrets";
        }
        {
            const SystemClock clock;
            const auto store = audit::openAudit({path, **secrets, clock, {}});
            if (!store || (*store)->state() != audit::StoreState::ready) {
                return "does not open: " + QString::fromStdString(store ? (*store)->problem() : store.error().what);
            }
            for (const QByteArray& id : ids) {
                const auto records = (*store)->reader().show(id.toStdString());
                if (!records || records->empty()) {
                    return id + " is lost";
                }
            }
            const auto records = (*store)->reader().list({.limit = 1000});
            for (const AuditRecord& record : *records) {
                if (ledger::isBreach(record.outcome)) {
                    return QString::fromStdString("alarm: " + record.outcome);
                }
            }
        }
        const auto report = audit::verifyAudit(path, **secrets);
        return report && report->isIntact() ? QString() : "does not verify";
    }

    // Each of them takes a process: in short runs every fifth.
    const int kStep = qEnvironmentVariableIntValue("GATEHOUSE_LONG") != 0 ? 1 : 5;
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestBadDisk)
#include "tst_bad_disk.moc"
