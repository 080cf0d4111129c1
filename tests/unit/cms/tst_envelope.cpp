// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "cms/envelope.h"
#include "support/openssl_tool.h"

using namespace gatehouse;

namespace {

const std::string kContent = "what an auditor may read\r\n\xE2\x9C\x93 and bytes\n";
const QString kP256 = "-newkey ec -pkeyopt ec_paramgen_curve:P-256";

} // namespace

// Sealed by us, opened by the stock tool and by us; and the other way round.
class TestEnvelope final : public QObject {
    Q_OBJECT

    test::OpensslTool m_tool;

    [[nodiscard]] std::string certificates(const QStringList& names) const {
        std::string pem;
        for (const QString& name : names) {
            pem += m_tool.read(name + ".crt");
        }
        return pem;
    }
    [[nodiscard]] cms::OpeningKey keyOf(const QString& name) const {
        return {SecureBytes(std::string_view(m_tool.read(name + ".key"))), SecureBytes()};
    }
    [[nodiscard]] Bytes sealedFor(const QStringList& names) const {
        return cms::seal(bytesOf(kContent), certificates(names)).value();
    }

private slots:
    void initTestCase() {
        m_tool.selfSigned("one", kP256);
        m_tool.selfSigned("two", "-newkey ec -pkeyopt ec_paramgen_curve:P-384");
        m_tool.selfSigned("rsa", "-newkey rsa:2048");
        m_tool.selfSigned("stranger", kP256);
        m_tool.selfSigned("strangers", "-newkey rsa:2048");
        m_tool.selfSigned("signing", kP256, "-addext keyUsage=digitalSignature");
        m_tool.selfSigned("signingrsa", "-newkey rsa:2048", "-addext keyUsage=digitalSignature");
        m_tool.selfSigned("koblitz", "-newkey ec -pkeyopt ec_paramgen_curve:secp256k1");
        m_tool.selfSigned("edwards", "-newkey ed25519");
        m_tool.selfSigned("small", "-newkey rsa:1024");
    }

    void everyRecipientOpensItHereAndWithTheStockTool() {
        const Bytes sealed = sealedFor({"one", "two", "rsa"});
        m_tool.write("sealed.der", sealed);
        for (const QString name : {"one", "two", "rsa"}) {
            const auto opened = cms::open(sealed, keyOf(name));
            QVERIFY2(opened.has_value(), opened ? "" : opened.error().what.c_str());
            QCOMPARE(std::string(textOf(*opened)), kContent);
            QVERIFY2(m_tool.run("cms -decrypt -binary -inform DER -in sealed.der -inkey " + name + ".key -recip " +
                                name + ".crt -out plain"),
                     m_tool.lastError());
            QCOMPARE(m_tool.read("plain"), kContent);
        }
    }

    void nobodyElseOpensIt() {
        const Bytes sealed = sealedFor({"one", "rsa"});
        for (const QString name : {"stranger", "strangers", "two"}) {
            const auto opened = cms::open(sealed, keyOf(name));
            QVERIFY(!opened.has_value());
            QCOMPARE(opened.error().kind, ErrorKind::denied);
        }
    }

