// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/time_text.h"
#include "base/utf8.h"
#include "types/action.h"
#include "types/refusal.h"

using namespace gatehouse;

class TestBytes final : public QObject {
    Q_OBJECT
private slots:
    void base64MatchesRfc4648() {
        QCOMPARE(base64Encode(bytesOf("foobar")), std::string("Zm9vYmFy"));
        QCOMPARE(base64Encode(bytesOf("fooba")), std::string("Zm9vYmE="));
        QCOMPARE(base64Encode(bytesOf("foob")), std::string("Zm9vYg=="));
        QCOMPARE(textOf(*base64Decode("Zm9vYg==")), std::string_view("foob"));
        QVERIFY(!base64Decode("Zm9vYg=").has_value());
        QVERIFY(!base64Decode("Zm9vYh==").has_value());
        QVERIFY(!base64Decode("Zm9*").has_value());
        QCOMPARE(base64UrlEncode(bytesOf("\xFF\xFE")), std::string("__4"));
    }

    void hexRefusesOddAndForeign() {
        QCOMPARE(hexEncode(*hexDecode("00fFa1")), std::string("00ffa1"));
        QVERIFY(!hexDecode("0").has_value());
        QVERIFY(!hexDecode("0g").has_value());
    }

    void digestsMatchPublishedVectors() {
        QCOMPARE(sha256Hex("abc"), std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        // RFC 4231, test case 2
        QCOMPARE(hexEncode(hmacSha256(bytesOf("Jefe"), bytesOf("what do ya want for nothing?"))),
                 std::string("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
    }

    void sealedBytesOpenOnlyUnchanged() {
        const SecureBytes key(randomBytes(32));
        const Bytes sealed = *aeadSeal(key, bytesOf("secret"), bytesOf("context"));
        QCOMPARE(aeadOpen(key, sealed, bytesOf("context"))->text(), std::string_view("secret"));
        QVERIFY(!aeadOpen(key, sealed, bytesOf("other")).has_value());
        for (std::size_t i = 0; i < sealed.size(); ++i) {
            Bytes changed = sealed;
            changed[i] ^= 1U;
            QVERIFY(!aeadOpen(key, changed, bytesOf("context")).has_value());
        }
        QVERIFY(!aeadOpen(SecureBytes(randomBytes(32)), sealed, bytesOf("context")).has_value());
    }

    void timesRoundTrip() {
        QCOMPARE(formatTime(*parseTime("2026-02-28T23:59:59.123Z")), std::string("2026-02-28T23:59:59.123Z"));
        QCOMPARE(formatTime(*parseTime("2024-02-29")), std::string("2024-02-29T00:00:00.000Z"));
        for (const char* wrong : {"2023-02-29", "2026-1-1", "2026-01-01T25:00:00Z", "2026-01-01T00:00:00", "now", ""}) {
            QVERIFY2(!parseTime(wrong).has_value(), wrong);
        }
    }

    void utf8IsThatOfRfc3629() {
        QVERIFY(isUtf8("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"));
        for (const char* wrong :
             {"\x80", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF5", "\xC3"}) {
            QVERIFY(!isUtf8(wrong));
        }
        QCOMPARE(utf8Boundary("a\xE2\x82\xAC", 3), 1U);
    }

    void wordsRoundTrip() {
        for (int i = 0; i < 7; ++i) {
            const auto action = static_cast<Action>(i);
            QVERIFY(actionFromWord(actionWord(action)) == action);
        }
        for (int i = 0; i < 14; ++i) {
            const auto findingClass = static_cast<FindingClass>(i);
            QVERIFY(findingClassFromWord(findingClassWord(findingClass)) == findingClass);
        }
        QVERIFY(!actionFromWord("nothing").has_value());
        QCOMPARE(refusalStatus(RefusalReason::dlpBlocked), 403);
        QCOMPARE(refusalWord(RefusalReason::dlpBlocked), std::string_view("dlp_blocked"));
    }
};

QTEST_GUILESS_MAIN(TestBytes)
#include "tst_bytes.moc"
