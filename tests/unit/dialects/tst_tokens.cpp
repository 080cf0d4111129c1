// SPDX-License-Identifier: Apache-2.0
#define QT_NO_EMIT
#include <QtTest>

#include "dialects/chat_codec.h"
#include "dialects/token_lists.h"
#include "unit/dialects/dialect_words.h"

using namespace gatehouse;
using namespace gatehouse::dialects;
using gatehouse::test::json;
using gatehouse::test::quoted;

namespace {

AnswerEvent readWith(const char* dialect, const std::string& document, bool isWhole = true) {
    const auto event = findDialect(dialect)->read(quoted(document), isWhole);
    return event ? *event : AnswerEvent();
}

const char* const kTokens = "[{'token':'he','logprob':-0.5,'bytes':[104,101],'top_logprobs':[{'token':'ha','logprob':"
                            "-1.25}]},{'token':'llo','logprob':-0.25,'bytes':null,'top_logprobs':[]}]";

// A text "hello" with its tokens in each dialect; `%` stands for them.
struct Form {
    const char* dialect;
    std::string document;
    const char* channel; // empty: a copy
};

std::vector<Form> forms() {
    const std::string tokens = kTokens;
    return {
        {"openai.chat",
         "{'choices':[{'index':0,'message':{'content':'hello'},'logprobs':{'content':" + tokens + ",'refusal':null}}]}",
         "0/content"},
        {"openai.completions",
         "{'choices':[{'index':0,'text':'hello','logprobs':{'tokens':['he','llo'],'token_logprobs':[-0.5,-0.25],"
         "'top_logprobs':[{'ha':-1},{}],'text_offset':[0,2]}}]}",
         "0/text"},
        {"openai.responses",
         "{'object':'response','output':[{'type':'message','content':[{'type':'output_text','text':'hello','logprobs'"
         ":" +
             tokens + "}]}]}",
         "0/content/0/text"},
        {"ollama.chat", "{'message':{'role':'assistant','content':'hello'},'logprobs':" + tokens + ",'done':true}",
         "0/content"},
        {"ollama.generate", "{'response':'hello','logprobs':" + tokens + ",'done':true}", "0/response"},
        {"gemini.generate",
         "{'candidates':[{'content':{'parts':[{'text':'hm','thought':true},{'text':'hel'},{'text':'lo'}]},"
         "'finishReason':'STOP','logprobsResult':{'topCandidates':[{'candidates':[{'token':'he','logProbability':-0.5}"
         "]},{'candidates':[]}],'chosenCandidates':[{'token':'he','logProbability':-0.5},{'token':'llo',"
         "'logProbability':-0.25}]}}]}",
         "0/text"},
        {"openai.transcriptions", "{'text':'hello','logprobs':" + tokens + "}", ""},
    };
}

} // namespace

class TestTokens : public QObject {
    Q_OBJECT

private slots:
    void tokensAreFoundBesideTheirTexts();
    void tokensThatSpellSomethingElseAreTold();
    void whatStandsInAListIsNotSaidByTheModel();
    void aFormThatIsNotKnownIsTaken();
    void theSameWordElsewhereIsTheCallersOwn();
    void theyAreAskedForInEachVendorsWay();
    void theyArriveInEachVendorsForm();
    void picturesOfAnAnswerAreNeverDropped();
};

void TestTokens::tokensAreFoundBesideTheirTexts() {
    for (const Form& form : forms()) {
        const AnswerEvent event = readWith(form.dialect, form.document);
        QVERIFY2(event.tokens.size() == 1, form.dialect);
        const TokenList& list = event.tokens.front();
        QVERIFY2(list.spellsText, form.dialect);
        QCOMPARE(list.channel, std::string(form.channel));
        QVERIFY(!list.channel.empty() || event.fields.at(list.copy).text == "hello");
        for (const TokenList::Range& range : list.lists) {
            QVERIFY(event.document[range.begin] == '[' && event.document[range.end - 1] == ']');
        }
    }
}

void TestTokens::tokensThatSpellSomethingElseAreTold() {
    for (Form form : forms()) {
        form.document.replace(form.document.find("'llo'"), 5, "'LLO'");
        const AnswerEvent event = readWith(form.dialect, form.document);
        QVERIFY2(event.tokens.size() == 1 && !event.tokens.front().spellsText, form.dialect);
    }
}

void TestTokens::whatStandsInAListIsNotSaidByTheModel() {
    for (Form form : forms()) {
        form.document.replace(form.document.find("-0.25"), 5, "-0.4111111111111111");
        const AnswerEvent event = readWith(form.dialect, form.document);
        const TokenList& list = event.tokens.at(0);
        for (const TextField& field : event.fields) {
            QVERIFY2(field.text.find("4111") == std::string::npos, form.dialect);
            const bool isInside = field.begin >= list.begin && field.end <= list.end;
            QVERIFY2(!isInside || (field.channel.empty() && !field.isCopy && !field.isSealed), form.dialect);
        }
    }
}

void TestTokens::aFormThatIsNotKnownIsTaken() {
    const AnswerEvent event =
        readWith("openai.chat",
                 "{'choices':[{'index':0,'message':{'content':'hello'},'logprobs':{'brand_new':{'x':'hello'}}}]}");
    QCOMPARE(event.tokens.size(), std::size_t(1));
    QVERIFY(event.tokens.front().lists.empty());
    for (const char* const empty : {"null", "{'content':null,'refusal':null}"}) {
        QVERIFY(readWith("openai.chat",
                         "{'choices':[{'index':0,'message':{'content':'x'},'logprobs':" + std::string(empty) + "}]}")
                    .tokens.empty());
    }
}

