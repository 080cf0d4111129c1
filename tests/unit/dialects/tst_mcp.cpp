// SPDX-License-Identifier: Apache-2.0
#define QT_NO_EMIT
#include <QtTest>

#include "dialects/mcp.h"
#include "unit/dialects/dialect_words.h"

using namespace gatehouse;
using namespace gatehouse::dialects;
using gatehouse::test::quoted;

class TestMcp final : public QObject {
    Q_OBJECT

    static Result<ParsedRequest> parse(const std::string& body) {
        Asked asked;
        asked.model = "files";
        return mcp().parse(quoted(body), {}, asked);
    }
    static const Part* partAt(const ParsedRequest& request, std::string_view pointer) {
        for (const Part& part : request.parts) {
            if (part.pointer == pointer && part.kind != PartKind::key) {
                return &part;
            }
        }
        return nullptr;
    }

private slots:
    void aCallOfAToolIsReadWithItsArguments() {
        const auto request =
            parse("{'jsonrpc':'2.0','id':'a','method':'tools/call',"
                  "'params':{'name':'read','arguments':{'path':['x']},'_meta':{'progressToken':'p'}}}");
        QVERIFY(request.has_value());
        QCOMPARE(request->rpc->id, std::string("\"a\""));
        QCOMPARE(mcpAction(*request->rpc), std::string("tools/call/read"));
        QCOMPARE(partAt(*request, "/params/arguments/path/0")->kind, PartKind::toolCall);
        QVERIFY(!partAt(*request, "/params/arguments/path/0")->isImmutable);
        for (const char* name : {"/id", "/method", "/params/name", "/params/_meta/progressToken", "/model"}) {
            QVERIFY2(partAt(*request, name)->isImmutable, name);
        }
    }

    void otherMessagesAreToldApart() {
        QCOMPARE(mcpAction(*parse("{'jsonrpc':'2.0','method':'notifications/initialized'}")->rpc),
                 std::string("notifications/initialized"));
        const auto answer = parse("{'jsonrpc':'2.0','id':3,'result':{'content':{'text':'x'}}}");
        QCOMPARE(mcpAction(*answer->rpc), std::string("response"));
        QCOMPARE(partAt(*answer, "/result/content/text")->kind, PartKind::toolResult);
        QCOMPARE(mcp().parse("", {}, {.model = "files", .isListening = true, .boundary = {}})->rpc->method,
                 std::string("listen"));
    }

    void whatIsNoMessageIsRefused_data() {
        QTest::addColumn<QString>("body");
        for (const char* body : {"[]", "{}", "{'jsonrpc':'1.0','id':1,'method':'x'}", "{'jsonrpc':'2.0','id':1}",
                                 "{'jsonrpc':'2.0','id':{},'method':'x'}", "{'jsonrpc':'2.0','id':1.5,'method':'x'}",
                                 "{'jsonrpc':'2.0','id':null,'method':'x'}", "{'jsonrpc':'2.0','id':1,'method':5}",
                                 "{'jsonrpc':'2.0','id':1,'method':'tools/call','params':{}}",
                                 "{'jsonrpc':'2.0','id':1,'method':'tools/call','params':{'name':'a b'}}"}) {
            QTest::newRow(body) << QString(body);
        }
    }
    void whatIsNoMessageIsRefused() {
        QFETCH(QString, body);
        QVERIFY(!parse(body.toStdString()).has_value());
    }

    void resultsAreRunningTextAndTheRestIsRestored() {
        const auto event = mcp().read(
            quoted("{'jsonrpc':'2.0','id':1,'result':{'content':[{'type':'text','text':'hi'}],'x':{'y':'z'}}}"), true);
        QVERIFY(event.has_value() && event->isAnswer && event->isComplete && !event->isError);
        const auto field = [&](std::string_view text) {
            return *std::find_if(event->fields.begin(), event->fields.end(),
                                 [&](const TextField& each) { return each.text == text && !each.isKey; });
        };
        QCOMPARE(field("hi").channel.empty(), false);
        QVERIFY(field("z").isCopy && !field("text").isCopy);
        QVERIFY(!mcp().read("{}", true).has_value());
        QVERIFY(mcp().read("", false).has_value()); // an event that only sets the stream's place
        QVERIFY(!mcp().read(quoted("{'jsonrpc':'2.0','method':'notifications/x'}"), false)->isComplete);
    }

    void halfAResultIsNeverGiven() { QVERIFY(mcp().frame(mcp().heldText({}, {}, "half"), {}).empty()); }

    void refusalsAnswerTheirCall() {
        Refusal refusal{RefusalReason::dlpBlocked, "no", "r", "i", "\"a\""};
        QVERIFY(mcp().refusalBody(refusal).find("\"id\":\"a\"") != std::string::npos);
        QVERIFY(mcp().refusalFrames(refusal, {}).starts_with("event: message\ndata: {"));
        refusal.call.clear();
        QVERIFY(mcp().refusalFrames(refusal, {}).empty());
    }

    void toolsAreTakenOutAndDigestsLookAtMeaning() {
        const std::string list = quoted("{ 'jsonrpc':'2.0','id':1,'result':{'tools':["
                                        "{'name':'a','description':'d'},{'description':'d','name':'b'}]}}");
        std::vector<std::string> digests;
        const auto same = filterMcpTools(list, [&](const McpTool& tool) {
            digests.push_back(tool.digest);
            return true;
        });
        QCOMPARE(*same, list);
        QVERIFY(digests.at(0) != digests.at(1));
        const auto fewer = filterMcpTools(list, [](const McpTool& tool) { return tool.name == "b"; });
        QVERIFY(fewer->find("'a'") == std::string::npos && fewer->find("\"b\"") != std::string::npos);
        std::string turned;
        static_cast<void>(
            filterMcpTools(quoted("{'result':{'tools':[{'description':'d','name':'a'}]}}"), [&](const McpTool& tool) {
                turned = tool.digest;
                return true;
            }));
        QCOMPARE(turned, digests.at(0));
        QCOMPARE(*filterMcpTools(quoted("{'method':'x'}"), [](const McpTool&) { return false; }),
                 quoted("{'method':'x'}"));
    }
};

QTEST_GUILESS_MAIN(TestMcp)
#include "tst_mcp.moc"
