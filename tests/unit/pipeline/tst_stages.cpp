// SPDX-License-Identifier: Apache-2.0
#define QT_NO_EMIT
#include <QtTest>

#include <algorithm>
#include <array>

#include "support/pipeline_fixture.h"

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

// JSON with ' for ": moc of Qt 6.4 loses classes behind some raw strings.
std::string quoted(std::string text) {
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

const std::string kPolicy =
    quoted("{'meta':{'id':'t','serial':1},'default':'allow','rules':[{'id':'block','when':{'class':['secret','"
           "credential']},'then':'block'},{'id':'why','when':{'class':['phi']},'then':'justify'},{'id':'sure','when':{'"
           "detector':['pii.any.iban']},'then':'warn'},{'id':'hide','when':{'class':['pii','pci']},'then':'redact'}]}");

const std::string kAnswer = quoted("{'id':'x','object':'chat.completion','choices':[{'index':0,'message':{'role':'"
                                   "assistant','content':'done'},'finish_reason':'stop'}]}");

std::string chatBody(const std::string& text) {
    return quoted("{'model':'m','messages':[{'role':'user','content':") + quoteJson(text) + "}]}";
}

pipeline::Headers chatWindow() {
    return {{"authorization", "Bearer chat"}};
}

Task<pipeline::Step> broken(pipeline::Request& /*request*/) {
    co_return fail(ErrorKind::internal, "forced");
}

} // namespace

class TestStages final : public QObject {
    Q_OBJECT

    static std::unique_ptr<PipelineFixture> fixture() {
        auto made = std::make_unique<PipelineFixture>(kPolicy);
        made->upstream.pieces = {kAnswer};
        return made;
    }

private slots:
    void theOrderIsTheOneThatIsDocumented() {
        constexpr std::array<std::string_view, 13> kOrder{
            "authenticate", "identify", "admit", "snapshot", "resolve", "inspect", "decide",
            "transform",    "reserve",  "cache", "select",   "intent",  "call"};
        QCOMPARE(pipeline::kStages.size(), kOrder.size());
        for (std::size_t i = 0; i < kOrder.size(); ++i) {
            QVERIFY(pipeline::kStages[i].name == kOrder[i]);
        }
    }

    void aStageThatFailsClosesOrProceedsAsItsRowSays_data() {
        QTest::addColumn<int>("row");
        QTest::addColumn<bool>("isClosed");
        constexpr std::array<bool, 13> kClosed{true, false, true,  true, true, true, true,
                                               true, true,  false, true, true, true};
        for (int i = 0; i < 13; ++i) {
            const auto index = static_cast<std::size_t>(i);
            QTest::addRow("%s", std::string(pipeline::kStages[index].name).c_str()) << i << kClosed[index];
        }
    }
    void aStageThatFailsClosesOrProceedsAsItsRowSays() {
        QFETCH(int, row);
        QFETCH(bool, isClosed);
        auto table = pipeline::kStages;
        table[static_cast<std::size_t>(row)].run = &broken;
        PipelineFixture pipe(kPolicy, table);
        pipe.upstream.pieces = {kAnswer};
        const Reply reply = pipe.ask(chatBody("card 4111 1111 1111 1111"));
        QCOMPARE(reply.status, isClosed ? 500 : 200);
        if (isClosed) {
            QVERIFY(pipe.upstream.received.empty());
            QVERIFY(reply.body.find("4111") == std::string::npos);
        }
    }