void TestTokens::theSameWordElsewhereIsTheCallersOwn() {
    const AnswerEvent event =
        readWith("ollama.chat", "{'message':{'role':'assistant','content':'','tool_calls':[{'function':{'name':'f',"
                                "'arguments':{'logprobs':['[[CARD_1_K7]]']}}}]},'done':true}");
    QVERIFY(event.tokens.empty());
    QVERIFY(std::any_of(event.fields.begin(), event.fields.end(), [](const TextField& field) { return field.isCopy; }));
}

void TestTokens::theyAreAskedForInEachVendorsWay() {
    const std::vector<std::pair<const char*, std::string>> asking{
        {"openai.chat", "{'model':'m','messages':[],'logprobs':true,'top_logprobs':3}"},
        {"openai.responses", "{'model':'m','input':'x','include':['message.output_text.logprobs'],'top_logprobs':3}"},
        {"openai.completions", "{'model':'m','prompt':'x','logprobs':3}"},
        {"gemini.generate", "{'contents':[],'generationConfig':{'responseLogprobs':true,'logprobs':3}}"},
        {"ollama.chat", "{'model':'m','messages':[],'logprobs':true,'top_logprobs':3}"},
        {"ollama.generate", "{'model':'m','prompt':'x','logprobs':true,'top_logprobs':3}"}};
    for (const auto& [name, body] : asking) {
        auto request = findDialect(name)->codec()->decodeRequest(quoted(body), {});
        QVERIFY2(request && request->untranslated.empty(), name);
        QVERIFY2(request->tokenChoices == 3U, name);
        const auto sent = [&](const char* to) { return *findDialect(to)->codec()->encodeRequest(*request, {}); };
        const OrderedJson chat = OrderedJson::parse(sent("openai.chat"));
        QVERIFY(chat["logprobs"] == true && chat["top_logprobs"] == 3);
        const OrderedJson responses = OrderedJson::parse(sent("openai.responses"));
        QVERIFY(responses["include"] == json("['message.output_text.logprobs']") && responses["top_logprobs"] == 3);
        const OrderedJson gemini = OrderedJson::parse(sent("gemini.generate"))["generationConfig"];
        QVERIFY(gemini["responseLogprobs"] == true && gemini["logprobs"] == 3);
        const OrderedJson ollama = OrderedJson::parse(sent("ollama.chat"));
        QVERIFY(ollama["logprobs"] == true && ollama["top_logprobs"] == 3);
        QVERIFY(request->untranslated.empty());
        for (const char* const without : {"anthropic.messages", "bedrock.converse"}) {
            request->untranslated.clear();
            static_cast<void>(sent(without));
            const auto& names = request->untranslated;
            QVERIFY2(std::find(names.begin(), names.end(), "logprobs") != names.end(), without);
        }
    }
}

void TestTokens::theyArriveInEachVendorsForm() {
    for (const Form& from : forms()) {
        const ChatCodec* const codec = findDialect(from.dialect)->codec();
        const auto answer =
            codec == nullptr ? std::unexpected(Error()) : codec->decodeAnswer(quoted(from.document), 200);
        if (!answer) {
            continue; // completions and transcripts are never a provider's for another interface
        }
        for (const Form& to : forms()) {
            if (findDialect(to.dialect)->codec() == nullptr) {
                continue;
            }
            const std::string whole = findDialect(to.dialect)->codec()->encodeAnswer(*answer, {});
            const auto event = findDialect(to.dialect)->read(whole, true);
            QVERIFY2(event && event->tokens.size() == 1 && event->tokens.front().spellsText, whole.c_str());
            QVERIFY2(whole.find("-0.25") != std::string::npos, whole.c_str());
            AnswerContext context;
            context.framing = findDialect(to.dialect)->framing();
            const auto encoder = findDialect(to.dialect)->codec()->makeEncoder(context);
            std::string stream;
            for (const ChatEvent& each : eventsOf(*answer)) {
                stream += encoder->push(each);
            }
            QVERIFY2(stream.find("-0.25") != std::string::npos, stream.c_str());
        }
    }
}

void TestTokens::picturesOfAnAnswerAreNeverDropped() {
    const std::vector<std::pair<const char*, std::string>> answers{
        {"gemini.generate", "{'candidates':[{'content':{'parts':[{'text':'see'},{'inlineData':{'mimeType':'image/png',"
                            "'data':'AA=='}}]},'finishReason':'STOP'}]}"},
        {"openai.chat", "{'choices':[{'message':{'role':'assistant','content':'see','images':[{'type':'image_url',"
                        "'image_url':{'url':'data:image/png;base64,AA=='}}]},'finish_reason':'stop'}]}"},
        {"openai.responses", "{'object':'response','output':[{'type':'image_generation_call','result':'AA=='}]}"},
        {"ollama.chat", "{'message':{'role':'assistant','content':'see','images':['AA==']},'done':true}"},
        {"bedrock.converse",
         "{'output':{'message':{'content':[{'image':{'format':'png'}}]}},'stopReason':'end_turn'}"}};
    for (const auto& [name, document] : answers) {
        const auto answer = findDialect(name)->codec()->decodeAnswer(quoted(document), 200);
        QVERIFY2(answer && answer->fault && answer->fault->status == 502, name);
    }
}

QTEST_APPLESS_MAIN(TestTokens)
#include "tst_tokens.moc"
