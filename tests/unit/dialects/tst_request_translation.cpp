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

struct Translated {
    OrderedJson body;
    std::vector<std::string> untranslated;
};

Result<Translated> translate(const ChatCodec& from, const ChatCodec& to, const std::string& body,
                             const Quirks& quirks = {}) {
    GH_TRY(auto request, from.decodeRequest(quoted(body), {}));
    GH_TRY(const std::string out, to.encodeRequest(request, quirks));
    return Translated{OrderedJson::parse(out), std::move(request.untranslated)};
}

} // namespace

class TestRequestTranslation final : public QObject {
    Q_OBJECT

    const ChatCodec& openAi = openAiChatCodec();
    const ChatCodec& anthropic = anthropicCodec();
    const ChatCodec& ollama = ollamaCodec(false);
    const ChatCodec& gemini = geminiCodec();
    const ChatCodec& responses = responsesCodec();

    void same(const Result<Translated>& got, const char* member, const std::string& expected) {
        QVERIFY2(got.has_value(), got ? "" : got.error().what.c_str());
        QCOMPARE(QString::fromStdString(dump(memberOf(got->body, member))),
                 QString::fromStdString(dump(json(expected))));
    }

private slots:
    void parallelToolResultsBecomeOneUserMessage() {
        const auto got = translate(openAi, anthropic,
                                   "{'model':'m','messages':[{'role':'user','content':'go'},"
                                   "{'role':'assistant','content':null,'tool_calls':["
                                   "{'id':'a','type':'function','function':{'name':'f','arguments':'{}'}},"
                                   "{'id':'b','type':'function','function':{'name':'g','arguments':''}}]},"
                                   "{'role':'tool','tool_call_id':'a','content':'one'},"
                                   "{'role':'tool','tool_call_id':'b','content':'two'},"
                                   "{'role':'user','content':'and?'}]}");
        same(got, "messages",
             "[{'role':'user','content':'go'},{'role':'assistant','content':["
             "{'type':'tool_use','id':'a','name':'f','input':{}},{'type':'tool_use','id':'b','name':'g','input':{}}]},"
             "{'role':'user','content':[{'type':'tool_result','tool_use_id':'a','content':'one'},"
             "{'type':'tool_result','tool_use_id':'b','content':'two'},{'type':'text','text':'and?'}]}]");
    }

    void toolResultsComeBeforeTheOtherTextsOfTheirMessage() {
        const auto got =
            translate(anthropic, openAi,
                      "{'model':'m','max_tokens':9,'messages':[{'role':'user','content':'go'},"
                      "{'role':'assistant','content':[{'type':'tool_use','id':'a','name':'f','input':{'x':1}}]},"
                      "{'role':'user','content':[{'type':'text','text':'look'},"
                      "{'type':'tool_result','tool_use_id':'a','content':[{'type':'text','text':'one'},"
                      "{'type':'image','source':{'type':'base64','media_type':'image/png','data':'AA=='}}]}]}]}");
        same(got, "messages",
             "[{'role':'user','content':'go'},{'role':'assistant','content':null,'tool_calls':["
             "{'id':'a','type':'function','function':{'name':'f','arguments':'{\\'x\\':1}'}}]},"
             "{'role':'tool','tool_call_id':'a','content':'one'},"
             "{'role':'user','content':[{'type':'image_url','image_url':{'url':'data:image/png;base64,AA=='}}]},"
             "{'role':'user','content':'look'}]");
        same(got, "max_tokens", "9");
    }

    void systemTextsOfAnyPlaceAreJoined() {
        const auto got =
            translate(openAi, anthropic,
                      "{'model':'m','messages':[{'role':'system','content':'one'},{'role':'user','content':'x'},"
                      "{'role':'developer','content':[{'type':'text','text':'two'}]}]}");
        same(got, "system", "'one\\n\\ntwo'");
        same(got, "max_tokens", "4096");
    }

    void aVendorsOwnToolsAreLeftOutAndNamed() {
        const auto got = translate(anthropic, openAi,
                                   "{'model':'m','max_tokens':9,'messages':[{'role':'user','content':'x'}],"
                                   "'tools':[{'type':'web_search_20250305','name':'web_search'}],"
                                   "'tool_choice':{'type':'any','disable_parallel_tool_use':true}}");
        QVERIFY(got.has_value());
        QVERIFY(!got->body.contains("tools") && !got->body.contains("tool_choice") &&
                !got->body.contains("parallel_tool_calls"));
        QCOMPARE(got->untranslated, std::vector<std::string>{"tools.web_search_20250305"});
    }

