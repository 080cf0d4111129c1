// SPDX-License-Identifier: Apache-2.0
#define QT_NO_EMIT
#include <QtTest>

#include "dialects/embed_codec.h"
#include "dialects/openai_chat_codec.h"
#include "unit/dialects/dialect_words.h"

using namespace gatehouse;
using namespace gatehouse::dialects;
using gatehouse::test::json;
using gatehouse::test::quoted;

class TestEmbeddings final : public QObject {
    Q_OBJECT

    const EmbedCodec& openAi = openAiEmbedCodec();
    const EmbedCodec& ollama = ollamaEmbedCodec(false);
    const EmbedCodec& gemini = geminiEmbedCodec();

    static QString text(const Result<std::string>& got) {
        return QString::fromStdString(got ? dump(json(*got)) : "error: " + got.error().what);
    }
    static QString expected(const std::string& body) { return QString::fromStdString(dump(json(body))); }
    static Result<EmbedAnswer> read(const EmbedCodec& codec, const std::string& document, int status = 200) {
        return codec.decodeAnswer(quoted(document), status);
    }

private slots:
    void aListOfTextsIsToldToEachProviderInItsWords() {
        auto request = openAi.decodeRequest(
            quoted("{'model':'m','input':['a','b'],'dimensions':3,'encoding_format':'base64','user':'u'}"), {});
        QVERIFY(request.has_value());
        QVERIFY(request->wantsBase64 && request->isList);
        QCOMPARE(request->untranslated, std::vector<std::string>{"user"});
        request->model = "n";
        QCOMPARE(text(ollama.encodeRequest(*request)), expected("{'model':'n','input':['a','b'],'dimensions':3}"));
        QCOMPARE(text(gemini.encodeRequest(*request)),
                 expected("{'requests':["
                          "{'model':'models/n','content':{'parts':[{'text':'a'}]},'outputDimensionality':3},"
                          "{'model':'models/n','content':{'parts':[{'text':'b'}]},'outputDimensionality':3}]}"));
    }

    void geminisFormsAreReadByTheirPath() {
        Asked asked;
        asked.model = "g";
        const auto one =
            gemini.decodeRequest(quoted("{'content':{'parts':[{'text':'a'},{'text':'b'}]},'taskType':'X'}"), asked);
        QVERIFY(one.has_value());
        QCOMPARE(one->inputs, std::vector<std::string>{"a\nb"});
        QCOMPARE(one->untranslated, std::vector<std::string>{"taskType"});
        QVERIFY(!one->isList);
        asked.isBatch = true;
        const auto two =
            gemini.decodeRequest(quoted("{'requests':[{'content':{'parts':[{'text':'a'}]},'outputDimensionality':2},"
                                        "{'content':{'parts':[{'text':'b'}]},'outputDimensionality':2}]}"),
                                 asked);
        QVERIFY(two.has_value());
        QCOMPARE(two->inputs, (std::vector<std::string>{"a", "b"}));
        QCOMPARE(text(openAi.encodeRequest(*two)),
                 expected("{'model':'g','input':['a','b'],'encoding_format':'float','dimensions':2}"));
    }

    void whatNoOtherProviderTakesIsRefused_data() {
        QTest::addColumn<QString>("dialect");
        QTest::addColumn<QString>("body");
        QTest::newRow("tokens") << "openai" << "{'model':'m','input':[1,2]}";
        QTest::newRow("lists of tokens") << "openai" << "{'model':'m','input':[[1,2]]}";
        QTest::newRow("nothing") << "openai" << "{'model':'m','input':[]}";
        QTest::newRow("a picture") << "gemini" << "{'content':{'parts':[{'inlineData':{'data':'AA=='}}]}}";
        QTest::newRow("no parts") << "gemini" << "{'content':{}}";
        QTest::newRow("two sizes") << "batch"
                                   << "{'requests':[{'content':{'parts':[{'text':'a'}]},'outputDimensionality':2},"
                                      "{'content':{'parts':[{'text':'b'}]}}]}";
    }
    void whatNoOtherProviderTakesIsRefused() {
        QFETCH(QString, dialect);
        QFETCH(QString, body);
        Asked asked;
        asked.isBatch = dialect == "batch";
        const EmbedCodec& codec = dialect == "openai" ? openAi : gemini;
        const auto got = codec.decodeRequest(quoted(body.toStdString()), asked);
        QVERIFY(!got.has_value());
        QCOMPARE(got.error().kind, ErrorKind::invalidInput);
    }

    void vectorsArriveInTheClientsForm() {
        const auto answer = read(gemini, "{'embeddings':[{'values':[1,-2.5]},{'values':[0.5]}]}");
        QVERIFY(answer.has_value());
        AnswerContext context;
        context.model = "asked";
        context.inputTokens = 9;
        QCOMPARE(text(openAi.encodeAnswer(*answer, {}, context)),
                 expected("{'object':'list','data':[{'object':'embedding','index':0,'embedding':[1,-2.5]},"
                          "{'object':'embedding','index':1,'embedding':[0.5]}],'model':'asked',"
                          "'usage':{'prompt_tokens':9,'total_tokens':9}}"));
        const auto inBase64 = openAi.encodeAnswer(*answer, {true, true}, context);
        QVERIFY(inBase64.has_value());
        QVERIFY(inBase64->find("AACAPwAAIMA=") != std::string::npos); // 1.0f, -2.5f, little-endian
        QCOMPARE(text(ollama.encodeAnswer(*answer, {}, context)),
                 expected("{'model':'asked','embeddings':[[1,-2.5],[0.5]],'total_duration':0,'load_duration':0,"
                          "'prompt_eval_count':9}"));
        QCOMPARE(text(ollamaEmbedCodec(true).encodeAnswer(*answer, {}, context)), expected("{'embedding':[1,-2.5]}"));
        QCOMPARE(text(gemini.encodeAnswer(*answer, {false, false}, context)),
                 expected("{'embedding':{'values':[1,-2.5]}}"));
    }

