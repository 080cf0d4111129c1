// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "base/json.h"
#include "cms/authority.h"
#include "fake_secrets.h"
#include "sync/enrolment.h"

using namespace gatehouse;

namespace {

constexpr std::string_view kToken = "ghe_0123456789abcdefghij0123456789abcdefghij01";

// Issues as a collector does, or answers what the test says.
class FakeCollector final : public sync::CollectorLink {
public:
    std::optional<sync::Reply> answer;
    std::string commonName; // of what it issues; empty: as asked
    std::string path;
    Json asked;

    Result<sync::Reply> post(const std::string& where, ByteView body) override {
        path = where;
        asked = parseJson(textOf(body)).value();
        if (answer) {
            return *answer;
        }
        auto facts = cms::readCertificateRequest(asked["request"].get<std::string>()).value();
        facts.commonName = commonName.empty() ? facts.commonName : commonName;
        const auto made = cms::makeAuthority("test", SystemClock().wall(), std::chrono::days(10)).value();
        const auto authority = cms::Authority::open(made.certificatePem, made.keyPem).value();
        const auto issued = authority.issue(facts, SystemClock().wall(), std::chrono::hours(1)).value();
        return sync::Reply{200, dumpJson({{"certificate", issued.pem}, {"receipt_key", "a key " + where}}), 0};
    }
    Result<sync::Reply> get(const std::string&, const std::string&) override { return sync::Reply{}; }
};

} // namespace

class TestEnrolment final : public QObject {
    Q_OBJECT

private slots:
    void theCertificateAndTheKeyForReceiptsAreKept() {
        test::FakeSecrets secrets;
        const auto device = sync::obtainDevice(secrets).value();
        FakeCollector collector;
        QVERIFY(sync::enrol(secrets, device, kToken, collector));
        QCOMPARE(collector.path, std::string("/v1/enrolments"));
        QCOMPARE(collector.asked["token"].get<std::string>(), std::string(kToken));
        const auto facts = cms::readCertificateFacts(sync::readCertificate(secrets).value()).value();
        QCOMPARE(facts.commonName, hexEncode(device.id));
        QCOMPARE(facts.publicKey, device.key.publicKey());
        QCOMPARE(sync::readReceiptKey(secrets), std::string("a key /v1/enrolments"));
    }

    void aRenewalReplacesTheCertificateAndNotTheKeyForReceipts() {
        test::FakeSecrets secrets;
        const auto device = sync::obtainDevice(secrets).value();
        FakeCollector collector;
        QVERIFY(sync::enrol(secrets, device, kToken, collector));
        const std::string before = sync::readCertificate(secrets).value();
        QVERIFY(sync::renew(secrets, device, collector));
        QCOMPARE(collector.path, std::string("/v1/certificates"));
        QVERIFY(!collector.asked.contains("token"));
        QVERIFY(sync::readCertificate(secrets).value() != before);
        QCOMPARE(sync::readReceiptKey(secrets), std::string("a key /v1/enrolments"));
    }

    void anothersCertificateIsNotKept() {
        test::FakeSecrets secrets;
        const auto device = sync::obtainDevice(secrets).value();
        FakeCollector collector;
        collector.commonName = "00112233445566778899aabbccddeeff";
        const auto done = sync::enrol(secrets, device, kToken, collector);
        QVERIFY(!done);
        QVERIFY(!sync::readCertificate(secrets));
    }

    void refusalsSayWhatToDo_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("word");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("advice");
        const auto row = [](int status, const char* word, ErrorKind kind, const char* advice) {
            QTest::newRow(word) << status << word << static_cast<int>(kind) << advice;
        };
        row(403, "unknown_token", ErrorKind::denied, "copy it whole");
        row(403, "used_token", ErrorKind::denied, "ask for another");
        row(403, "expired_token", ErrorKind::denied, "ask for another");
        row(403, "revoked_token", ErrorKind::denied, "ask for another");
        row(403, "another_device", ErrorKind::denied, "for this device");
        row(403, "another_key", ErrorKind::denied, "--device NAME");
        row(403, "revoked", ErrorKind::denied, "device allow");
        row(404, "no_authority", ErrorKind::notFound, "device request");
        row(503, "unavailable", ErrorKind::unavailable, "try again");
        row(400, "malformed", ErrorKind::denied, "status 400");
    }
    void refusalsSayWhatToDo() {
        QFETCH(int, status);
        QFETCH(QString, word);
        QFETCH(int, kind);
        QFETCH(QString, advice);
        test::FakeSecrets secrets;
        const auto device = sync::obtainDevice(secrets).value();
        FakeCollector collector;
        collector.answer = sync::Reply{status, dumpJson({{"error", word.toStdString()}}), 0};
        const auto done = sync::enrol(secrets, device, kToken, collector);
        QVERIFY(!done);
        QCOMPARE(static_cast<int>(done.error().kind), kind);
        QVERIFY2(QString::fromStdString(done.error().what).contains(advice), done.error().what.c_str());
    }

    void aCertificateIsDueAfterTwoThirdsOfItsLife() {
        cms::CertificateFacts facts;
        facts.notBefore = WallTime(std::chrono::seconds(1000));
        facts.notAfter = WallTime(std::chrono::seconds(4000));
        const auto at = [](int seconds) { return WallTime(std::chrono::seconds(seconds)); };
        QCOMPARE(sync::ageOf(facts, at(2999)), sync::CertificateAge::good);
        QCOMPARE(sync::ageOf(facts, at(3000)), sync::CertificateAge::due);
        QCOMPARE(sync::ageOf(facts, at(3999)), sync::CertificateAge::due);
        QCOMPARE(sync::ageOf(facts, at(4000)), sync::CertificateAge::over);
    }

    void tokensAreTakenAsPeopleCopyThem() {
        QCOMPARE(sync::readToken("  " + std::string(kToken) + "\r\n").value(), std::string(kToken));
        for (const std::string_view wrong : {"", "ghe_", "ghc_0123456789abcdefghij0123456789abcdefghij01"}) {
            QVERIFY(!sync::readToken(wrong));
        }
        QVERIFY(!sync::readToken(std::string(kToken) + "\n" + std::string(kToken)));
    }
};

QTEST_GUILESS_MAIN(TestEnrolment)
#include "tst_enrolment.moc"
