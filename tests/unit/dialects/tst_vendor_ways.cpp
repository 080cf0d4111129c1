// SPDX-License-Identifier: Apache-2.0
// Where vendors differ in small ways that others fell over.
#define QT_NO_EMIT
#include <QtTest>

#include "dialects/chat_codec.h"
#include "dialects/json_view.h"
#include "unit/dialects/dialect_words.h"

using namespace gatehouse;
using namespace gatehouse::dialects;
using gatehouse::test::json;
using gatehouse::test::quoted;

namespace {

const ChatCodec& codec(const char* name) {
    return *findDialect(name)->codec();
}

OrderedJson sent(const char* from, const char* to, const std::string& body, const Quirks& quirks = {}) {
    auto request = codec(from).decodeRequest(quoted(body), {});
    const auto out = request ? codec(to).encodeRequest(*request, quirks) : std::unexpected(request.error());
    return out ? OrderedJson::parse(*out) : OrderedJson();
}

std::vector<ChatEvent> heard(const char* dialect, const std::vector<std::string>& documents) {
    const auto decoder = codec(dialect).makeDecoder();
    std::vector<ChatEvent> events;
    for (const std::string& document : documents) {
        const auto read = decoder->push(quoted(document));
        events.insert(events.end(), read->begin(), read->end());
    }
    return events;
}

ChatAnswer collected(const std::vector<ChatEvent>& events) {
    AnswerCollector collector;
    for (const ChatEvent& event : events) {
        collector.push(event);
    }
    return collector.take();
}

std::string told(const char* dialect, const std::vector<ChatEvent>& events, const AnswerContext& context = {}) {
    const auto encoder = codec(dialect).makeEncoder(context);
    std::string out;
    for (const ChatEvent& event : events) {
        out += encoder->push(event);
    }
    return out + encoder->finish();
}

ChatEvent said(ChatEventKind kind, std::string text = {}, std::string id = {}, std::string name = {}) {
    ChatEvent made;
    made.kind = kind;
    made.text = std::move(text);
    made.id = std::move(id);
    made.name = std::move(name);
    return made;
}

} // namespace

class TestVendorWays : public QObject {
    Q_OBJECT

private slots:
    void bedrockGetsResultsInOneTurnAndNoEmptyTexts();
    void bedrocksCallsMayBeginWithNothing();
    void bedrocksExceptionsHaveTheirStatus_data();
    void bedrocksExceptionsHaveTheirStatus();
    void anAnswerWithoutOutputIsNone();
    void stopReasonsOfEachVendor_data();
    void stopReasonsOfEachVendor();
    void usageIsCountedAsEachVendorCounts_data();
    void usageIsCountedAsEachVendorCounts();
    void usageIsWrittenAsEachVendorWritesIt();
    void aStreamOfAToolAloneBeginsAtBlockZero();
    void theFirstChunkSaysWhoSpeaks();
    void inputTokensAreToldBeforeTheyAreKnown();
    void azuresFirstChunkHasNoChoice();
    void odderUsageIsReadWithoutHarm();
    void whatServersOfOpenAisInterfaceDoNotKnowIsNotSent();
    void responsesNamesWhatItCannotSay();
};

void TestVendorWays::bedrockGetsResultsInOneTurnAndNoEmptyTexts() {
    const OrderedJson body =
        sent("openai.chat", "bedrock.converse",
             "{'model':'m','messages':[{'role':'system','content':'be kind'},{'role':'user','content':'go'},"
             "{'role':'assistant','content':'','tool_calls':[{'id':'a','type':'function','function':{'name':'f',"
             "'arguments':'{}'}},{'id':'b','type':'function','function':{'name':'g','arguments':'{\\'x\\':1}'}}]},"
             "{'role':'tool','tool_call_id':'a','content':'one'},{'role':'tool','tool_call_id':'b','content':'two'},"
             "{'role':'assistant','content':''},{'role':'user','content':[{'type':'image_url','image_url':{'url':"
             "'data:image/jpeg;base64,/9j/AA=='}}]}],'max_tokens':5,'stop':'x'}");
    QCOMPARE(dump(body["system"]), dump(json("[{'text':'be kind'}]")));
    QCOMPARE(dump(body["messages"]),
             dump(json("[{'role':'user','content':[{'text':'go'}]},{'role':'assistant','content':["
                       "{'toolUse':{'toolUseId':'a','name':'f','input':{}}},"
                       "{'toolUse':{'toolUseId':'b','name':'g','input':{'x':1}}}]},{'role':'user','content':["
                       "{'toolResult':{'toolUseId':'a','content':[{'text':'one'}]}},"
                       "{'toolResult':{'toolUseId':'b','content':[{'text':'two'}]}},"
                       "{'image':{'format':'jpeg','source':{'bytes':'/9j/AA=='}}}]}]")));
    QCOMPARE(dump(body["inferenceConfig"]), dump(json("{'maxTokens':5,'stopSequences':['x']}")));
}

