// SPDX-License-Identifier: Apache-2.0
#define QT_NO_EMIT
#include <QtTest>

#include <algorithm>

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
    quoted("{'meta':{'id':'t','serial':1},'default':'allow','rules':[{'id':'stop','when':{'class':['secret'],'"
           "direction':'answer'},'then':'block'},{'id':'hide','when':{'class':['pii','pci']},'then':'redact'}]}");

std::string frame(const std::string& delta, const char* finish = "null") {
    return quoted("data: {'id':'c','object':'chat.completion.chunk','choices':[{'index':0,'delta':") + delta +
           quoted(",'finish_reason':") + finish + "}]}\n\n";
}

std::string content(const std::string& text) {
    return frame("{\"content\":" + quoteJson(text) + "}");
}

// The text of the answer as an SDK would join it.
std::string joined(const std::string& body, const char* member = "content") {
    std::string text;
    for (std::size_t at = body.find("data: {"); at != std::string::npos; at = body.find("data: {", at + 1)) {
        const std::size_t end = body.find("\n", at);
        const auto json = parseJson(std::string_view(body).substr(at + 6, end - at - 6));
        if (!json || !json->contains("choices")) {
            continue;
        }
        for (const Json& choice : (*json)["choices"]) {
            const Json& delta = choice["delta"];
            if (std::string_view(member) == "content" && delta.contains("content") && delta["content"].is_string()) {
                text += delta["content"].get<std::string>();
            } else if (delta.contains("tool_calls") && std::string_view(member) == "arguments") {
                text += delta["tool_calls"][0]["function"]["arguments"].get<std::string>();
            }
        }
    }
    return text;
}

const std::string kBody =
    quoted("{'model':'m','stream':true,'messages':[{'role':'user','content':'card 4111 1111 1111 1111'}]}");

} // namespace

class TestAnswers final : public QObject {
    Q_OBJECT

    std::unique_ptr<PipelineFixture> m_pipe;
    std::string m_placeholder;

    Reply stream(const std::vector<std::string>& pieces) {
        m_pipe->upstream.type = "text/event-stream";
        m_pipe->upstream.pieces = pieces;
        return m_pipe->ask(kBody);
    }

private slots:
    void initTestCase() {
        m_pipe = std::make_unique<PipelineFixture>(kPolicy);
        stream({content("x"), frame("{}", "\"stop\""), "data: [DONE]\n\n"});
        const std::string left = m_pipe->upstream.received.at(0).body;
        const std::size_t at = left.find("[[CARD_1_");
        QVERIFY(at != std::string::npos);
        m_placeholder = left.substr(at, left.find("]]", at) + 2 - at);
    }

    void everySplitOfTheBytesGivesTheSameAnswer() {
        const std::string answer =
            frame(quoted("{'role':'assistant','content':''}")) + ": ping\n\n" +
            content("Your card " + m_placeholder.substr(0, 5)) + content(m_placeholder.substr(5) + " and jane@exam") +
            content("ple.org are fine. \xF0\x9F\x98\x80") + frame("{}", "\"stop\"") + "data: [DONE]\n\n";
        const Reply whole = stream({answer});
        QCOMPARE(whole.status, 200);
        const std::string text = joined(whole.body);
        QVERIFY(text.find("4111 1111 1111 1111") != std::string::npos);
        QVERIFY(text.find("jane@example.org") == std::string::npos);
        QVERIFY(whole.body.find(": ping") != std::string::npos);
        QVERIFY(whole.body.ends_with("data: [DONE]\n\n"));
        for (std::size_t split = 1; split < answer.size(); ++split) {
            const Reply parted = stream({answer.substr(0, split), answer.substr(split)});
            QCOMPARE(joined(parted.body), text);
        }
        std::vector<std::string> bytes;
        for (const char c : answer) {
            bytes.emplace_back(1, c);
        }
        QCOMPARE(joined(stream(bytes).body), text);
        for (const AuditRecord& record : m_pipe->recordsOf(RecordKind::outcome)) {
            QCOMPARE(record.outcome, std::string("completed"));
        }
    }

