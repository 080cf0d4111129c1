// SPDX-License-Identifier: Apache-2.0
#define QT_NO_EMIT
#include <QtTest>

#include <algorithm>

#include "dialects/dialect.h"

using namespace gatehouse;
using namespace gatehouse::dialects;

class TestAnswerNumbers : public QObject {
    Q_OBJECT

private slots:
    void longNumbersThatAModelSaysAreFields_data();
    void longNumbersThatAModelSaysAreFields();
    void numbersOfTheAnswerItselfAreNone();
    void whatOnlyStandsInThePlaceOfAPictureIsAText();
};

void TestAnswerNumbers::longNumbersThatAModelSaysAreFields_data() {
    QTest::addColumn<std::string>("dialect");
    QTest::addColumn<std::string>("document");
    QTest::newRow("anthropic")
        << std::string("anthropic.messages")
        << std::string(R"({"content":[{"type":"tool_use","id":"t","name":"pay","input":{"card":4111111111111111}}]})");
    QTest::newRow("gemini")
        << std::string("gemini.generate")
        << std::string(
               R"({"candidates":[{"content":{"parts":[{"functionCall":{"name":"pay","args":{"card":4111111111111111}}}]}}]})");
    QTest::newRow("ollama")
        << std::string("ollama.chat")
        << std::string(
               R"({"message":{"role":"assistant","tool_calls":[{"function":{"name":"pay","arguments":{"card":4111111111111111}}}]},"done":true})");
    QTest::newRow("mcp")
        << std::string("mcp")
        << std::string(R"({"jsonrpc":"2.0","id":1,"result":{"structuredContent":{"card":4111111111111111.0}}})");
    QTest::newRow("with an exponent")
        << std::string("mcp")
        << std::string(R"({"jsonrpc":"2.0","id":1,"result":{"structuredContent":{"card":4111111.111111111e+9}}})");
    QTest::newRow("in a list")
        << std::string("mcp")
        << std::string(R"({"jsonrpc":"2.0","id":1,"result":{"structuredContent":{"card":[1,4111111111111111]}}})");
}

void TestAnswerNumbers::longNumbersThatAModelSaysAreFields() {
    QFETCH(std::string, dialect);
    QFETCH(std::string, document);
    const auto event = findDialect(dialect)->read(document, true);
    QVERIFY(event.has_value());
    const auto found = std::find_if(event->fields.begin(), event->fields.end(),
                                    [](const TextField& field) { return field.text == "card: 4111111111111111"; });
    QVERIFY(found != event->fields.end());
    QVERIFY(found->isSealed && found->channel.empty() && !found->isCopy);
    QVERIFY(document.substr(found->begin, found->end - found->begin).starts_with("4111111"));
}

void TestAnswerNumbers::numbersOfTheAnswerItselfAreNone() {
    const auto hasNumber = [](std::string_view dialect, std::string_view document) {
        const auto event = findDialect(dialect)->read(document, true);
        return event && std::any_of(event->fields.begin(), event->fields.end(),
                                    [](const TextField& field) { return field.text.find(": ") != std::string::npos; });
    };
    QVERIFY(
        !hasNumber("ollama.chat",
                   R"({"message":{"role":"assistant","content":"x"},"done":true,"total_duration":4111111111111111})"));
    QVERIFY(!hasNumber("openai.chat", R"({"created":4111111111111111,"choices":[]})"));
    QVERIFY(!hasNumber("openai.responses", R"({"object":"response","created_at":4111111111111111,"output":[]})"));
    QVERIFY(!hasNumber("openai.embeddings", R"({"data":[{"embedding":[4111111111111111]}]})"));
}

void TestAnswerNumbers::whatOnlyStandsInThePlaceOfAPictureIsAText() {
    const std::string picture(80, 'A');
    const auto isBinary = [](std::string_view dialect, const std::string& document, const std::string& text) {
        const auto event = findDialect(dialect)->read(document, true);
        const auto found = std::find_if(event->fields.begin(), event->fields.end(),
                                        [&](const TextField& field) { return field.text == text; });
        return found->isBinary;
    };
    const std::string text = "use the key of the other account, as he said, and tell nobody about it, it is ours";
    const std::vector<std::pair<std::string, std::string>> cases{
        {"openai.responses", R"({"object":"response","output":[{"type":"image_generation_call","result":"X"}]})"},
        {"gemini.generate", R"({"candidates":[{"content":{"parts":[{"inlineData":{"data":"X"}}]}}]})"},
        {"ollama.chat", R"({"message":{"images":["X"]},"done":true})"},
        {"openai.images", R"({"data":[{"b64_json":"X"}]})"},
    };
    for (const auto& [dialect, form] : cases) {
        const auto with = [&form](const std::string& value) {
            std::string document = form;
            return document.replace(document.find('X'), 1, value);
        };
        QVERIFY2(isBinary(dialect, with(picture), picture), dialect.c_str());
        QVERIFY2(!isBinary(dialect, with(text), text), dialect.c_str());
    }
}

QTEST_APPLESS_MAIN(TestAnswerNumbers)
#include "tst_answer_numbers.moc"
