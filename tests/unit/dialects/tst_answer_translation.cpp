// SPDX-License-Identifier: Apache-2.0
#define QT_NO_EMIT
#include <QtTest>

#include "dialects/anthropic_codec.h"
#include "dialects/gemini_codec.h"
#include "dialects/ollama_codec.h"
#include "dialects/openai_chat_codec.h"
#include "dialects/responses_codec.h"
#include "unit/dialects/dialect_words.h"

using namespace gatehouse;
using namespace gatehouse::dialects;
using gatehouse::test::json;
using gatehouse::test::quoted;

namespace {

struct Named {
    const char* name;
    const ChatCodec& codec;
    Framing framing;
};

const std::vector<Named>& codecs() {
    static const std::vector<Named> kAll{{"openai", openAiChatCodec(), Framing::sse},
                                         {"anthropic", anthropicCodec(), Framing::sse},
                                         {"ollama", ollamaCodec(false), Framing::ndjson},
                                         {"gemini", geminiCodec(), Framing::sse},
                                         {"responses", responsesCodec(), Framing::sse}};
    return kAll;
}

AnswerContext context() {
    AnswerContext made;
    made.id = "1";
    made.model = "m";
    made.created = 1700000000;
    return made;
}

std::string write(const ChatCodec& codec, const std::vector<ChatEvent>& events) {
    const auto encoder = codec.makeEncoder(context());
    std::string out;
    for (const ChatEvent& event : events) {
        out += encoder->push(event);
    }
    return out + encoder->finish();
}

std::vector<ChatEvent> readEvents(const Named& dialect, const std::string& bytes) {
    std::vector<ChatEvent> events;
    const auto reader = makeFrameReader(dialect.framing);
    const auto decoder = dialect.codec.makeDecoder();
    auto frames = reader->push(bytes);
    for (const StreamFrame& frame : *frames) {
        if (frame.data) {
            const auto read = decoder->push(*frame.data);
            events.insert(events.end(), read->begin(), read->end());
        }
    }
    return events;
}

ChatAnswer collect(const std::vector<ChatEvent>& events) {
    AnswerCollector collector;
    for (const ChatEvent& event : events) {
        collector.push(event);
    }
    return collector.take();
}

ChatBlock block(BlockKind kind, std::string text, std::string name = {}, std::string id = {}) {
    ChatBlock made;
    made.kind = kind;
    made.text = std::move(text);
    made.name = std::move(name);
    made.id = std::move(id);
    return made;
}

// What every dialect can say.
ChatAnswer sample() {
    ChatAnswer answer;
    answer.blocks = {block(BlockKind::reasoning, "let me see"), block(BlockKind::text, "Gr\xC3\xBC\xC3\x9F \"\n"),
                     block(BlockKind::toolCall, "{\"a\":[1,\"x\"]}", "f", "c1"),
                     block(BlockKind::toolCall, "{}", "g", "c2")};
    answer.stop = StopReason::toolCalls;
    answer.usage = Usage{30, 7, 10, 0, false};
    return answer;
}

QString shown(const ChatAnswer& answer) {
    QString out;
    for (const ChatBlock& each : answer.blocks) {
        out += QString::fromStdString(std::to_string(static_cast<int>(each.kind)) + each.name + ":" + each.text + ";");
    }
    return out + QString::number(static_cast<int>(answer.stop.value_or(StopReason::pause)));
}

std::vector<OrderedJson> dataOf(const Named& dialect, const std::string& bytes) {
    std::vector<OrderedJson> all;
    const auto reader = makeFrameReader(dialect.framing);
    const auto frames = reader->push(bytes);
    for (const StreamFrame& frame : *frames) {
        if (frame.data && *frame.data != "[DONE]") {
            all.push_back(OrderedJson::parse(*frame.data));
        }
    }
    return all;
}

} // namespace

class TestAnswerTranslation final : public QObject {
    Q_OBJECT

private slots:
    void aStreamSaysWhatTheWholeAnswerSays() {
        for (const Named& dialect : codecs()) {
            const std::string stream = write(dialect.codec, eventsOf(sample()));
            QCOMPARE(shown(collect(readEvents(dialect, stream))), shown(sample()));
            const auto whole = dialect.codec.decodeAnswer(dialect.codec.encodeAnswer(sample(), context()), 200);
            QVERIFY2(whole.has_value(), dialect.name);
            QCOMPARE(shown(*whole), shown(sample()));
            QCOMPARE(whole->usage->inputTokens, 30U);
            QCOMPARE(whole->usage->outputTokens, 7U);
        }
    }

