// SPDX-License-Identifier: Apache-2.0
#define QT_NO_EMIT
#include <QtTest>

#include <set>

#include "dialects/chat_codec.h"
#include "dialects/fitting.h"
#include "dialects/json_view.h"

using namespace gatehouse;
using namespace gatehouse::dialects;

namespace {

OrderedJson json(std::string_view text) {
    return OrderedJson::parse(text);
}

ChatRequest requestWith(OrderedJson schema, bool isStrict) {
    ChatRequest request;
    request.model = "m";
    ChatMessage message;
    message.blocks.emplace_back().text = "hello";
    request.messages.push_back(message);
    request.output = OutputForm::schema;
    request.outputSchema = schema;
    request.isOutputStrict = isStrict;
    request.tools.push_back({"lookup", "looks up", std::move(schema), isStrict});
    return request;
}

const char* const kStrict =
    R"({"type":"object","properties":{"a":{"type":"string"},"b":{"type":"array","items":{"type":"object","properties":{},"additionalProperties":false}}},"required":["a","b"],"additionalProperties":false})";
const char* const kOpen = R"({"type":"object","properties":{"a":{"type":"string"}}})";

} // namespace

class TestFitting : public QObject {
    Q_OBJECT

private slots:
    void namesThatEveryVendorTakesStay();
    void otherNamesFitAndComeBack();
    void aNameIsChangedWhereverItStands();
    void strictSchemasAreToldFromLooseOnes_data();
    void strictSchemasAreToldFromLooseOnes();
    void openAiGetsNoStrictSchemaThatItRefuses();
    void schemasAreClosedForAnthropic();
    void aVendorWithoutSchemasGetsJson();
};

void TestFitting::namesThatEveryVendorTakesStay() {
    ToolNames names;
    ChatRequest request;
    for (const char* const name : {"lookup", "_x", "get-weather_2", "A"}) {
        request.tools.push_back({name, {}, {}, {}});
    }
    request.tools.push_back({std::string(64, 'x'), {}, {}, {}});
    const auto before = request.tools;
    names.fit(request);
    for (std::size_t i = 0; i < before.size(); ++i) {
        QCOMPARE(request.tools[i].name, before[i].name);
        QCOMPARE(names.clientName(before[i].name), before[i].name);
    }
}

void TestFitting::otherNamesFitAndComeBack() {
    ToolNames names;
    ChatRequest request;
    const std::vector<std::string> odd{"files.read",         "mcp/server/tool",    "1st", "-x", "na\xC3\xAFve",
                                       std::string(65, 'x'), std::string(66, 'x'), "a b", "a.b"};
    for (const std::string& name : odd) {
        request.tools.push_back({name, {}, {}, {}});
    }
    names.fit(request);
    std::set<std::string> seen;
    for (std::size_t i = 0; i < odd.size(); ++i) {
        const std::string& name = request.tools[i].name;
        QVERIFY2(name.size() <= 64 && seen.insert(name).second, name.c_str());
        QVERIFY(QRegularExpression("^[A-Za-z_][A-Za-z0-9_-]{0,63}$").match(QString::fromStdString(name)).hasMatch());
        QCOMPARE(names.clientName(name), odd[i]);
    }
    ToolNames again;
    ChatRequest later;
    later.tools.push_back({odd[0], {}, {}, {}});
    again.fit(later);
    QCOMPARE(later.tools[0].name, request.tools[0].name);
}

void TestFitting::aNameIsChangedWhereverItStands() {
    ChatRequest request = requestWith(json(kStrict), true);
    request.tools[0].name = request.toolName = "a.b";
    ChatMessage turn;
    turn.role = ChatRole::assistant;
    ChatBlock& call = turn.blocks.emplace_back();
    call.kind = BlockKind::toolCall;
    call.name = "a.b";
    ChatBlock& file = turn.blocks.emplace_back();
    file.kind = BlockKind::file;
    file.name = "a.b";
    request.messages.push_back(turn);
    ToolNames names;
    names.fit(request);
    QVERIFY(request.tools[0].name != "a.b");
    QCOMPARE(request.toolName, request.tools[0].name);
    QCOMPARE(request.messages[1].blocks[0].name, request.tools[0].name);
    QCOMPARE(request.messages[1].blocks[1].name, std::string("a.b"));
}

