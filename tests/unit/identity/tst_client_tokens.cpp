// SPDX-License-Identifier: Apache-2.0
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QtTest>

#include "identity/identity.h"

using namespace gatehouse;
using namespace gatehouse::identity;
using namespace std::chrono_literals;

namespace {

class ManualClock final : public Clock {
public:
    [[nodiscard]] WallTime wall() const override { return m_wall; }
    [[nodiscard]] MonotonicTime monotonic() const override { return m_monotonic; }
    void advance(std::chrono::seconds time) {
        m_wall += time;
        m_monotonic += time;
    }

private:
    WallTime m_wall{std::chrono::milliseconds(1'790'000'000'000)};
    MonotonicTime m_monotonic{1h};
};

} // namespace

class TestClientTokens : public QObject {
    Q_OBJECT
private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void anIssuedTokenIsKnown();
    void aTokenHasItsPublishedForm();
    void unknownTokensAreDenied();
    void tokensExpire();
    void revokedTokensAreDenied();
    void tokensOutliveTheProcess();
    void theFileHoldsNoTokenAndIsOurs();
    void aRevocationByAnotherProgramIsSeen();
    void brokenFilesAreCorrupt_data();
    void brokenFilesAreCorrupt();
    void badNamesAreRefused();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    ManualClock m_clock;
    std::unique_ptr<ClientTokens> open() { return *ClientTokens::open(path(), m_clock); }
    [[nodiscard]] std::string path() const { return m_folder->path().toStdString(); }
    [[nodiscard]] QString file() const { return m_folder->path() + "/clients.json"; }
};

void TestClientTokens::anIssuedTokenIsKnown() {
    auto tokens = open();
    const auto first = tokens->issue("vscode", std::nullopt).value();
    const auto second = tokens->issue("chat", std::nullopt).value();
    QVERIFY(first.text() != second.text());
    QCOMPARE(tokens->verify(first.text()).value().name, std::string("vscode"));
    QCOMPARE(tokens->verify(second.text()).value().name, std::string("chat"));
    QCOMPARE(tokens->list().size(), 2U);
}

void TestClientTokens::aTokenHasItsPublishedForm() {
    const auto token = open()->issue("x", std::nullopt).value();
    QCOMPARE(token.size(), 47U);
    const auto text = QString::fromUtf8(token.text().data(), static_cast<qsizetype>(token.size()));
    QVERIFY(QRegularExpression("^ghc_[A-Za-z0-9_-]{43}$").match(text).hasMatch());
}

void TestClientTokens::unknownTokensAreDenied() {
    auto tokens = open();
    const auto issued = tokens->issue("x", std::nullopt).value();
    const std::string token(issued.text());
    QVERIFY(tokens->verify(token).has_value());
    auto changed = token;
    changed.at(20) = changed.at(20) == 'A' ? 'B' : 'A';
    for (const auto& wrong : {changed, token.substr(0, 46), token + "A", "G" + token.substr(1), std::string(),
                              QByteArray::fromStdString(token).toUpper().toStdString(), std::string(47, 'a')}) {
        const auto verdict = tokens->verify(wrong);
        QVERIFY(!verdict);
        QCOMPARE(verdict.error().kind, ErrorKind::denied);
        QVERIFY(wrong.empty() || verdict.error().what.find(wrong) == std::string::npos);
    }
}

void TestClientTokens::tokensExpire() {
    auto tokens = open();
    const auto token = tokens->issue("x", 60s).value();
    m_clock.advance(59s);
    QVERIFY(tokens->verify(token.text()).has_value());
    m_clock.advance(1s);
    QVERIFY(!tokens->verify(token.text()).has_value());
}

