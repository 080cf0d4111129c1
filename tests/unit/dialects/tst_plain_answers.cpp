// SPDX-License-Identifier: Apache-2.0
#define QT_NO_EMIT
#include <QtTest>

#include <map>

#include "unit/dialects/sample_requests.h"

using namespace gatehouse;
using namespace gatehouse::dialects;
using gatehouse::test::quoted;

namespace {

// Texts with everything that an escaping or a cut could break.
const std::string kText =
    "He said \"caf\xC3\xA9\" \\ \xF0\x9F\x98\x80\n\tdata: [DONE]\r\n\r\nand then much more text, so that it takes "
    "several pieces of a stream to say it all, umlauts \xC3\xA4\xC3\xB6\xC3\xBC and the end.";

struct Said {
    std::map<std::string, std::string> texts; // by channel
    std::optional<Usage> usage;
    bool isComplete = false;
    bool isAnswer = false;
    bool isError = false;
    std::size_t events = 0;
};

void hear(Said& said, const AnswerEvent& event) {
    for (const TextField& field : event.fields) {
        if (!field.channel.empty()) {
            said.texts[field.channel] += field.text;
        }
    }
    said.usage = event.usage ? event.usage : said.usage;
    said.isComplete = said.isComplete || event.isComplete;
    said.isAnswer = said.isAnswer || event.isAnswer;
    said.isError = said.isError || event.isError;
    ++said.events;
}

Result<Said> readStream(const Dialect& dialect, Framing framing, const std::string& bytes) {
    const auto reader = makeFrameReader(framing);
    GH_TRY(std::vector<StreamFrame> frames, reader->push(bytes));
    GH_TRY(const std::optional<StreamFrame> last, reader->finish());
    if (last) {
        frames.push_back(*last);
    }
    Said said;
    for (const StreamFrame& frame : frames) {
        if (!frame.data || dialect.isEnd(*frame.data)) {
            said.isComplete = said.isComplete || frame.data.has_value();
            continue;
        }
        GH_TRY(const AnswerEvent event, dialect.read(*frame.data, false));
        hear(said, event);
    }
    return said;
}

std::string textOf(const Said& said) {
    return said.texts.size() == 1 ? said.texts.begin()->second : "channels: " + std::to_string(said.texts.size());
}

PlainAnswer plainAnswer(Framing framing) {
    PlainAnswer answer;
    answer.id = "id-1";
    answer.model = "m";
    answer.created = 1'800'000'000;
    answer.text = kText;
    answer.usage.inputTokens = 11;
    answer.usage.outputTokens = 22;
    answer.framing = framing;
    return answer;
}

} // namespace

// The answers that Gatehouse itself gives, heard with the dialect's own ears.
class TestPlainAnswers final : public QObject {
    Q_OBJECT

    static void dialectRows(bool isChatOnly) {
        QTest::addColumn<QString>("name");
        for (const auto& sample : gatehouse::test::sampleRequests()) {
            const Dialect* dialect = findDialect(sample.dialect);
            if (dialect != nullptr && (!isChatOnly || dialect->codec() != nullptr)) {
                QTest::newRow(sample.dialect) << sample.dialect;
            }
        }
    }
    static const Dialect& named(const QString& name) { return *findDialect(name.toStdString()); }

private slots:
    void aWholeAnswerSaysTheText_data() { dialectRows(true); }
    void aWholeAnswerSaysTheText() {
        QFETCH(QString, name);
        const Dialect& dialect = named(name);
        const std::string body = dialect.wholeAnswer(plainAnswer(dialect.framing()));
        const auto event = dialect.read(body, true);
        QVERIFY(event.has_value());
        Said said;
        hear(said, *event);
        QVERIFY(said.isAnswer && !said.isError);
        QCOMPARE(said.usage.value_or(Usage()).inputTokens, 11U);
        if (dialect.isAnsweredByEstimate()) {
            return; // a number and no text
        }
        QCOMPARE(QString::fromStdString(textOf(said)), QString::fromStdString(kText));
        QCOMPARE(said.usage->outputTokens, 22U);
    }

