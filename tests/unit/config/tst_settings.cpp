// SPDX-License-Identifier: Apache-2.0
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include "config/settings.h"

using namespace gatehouse;
using namespace gatehouse::config;

class TestSettings : public QObject {
    Q_OBJECT
private slots:
    void everyFieldSurvivesARoundTrip();
    void missingFieldsKeepTheirDefaults();
    void mistakesAreNamed_data();
    void mistakesAreNamed();
    void managedFieldsWin();
    void brokenFilesKeepWhatIsBelowAndSaySo();

private:
    QTemporaryDir m_folder;
    std::string write(const char* name, const QByteArray& content) {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size()) {
            qFatal("cannot write the fixture");
        }
        return file.fileName().toStdString();
    }
};

void TestSettings::everyFieldSurvivesARoundTrip() {
    Settings settings;
    settings.startsAtLogin = false;
    settings.showsNotifications = false;
    settings.theme = Theme::dark;
    settings.chatModel = "ollama/llama3";
    settings.logDetail = LogDetail::debug;
    settings.discoveryPause = std::chrono::seconds(7);
    settings.drainTime = std::chrono::seconds(9);
    QVERIFY(parseSettings(formatSettings(settings)).value() == settings);
    const auto path = m_folder.filePath("saved.json").toStdString();
    QVERIFY(saveSettings(path, settings).has_value());
    std::vector<std::string> problems;
    QVERIFY(loadSettings(path, {}, problems) == settings);
    QVERIFY(problems.empty());
}

void TestSettings::missingFieldsKeepTheirDefaults() {
    QVERIFY(parseSettings("{}").value() == Settings());
    std::vector<std::string> problems;
    QVERIFY(loadSettings(m_folder.filePath("none.json").toStdString(), "/nowhere/managed.json", problems) ==
            Settings());
    QVERIFY(problems.empty());
}

void TestSettings::mistakesAreNamed_data() {
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("named");
    const auto row = [](const char* json, const char* named) {
        QTest::newRow(json) << QByteArray(json) << QByteArray(named);
    };
    row("", "line 1");
    row("[]", "not a JSON object");
    row("{\n\"theme\":}", "line 2");
    row(R"({"them":"dark"})", "them");
    row(R"({"theme":"blue"})", "theme");
    row(R"({"theme":1})", "theme");
    row(R"({"starts_at_login":1})", "starts_at_login");
    row(R"({"starts_at_login":"true"})", "starts_at_login");
    row(R"({"drain_seconds":0})", "drain_seconds");
    row(R"({"drain_seconds":61})", "drain_seconds");
    row(R"({"drain_seconds":1.5})", "drain_seconds");
    row(R"({"discovery_seconds":-1})", "discovery_seconds");
    row(R"({"chat_model":null})", "chat_model");
    row(R"({"theme":"dark","theme":"light"})", "not a JSON object");
}

void TestSettings::mistakesAreNamed() {
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, named);
    const auto settings = parseSettings(json.toStdString());
    QVERIFY(!settings);
    QCOMPARE(settings.error().kind, ErrorKind::invalidInput);
    QVERIFY2(QByteArray::fromStdString(settings.error().what).contains(named), settings.error().what.c_str());
}

void TestSettings::managedFieldsWin() {
    const auto own = write("own.json", R"({"theme":"dark","drain_seconds":3})");
    const auto managed = write("managed.json", R"({"starts_at_login":true,"drain_seconds":9})");
    std::vector<std::string> problems;
    const auto settings = loadSettings(own, managed, problems);
    QVERIFY(problems.empty());
    QCOMPARE(settings.theme, Theme::dark);
    QCOMPARE(settings.drainTime, std::chrono::seconds(9));
}

void TestSettings::brokenFilesKeepWhatIsBelowAndSaySo() {
    const auto own = write("own2.json", R"({"theme":"dark"})");
    const auto broken = write("broken.json", "{");
    std::vector<std::string> problems;
    QCOMPARE(loadSettings(own, broken, problems).theme, Theme::dark);
    QCOMPARE(problems.size(), 1U);
    QVERIFY(loadSettings(broken, broken, problems) == Settings());
    QCOMPARE(problems.size(), 3U);
}

QTEST_GUILESS_MAIN(TestSettings)
#include "tst_settings.moc"
