// SPDX-License-Identifier: Apache-2.0
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include "base/time_text.h"
#include "cms/cms.h"

using namespace gatehouse;

namespace {

const std::string kContent = "{\"meta\": {\"id\": \"acme\", \"serial\": 7}}\r\n\xE2\x9C\x93 and bytes\n";

} // namespace

// Both directions against the real openssl program.
class TestCms final : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    // Later than any certificate that the tests make begins to hold.
    WallTime m_now = SystemClock().wall() + std::chrono::hours(1);

    [[nodiscard]] QString path(const QString& name) const { return m_folder.filePath(name); }

    std::string read(const QString& name) const {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
    }

    void write(const QString& name, std::string_view bytes) const {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes.data(), static_cast<qsizetype>(bytes.size()));
    }

    bool openssl(const QString& arguments) const {
        QProcess process;
        process.setWorkingDirectory(m_folder.path());
        process.start("openssl", arguments.split(' ', Qt::SkipEmptyParts));
        const bool isDone = process.waitForFinished(120'000) && process.exitCode() == 0;
        if (!isDone) {
            m_lastError = process.readAllStandardError();
        }
        return isDone;
    }
    mutable QByteArray m_lastError;

    // A self-signed certificate NAME.crt with NAME.key.
    void selfSigned(const QString& name, const QString& key, const QString& more = {}) const {
        QVERIFY2(openssl("req -x509 " + key + " -nodes -keyout " + name + ".key -out " + name +
                         ".crt -days 30 -subj /CN=" + name + " " + more),
                 m_lastError);
    }

    // NAME.crt issued by ISSUER.crt with the given extended key usage.
    void issued(const QString& name, const QString& issuer, const std::string& usage) const {
        write("ext.cnf", usage.empty() ? "basicConstraints=CA:FALSE\n"
                                       : "basicConstraints=CA:FALSE\nextendedKeyUsage=" + usage + "\n");
        QVERIFY2(openssl("req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout " + name + ".key -out " +
                         name + ".csr -subj /CN=" + name),
                 m_lastError);
        QVERIFY2(openssl("x509 -req -in " + name + ".csr -CA " + issuer + ".crt -CAkey " + issuer +
                         ".key -CAcreateserial -days 30 -extfile ext.cnf -out " + name + ".crt"),
                 m_lastError);
    }

    // What `openssl cms -sign` makes of kContent with NAME's key.
    std::string signedBy(const QString& name, const QString& more = "-outform DER") const {
        if (!openssl("cms -sign -nodetach -binary -in content -signer " + name + ".crt -inkey " + name +
                     ".key -out message " + more)) {
            qWarning("%s", m_lastError.constData());
            return {};
        }
        return read("message");
    }

    [[nodiscard]] Result<cms::Verified> verified(std::string_view message, const QString& trust) const {
        return cms::verify(message, {read(trust + ".crt")}, m_now);
    }

    [[nodiscard]] cms::SigningKey keyOf(const QString& name) const {
        return {read(name + ".crt"), SecureBytes(std::string_view(read(name + ".key"))), SecureBytes()};
    }

private slots:
    void initTestCase() {
        write("content", kContent);
        const QString p256 = "-newkey ec -pkeyopt ec_paramgen_curve:P-256";
        selfSigned("signer", p256);
        selfSigned("other", p256);
        selfSigned("rsa", "-newkey rsa:2048");
        selfSigned("ca", p256, "-addext basicConstraints=critical,CA:TRUE");
        issued("coder", "ca", "codeSigning");
        issued("mailer", "ca", "emailProtection");
        issued("nobody", "ca", "");
        issued("grandchild", "coder", "codeSigning");
    }

    void opensWhatOpensslSigns_data() {
        QTest::addColumn<QString>("signer");
        QTest::addColumn<QString>("trust");
        QTest::addColumn<QString>("form");
        QTest::newRow("DER, pinned") << "signer" << "signer" << "-outform DER";
        QTest::newRow("PEM, pinned") << "signer" << "signer" << "-outform PEM";
        QTest::newRow("S/MIME, pinned") << "signer" << "signer" << "";
        QTest::newRow("without certificate") << "signer" << "signer" << "-outform DER -nocerts";
        QTest::newRow("SHA-512") << "signer" << "signer" << "-outform DER -md sha512";
        QTest::newRow("RSA-PSS") << "rsa" << "rsa" << "-outform DER -keyopt rsa_padding_mode:pss";
        QTest::newRow("issued for code signing") << "coder" << "ca" << "-outform DER";
        QTest::newRow("issued, pinned") << "mailer" << "mailer" << "-outform DER";
    }
    void opensWhatOpensslSigns() {
        QFETCH(QString, signer);
        QFETCH(QString, trust);
        QFETCH(QString, form);
        const auto result = verified(signedBy(signer, form), trust);
        QVERIFY2(result.has_value(), result ? "" : result.error().what.c_str());
        QCOMPARE(result->content, kContent);
        QCOMPARE(result->signer, "CN=" + signer.toStdString());
        QCOMPARE(result->fingerprint.size(), 64U);
    }

    void refusesWhatDoesNotCount_data() {
        QTest::addColumn<QString>("signer");
        QTest::addColumn<QString>("trust");
        QTest::addColumn<QString>("form");
        QTest::newRow("another signer") << "other" << "signer" << "-outform DER";
        QTest::newRow("RSA PKCS#1 v1.5") << "rsa" << "rsa" << "-outform DER";
        QTest::newRow("SHA-1") << "signer" << "signer" << "-outform DER -md sha1";
        QTest::newRow("no signed attributes") << "signer" << "signer" << "-outform DER -noattr";
        QTest::newRow("CA's e-mail certificate") << "mailer" << "ca" << "-outform DER";
        QTest::newRow("CA's plain certificate") << "nobody" << "ca" << "-outform DER";
        QTest::newRow("issued by one that is no CA") << "grandchild" << "coder" << "-outform DER -certfile coder.crt";
        QTest::newRow("unknown without certificate") << "other" << "signer" << "-outform DER -nocerts";
        QTest::newRow("two signers") << "signer" << "signer" << "-outform DER -signer other.crt -inkey other.key";
    }
    void refusesWhatDoesNotCount() {
        QFETCH(QString, signer);
        QFETCH(QString, trust);
        QFETCH(QString, form);
        const std::string message = signedBy(signer, form);
        QVERIFY(!message.empty());
        const auto result = verified(message, trust);
        QVERIFY(!result.has_value());
        QCOMPARE(result.error().kind, ErrorKind::denied);
        QVERIFY(result.error().what.find("acme") == std::string::npos);
    }

    void opensslOpensWhatIsSignedHere_data() {
        QTest::addColumn<QString>("signer");
        QTest::newRow("P-256") << "signer";
        QTest::newRow("RSA") << "rsa";
    }
    void opensslOpensWhatIsSignedHere() {
        QFETCH(QString, signer);
        const auto message = cms::sign(kContent, keyOf(signer));
        QVERIFY2(message.has_value(), message ? "" : message.error().what.c_str());
        write("ours", textOf(*message));
        QVERIFY2(
            openssl("cms -verify -binary -inform DER -in ours -out opened -purpose any -CAfile " + signer + ".crt"),
            m_lastError);
        QCOMPARE(read("opened"), kContent);
        const auto result = verified(textOf(*message), signer);
        QVERIFY2(result.has_value(), result ? "" : result.error().what.c_str());
        QCOMPARE(result->content, kContent);
    }

    void everyFlippedByteOfTheContentIsNoticed() {
        const std::string message = signedBy("signer");
        const std::size_t at = message.find(kContent);
        QVERIFY(at != std::string::npos);
        for (std::size_t i = 0; i < kContent.size(); ++i) {
            std::string forged = message;
            forged[at + i] = static_cast<char>(forged[at + i] ^ 1);
            QVERIFY(!verified(forged, "signer").has_value());
        }
    }

    void aCutOrLengthenedMessageIsRefused() {
        const std::string message = signedBy("signer");
        for (std::size_t size = 0; size < message.size(); size += 7) {
            QVERIFY(!verified(message.substr(0, size), "signer").has_value());
        }
        QVERIFY(!verified(message + '\0', "signer").has_value());
    }

    void refusesOtherForms() {
        QVERIFY(
            openssl("cms -sign -binary -in content -signer signer.crt -inkey signer.key -outform DER -out detached"));
        QCOMPARE(verified(read("detached"), "signer").error().kind, ErrorKind::invalidInput);
        QVERIFY(openssl("cms -encrypt -binary -in content -outform DER -out sealed signer.crt"));
        QCOMPARE(verified(read("sealed"), "signer").error().kind, ErrorKind::invalidInput);
        QCOMPARE(verified("{}", "signer").error().kind, ErrorKind::invalidInput);
        QCOMPARE(verified("-----BEGIN CMS-----\nAAAA", "signer").error().kind, ErrorKind::invalidInput);
    }

    void anExpiredOrFutureCertificateIsRefused() {
        const std::string message = signedBy("signer");
        const cms::Trust trust{read("signer.crt")};
        QVERIFY(cms::verify(message, trust, m_now + std::chrono::hours(24 * 29)).has_value());
        QCOMPARE(cms::verify(message, trust, m_now + std::chrono::hours(24 * 31)).error().kind, ErrorKind::denied);
        QCOMPARE(cms::verify(message, trust, m_now - std::chrono::hours(24)).error().kind, ErrorKind::denied);
    }

    void sizesAreCapped() {
        const std::string message(cms::kMaxMessage + 1, 'x');
        QCOMPARE(verified(message, "signer").error().kind, ErrorKind::limit);
        QCOMPARE(cms::sign(std::string(cms::kMaxContent + 1, 'x'), keyOf("signer")).error().kind, ErrorKind::limit);
        const auto largest = cms::sign(std::string(cms::kMaxContent, 'x'), keyOf("signer"));
        QVERIFY(largest.has_value());
        QVERIFY(verified(textOf(*largest), "signer").has_value());
    }

    void noTrustIsNoPermission() {
        const std::string message = signedBy("signer");
        QCOMPARE(cms::verify(message, {}, m_now).error().kind, ErrorKind::denied);
        QCOMPARE(cms::verify(message, {"nonsense"}, m_now).error().kind, ErrorKind::denied);
        const std::string broken =
            read("signer.crt") + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        QCOMPARE(cms::verify(message, {broken}, m_now).error().kind, ErrorKind::denied);
    }

    void signingRefusesWhatWouldNotCount() {
        cms::SigningKey mixed = keyOf("signer");
        mixed.privateKeyPem = keyOf("other").privateKeyPem;
        QCOMPARE(cms::sign(kContent, mixed).error().kind, ErrorKind::invalidInput);
        QVERIFY(openssl("req -x509 -newkey ed25519 -nodes -keyout ed.key -out ed.crt -days 30 -subj /CN=ed"));
        QCOMPARE(cms::sign(kContent, keyOf("ed")).error().kind, ErrorKind::invalidInput);
        selfSigned("weak", "-newkey rsa:1024");
        QCOMPARE(cms::sign(kContent, keyOf("weak")).error().kind, ErrorKind::invalidInput);
    }

    void anEncryptedKeyNeedsItsPassphraseAndNeverAsks() {
        QVERIFY(openssl("pkcs8 -topk8 -in signer.key -out locked.key -passout pass:drawbridge"));
        cms::SigningKey key{read("signer.crt"), SecureBytes(std::string_view(read("locked.key"))), SecureBytes()};
        QCOMPARE(cms::sign(kContent, key).error().kind, ErrorKind::invalidInput);
        key.passphrase = SecureBytes(std::string_view("drawbridge"));
        QVERIFY(cms::sign(kContent, key).has_value());
    }
};

QTEST_GUILESS_MAIN(TestCms)
#include "tst_cms.moc"