    void whatStandsBesideHeldTextIsNotSaidAgainAsItCame() {
        const std::string beside = quoted("data: {'id':'c','note':'write to "
                                          "jane@example.org','choices':[{'index':0,'delta':{'content':'my last words'},"
                                          "'finish_reason':null}]}\n\n");
        const Reply reply = stream({beside, frame("{}", "\"stop\""), "data: [DONE]\n\n"});
        QCOMPARE(joined(reply.body), std::string("my last words"));
        QVERIFY2(reply.body.find("jane@example.org") == std::string::npos, reply.body.c_str());
    }

    void tokensFollowTheirText() {
        const auto token = [](const std::string& text) {
            return quoted("data: {'choices':[{'index':0,'delta':{'content':") + quoteJson(text) +
                   quoted("},'logprobs':{'content':[{'token':") + quoteJson(text) +
                   quoted(
                       ",'logprob':-0.5,'bytes':null,'top_logprobs':[]}],'refusal':null},'finish_reason':null}]}\n\n");
        };
        const auto spelled = [](const std::string& body) {
            std::string text;
            for (std::size_t at = body.find("{\"token\":\""); at != std::string::npos;
                 at = body.find("{\"token\":\"", at + 1)) {
                text += body.substr(at + 10, body.find('"', at + 10) - at - 10);
            }
            return text;
        };
        const std::string end = frame("{}", "\"stop\"") + "data: [DONE]\n\n";
        const Reply plain = stream({token("It is "), token("all "), token("well"), token(" here."), end});
        QCOMPARE(joined(plain.body), std::string("It is all well here."));
        QCOMPARE(spelled(plain.body), std::string("It is all well here."));
        const Reply restored = stream({token("Your card "), token(m_placeholder), token(" is fine."), end});
        QCOMPARE(joined(restored.body), std::string("Your card 4111 1111 1111 1111 is fine."));
        QVERIFY(std::string("Your card ").starts_with(spelled(restored.body)));
        const Reply hidden = stream({token("Ask "), token("jane@exam"), token("ple.org"), token(" about it."), end});
        QVERIFY(joined(hidden.body).find("jane") == std::string::npos);
        QVERIFY2(std::string("Ask ").starts_with(spelled(hidden.body)), hidden.body.c_str());
        const Reply other = stream({token("It is "), content("so"), end});
        QCOMPARE(joined(other.body), std::string("It is so"));
    }

    void toolArgumentsAreRestoredInPieces() {
        const auto call = [](const std::string& arguments) {
            return frame(quoted("{'tool_calls':[{'index':0,'function':{'arguments':") + quoteJson(arguments) + "}}]}");
        };
        const std::string begin = frame(
            quoted("{'tool_calls':[{'index':0,'id':'t','type':'function','function':{'name':'pay','arguments':''}}]}"));
        const Reply reply =
            stream({begin, call("{\"card\":\"" + m_placeholder.substr(0, 3)), call(m_placeholder.substr(3)),
                    call("\"}"), frame("{}", "\"tool_calls\""), "data: [DONE]\n\n"});
        QCOMPARE(joined(reply.body, "arguments"), std::string("{\"card\":\"4111 1111 1111 1111\"}"));
    }

    void aBlockedAnswerEndsWithTheDialectsError() {
        const Reply reply = stream({content("the key is AKIAIOSF"), content("ODNN7EXAMPLE, keep it. "), content("more"),
                                    frame("{}", "\"stop\""), "data: [DONE]\n\n"});
        QVERIFY(reply.body.find("AKIAIOSFODNN7") == std::string::npos);
        QVERIFY(joined(reply.body).find("ODNN7EXAMPLE") == std::string::npos);
        QVERIFY(reply.body.find("\"error\"") != std::string::npos);
        QVERIFY(reply.body.find("[DONE]") == std::string::npos);
        QCOMPARE(m_pipe->recordsOf(RecordKind::outcome).back().outcome, std::string("answer_blocked"));
    }

