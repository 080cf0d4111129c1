// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "cms/signed_note.h"
#include "support/openssl_tool.h"

using namespace gatehouse;

namespace {

// The example of the documentation of golang.org/x/mod/sumdb/note, from which the C2SP format comes.
constexpr std::string_view kPublishedKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view kPublishedText =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
constexpr std::string_view kPublishedLine =
    "\xE2\x80\x94 PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

std::string published() {
    return std::string(kPublishedText) + "\n" + std::string(kPublishedLine);
}

} // namespace

class TestSignedNote final : public QObject {
    Q_OBJECT

    test::OpensslTool m_tool;

    cms::DeviceKey ed25519(const QString& name) {
        if (!m_tool.run("genpkey -algorithm ed25519 -out " + name)) {
            throw std::runtime_error(m_tool.lastError());
        }
        return cms::DeviceKey::fromPem(SecureBytes(m_tool.read(name))).value();
    }

private slots:
    void thePublishedExampleOpens() {
        const auto key = cms::readVerifierKey(kPublishedKey).value();
        QCOMPARE(cms::openNote(published(), key).value(), std::string(kPublishedText));
    }

    void everyChangedByteOfTheTextIsNoticed() {
        const auto key = cms::readVerifierKey(kPublishedKey).value();
        for (std::size_t at = 0; at < kPublishedText.size(); ++at) {
            std::string changed = published();
            changed[at] = static_cast<char>(changed[at] ^ 1);
            QVERIFY2(!cms::openNote(changed, key), std::to_string(at).c_str());
        }
    }

    void whatIsSignedHereOpensUnderItsKeyAlone() {
        const auto own = ed25519("own.key");
        const auto other = ed25519("other.key");
        const auto key = cms::readVerifierKey(cms::verifierKeyOf("log.example/1", own).value()).value();
        const std::string note = cms::signNote("log.example/1\n5\nAAAA\n", "log.example/1", own).value();
        QCOMPARE(cms::openNote(note, key).value(), std::string("log.example/1\n5\nAAAA\n"));
        const auto another = cms::readVerifierKey(cms::verifierKeyOf("log.example/1", other).value()).value();
        QCOMPARE(cms::openNote(note, another).error().kind, ErrorKind::denied);
        // The same key under another name is another signer.
        const auto renamed = cms::readVerifierKey(cms::verifierKeyOf("log.example/2", own).value()).value();
        QCOMPARE(cms::openNote(note, renamed).error().kind, ErrorKind::denied);
    }

    void signaturesOfWitnessesAreLeftAlone() {
        const auto key = cms::readVerifierKey(kPublishedKey).value();
        const std::string witness = "\xE2\x80\x94 witness.example AAAAAAAA\n";
        QVERIFY(cms::openNote(published() + witness, key));
        QVERIFY(cms::openNote(std::string(kPublishedText) + "\n" + witness + std::string(kPublishedLine), key));
        QVERIFY(!cms::openNote(std::string(kPublishedText) + "\n" + witness, key));
    }

    void otherFormsAreNoNotes() {
        const auto key = cms::readVerifierKey(kPublishedKey).value();
        for (const std::string& wrong :
             {std::string(), std::string("text\n"), std::string(kPublishedText), published() + "more",
              published() + "more\n", published().substr(0, published().size() - 1), published() + "\n"}) {
            QVERIFY(!cms::openNote(wrong, key));
        }
        QCOMPARE(cms::openNote(std::string(cms::kMaxNote + 1, 'a'), key).error().kind, ErrorKind::limit);
    }

    void verifierKeysAreChecked() {
        std::string wrong(kPublishedKey);
        wrong[wrong.find('+') + 1] = 'd'; // the hash
        QVERIFY(!cms::readVerifierKey(wrong));
        for (const std::string_view text : {"", "a", "a+b", "a+00000000+AAAA", "+c74f20a3+ARpc"}) {
            QVERIFY(!cms::readVerifierKey(text));
        }
        QVERIFY(!cms::verifierKeyOf("a b", ed25519("own.key")));
        QVERIFY(!cms::verifierKeyOf("a", cms::DeviceKey::generate().value())); // P-256
        QVERIFY(!cms::signNote("no newline", "a", ed25519("own.key")));
    }
};

QTEST_GUILESS_MAIN(TestSignedNote)
#include "tst_signed_note.moc"
