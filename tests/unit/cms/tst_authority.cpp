// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "cms/authority.h"
#include "cms/device_key.h"
#include "support/openssl_tool.h"

using namespace gatehouse;
using namespace std::chrono_literals;

namespace {

const WallTime kNow = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());

cms::RequestFacts requestOf(const cms::DeviceKey& key, const std::string& name = "d1") {
    return cms::readCertificateRequest(key.certificateRequest(name).value()).value();
}

} // namespace

class TestAuthority final : public QObject {
    Q_OBJECT

    test::OpensslTool m_tool;

    // NAME.crt: an authority under "root".
    void makeIntermediate() {
        m_tool.selfSigned("root", "-newkey ec -pkeyopt ec_paramgen_curve:P-256",
                          "-addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign");
        m_tool.write("ca.ext", std::string_view("basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n"
                                                "subjectKeyIdentifier=hash\n"));
        QVERIFY(m_tool.run("req -new -newkey rsa:2048 -nodes -keyout middle.key -out middle.csr -subj /CN=middle"));
        QVERIFY(m_tool.run("x509 -req -in middle.csr -CA root.crt -CAkey root.key -CAcreateserial -days 30 -extfile "
                           "ca.ext -out middle.crt"));
    }

private slots:
    void whatItIssuesTheStockToolVerifies() {
        const auto made = cms::makeAuthority("Devices", kNow, std::chrono::days(30)).value();
        const auto authority = cms::Authority::open(made.certificatePem, made.keyPem).value();
        const auto key = cms::DeviceKey::generate().value();
        const auto issued = authority.issue(requestOf(key), kNow, 1h).value();
        m_tool.write("ca.crt", made.certificatePem);
        m_tool.write("d.crt", issued.pem);
        QVERIFY2(m_tool.run("verify -x509_strict -purpose sslclient -CAfile ca.crt d.crt"), m_tool.lastError());
        QVERIFY(!m_tool.run("verify -purpose sslserver -CAfile ca.crt d.crt"));
        const auto facts = cms::readCertificateFacts(issued.pem).value();
        QCOMPARE(facts.commonName, std::string("d1"));
        QCOMPARE(facts.publicKey, key.publicKey());
        QVERIFY(facts.notAfter == issued.notAfter && facts.notBefore == issued.notBefore);
        QVERIFY(facts.notAfter <= kNow + 1h && facts.notAfter > kNow + 59min);
        QVERIFY(m_tool.run("x509 -in d.crt -noout -serial -out serial"));
        QCOMPARE(QString::fromStdString(m_tool.read("serial")).trimmed().toLower(),
                 "serial=" + QString::fromStdString(issued.serial));
    }

    void itIssuesWithAnIntermediateOfACompanysOwn() {
        makeIntermediate();
        const auto authority = cms::Authority::open(m_tool.read("middle.crt") + m_tool.read("root.crt"),
                                                    SecureBytes(m_tool.read("middle.key")))
                                   .value();
        const auto issued = authority.issue(requestOf(cms::DeviceKey::generate().value()), kNow, 1h).value();
        QCOMPARE(QString::fromStdString(issued.pem).count("BEGIN CERTIFICATE"), 2); // the root stays at home
        m_tool.write("d.crt", issued.pem);
        QVERIFY2(m_tool.run("verify -x509_strict -purpose sslclient -CAfile root.crt -untrusted d.crt d.crt"),
                 m_tool.lastError());
    }

    void nothingOutlivesTheAuthority() {
        const auto made = cms::makeAuthority("Devices", kNow, std::chrono::days(2)).value();
        const auto authority = cms::Authority::open(made.certificatePem, made.keyPem).value();
        const auto request = requestOf(cms::DeviceKey::generate().value());
        const auto end = cms::readCertificateFacts(made.certificatePem).value().notAfter;
        QVERIFY(authority.issue(request, kNow, 24h * 30).value().notAfter == end);
        const auto late = authority.issue(request, end, 1h);
        QVERIFY(!late);
        QCOMPARE(late.error().kind, ErrorKind::denied);
    }

    void authoritiesThatAreNoneAreRefused() {
        const auto made = cms::makeAuthority("Devices", kNow, std::chrono::days(1)).value();
        const auto other = cms::makeAuthority("Others", kNow, std::chrono::days(1)).value();
        QVERIFY(!cms::Authority::open(made.certificatePem, other.keyPem));
        QVERIFY(!cms::Authority::open("", made.keyPem));
        QVERIFY(!cms::Authority::open(made.certificatePem, SecureBytes(std::string_view("no key"))));
        m_tool.selfSigned("end", "-newkey ec -pkeyopt ec_paramgen_curve:P-256", "-addext basicConstraints=CA:FALSE");
        QVERIFY(!cms::Authority::open(m_tool.read("end.crt"), SecureBytes(m_tool.read("end.key"))));
        m_tool.selfSigned("mute", "-newkey ec -pkeyopt ec_paramgen_curve:P-256",
                          "-addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,cRLSign");
        QVERIFY(!cms::Authority::open(m_tool.read("mute.crt"), SecureBytes(m_tool.read("mute.key"))));
    }

    void requestsMustBeSignedByTheirOwnKey() {
        const auto key = cms::DeviceKey::generate().value();
        const std::string pem = key.certificateRequest("d1").value();
        QVERIFY(cms::readCertificateRequest(pem));
        m_tool.write("d.csr", pem);
        QVERIFY(m_tool.run("req -in d.csr -outform DER -out d.der"));
        std::string der = m_tool.read("d.der");
        const std::size_t at = der.find("d1");
        QVERIFY(at != std::string::npos);
        der[at] = 'e'; // another name under the same signature
        m_tool.write("e.der", der);
        QVERIFY(m_tool.run("req -inform DER -in e.der -out e.csr"));
        QVERIFY(!cms::readCertificateRequest(m_tool.read("e.csr")));
        QVERIFY(!cms::readCertificateRequest(""));
        QVERIFY(!cms::readCertificateRequest(pem.substr(0, pem.size() / 2)));
        QVERIFY(m_tool.run("req -new -newkey rsa:2048 -nodes -keyout r.key -out r.csr -subj /CN=d1"));
        QVERIFY(!cms::readCertificateRequest(m_tool.read("r.csr"))); // devices sign by P-256 or Ed25519
    }
};

QTEST_GUILESS_MAIN(TestAuthority)
#include "tst_authority.moc"
