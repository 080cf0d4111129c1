// SPDX-License-Identifier: Apache-2.0
#define QT_NO_EMIT
#include <QtTest>

#include "providers/sigv4.h"
#include "unit/providers/sigv4_cases.h"

using namespace gatehouse;
using namespace gatehouse::providers;

// The published vectors of the AWS Signature Version 4 test suite: key AKIDEXAMPLE, 2015-08-30T12:36:00Z, service
// "service" in us-east-1.
class TestSigV4 final : public QObject {
    Q_OBJECT

    const AwsKey m_key{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""};
    const WallTime m_time{std::chrono::seconds(1'440'938'160)};

    static AwsRequest request(std::string method, std::string path = "/", std::string query = "") {
        AwsRequest made;
        made.method = std::move(method);
        made.host = "example.amazonaws.com";
        made.path = std::move(path);
        made.query = std::move(query);
        made.region = "us-east-1";
        made.service = "service";
        return made;
    }

    QString signatureOf(const AwsRequest& request) const {
        const std::string authorization = signAws(request, m_key, m_time).authorization;
        return QString::fromStdString(authorization.substr(authorization.find("Signature=") + 10));
    }

private slots:
    void thePublishedSuiteHolds_data() {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < test::kSigV4Cases.size(); ++i) {
            QTest::newRow(test::kSigV4Cases.at(i).name.data()) << static_cast<int>(i);
        }
    }
    void thePublishedSuiteHolds() {
        QFETCH(int, index);
        const test::SigV4Case& each = test::kSigV4Cases.at(static_cast<std::size_t>(index));
        AwsRequest made = request(std::string(each.method), std::string(each.path), std::string(each.query));
        made.body = each.body;
        for (std::string_view rest = each.headers; !rest.empty();) {
            const std::size_t end = std::min(rest.find('\n'), rest.size());
            const std::size_t colon = rest.find(':');
            made.headers.emplace_back(rest.substr(0, colon), rest.substr(colon + 1, end - colon - 1));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        QCOMPARE(signAws(made, m_key, m_time).authorization, std::string(each.authorization));
    }

    void getVanilla() {
        const AwsSignature signature = signAws(request("GET"), m_key, m_time);
        QCOMPARE(signature.authorization,
                 std::string("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                             "SignedHeaders=host;x-amz-date, "
                             "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"));
        QCOMPARE(signature.headers.at(0).second, std::string("20150830T123600Z"));
    }

    void postVanilla() {
        QCOMPARE(signatureOf(request("POST")),
                 QString("5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"));
    }

    void getVanillaQueryOrderKeyCase() {
        QCOMPARE(signatureOf(request("GET", "/", "Param2=value2&Param1=value1")),
                 QString("b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"));
    }

    void postXWwwFormUrlencoded() {
        AwsRequest form = request("POST");
        form.headers = {{"content-type", "application/x-www-form-urlencoded"}};
        form.body = "Param1=value1";
        QCOMPARE(signatureOf(form), QString("ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"));
    }

    void aSessionsTokenIsSentAndSigned() {
        AwsKey key = m_key;
        key.session = "TOKEN";
        const AwsSignature signature = signAws(request("GET"), key, m_time);
        QCOMPARE(signature.headers.at(1).first, std::string("x-amz-security-token"));
        QVERIFY(signature.authorization.find("SignedHeaders=host;x-amz-date;x-amz-security-token") !=
                std::string::npos);
    }

    void aPathIsEncodedOnceMoreThanItStandsInTheUrl() {
        const auto once = signatureOf(request("POST", "/model/a%3Ab/converse"));
        QVERIFY(once != signatureOf(request("POST", "/model/a:b/converse")));
        QVERIFY(once != signatureOf(request("POST", "/model/a%253Ab/converse")));
    }

    void keysAndRegionsAreUnderstood() {
        QVERIFY(!splitAwsKey("bearer-key") && !splitAwsKey(":x") && !splitAwsKey("x:"));
        const auto key = splitAwsKey("ID:SECRET:S:1");
        QVERIFY(key && key->id == "ID" && key->secret == "SECRET" && key->session == "S:1");
        QVERIFY(splitAwsKey("ID:SECRET")->session.empty());
        QCOMPARE(awsRegionOf("bedrock-runtime.eu-central-1.amazonaws.com"), std::string("eu-central-1"));
        QCOMPARE(awsRegionOf("127.0.0.1:8080"), std::string("us-east-1"));
    }
};

QTEST_GUILESS_MAIN(TestSigV4)
#include "tst_sigv4.moc"