    void aStreamThatBreaksOffIsToldAndRecorded() {
        const Reply reply = stream({content("half an answer ")});
        QVERIFY(reply.body.find("\"error\"") != std::string::npos);
        QVERIFY(joined(reply.body).find("half an answer") != std::string::npos);
        QVERIFY(m_pipe->recordsOf(RecordKind::outcome).back().outcome != "completed");
    }

    void nonsenseEndsTheStream_data() {
        QTest::addColumn<QByteArray>("bad");
        QTest::newRow("no JSON") << QByteArray("data: {nope}\n\n");
        QTest::newRow("duplicate key") << QByteArray("data: {\"choices\":[],\"choices\":[]}\n\n");
        QTest::newRow("not UTF-8") << QByteArray("\xFF\xFE\n\n");
    }
    void nonsenseEndsTheStream() {
        QFETCH(QByteArray, bad);
        const Reply reply =
            stream({content("so far so good "), bad.toStdString(), content("never"), "data: [DONE]\n\n"});
        QVERIFY(reply.body.find("\"error\"") != std::string::npos);
        QVERIFY(reply.body.find("never") == std::string::npos);
        QVERIFY(m_pipe->recordsOf(RecordKind::outcome).back().outcome != "completed");
    }

    void usageIsMeteredAndHiddenWhenNobodyAsked() {
        const Reply reply =
            stream({content("hi"), frame("{}", "\"stop\""),
                    "data: {\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":7,"
                    "\"total_tokens\":18}}\n\n",
                    "data: [DONE]\n\n"});
        QVERIFY(reply.body.find("prompt_tokens") == std::string::npos);
        QCOMPARE(m_pipe->recordsOf(RecordKind::outcome).back().usage.inputTokens, std::uint64_t{11});
        QVERIFY(m_pipe->upstream.received.back().body.find("include_usage") != std::string::npos);
    }

    void aBufferedAnswerIsInspectedAndRestoredToo() {
        m_pipe->upstream.type = "application/json";
        m_pipe->upstream.pieces = {
            quoted("{'id':'x','choices':[{'index':0,'message':{'role':'assistant','content':'for ") + m_placeholder +
            quoted(" write to bob@example.org'},'finish_reason':'stop'}]}")};
        const Reply reply =
            m_pipe->ask(quoted("{'model':'m','messages':[{'role':'user','content':'card 4111 1111 1111 1111'}]}"));
        QVERIFY(reply.body.find("for 4111 1111 1111 1111 write to") != std::string::npos);
        QVERIFY(reply.body.find("bob@example.org") == std::string::npos);
    }

    void aBufferedAnswerIsRecordedWhenTheClientTookIt() {
        const std::string prompt = quoted("{'model':'m','messages':[{'role':'user','content':'hello'}]}");
        const auto last = [this] { return m_pipe->recordsOf(RecordKind::outcome).back(); };
        m_pipe->ask(prompt);
        QCOMPARE(last().outcome, std::string("completed"));
        const std::size_t before = m_pipe->recordsOf(RecordKind::outcome).size();
        m_pipe->hasImpatientClient = true;
        m_pipe->ask(prompt);
        m_pipe->hasImpatientClient = false;
        QCOMPARE(m_pipe->recordsOf(RecordKind::outcome).size(), before + 1);
        QCOMPARE(last().outcome, std::string("client_gone"));
    }

    void aFailingProviderIsSaidWithItsStatus() {
        m_pipe->upstream.type = "application/json";
        m_pipe->upstream.status = 429;
        m_pipe->upstream.pieces = {
            quoted("{'error':{'message':'slow down','type':'rate_limit','param':null,'code':null}}")};
        QCOMPARE(m_pipe->ask(kBody).status, 429);
        m_pipe->upstream.status = 500;
        QCOMPARE(m_pipe->ask(kBody).status, 502);
        m_pipe->upstream.status = 200;
    }
};

QTEST_GUILESS_MAIN(TestAnswers)
#include "tst_answers.moc"