    void whatLeavesIsRedactedAndWrittenDownFirst() {
        const auto pipe = fixture();
        const Reply reply = pipe->ask(chatBody("card 4111 1111 1111 1111"));
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.header("x-gatehouse-decision"), std::string("redact"));
        QCOMPARE(reply.header("x-gatehouse-rule"), std::string("hide"));
        QCOMPARE(pipe->upstream.received.size(), 1U);
        QVERIFY(pipe->upstream.received[0].body.find("4111") == std::string::npos);
        QVERIFY(pipe->upstream.received[0].body.find("[[CARD_1_") != std::string::npos);
        QCOMPARE(pipe->writer.records.size(), 2U);
        QVERIFY(pipe->writer.records[0].kind == RecordKind::intent);
        QCOMPARE(pipe->writer.records[1].outcome, std::string("completed"));
    }

    void nothingChangedMeansTheSameBytes() {
        const auto pipe = fixture();
        const std::string body = "{ \"model\":\"m\",\t\"unknown\":[1.50e+00,null], "
                                 "\"messages\":[{\"role\":\"user\",\"content\":\"h\\u0069\"}] }";
        QCOMPARE(pipe->ask(body).status, 200);
        QCOMPARE(pipe->upstream.received.at(0).body, body);
    }

    void everyPlaceOfTheRequestIsInspected_data() {
        QTest::addColumn<QByteArray>("body");
        const QByteArray secret = "AKIAIOSFODNN7EXAMPLE";
        const auto row = [&secret](const char* name, const std::string& members) {
            QByteArray body = "{\"model\":\"m\"," + QByteArray::fromStdString(members) + "}";
            QTest::newRow(name) << body.replace("SECRET", secret);
        };
        row("system", quoted("'messages':[{'role':'system','content':'SECRET'},{'role':'user','content':'x'}]"));
        row("old turn", quoted("'messages':[{'role':'assistant','content':'SECRET'},{'role':'user','content':'x'}]"));
        row("text part", quoted("'messages':[{'role':'user','content':[{'type':'text','text':'SECRET'}]}]"));
        row("tool arguments",
            quoted("'messages':[{'role':'assistant','content':null,'tool_calls':[{'id':'1','type':'function','function'"
                   ":{'name':'f','arguments':'{\\'k\\':\\'SECRET\\'}'}}]},{'role':'user','content':'x'}]"));
        row("tool result", quoted("'messages':[{'role':'tool','tool_call_id':'1','content':'SECRET'}]"));
        row("tool description", quoted("'messages':[{'role':'user','content':'x'}],'tools':[{'type':'function','"
                                       "function':{'name':'f','description':'SECRET'}}]"));
        row("unknown field", quoted("'messages':[{'role':'user','content':'x'}],'future':{'deep':['SECRET']}"));
        row("a key", quoted("'messages':[{'role':'user','content':'x'}],'future':{'SECRET':1}"));
        row("user id", quoted("'messages':[{'role':'user','content':'x'}],'user':'SECRET'"));
    }
    void everyPlaceOfTheRequestIsInspected() {
        QFETCH(QByteArray, body);
        const auto pipe = fixture();
        const Reply reply = pipe->ask(body.toStdString());
        QCOMPARE(reply.status, 403);
        QVERIFY(pipe->upstream.received.empty());
        QVERIFY(reply.body.find("AKIA") == std::string::npos);
        QCOMPARE(reply.header("x-should-retry"), std::string("false"));
        QVERIFY(reply.body.find("dlp_blocked") != std::string::npos);
    }

    void noIntentNoEgress() {
        const auto pipe = fixture();
        pipe->writer.isFull = true;
        const Reply reply = pipe->ask(chatBody("hi"));
        QCOMPARE(reply.status, 403);
        QVERIFY(reply.body.find("audit_failed") != std::string::npos);
        QVERIFY(pipe->upstream.received.empty());
    }

    void aTokenIsNeededAndTwoDifferentOnesAreRefused() {
        const auto pipe = fixture();
        QCOMPARE(pipe->ask(chatBody("hi"), {}).status, 401);
        QCOMPARE(pipe->ask(chatBody("hi"), {{"authorization", "Bearer wrong"}}).status, 401);
        QCOMPARE(pipe->ask(chatBody("hi"), {{"authorization", "Bearer good"}, {"x-api-key", "other"}}).status, 401);
        for (const char* slot : {"x-api-key", "api-key", "x-goog-api-key"}) {
            QCOMPARE(pipe->ask(chatBody("hi"), {{slot, "good"}}).status, 200);
        }
        for (const upstream::Request& request : pipe->upstream.received) {
            for (const auto& [name, value] : request.headers) {
                QVERIFY(value.find("good") == std::string::npos);
            }
            QVERIFY(request.authorization.reveal().empty());
        }
    }

    void anotherUsersConnectionIsRefused() {
        const auto pipe = fixture();
        pipe->peers.uid = getuid() + 1;
        QCOMPARE(pipe->ask(chatBody("hi")).status, 403);
        QVERIFY(pipe->upstream.received.empty());
    }

    void warnAndJustifyDependOnWhoAsks() {
        const auto pipe = fixture();
        const std::string iban = chatBody("DE89 3704 0044 0532 0130 00");
        const Reply sdk = pipe->ask(iban);
        QCOMPARE(sdk.status, 200);
        QCOMPARE(sdk.header("x-gatehouse-decision"), std::string("warn"));
        const Reply window = pipe->ask(iban, chatWindow());
        QCOMPARE(window.status, 403);
        QVERIFY(window.body.find("confirmation_required") != std::string::npos);
        QCOMPARE(pipe->upstream.received.size(), 1U);

        QVERIFY(pipe->governor->approvals().grant(window.header("x-gatehouse-interaction"), "").has_value());
        QCOMPARE(pipe->ask(iban, chatWindow()).status, 200);
        QCOMPARE(pipe->ask(iban, chatWindow()).status, 403); // used once
    }

    void aJustificationIsForThisTextOnly() {
        const auto pipe = fixture();
        const std::string npi = chatBody("NPI 1245319599");
        const Reply refused = pipe->ask(npi);
        QCOMPARE(refused.status, 403);
        QVERIFY(refused.body.find("justification_required") != std::string::npos);
        QVERIFY(pipe->governor->approvals().grant(refused.header("x-gatehouse-interaction"), "a referral").has_value());
        QCOMPARE(pipe->ask(chatBody("NPI 1679576722")).status, 403);
        QCOMPARE(pipe->ask(npi).status, 200);
        const auto intents = pipe->recordsOf(RecordKind::intent);
        QCOMPARE(intents.back().justification, std::string("a referral"));
    }

    void malformedRequestsAreSaidInTheDialect_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("no JSON") << QByteArray("hello");
        QTest::newRow("duplicate key") << QByteArray(
            "{\"model\":\"a\",\"model\":\"b\",\"messages\":[{\"role\":\"user\"}]}");
        QTest::newRow("no model") << QByteArray("{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");
        QTest::newRow("no messages") << QByteArray("{\"model\":\"m\"}");
        QTest::newRow("wrong type") << QByteArray("{\"model\":\"m\",\"messages\":\"x\"}");
        QTest::newRow("too deep") << QByteArray("{\"model\":\"m\",\"messages\":") + QByteArray(80, '[') +
                                         QByteArray(80, ']') + "}";
    }
    void malformedRequestsAreSaidInTheDialect() {
        QFETCH(QByteArray, body);
        const auto pipe = fixture();
        const Reply reply = pipe->ask(body.toStdString());
        QCOMPARE(reply.status, 400);
        const auto json = parseJson(reply.body);
        QVERIFY(json.has_value());
        QVERIFY((*json)["error"]["message"].is_string());
        QVERIFY(pipe->upstream.received.empty());
    }
};

QTEST_GUILESS_MAIN(TestStages)
#include "tst_stages.moc"