void TestVendorWays::bedrocksCallsMayBeginWithNothing() {
    const auto events = heard(
        "bedrock.converse",
        {"{'messageStart':{'role':'assistant'}}",
         "{'contentBlockStart':{'contentBlockIndex':0,'start':{'toolUse':{'toolUseId':'t','name':'f'}}}}",
         "{'contentBlockDelta':{'contentBlockIndex':0,'delta':{'toolUse':{'input':''}}}}",
         "{'contentBlockDelta':{'contentBlockIndex':0,'delta':{'toolUse':{'input':'{}'}}}}",
         "{'contentBlockDelta':{'contentBlockIndex':7,'delta':{'toolUse':{'input':'{}'}}}}",
         "{'messageStop':{'stopReason':'tool_use'}}", "{'metadata':{'usage':{'inputTokens':1,'outputTokens':2}}}"});
    const ChatAnswer answer = collected(events);
    QCOMPARE(answer.blocks.size(), std::size_t(1));
    QCOMPARE(answer.blocks.front().text, std::string("{}"));
    QCOMPARE(answer.usage->outputTokens, 2U); // behind the stop
}

void TestVendorWays::bedrocksExceptionsHaveTheirStatus_data() {
    QTest::addColumn<int>("status");
    QTest::newRow("throttlingException") << 429;
    QTest::newRow("modelStreamErrorException") << 424;
    QTest::newRow("serviceUnavailableException") << 503;
    QTest::newRow("validationException") << 400;
    QTest::newRow("brandNewException") << 500;
}

void TestVendorWays::bedrocksExceptionsHaveTheirStatus() {
    QFETCH(int, status);
    const ChatAnswer answer =
        collected(heard("bedrock.converse", {"{'exception':{'type':'" + std::string(QTest::currentDataTag()) +
                                             "','body':{'message':'slow down'}}}"}));
    QVERIFY(answer.fault.has_value());
    QCOMPARE(answer.fault->status, status);
    QCOMPARE(answer.fault->message, std::string("slow down"));
}

void TestVendorWays::anAnswerWithoutOutputIsNone() {
    QVERIFY(!codec("bedrock.converse").decodeAnswer(quoted("{'stopReason':'end_turn'}"), 200).has_value());
    QVERIFY(!codec("gemini.generate").decodeAnswer("{}", 200).has_value());
    QVERIFY(!codec("openai.chat").decodeAnswer(quoted("{'choices':[]}"), 200).has_value());
    QVERIFY(!codec("ollama.chat").decodeAnswer(quoted("{'done':true}"), 200).has_value());
}

void TestVendorWays::stopReasonsOfEachVendor_data() {
    QTest::addColumn<QString>("dialect");
    QTest::addColumn<QString>("document");
    QTest::addColumn<QString>("expected");
    const auto gemini = [](const char* reason, const char* part, const char* expected) {
        const std::string document =
            "{'candidates':[{'content':{'parts':[" + std::string(part) + "]},'finishReason':'" + reason + "'}]}";
        QTest::newRow(reason + QByteArray(part).left(8))
            << "gemini.generate" << QString::fromStdString(document) << expected;
    };
    gemini("STOP", "{'text':'x'}", "stop");
    gemini("STOP", "{'functionCall':{'name':'f','args':{}}}", "tool_calls");
    gemini("MAX_TOKENS", "{'text':'x'}", "length");
    for (const char* const reason :
         {"SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY"}) {
        gemini(reason, "{'text':''}", "content_filter");
    }
    const auto bedrock = [](const char* reason, const char* expected) {
        QTest::newRow(reason)
            << "bedrock.converse"
            << QString("{'output':{'message':{'content':[{'text':'x'}]}},'stopReason':'%1'}").arg(reason) << expected;
    };
    bedrock("end_turn", "stop");
    bedrock("guardrail_intervened", "content_filter");
    bedrock("content_filtered", "content_filter");
    bedrock("model_context_window_exceeded", "length");
    bedrock("tool_use", "tool_calls");
    QTest::newRow("refusal") << "anthropic.messages"
                             << "{'content':[{'type':'text','text':'x'}],'stop_reason':'refusal'}"
                             << "content_filter";
    QTest::newRow("pause") << "anthropic.messages"
                           << "{'content':[{'type':'text','text':'x'}],'stop_reason':'pause_turn'}" << "stop";
}