    void neitherSha1NorPkcs1IsUsed() {
        m_tool.write("sealed.der", sealedFor({"one", "rsa"}));
        QVERIFY2(m_tool.run("asn1parse -inform DER -in sealed.der -out ignored"), m_tool.lastError());
        QProcess parse;
        parse.start("openssl", {"asn1parse", "-inform", "DER", "-in", m_tool.path("sealed.der")});
        QVERIFY(parse.waitForFinished(60'000));
        const QByteArray text = parse.readAllStandardOutput();
        for (const char* const wanted :
             {"authEnvelopedData", "aes-256-gcm", "rsaesOaep", "sha256", "sha256kdf-scheme", "id-aes256-wrap"}) {
            QVERIFY2(text.contains(wanted), wanted);
        }
        for (const char* const banned : {"sha1", "rsaEncryption"}) {
            QVERIFY2(!text.contains(banned), banned);
        }
    }

    void everyChangedByteIsNoticed() {
        const Bytes sealed = sealedFor({"one", "two"});
        const auto key = keyOf("one");
        for (std::size_t i = 0; i < sealed.size(); ++i) {
            Bytes changed = sealed;
            changed[i] ^= 0x01;
            const auto opened = cms::open(changed, key);
            // What names the other recipient may change; the content never does.
            QVERIFY2(!opened || textOf(*opened) == kContent, std::to_string(i).c_str());
        }
        Bytes longer = sealed;
        longer.push_back(0);
        QVERIFY(!cms::open(longer, key));
        QVERIFY(!cms::open(ByteView(sealed).first(sealed.size() - 1), key));
    }

    void envelopesWithoutAuthenticationAreRefused() {
        m_tool.write("content", kContent);
        QVERIFY2(m_tool.run("cms -encrypt -binary -aes-256-cbc -in content -outform DER -out cbc.der one.crt two.crt"),
                 m_tool.lastError());
        const std::string message = m_tool.read("cbc.der");
        const auto opened = cms::open(bytesOf(message), keyOf("one"));
        QVERIFY(!opened.has_value());
        QCOMPARE(opened.error().kind, ErrorKind::invalidInput);
    }

    void opensWhatTheStockToolSeals() {
        m_tool.write("content", kContent);
        QVERIFY2(m_tool.run("cms -encrypt -binary -aes-256-gcm -in content -outform DER -out gcm.der one.crt two.crt"),
                 m_tool.lastError());
        const auto opened = cms::open(bytesOf(m_tool.read("gcm.der")), keyOf("two"));
        QVERIFY2(opened.has_value(), opened ? "" : opened.error().what.c_str());
        QCOMPARE(std::string(textOf(*opened)), kContent);
    }

    void recipientsThatCannotBeSealedToAreNamed_data() {
        QTest::addColumn<QStringList>("names");
        QTest::addColumn<QString>("why");
        QTest::newRow("none") << QStringList{} << "not PEM";
        QTest::newRow("one alone") << QStringList{"one"} << "two auditors' certificates or more";
        QTest::newRow("twice the same") << QStringList{"one", "one"} << "certificate 2: it is listed twice";
        QTest::newRow("a key for signing") << QStringList{"one", "signing"} << "lacks key agreement";
        QTest::newRow("an RSA key for signing") << QStringList{"signingrsa", "one"} << "certificate 1: its key usage";
        QTest::newRow("another curve") << QStringList{"one", "koblitz"} << "only the curves";
        QTest::newRow("Ed25519") << QStringList{"one", "edwards"} << "only keys on P-256";
        QTest::newRow("short RSA") << QStringList{"one", "small"} << "2048 bits";
    }
    void recipientsThatCannotBeSealedToAreNamed() {
        QFETCH(QStringList, names);
        QFETCH(QString, why);
        const auto checked = cms::checkRecipients(certificates(names));
        QVERIFY(!checked.has_value());
        QCOMPARE(checked.error().kind, ErrorKind::invalidInput);
        QVERIFY2(QString::fromStdString(checked.error().what).contains(why), checked.error().what.c_str());
        QVERIFY(!cms::seal(bytesOf(kContent), certificates(names)));
    }

    void recipientsAreListedByNameAndFingerprint() {
        const auto checked = cms::checkRecipients(certificates({"one", "rsa"}));
        QVERIFY(checked.has_value());
        QCOMPARE(checked->size(), 2U);
        QCOMPARE(checked->at(1).subject, std::string("CN=rsa"));
        QCOMPARE(checked->at(1).fingerprint.size(), 64U);
    }

    void theSizeHasALimit() {
        const std::string both = certificates({"one", "two"});
        const Bytes most(cms::kMaxSealedContent, 7);
        const auto sealed = cms::seal(most, both);
        QVERIFY(sealed.has_value());
        QVERIFY(sealed->size() <= cms::kMaxSealed);
        QCOMPARE(cms::open(*sealed, keyOf("one")).value().size(), most.size());
        QVERIFY(!cms::seal(Bytes(cms::kMaxSealedContent + 1, 7), both));
        QVERIFY(!cms::seal({}, both));
    }
};

QTEST_GUILESS_MAIN(TestEnvelope)
#include "tst_envelope.moc"