    void vertexIsAskedAndReadInItsOwnForm() {
        EmbedRequest request;
        request.inputs = {"one", "two"};
        request.dimensions = 8;
        QCOMPARE(
            text(vertexEmbedCodec().encodeRequest(request)),
            expected("{'instances':[{'content':'one'},{'content':'two'}],'parameters':{'outputDimensionality':8}}"));
        const auto answer =
            read(vertexEmbedCodec(), "{'predictions':[{'embeddings':{'statistics':{'truncated':false,'token_count':3},"
                                     "'values':[1,2]}},{'embeddings':{'values':[3],'statistics':{'token_count':4}}}]}");
        QVERIFY(answer.has_value());
        QCOMPARE(answer->vectors.size(), std::size_t(2));
        QCOMPARE(answer->usage->inputTokens, 7U);
        QVERIFY(!read(vertexEmbedCodec(), "{'predictions':[{}]}").has_value());
        QVERIFY(read(vertexEmbedCodec(), "{'error':{'code':404,'message':'no'}}", 404)->fault.has_value());
    }

    void vectorsOutOfTheirOrderFindTheirTexts() {
        const auto answer = read(openAi, "{'data':[{'index':1,'embedding':[2]},{'index':0,'embedding':[1]}]}");
        QVERIFY(answer.has_value());
        QCOMPARE(dump(answer->vectors.at(0)), std::string("[1]"));
        QCOMPARE(dump(answer->vectors.at(1)), std::string("[2]"));
    }

    void whatTheProviderCountsIsCounted() {
        const auto fromOllama = read(ollama, "{'embeddings':[[1]],'prompt_eval_count':4}");
        const auto fromOpenAi = read(openAi, "{'data':[{'embedding':[1]}],'usage':{'prompt_tokens':5}}");
        QCOMPARE(fromOllama->usage->inputTokens, 4U);
        QCOMPARE(fromOpenAi->usage->inputTokens, 5U);
        QVERIFY(!read(gemini, "{'embeddings':[]}")->usage.has_value());
    }

    void answersWithoutVectorsAreNone() {
        QVERIFY(!read(openAi, "{'data':[{'embedding':'AAAA'}]}").has_value());
        QVERIFY(!read(openAi, "{'object':'list'}").has_value());
        QVERIFY(!read(ollama, "{'embeddings':[['x']]}").has_value());
        QVERIFY(!read(gemini, "{'embedding':{}}").has_value());
    }

    void faultsKeepTheirWords() {
        const auto fault = read(ollama, "{'error':'no such model'}", 404);
        QVERIFY(fault.has_value() && fault->fault);
        QVERIFY(openAi.encodeAnswer(*fault, {}, {})->find("no such model") != std::string::npos);
        QVERIFY(gemini.encodeAnswer(*fault, {}, {})->find("NOT_FOUND") != std::string::npos);
    }

    void aPromptIsAChatWithOneMessage() {
        const ChatCodec& completions = openAiCompletionsCodec();
        auto chat = completions.decodeRequest(
            quoted("{'model':'m','prompt':['say'],'max_tokens':4,'stop':'x','stream':true,'logit_bias':{}}"), {});
        QVERIFY(chat.has_value());
        QCOMPARE(chat->untranslated, std::vector<std::string>{"logit_bias"});
        QVERIFY(chat->isStream);
        QCOMPARE(text(openAiChatCodec().encodeRequest(*chat, {})).contains("\"content\":\"say\""), true);
        for (const char* body : {"{'model':'m','prompt':[1,2]}", "{'model':'m','prompt':['a','b']}",
                                 "{'model':'m','prompt':'a','n':2}", "{'model':'m','prompt':'a','suffix':'b'}",
                                 "{'model':'m','prompt':'a','echo':true}", "{'model':'m','prompt':'a','best_of':3}"}) {
            QVERIFY2(!completions.decodeRequest(quoted(body), {}), body);
        }
    }

    void aStreamOfACompletionEndsAsOpenAisDoes() {
        const auto encoder = openAiCompletionsCodec().makeEncoder({"1", "m", 7, true, Framing::sse, 0});
        ChatAnswer answer;
        answer.blocks.emplace_back().text = "hello";
        answer.stop = StopReason::length;
        answer.usage = Usage{3, 2, 0, 0, false};
        std::string out;
        for (const ChatEvent& event : eventsOf(answer)) {
            out += encoder->push(event);
        }
        out += encoder->finish();
        QVERIFY(out.find("\"text\":\"hello\"") != std::string::npos);
        QVERIFY(out.find("\"finish_reason\":\"length\"") != std::string::npos);
        QVERIFY(out.find("\"prompt_tokens\":3") != std::string::npos);
        QVERIFY(out.ends_with("data: [DONE]\n\n"));
        const auto broken = openAiCompletionsCodec().makeEncoder({});
        QVERIFY(!broken->push(eventsOf(answer)[1]).empty());
        QVERIFY(broken->finish().empty());
    }
};

QTEST_GUILESS_MAIN(TestEmbeddings)
#include "tst_embeddings.moc"
