// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "upstream/address_guard.h"
#include "upstream/curl_error.h"

using namespace gatehouse;
using namespace gatehouse::upstream;

class TestAddressGuard : public QObject {
    Q_OBJECT
private slots:
    void urlsAreJudged_data();
    void urlsAreJudged();
    void addressesAreJudged_data();
    void addressesAreJudged();
    void curlCodesHaveKinds();
};

void TestAddressGuard::urlsAreJudged_data() {
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("verdict");
    const auto row = [](const char* url, const char* verdict) { QTest::newRow(url) << url << verdict; };
    row("http://127.0.0.1:11434/v1/x", "loopback");
    row("http://localhost:11434/v1/x", "loopback");
    row("http://[::1]:8080/v1", "loopback");
    row("http://127.1:80/", "loopback"); // libcurl reads it as 127.0.0.1, and that is where it goes
    row("https://api.openai.com/v1/chat/completions", "remote");
    row("https://10.0.0.5/v1", "remote");
    row("https://127.0.0.1/v1", "loopback");
    row("http://api.openai.com/v1", "denied");
    row("http://10.0.0.5/v1", "denied");
    row("http://127.0.0.1.evil.example/", "denied");
    row("http://localhost.evil.example/", "denied");
    row("http://0.0.0.0:11434/", "denied");
    row("http://[::ffff:127.0.0.1]/", "denied");
    row("http://user:pass@127.0.0.1/", "invalid_input");
    row("https://user@api.openai.com/", "invalid_input");
    row("https://api.openai.com/#x", "invalid_input");
    row("ftp://127.0.0.1/", "invalid_input");
    row("file:///etc/passwd", "invalid_input");
    row("gopher://127.0.0.1/", "invalid_input");
    row("127.0.0.1/v1", "invalid_input");
    row("http://", "invalid_input");
    row("", "invalid_input");
    row("http://127.0.0.1:99999/", "invalid_input");
    row("http://127.0.0.1 .evil/", "invalid_input");
}

void TestAddressGuard::urlsAreJudged() {
    QFETCH(QString, url);
    QFETCH(QString, verdict);
    const auto checked = checkUrl(url.toStdString());
    const auto got = !checked ? std::string(errorKindWord(checked.error().kind))
                              : std::string(checked->isLoopback ? "loopback" : "remote");
    QCOMPARE(got, verdict.toStdString());
}

void TestAddressGuard::addressesAreJudged_data() {
    QTest::addColumn<QString>("ip");
    QTest::addColumn<bool>("isFineForRemote");
    QTest::addColumn<bool>("isFineForLoopback");
    const auto row = [](const char* ip, bool remote, bool loopback) { QTest::newRow(ip) << ip << remote << loopback; };
    row("8.8.8.8", true, false);
    row("10.1.2.3", true, false);
    row("192.168.1.1", true, false);
    row("2606:4700::1111", true, false);
    row("fd12:3456::1", true, false);
    row("127.0.0.1", false, true);
    row("127.255.255.254", false, true);
    row("::1", false, true);
    row("::ffff:127.0.0.1", false, false);
    row("::ffff:169.254.169.254", false, false);
    row("::ffff:8.8.8.8", true, false);
    row("64:ff9b::7f00:1", false, false);
    row("64:ff9b::a9fe:a9fe", false, false);
    row("169.254.169.254", false, false);
    row("169.254.0.1", false, false);
    row("fe80::1", false, false);
    row("fd00:ec2::254", false, false);
    row("100.100.100.200", false, false);
    row("192.0.0.192", false, false);
    row("0.0.0.0", false, false);
    row("0.1.2.3", false, false);
    row("::", false, false);
    row("224.0.0.1", false, false);
    row("255.255.255.255", false, false);
    row("ff02::1", false, false);
    row("not an address", false, false);
    row("", false, false);
}

void TestAddressGuard::addressesAreJudged() {
    QFETCH(QString, ip);
    QFETCH(bool, isFineForRemote);
    QFETCH(bool, isFineForLoopback);
    QCOMPARE(mayConnectTo(ip.toStdString(), false), isFineForRemote);
    QCOMPARE(mayConnectTo(ip.toStdString(), true), isFineForLoopback);
}

void TestAddressGuard::curlCodesHaveKinds() {
    QCOMPARE(errorOf(CURLE_OPERATION_TIMEDOUT).kind, ErrorKind::timedOut);
    QCOMPARE(errorOf(CURLE_COULDNT_CONNECT).kind, ErrorKind::unavailable);
    QCOMPARE(errorOf(CURLE_PARTIAL_FILE).kind, ErrorKind::unavailable);
    QCOMPARE(errorOf(CURLE_PEER_FAILED_VERIFICATION).kind, ErrorKind::unavailable);
    QCOMPARE(errorOf(CURLE_ABORTED_BY_CALLBACK).kind, ErrorKind::cancelled);
    QCOMPARE(errorOf(CURLE_PARTIAL_FILE).native, 18);
}

QTEST_GUILESS_MAIN(TestAddressGuard)
#include "tst_address_guard.moc"