    void parallelCallsAreForbiddenInEachVendorsWay() {
        const std::string tools =
            "'tools':[{'type':'function','function':{'name':'f','parameters':{'type':'object'}}}]";
        const auto there = translate(
            openAi, anthropic,
            "{'model':'m','messages':[{'role':'user','content':'x'}],'parallel_tool_calls':false," + tools + "}");
        same(there, "tool_choice", "{'type':'auto','disable_parallel_tool_use':true}");
        const auto back = translate(anthropic, openAi,
                                    "{'model':'m','max_tokens':1,'messages':[{'role':'user','content':'x'}],"
                                    "'tools':[{'name':'f','input_schema':{}}],"
                                    "'tool_choice':{'type':'tool','name':'f','disable_parallel_tool_use':true}}");
        same(back, "parallel_tool_calls", "false");
        same(back, "tool_choice", "{'type':'function','function':{'name':'f'}}");
    }

    void signedThinkingIsKeptWholeAndUnsignedIsNotPassedOff() {
        const std::string history = "{'model':'m','max_tokens':9,'messages':[{'role':'assistant','content':["
                                    "{'type':'thinking','thinking':'hm','signature':'SIG'},"
                                    "{'type':'redacted_thinking','data':'ENC'},{'type':'text','text':'ok'}]}]}";
        const auto there = translate(anthropic, openAi, history);
        QVERIFY(there.has_value());
        const auto back = translate(openAi, anthropic, dump(there->body));
        same(back, "messages",
             "[{'role':'assistant','content':[{'type':'thinking','thinking':'hm','signature':'SIG'},"
             "{'type':'redacted_thinking','data':'ENC'},{'type':'text','text':'ok'}]}]");
        const auto unsignedOne =
            translate(openAi, anthropic,
                      "{'model':'m','messages':[{'role':'assistant','content':'a','reasoning_content':'hm'}]}");
        same(unsignedOne, "messages", "[{'role':'assistant','content':'a'}]");
        QCOMPARE(unsignedOne->untranslated, std::vector<std::string>{"messages.reasoning"});
    }

    void brokenArgumentsOfAWeakModelArePassedOnAsTheyAre() {
        const auto got =
            translate(openAi, anthropic,
                      "{'model':'m','messages':[{'role':'assistant','tool_calls':[{'id':'a','type':'function',"
                      "'function':{'name':'f','arguments':'{oops'}}]}]}");
        same(got, "messages",
             "[{'role':'assistant','content':[{'type':'tool_use','id':'a','name':'f',"
             "'input':{'raw_arguments':'{oops'}}]}]");
    }

    void picturesTakeEachVendorsForm() {
        const std::string body = "{'model':'m','messages':[{'role':'user','content':[{'type':'text','text':'see'},"
                                 "{'type':'image_url','image_url':{'url':'data:image/jpeg;base64,/9j/AA=='}}]}]}";
        same(translate(openAi, anthropic, body), "messages",
             "[{'role':'user','content':[{'type':'text','text':'see'},"
             "{'type':'image','source':{'type':'base64','media_type':'image/jpeg','data':'/9j/AA=='}}]}]");
        same(translate(openAi, ollama, body), "messages", "[{'role':'user','content':'see','images':['/9j/AA==']}]");
        const auto back = translate(ollama, anthropic,
                                    "{'model':'m','messages':[{'role':'user','content':'see','images':['/9j/AA==']}]}");
        same(back, "messages",
             "[{'role':'user','content':[{'type':'text','text':'see'},"
             "{'type':'image','source':{'type':'base64','media_type':'image/jpeg','data':'/9j/AA=='}}]}]");
    }

    void ollamasCallsWithoutIdsFindTheirResults() {
        const auto got =
            translate(ollama, openAi,
                      "{'model':'m','stream':false,'messages':[{'role':'assistant','content':'','tool_calls':["
                      "{'function':{'name':'f','arguments':{'x':1}}},{'function':{'name':'g','arguments':{}}}]},"
                      "{'role':'tool','tool_name':'g','content':'two'},{'role':'tool','content':'one'}]}");
        same(got, "messages",
             "[{'role':'assistant','content':null,'tool_calls':["
             "{'id':'call_0','type':'function','function':{'name':'f','arguments':'{\\'x\\':1}'}},"
             "{'id':'call_1','type':'function','function':{'name':'g','arguments':'{}'}}]},"
             "{'role':'tool','tool_call_id':'call_1','content':'two'},"
             "{'role':'tool','tool_call_id':'call_0','content':'one'}]");
        same(translate(openAi, ollama, dump(got->body)), "messages",
             "[{'role':'assistant','content':'','tool_calls':[{'id':'call_0','function':{'name':'f','arguments':{'x':1}"
             "}},"
             "{'id':'call_1','function':{'name':'g','arguments':{}}}]},"
             "{'role':'tool','content':'two','tool_name':'g','tool_call_id':'call_1'},"
             "{'role':'tool','content':'one','tool_name':'f','tool_call_id':'call_0'}]");
    }