    void everyDialectCanBeReadIntoEveryOther() {
        for (const Named& from : codecs()) {
            const auto events = readEvents(from, write(from.codec, eventsOf(sample())));
            for (const Named& to : codecs()) {
                QCOMPARE(shown(collect(readEvents(to, write(to.codec, events)))), shown(sample()));
            }
        }
    }

    void anthropicsBlocksFollowEachOtherWithoutGaps() {
        const auto& dialect = codecs()[1];
        std::size_t open = 0;
        std::size_t next = 0;
        for (const OrderedJson& event : dataOf(dialect, write(dialect.codec, eventsOf(sample())))) {
            const std::string type = event["type"];
            if (type == "content_block_start") {
                QCOMPARE(open++, std::size_t(0));
                QCOMPARE(event["index"].get<std::size_t>(), next);
            } else if (type == "content_block_delta") {
                QCOMPARE(event["index"].get<std::size_t>(), next);
            } else if (type == "content_block_stop") {
                QCOMPARE(open--, std::size_t(1));
                QCOMPARE(event["index"].get<std::size_t>(), next++);
            } else if (type == "message_delta") {
                QCOMPARE(open, std::size_t(0));
                QCOMPARE(event["usage"]["output_tokens"].get<int>(), 7);
                QCOMPARE(event["usage"]["input_tokens"].get<int>(), 20); // without the ten cached ones
            }
        }
        QCOMPARE(next, std::size_t(4));
    }

    void interleavedParallelCallsAreToldOneBehindTheOther() {
        const std::string stream = quoted(
            "data: {'choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'id':'a','function':{'name':'f',"
            "'arguments':''}},{'index':1,'id':'b','function':{'name':'g','arguments':''}}]}}]}\n\n"
            "data: {'choices':[{'index':0,'delta':{'tool_calls':[{'index':1,'function':{'arguments':'{1'}}]}}]}\n\n"
            "data: {'choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'function':{'arguments':'{0'}}]}}]}\n\n"
            "data: {'choices':[{'index':0,'delta':{'tool_calls':[{'index':1,'function':{'arguments':'}'}},"
            "{'index':0,'function':{'arguments':'}'}}]}}]}\n\n"
            "data: {'choices':[{'index':0,'delta':{},'finish_reason':'stop'}]}\n\n");
        const auto events = readEvents(codecs()[0], stream);
        const ChatAnswer answer = collect(readEvents(codecs()[1], write(anthropicCodec(), events)));
        QCOMPARE(shown(answer), shown(collect(events)));
        QCOMPARE(answer.blocks.at(0).text, std::string("{0}"));
        QCOMPARE(answer.blocks.at(1).text, std::string("{1}"));
        QCOMPARE(static_cast<int>(*answer.stop),
                 static_cast<int>(StopReason::toolCalls)); // though the server said stop
    }

    void everyCopyOfATextInResponsesEventsSaysTheSame() {
        const auto& dialect = codecs()[4];
        std::string deltas;
        std::uint64_t sequence = 0;
        OrderedJson last;
        for (const OrderedJson& event : dataOf(dialect, write(dialect.codec, eventsOf(sample())))) {
            QCOMPARE(event["sequence_number"].get<std::uint64_t>(), sequence++);
            const std::string type = event["type"];
            if (type == "response.output_text.delta") {
                deltas += event["delta"].get<std::string>();
            } else if (type == "response.output_text.done") {
                QCOMPARE(event["text"].get<std::string>(), deltas);
            } else if (type == "response.completed") {
                last = event["response"];
            }
        }
        QCOMPARE(last["output"].size(), std::size_t(4));
        QCOMPARE(last["output"][1]["content"][0]["text"].get<std::string>(), deltas);
        QCOMPARE(last["usage"]["input_tokens_details"]["cached_tokens"].get<int>(), 10);
    }

    void geminisArrayIsOneDocument() {
        AnswerContext array = context();
        array.framing = Framing::jsonArray;
        const auto encoder = geminiCodec().makeEncoder(array);
        std::string out;
        for (const ChatEvent& event : eventsOf(sample())) {
            out += encoder->push(event);
        }
        out += encoder->finish();
        const OrderedJson all = OrderedJson::parse(out, nullptr, false);
        QVERIFY(all.is_array() && all.size() > 3);
        QCOMPARE(all.back()["candidates"][0]["finishReason"].get<std::string>(), std::string("STOP"));
    }

    void aBlockedPromptOfGeminisEndsTheAnswer() {
        const auto answer = geminiCodec().decodeAnswer(quoted("{'promptFeedback':{'blockReason':'SAFETY'}}"), 200);
        QVERIFY(answer.has_value());
        QCOMPARE(static_cast<int>(*answer->stop), static_cast<int>(StopReason::contentFilter));
    }