void TestVendorWays::stopReasonsOfEachVendor() {
    QFETCH(QString, dialect);
    QFETCH(QString, document);
    QFETCH(QString, expected);
    const auto answer = findDialect(dialect.toStdString())->codec()->decodeAnswer(quoted(document.toStdString()), 200);
    QVERIFY(answer.has_value());
    const OrderedJson said = OrderedJson::parse(codec("openai.chat").encodeAnswer(*answer, {}));
    QCOMPARE(QString::fromStdString(said["choices"][0]["finish_reason"]), expected);
}

// Input with the cached tokens, output with the reasoning, whatever the vendor adds up.
void TestVendorWays::usageIsCountedAsEachVendorCounts_data() {
    QTest::addColumn<QString>("document");
    QTest::newRow("openai.chat")
        << "{'choices':[{'message':{'content':'x'},'finish_reason':'stop'}],'usage':{"
           "'prompt_tokens':100,'completion_tokens':50,'prompt_tokens_details':{'cached_tokens':"
           "60},'completion_tokens_details':{'reasoning_tokens':20}}}";
    QTest::newRow("openai.responses")
        << "{'object':'response','status':'completed','output':[],'usage':{'input_tokens':100,'output_tokens':50,"
           "'input_tokens_details':{'cached_tokens':60},'output_tokens_details':{'reasoning_tokens':20}}}";
    QTest::newRow("anthropic.messages")
        << "{'content':[],'stop_reason':'end_turn','usage':{'input_tokens':30,'cache_read_input_tokens':60,"
           "'cache_creation_input_tokens':10,'output_tokens':50}}";
    QTest::newRow("gemini.generate")
        << "{'candidates':[{'content':{'parts':[{'text':'x'}]},'finishReason':'STOP'}],'usageMetadata':{"
           "'promptTokenCount':90,'toolUsePromptTokenCount':10,'cachedContentTokenCount':60,'candidatesTokenCount':30,"
           "'thoughtsTokenCount':20,'totalTokenCount':150}}";
    QTest::newRow("bedrock.converse")
        << "{'output':{'message':{'content':[{'text':'x'}]}},'stopReason':'end_turn','usage':{'inputTokens':30,"
           "'cacheReadInputTokens':60,'cacheWriteInputTokens':10,'outputTokens':50,'totalTokens':150}}";
    QTest::newRow("ollama.chat")
        << "{'message':{'role':'assistant','content':'x'},'done':true,'prompt_eval_count':100,'eval_count':50}";
}

void TestVendorWays::usageIsCountedAsEachVendorCounts() {
    QFETCH(QString, document);
    const std::string name = QTest::currentDataTag();
    const std::string body = quoted(document.toStdString());
    const auto translated = codec(name.c_str()).decodeAnswer(body, 200);
    QVERIFY(translated && translated->usage);
    const bool isTold = findDialect(name)->read(body, true).has_value();
    const Usage same = isTold ? *findDialect(name)->read(body, true)->usage : *translated->usage;
    for (const Usage& usage : {*translated->usage, same}) {
        QCOMPARE(usage.inputTokens, 100U);
        QCOMPARE(usage.outputTokens, 50U);
        QCOMPARE(usage.cachedTokens, name == "ollama.chat" ? 0U : 60U);
        const bool isCounted = name.starts_with("openai") || name.starts_with("gemini");
        QCOMPARE(usage.reasoningTokens, isCounted ? 20U : 0U);
        QCOMPARE(usage.cacheWriteTokens, name.starts_with("anthropic") || name.starts_with("bedrock") ? 10U : 0U);
    }
}

void TestVendorWays::usageIsWrittenAsEachVendorWritesIt() {
    ChatAnswer answer;
    answer.stop = StopReason::stop;
    answer.usage = Usage{100, 50, 60, 20, false, 10};
    const auto written = [&](const char* name) { return OrderedJson::parse(codec(name).encodeAnswer(answer, {})); };
    const OrderedJson chat = written("openai.chat")["usage"];
    QVERIFY(chat["prompt_tokens"] == 100 && chat["prompt_tokens_details"]["cached_tokens"] == 60);
    QVERIFY(chat["total_tokens"] == 150 && chat["completion_tokens_details"]["reasoning_tokens"] == 20);
    const OrderedJson messages = written("anthropic.messages")["usage"];
    const int sum = messages["input_tokens"].get<int>() + messages["cache_read_input_tokens"].get<int>() +
                    messages["cache_creation_input_tokens"].get<int>();
    QCOMPARE(sum, 100);
    QVERIFY(messages["cache_read_input_tokens"] == 60 && messages["output_tokens"] == 50);
    const OrderedJson gemini = written("gemini.generate")["usageMetadata"];
    QVERIFY(gemini["promptTokenCount"] == 100 && gemini["candidatesTokenCount"] == 30);
    QVERIFY(gemini["thoughtsTokenCount"] == 20 && gemini["totalTokenCount"] == 150);
}