    void structuredOutputTakesEachVendorsForm() {
        const std::string body = "{'model':'m','messages':[{'role':'user','content':'x'}],'response_format':{'type':"
                                 "'json_schema','json_schema':{'name':'n','strict':true,'schema':{'b':1,'a':2}}}}";
        same(translate(openAi, ollama, body), "format", "{'b':1,'a':2}");
        same(translate(openAi, anthropic, body), "output_config",
             "{'format':{'type':'json_schema','schema':{'b':1,'a':2}}}");
        same(translate(ollama, openAi, "{'model':'m','messages':[],'format':'json'}"), "response_format",
             "{'type':'json_object'}");
    }

    void effortsAndBudgetsMeanEachOther() {
        const auto there = translate(
            openAi, anthropic,
            "{'model':'m','messages':[],'reasoning_effort':'medium','max_completion_tokens':100,'temperature':0.5}");
        same(there, "thinking", "{'type':'enabled','budget_tokens':2048}");
        same(there, "max_tokens", "2049"); // above the budget, as the interface asks
        QCOMPARE(there->untranslated, std::vector<std::string>{"temperature"});
        same(translate(
                 anthropic, openAi,
                 "{'model':'m','max_tokens':9999,'messages':[],'thinking':{'type':'enabled','budget_tokens':8000}}"),
             "reasoning_effort", "'high'");
    }

    void oneLimitOfTokensIsSentUnderTheNameThatTheServerKnows() {
        const std::string body = "{'model':'m','max_tokens':7,'messages':[]}";
        Quirks quirks;
        quirks.takesMaxCompletionTokens = true;
        const auto got = translate(anthropic, openAi, body, quirks);
        same(got, "max_completion_tokens", "7");
        QVERIFY(!got->body.contains("max_tokens"));
    }

    void ollamaStreamsUnlessToldNotTo() {
        same(translate(ollama, openAi, "{'model':'m','messages':[]}"), "stream", "true");
        const auto whole = translate(ollama, openAi, "{'model':'m','messages':[],'stream':false}");
        QVERIFY(!whole->body.contains("stream"));
        same(translate(openAi, ollama, "{'model':'m','messages':[]}"), "stream", "false");
    }

    void whatCannotBeSaidIsRefused_data() {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<QString>("body");
        QTest::newRow("several choices") << "o" << "a" << "{'model':'m','messages':[],'n':2}";
        QTest::newRow("sound") << "o" << "a"
                               << "{'model':'m','messages':[{'role':'user','content':[{'type':'input_audio',"
                                  "'input_audio':{'data':'AA','format':'wav'}}]}]}";
        QTest::newRow("spoken answer") << "o" << "l" << "{'model':'m','messages':[],'modalities':['audio']}";
        QTest::newRow("stored file") << "a" << "o"
                                     << "{'model':'m','max_tokens':1,'messages':[{'role':'user','content':[{'type':"
                                        "'document','source':{'type':'file','file_id':'f'}}]}]}";
        QTest::newRow("picture by address") << "o" << "l"
                                            << "{'model':'m','messages':[{'role':'user','content':[{'type':'image_url',"
                                               "'image_url':{'url':'https://example.com/a.png'}}]}]}";
        QTest::newRow("server tool result")
            << "a" << "o"
            << "{'model':'m','max_tokens':1,'messages':[{'role':'assistant','content':[{"
               "'type':'web_search_tool_result','tool_use_id':'x','content':[]}]}]}";
        QTest::newRow("old functions") << "o" << "a" << "{'model':'m','messages':[],'functions':[{'name':'f'}]}";
    }
    void whatCannotBeSaidIsRefused() {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(QString, body);
        const auto codec = [this](const QString& name) -> const ChatCodec& {
            return name == "o" ? openAi : name == "a" ? anthropic : ollama;
        };
        const auto got = translate(codec(from), codec(to), body.toStdString());
        QVERIFY(!got.has_value());
        QCOMPARE(got.error().kind, ErrorKind::invalidInput);
    }