    void usageThatComesLastIsInAnthropicsLastWord() {
        const std::string stream =
            quoted("data: {'choices':[{'index':0,'delta':{'content':'x'},'finish_reason':''}]}\n\n"
                   "data: {'choices':[{'index':0,'delta':{},'finish_reason':'length'}]}\n\n"
                   "data: {'choices':[],'usage':{'prompt_tokens':5,'completion_tokens':3,"
                   "'prompt_tokens_details':{'cached_tokens':2}}}\n\ndata: [DONE]\n\n");
        const auto all = dataOf(codecs()[1], write(anthropicCodec(), readEvents(codecs()[0], stream)));
        const OrderedJson& last = all.at(all.size() - 2);
        QCOMPARE(dump(last),
                 dump(json("{'type':'message_delta','delta':{'stop_reason':'max_tokens','stop_sequence':null},"
                           "'usage':{'input_tokens':3,'cache_creation_input_tokens':0,"
                           "'cache_read_input_tokens':2,'output_tokens':3}}")));
        QCOMPARE(all.back()["type"].get<std::string>(), std::string("message_stop"));
    }

    void signaturesAreKeptWhole() {
        const std::string stream =
            quoted("event: content_block_delta\ndata: {'type':'content_block_delta','index':0,'delta':"
                   "{'type':'thinking_delta','thinking':'hm'}}\n\nevent: content_block_delta\ndata: {'type':"
                   "'content_block_delta','index':0,'delta':{'type':'signature_delta','signature':'SIG'}}\n\n"
                   "event: content_block_start\ndata: {'type':'content_block_start','index':1,'content_block':"
                   "{'type':'redacted_thinking','data':'ENC'}}\n\n");
        const ChatAnswer answer = collect(readEvents(codecs()[1], stream));
        QCOMPARE(answer.blocks.at(0).signature, std::string("SIG"));
        QCOMPARE(answer.blocks.at(1).sealed, std::string("ENC"));
        ChatAnswer ended = answer;
        ended.stop = StopReason::stop;
        const OrderedJson message =
            OrderedJson::parse(openAiChatCodec().encodeAnswer(ended, context()))["choices"][0]["message"];
        QCOMPARE(dump(message["reasoning_details"]),
                 dump(json("[{'type':'reasoning.text','text':'hm','signature':'SIG'},"
                           "{'type':'reasoning.encrypted','data':'ENC'}]")));
        QCOMPARE(
            OrderedJson::parse(anthropicCodec().encodeAnswer(ended, context()))["content"],
            json("[{'type':'thinking','thinking':'hm','signature':'SIG'},{'type':'redacted_thinking','data':'ENC'}]"));
    }

    void stopReasonsHaveAWordInEachDialect() {
        QCOMPARE(anthropicStopWord(*openAiStopReason("tool_calls")), std::string_view("tool_use"));
        QCOMPARE(anthropicStopWord(*openAiStopReason("content_filter")), std::string_view("refusal"));
        QCOMPARE(openAiStopWord(*anthropicStopReason("model_context_window_exceeded")), std::string_view("length"));
        QCOMPARE(openAiStopWord(*anthropicStopReason("pause_turn")), std::string_view("stop"));
        QCOMPARE(ollamaStopWord(*anthropicStopReason("max_tokens")), std::string_view("length"));
        QVERIFY(!openAiStopReason("") && !openAiStopReason("null") && !anthropicStopReason(""));
    }

    void aStreamWithoutAnEndIsNotGivenOne() {
        for (const Named& dialect : codecs()) {
            ChatEvent text;
            text.text = "half";
            const auto all = dataOf(dialect, write(dialect.codec, {text}));
            QVERIFY2(!collect(readEvents(dialect, write(dialect.codec, {text}))).stop.has_value(), dialect.name);
            QVERIFY(!all.empty());
        }
    }

    void faultsAreToldInEachDialect() {
        for (const Named& dialect : codecs()) {
            ChatAnswer answer;
            answer.fault = ChatFault{529, "", "", "too busy"};
            const auto read = dialect.codec.decodeAnswer(dialect.codec.encodeAnswer(answer, context()), 529);
            QVERIFY2(read && read->fault, dialect.name);
            QCOMPARE(read->fault->message, std::string("too busy"));
            const ChatAnswer streamed = collect(readEvents(dialect, write(dialect.codec, eventsOf(answer))));
            QVERIFY2(streamed.fault && streamed.fault->message == "too busy", dialect.name);
        }
    }
};

QTEST_GUILESS_MAIN(TestAnswerTranslation)
#include "tst_answer_translation.moc"