void TestClientTokens::revokedTokensAreDenied() {
    auto tokens = open();
    const auto first = tokens->issue("x", std::nullopt).value();
    const auto second = tokens->issue("y", std::nullopt).value();
    QVERIFY(tokens->revoke("x").has_value());
    QVERIFY(!tokens->verify(first.text()).has_value());
    QVERIFY(tokens->verify(second.text()).has_value());
    QVERIFY(tokens->revoke(tokens->verify(second.text())->id).has_value());
    QVERIFY(!tokens->verify(second.text()).has_value());
    QCOMPARE(tokens->revoke("z").error().kind, ErrorKind::notFound);
}

void TestClientTokens::tokensOutliveTheProcess() {
    const auto token = open()->issue("x", 3600s).value();
    const auto info = open()->verify(token.text());
    QVERIFY(info.has_value());
    QVERIFY(info->expires == m_clock.wall() + 3600s);
}

void TestClientTokens::theFileHoldsNoTokenAndIsOurs() {
    const auto token = open()->issue("x", std::nullopt).value();
    QFile stored(file());
    QVERIFY(stored.open(QIODevice::ReadOnly));
    QVERIFY(!stored.readAll().contains(QByteArray(token.text().data() + 4, 43)));
    QVERIFY((QFileInfo(file()).permissions() & QFileDevice::Permissions(0x0077)) == QFileDevice::Permissions());
}

void TestClientTokens::aRevocationByAnotherProgramIsSeen() {
    auto agent = open();
    const auto token = agent->issue("x", std::nullopt).value();
    QVERIFY(open()->revoke("x").has_value());
    m_clock.advance(2s);
    QVERIFY(!agent->verify(token.text()).has_value());
}

void TestClientTokens::brokenFilesAreCorrupt_data() {
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("no JSON") << QByteArray("{");
    QTest::newRow("array") << QByteArray("[]");
    QTest::newRow("other version") << QByteArray(R"({"version":2,"clients":[]})");
    QTest::newRow("clients is no list") << QByteArray(R"({"version":1,"clients":{}})");
    QTest::newRow("short hash") << QByteArray(
        R"({"version":1,"clients":[{"id":"a","name":"b","sha256":"00","created":"2026-01-01","revoked":false}]})");
    QTest::newRow("no revoked") << QByteArray(R"({"version":1,"clients":[{"id":"a","name":"b","sha256":")") +
                                       QByteArray(64, '0') + R"(","created":"2026-01-01"}]})";
    QTest::newRow("number as id") << QByteArray(R"({"version":1,"clients":[{"id":1}]})");
}

void TestClientTokens::brokenFilesAreCorrupt() {
    QFETCH(QByteArray, content);
    QFile stored(file());
    QVERIFY(stored.open(QIODevice::WriteOnly));
    stored.write(content);
    stored.close();
    stored.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    const auto tokens = ClientTokens::open(path(), m_clock);
    QVERIFY(!tokens);
    QCOMPARE(tokens.error().kind, ErrorKind::corrupt);

    const auto fresh = ClientTokens::openOrBegin(path(), m_clock);
    QVERIFY(fresh.has_value());
    QVERIFY((*fresh)->list().empty());
    const QStringList aside = QDir(QString::fromStdString(path())).entryList({"clients.json.damaged-*"});
    QCOMPARE(aside.size(), 1);
    QFile kept(QString::fromStdString(path()) + '/' + aside[0]);
    QVERIFY(kept.open(QIODevice::ReadOnly));
    QCOMPARE(kept.readAll(), content);
}

void TestClientTokens::badNamesAreRefused() {
    auto tokens = open();
    for (const auto& name :
         {std::string(), std::string(65, 'a'), std::string("a b"), std::string("a\nb"), std::string("a\"b")}) {
        QCOMPARE(tokens->issue(name, std::nullopt).error().kind, ErrorKind::invalidInput);
    }
    QVERIFY(tokens->issue(std::string(64, 'a'), std::nullopt).has_value());
}

QTEST_GUILESS_MAIN(TestClientTokens)
#include "tst_client_tokens.moc"