    void geminisFormsAreUnderstood() {
        const std::string body =
            "{'system_instruction':{'parts':[{'text':'sys'}]},'contents':[{'role':'user','parts':[{'text':'hi'},"
            "{'inline_data':{'mime_type':'image/png','data':'AA=='}}]},{'role':'model','parts':[{'functionCall':"
            "{'name':'f','args':{'x':1}},'thoughtSignature':'SIG'}]},{'role':'user','parts':[{'functionResponse':"
            "{'name':'f','response':{'result':'one'}}}]}],'tools':[{'functionDeclarations':[{'name':'f','parameters':"
            "{'type':'OBJECT','properties':{'type':{'type':'STRING'}}}}]},{'googleSearch':{}}],'toolConfig':"
            "{'functionCallingConfig':{'mode':'ANY'}},'generationConfig':{'maxOutputTokens':9,'topK':40}}";
        const auto got = translate(gemini, openAi, body);
        same(got, "messages",
             "[{'role':'system','content':'sys'},{'role':'user','content':[{'type':'text','text':'hi'},"
             "{'type':'image_url','image_url':{'url':'data:image/png;base64,AA=='}}]},"
             "{'role':'assistant','content':null,'tool_calls':[{'id':'call_0','type':'function','function':"
             "{'name':'f','arguments':'{\\'x\\':1}'},'extra_content':{'google':{'thought_signature':'SIG'}}}]},"
             "{'role':'tool','tool_call_id':'call_0','content':'one'}]");
        same(got, "tools",
             "[{'type':'function','function':{'name':'f','parameters':{'type':'object','properties':"
             "{'type':{'type':'string'}}}}}]");
        same(got, "tool_choice", "'required'");
        QCOMPARE(got->untranslated, (std::vector<std::string>{"tools.googleSearch", "top_k"}));
        same(translate(openAi, gemini, dump(got->body)), "contents",
             "[{'role':'user','parts':[{'text':'hi'},{'inlineData':{'mimeType':'image/png','data':'AA=='}}]},"
             "{'role':'model','parts':[{'functionCall':{'name':'f','args':{'x':1}},'thoughtSignature':'SIG'}]},"
             "{'role':'user','parts':[{'functionResponse':{'name':'f','response':{'result':'one'}}}]}]");
    }

    void aCallWithoutASignatureGetsGooglesStandIn() {
        same(translate(openAi, gemini,
                       "{'model':'m','messages':[{'role':'assistant','tool_calls':["
                       "{'id':'a','type':'function','function':{'name':'f','arguments':'{}'}},"
                       "{'id':'b','type':'function','function':{'name':'g','arguments':'{}'}}]}]}"),
             "contents",
             "[{'role':'model','parts':[{'functionCall':{'name':'f','args':{}},"
             "'thoughtSignature':'skip_thought_signature_validator'},{'functionCall':{'name':'g','args':{}}}]}]");
    }

    void responsesItemsAreUnderstood() {
        const auto got =
            translate(responses, anthropic,
                      "{'model':'m','instructions':'sys','input':[{'role':'user','content':[{'type':"
                      "'input_text','text':'go'}]},{'type':'reasoning','summary':[],'encrypted_content':'ENC'},"
                      "{'type':'function_call','call_id':'a','name':'f','arguments':'{}'},"
                      "{'type':'function_call','call_id':'b','name':'g','arguments':'{}'},"
                      "{'type':'function_call_output','call_id':'a','output':'one'},"
                      "{'type':'function_call_output','call_id':'b','output':'two'}],'store':true}");
        same(got, "system", "'sys'");
        same(got, "messages",
             "[{'role':'user','content':'go'},{'role':'assistant','content':["
             "{'type':'redacted_thinking','data':'ENC'},{'type':'tool_use','id':'a','name':'f','input':{}},"
             "{'type':'tool_use','id':'b','name':'g','input':{}}]},{'role':'user','content':["
             "{'type':'tool_result','tool_use_id':'a','content':'one'},"
             "{'type':'tool_result','tool_use_id':'b','content':'two'}]}]");
        QCOMPARE(got->untranslated, std::vector<std::string>{"store"});
        QVERIFY(!translate(responses, anthropic, "{'model':'m','input':'x','previous_response_id':'r'}").has_value());
    }

    void namesInTheHeaderAreHarmless() {
        const auto got =
            translate(openAi, anthropic, "{'model':'m','messages':[],'logit_bias':{},'x\\r\\ninjected: 1':1,'seed':3}");
        QCOMPARE(got->untranslated, (std::vector<std::string>{"logit_bias", "(other)", "seed"}));
    }
};

QTEST_GUILESS_MAIN(TestRequestTranslation)
#include "tst_request_translation.moc"
