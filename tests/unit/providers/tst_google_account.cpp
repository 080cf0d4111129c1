// SPDX-License-Identifier: Apache-2.0
#define QT_NO_EMIT
#include <QtTest>

#include "base/rsa_signature.h"
#include "providers/google_account.h"

using namespace gatehouse;
using namespace gatehouse::providers;

// What the token's signature must be is seen by tests/integration/test_vertex.py, with the openssl tool.
class TestGoogleAccount final : public QObject {
    Q_OBJECT

    static std::string key(const std::string& json) { return base64Encode(bytesOf(json)); }

private slots:
    void theKeyFileIsReadFromBase64() {
        const auto account =
            readGoogleAccount(key("{\"client_email\":\"a@b\",\"private_key\":\"P\",\"private_key_id\":\"k\"}"));
        QVERIFY(account.has_value());
        QCOMPARE(account->email, std::string("a@b"));
        QCOMPARE(account->tokenUrl, std::string("https://oauth2.googleapis.com/token"));
    }

    void anythingElseIsAToken() {
        for (const std::string& text : {std::string("ya29.a0AfH6"), std::string("{}"), key("[]"), key("{}"),
                                        key("{\"client_email\":\"a@b\"}"), key("{\"private_key\":5}")}) {
            QVERIFY2(!readGoogleAccount(text), text.c_str());
        }
    }

    void aKeyThatIsNoneSignsNothing() {
        const auto account = readGoogleAccount(key("{\"client_email\":\"a@b\",\"private_key\":\"P\"}"));
        const auto form = googleTokenForm(*account, WallTime());
        QVERIFY(!form.has_value());
        QCOMPARE(form.error().kind, ErrorKind::invalidInput);
        QVERIFY(!signRsaSha256("", "x").has_value());
        QVERIFY(!signRsaSha256(std::string(20'000, 'x'), "x").has_value());
    }

    void tokensAreReadWithTheirLifetime() {
        const auto token = readGoogleToken("{\"access_token\":\"t\",\"expires_in\":100}");
        QVERIFY(token.has_value());
        QCOMPARE(token->token.reveal(), std::string("t"));
        QCOMPARE(token->lifetime.count(), 100);
        QCOMPARE(readGoogleToken("{\"access_token\":\"t\",\"expires_in\":999999}")->lifetime.count(), 3600);
        QCOMPARE(readGoogleToken("{\"access_token\":\"t\"}")->lifetime.count(), 0);
        for (const char* text : {"{}", "[]", "x", "{\"access_token\":\"\"}", "{\"access_token\":\"a\\nb\"}"}) {
            QVERIFY2(!readGoogleToken(text), text);
        }
    }
};

QTEST_GUILESS_MAIN(TestGoogleAccount)
#include "tst_google_account.moc"
