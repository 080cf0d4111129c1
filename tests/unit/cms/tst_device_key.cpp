// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "cms/device_key.h"
#include "support/openssl_tool.h"

using namespace gatehouse;

class TestDeviceKey final : public QObject {
    Q_OBJECT

    test::OpensslTool m_tool;
    const std::string m_message = "what the device says";

private slots:
    void aSignatureIsGoodForItsKeyAndMessageAlone() {
        const auto key = cms::DeviceKey::generate().value();
        const auto other = cms::DeviceKey::generate().value();
        const Bytes signature = key.sign(bytesOf(m_message)).value();
        QVERIFY(cms::verifySignature(key.publicKey(), bytesOf(m_message), signature));
        QCOMPARE(cms::verifySignature(other.publicKey(), bytesOf(m_message), signature).error().kind,
                 ErrorKind::denied);
        QCOMPARE(cms::verifySignature(key.publicKey(), bytesOf("else"), signature).error().kind, ErrorKind::denied);
        Bytes changed = signature;
        changed.back() ^= 1;
        QVERIFY(!cms::verifySignature(key.publicKey(), bytesOf(m_message), changed));
        QVERIFY(!cms::verifySignature(key.publicKey(), bytesOf(m_message), {}));
        QVERIFY(!cms::verifySignature({}, bytesOf(m_message), signature));
    }

    void aKeyComesBackFromItsPem() {
        const auto key = cms::DeviceKey::generate().value();
        const auto again = cms::DeviceKey::fromPem(key.pem().value()).value();
        QVERIFY(again.publicKey() == key.publicKey());
        QVERIFY(cms::verifySignature(key.publicKey(), bytesOf(m_message), again.sign(bytesOf(m_message)).value()));
    }

    void theStockToolAgrees() {
        const auto key = cms::DeviceKey::generate().value();
        m_tool.write("message", m_message);
        m_tool.write("signature", key.sign(bytesOf(m_message)).value());
        m_tool.write("public.der", key.publicKey());
        QVERIFY2(m_tool.run("pkey -pubin -inform DER -in public.der -out public.pem"), m_tool.lastError());
        QVERIFY2(m_tool.run("dgst -sha256 -verify public.pem -signature signature message"), m_tool.lastError());
    }

    void ed25519SignsAsWell() {
        QVERIFY2(m_tool.run("genpkey -algorithm ed25519 -out ed.pem"), m_tool.lastError());
        const auto key = cms::DeviceKey::fromPem(SecureBytes(std::string_view(m_tool.read("ed.pem")))).value();
        const Bytes signature = key.sign(bytesOf(m_message)).value();
        QCOMPARE(signature.size(), 64U);
        QVERIFY(signature == key.sign(bytesOf(m_message)).value());
        QVERIFY(cms::verifySignature(key.publicKey(), bytesOf(m_message), signature));
    }

    void otherKindsOfKeysAreRefused() {
        for (const QString kind :
             {"EC -pkeyopt ec_paramgen_curve:P-384", "RSA -pkeyopt rsa_keygen_bits:2048", "ed448"}) {
            QVERIFY2(m_tool.run("genpkey -algorithm " + kind + " -out other.pem"), m_tool.lastError());
            const auto key = cms::DeviceKey::fromPem(SecureBytes(std::string_view(m_tool.read("other.pem"))));
            QVERIFY(!key.has_value());
            QCOMPARE(key.error().kind, ErrorKind::invalidInput);
            QVERIFY2(m_tool.run("pkey -in other.pem -pubout -outform DER -out other.der"), m_tool.lastError());
            QCOMPARE(cms::verifySignature(bytesOf(m_tool.read("other.der")), bytesOf("x"), bytesOf("y")).error().kind,
                     ErrorKind::invalidInput);
        }
        QVERIFY(!cms::DeviceKey::fromPem(SecureBytes(std::string_view("nonsense"))));
    }
};

QTEST_GUILESS_MAIN(TestDeviceKey)
#include "tst_device_key.moc"