void TestVendorWays::aStreamOfAToolAloneBeginsAtBlockZero() {
    ChatEvent start = said(ChatEventKind::toolStart, {}, "a", "f");
    ChatEvent second = said(ChatEventKind::toolStart, {}, "b", "g");
    second.tool = 1;
    ChatEvent stop = said(ChatEventKind::stop);
    stop.stop = StopReason::toolCalls;
    const std::string out = told("anthropic.messages", {said(ChatEventKind::start), start, second, stop});
    std::vector<std::string> seen;
    for (std::size_t at = out.find("data: "); at != std::string::npos; at = out.find("data: ", at + 1)) {
        const OrderedJson data = OrderedJson::parse(out.substr(at + 6, out.find('\n', at) - at - 6));
        if (data.contains("index")) {
            seen.push_back(data["type"].get<std::string>() + std::to_string(data["index"].get<int>()));
        }
    }
    QCOMPARE(seen, (std::vector<std::string>{"content_block_start0", "content_block_stop0", "content_block_start1",
                                             "content_block_stop1"}));
}

void TestVendorWays::theFirstChunkSaysWhoSpeaks() {
    for (const ChatEventKind kind : {ChatEventKind::start, ChatEventKind::text, ChatEventKind::reasoning}) {
        const std::string out = told("openai.chat", {said(kind, "x"), said(ChatEventKind::stop)});
        QVERIFY(out.find("\"role\":\"assistant\"") < out.find("finish_reason"));
        QCOMPARE(out.find("\"role\""), out.rfind("\"role\""));
    }
}

void TestVendorWays::inputTokensAreToldBeforeTheyAreKnown() {
    AnswerContext context;
    context.inputTokens = 42;
    const std::string out = told("anthropic.messages", {said(ChatEventKind::text, "x")}, context);
    QVERIFY(out.find("\"input_tokens\":42") < out.find("content_block_start"));
}

void TestVendorWays::azuresFirstChunkHasNoChoice() {
    const std::string first =
        "{'id':'','object':'','created':0,'model':'','choices':[],'prompt_filter_results':[{"
        "'prompt_index':0,'content_filter_results':{'hate':{'filtered':false,'severity':'safe'}}}]}";
    const ChatAnswer answer = collected(heard(
        "openai.chat", {first, "{'choices':[{'index':0,'delta':{'role':'assistant','content':'hi'}}]}",
                        "{'choices':[{'index':0,'delta':{},'finish_reason':'stop','content_filter_results':{}}]}"}));
    QCOMPARE(answer.blocks.at(0).text, std::string("hi"));
    const auto read = findDialect("openai.chat")->read(quoted(first), false);
    QVERIFY(read && !read->isUsageOnly && !read->isError && read->finished.empty());
}

void TestVendorWays::odderUsageIsReadWithoutHarm() {
    for (const char* const usage : {"'many'", "[1]", "7", "null", "true"}) {
        const ChatAnswer answer =
            collected(heard("anthropic.messages",
                            {"{'type':'message_start','message':{'id':'m','usage':" + std::string(usage) + "}}",
                             "{'type':'message_delta','delta':{'stop_reason':'end_turn'},'usage':{'output_tokens':3}}",
                             "{'type':'message_delta','delta':{},'usage':" + std::string(usage) + "}"}));
        QVERIFY(answer.stop.has_value());
    }
}

void TestVendorWays::whatServersOfOpenAisInterfaceDoNotKnowIsNotSent() {
    const std::string body = "{'model':'m','max_tokens':5,'messages':[{'role':'user','content':'x'}],'stream':true,"
                             "'tools':[{'name':'f','input_schema':{}}],'tool_choice':{'type':'auto',"
                             "'disable_parallel_tool_use':true}}";
    QVERIFY(sent("anthropic.messages", "openai.chat", body).contains("parallel_tool_calls"));
    Quirks quirks;
    quirks.refusesParallelCalls = quirks.refusesStreamOptions = true;
    const OrderedJson plain = sent("anthropic.messages", "openai.chat", body, quirks);
    QVERIFY(!plain.contains("parallel_tool_calls") && !plain.contains("stream_options"));
}

void TestVendorWays::responsesNamesWhatItCannotSay() {
    auto request =
        codec("anthropic.messages")
            .decodeRequest(quoted("{'model':'m','max_tokens':5,'messages':[],'top_k':3,'stop_sequences':['x']}"), {});
    QVERIFY(request.has_value());
    QVERIFY(codec("openai.responses").encodeRequest(*request, {}).has_value());
    QCOMPARE(request->untranslated, (std::vector<std::string>{"stop", "top_k"}));
}

QTEST_APPLESS_MAIN(TestVendorWays)
#include "tst_vendor_ways.moc"