    void aStreamedAnswerSaysTheText_data() { dialectRows(true); }
    void aStreamedAnswerSaysTheText() {
        QFETCH(QString, name);
        const Dialect& dialect = named(name);
        if (dialect.isAnsweredByEstimate()) {
            return; // nothing streams
        }
        std::string bytes;
        for (const std::string& frame : dialect.streamedAnswer(plainAnswer(dialect.framing()))) {
            bytes += frame;
        }
        const auto said = readStream(dialect, dialect.framing(), bytes);
        QVERIFY2(said.has_value(), bytes.c_str());
        QCOMPARE(QString::fromStdString(textOf(*said)), QString::fromStdString(kText));
        QVERIFY(said->isComplete && !said->isError);
        QVERIFY(said->events > 3);
        QVERIFY(said->usage.has_value());
        QCOMPARE(said->usage->outputTokens, 22U);
    }

    void aRefusalIsTheDialectsError_data() { dialectRows(false); }
    void aRefusalIsTheDialectsError() {
        QFETCH(QString, name);
        const Dialect& dialect = named(name);
        for (int i = 0; i <= static_cast<int>(RefusalReason::internalError); ++i) {
            const Refusal refusal{static_cast<RefusalReason>(i), "Found: 1 \xC3\x97 \"Card\".\nAsk.", "r-1", "i-1"};
            const std::string body = dialect.refusalBody(refusal);
            const auto json = parseJson(body);
            QVERIFY2(json.has_value() && json->is_object() && json->contains("error"), body.c_str());
            const Json& error = (*json)["error"];
            const Json& message = error.is_object() ? error["message"] : error;
            QVERIFY2(message.is_string() && message.get<std::string>().find(refusal.message) != std::string::npos,
                     body.c_str());
            QVERIFY2(body.find(refusalWord(refusal.reason)) != std::string::npos, body.c_str());
            QVERIFY(body.find("i-1") != std::string::npos && body.find("r-1") != std::string::npos);
        }
    }

    // A client that reads the stream hears an error and nothing behind it.
    void aRefusalInAStreamIsOneToo_data() { dialectRows(true); }
    void aRefusalInAStreamIsOneToo() {
        QFETCH(QString, name);
        const Dialect& dialect = named(name);
        const Refusal refusal{RefusalReason::dlpBlocked, "No.", "r-1", "i-1"};
        for (const bool isEmpty : {true, false}) {
            const std::string frames = dialect.refusalFrames(refusal, {dialect.framing(), isEmpty});
            const auto said = readStream(dialect, dialect.framing(), frames);
            QVERIFY2(said.has_value(), frames.c_str());
            QVERIFY2(said->isError, frames.c_str());
            QVERIFY(said->texts.empty());
            QVERIFY(frames.find("dlp_blocked") != std::string::npos || frames.find("No.") != std::string::npos);
        }
    }

    void modelsAreListed_data() { dialectRows(true); }
    void modelsAreListed() {
        QFETCH(QString, name);
        const std::vector<ModelRow> rows{{"llama/3\"8b", "me"}, {"gpt", "openai"}};
        const auto json = parseJson(named(name).modelList(rows));
        QVERIFY(json.has_value() && json->is_object());
        const std::string all = json->dump();
        QVERIFY(all.find("gpt") != std::string::npos && all.find("llama/3\\\"8b") != std::string::npos);
        QVERIFY(parseJson(named(name).modelList({})).has_value());
    }

    void whatIsNoAnswerIsRefused_data() { dialectRows(false); }
    void whatIsNoAnswerIsRefused() {
        QFETCH(QString, name);
        for (const char* nonsense : {"", "hello", "[]", "\"text\"", "{\"a\":1", "{\"a\":1,\"a\":2}", "{} {}",
                                     "{\"a\":\"\xFF\"}", "{\"a\":\"\\ud800\"}"}) {
            for (const bool isWhole : {true, false}) {
                QVERIFY2(!named(name).read(nonsense, isWhole).has_value(), nonsense);
            }
        }
    }

    void everyStringOfAnAnswerIsAField_data() { dialectRows(false); }
    void everyStringOfAnAnswerIsAField() {
        QFETCH(QString, name);
        const std::string document = quoted("{'a':'x','b':{'c':['y',{'d':'z'}]},'error':{'message':'m'}}");
        const auto event = named(name).read(document, true);
        QVERIFY(event.has_value());
        std::string seen;
        for (const TextField& field : event->fields) {
            const std::string token = event->document.substr(field.begin, field.end - field.begin);
            QCOMPARE(Json::parse(token).get<std::string>(), field.text);
            seen += field.text;
        }
        QCOMPARE(seen, std::string("axbcydzerrormessagem"));
    }
};

QTEST_GUILESS_MAIN(TestPlainAnswers)
#include "tst_plain_answers.moc"