void TestFitting::strictSchemasAreToldFromLooseOnes_data() {
    QTest::addColumn<std::string>("schema");
    QTest::addColumn<bool>("isStrict");
    QTest::newRow("strict") << std::string(kStrict) << true;
    QTest::newRow("open") << std::string(kOpen) << false;
    QTest::newRow("optional")
        << R"({"type":"object","properties":{"a":{}},"required":[],"additionalProperties":false})" + std::string()
        << false;
    QTest::newRow("open inside a list")
        << R"({"type":"object","properties":{"a":{"type":"array","items":{"type":"object"}}},"required":["a"],"additionalProperties":false})" +
               std::string()
        << false;
    QTest::newRow("open definition")
        << R"({"$defs":{"x":{"type":"object"}},"type":"object","properties":{},"additionalProperties":false})" +
               std::string()
        << false;
    QTest::newRow("open choice") << R"({"anyOf":[{"type":"string"},{"type":["object","null"]}]})" + std::string()
                                 << false;
    QTest::newRow("no object") << R"({"type":"string"})" + std::string() << true;
}

void TestFitting::strictSchemasAreToldFromLooseOnes() {
    QFETCH(std::string, schema);
    QFETCH(bool, isStrict);
    QCOMPARE(isStrictSchema(json(schema)), isStrict);
}

void TestFitting::openAiGetsNoStrictSchemaThatItRefuses() {
    for (const char* const name : {"openai.chat", "openai.responses"}) {
        ChatRequest loose = requestWith(json(kOpen), true);
        const auto sent = findDialect(name)->codec()->encodeRequest(loose, {});
        QVERIFY(sent.has_value());
        QVERIFY2(sent->find("\"strict\":true") == std::string::npos, sent->c_str());
        QCOMPARE(loose.untranslated, std::vector<std::string>{"strict"});
        ChatRequest strict = requestWith(json(kStrict), true);
        const auto same = findDialect(name)->codec()->encodeRequest(strict, {});
        QVERIFY(same->find("\"strict\":true") != std::string::npos);
        QVERIFY(strict.untranslated.empty());
    }
}

void TestFitting::schemasAreClosedForAnthropic() {
    ChatRequest request = requestWith(
        json(R"({"type":"object","properties":{"minimum":{"type":"integer","minimum":1,"enum":[{"minimum":2}]}}})"),
        false);
    const auto sent = findDialect("anthropic.messages")->codec()->encodeRequest(request, {});
    QVERIFY(sent.has_value());
    const OrderedJson schema = json(*sent)["output_config"]["format"]["schema"];
    QCOMPARE(
        dump(schema),
        std::string(
            R"({"type":"object","properties":{"minimum":{"type":"integer","enum":[{"minimum":2}]}},"additionalProperties":false})"));
    QCOMPARE(request.untranslated, (std::vector<std::string>{"additionalProperties", "schema_limits"}));
    ChatRequest closed = requestWith(json(kStrict), true);
    QVERIFY(findDialect("anthropic.messages")->codec()->encodeRequest(closed, {}).has_value());
    QVERIFY(closed.untranslated.empty());
}

void TestFitting::aVendorWithoutSchemasGetsJson() {
    ChatRequest request = requestWith(json(kStrict), true);
    request.tools.clear();
    Quirks quirks;
    quirks.refusesSchemas = true;
    const auto sent = findDialect("openai.chat")->codec()->encodeRequest(request, quirks);
    QVERIFY(sent.has_value());
    QCOMPARE(json(*sent)["response_format"]["type"].get<std::string>(), std::string("json_object"));
    QCOMPARE(request.untranslated, std::vector<std::string>{"json_schema"});
}

QTEST_APPLESS_MAIN(TestFitting)
#include "tst_fitting.moc"
