// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "base/json.h"
#include "base/json_tree.h"

using namespace gatehouse;

class TestJson final : public QObject {
    Q_OBJECT
private slots:
    void refusesWhatParsersDisagreeAbout_data() {
        QTest::addColumn<QByteArray>("document");
        QTest::newRow("duplicate key") << QByteArray(R"({"a":1,"a":2})");
        QTest::newRow("duplicate key, escaped") << QByteArray(R"({"a":1,"\u0061":2})");
        QTest::newRow("invalid UTF-8") << QByteArray("\"\xC3\x28\"");
        QTest::newRow("overlong") << QByteArray("\"\xC0\xAF\"");
        QTest::newRow("lone high surrogate") << QByteArray(R"("\ud800")");
        QTest::newRow("lone low surrogate") << QByteArray(R"("\udc00")");
        QTest::newRow("trailing document") << QByteArray("{} {}");
        QTest::newRow("trailing comma") << QByteArray("[1,]");
        QTest::newRow("leading comma") << QByteArray("[,1]");
        QTest::newRow("control character") << QByteArray("\"\n\"");
        QTest::newRow("leading zero") << QByteArray("01");
        QTest::newRow("NaN") << QByteArray("NaN");
        QTest::newRow("comment") << QByteArray("{}// x");
        QTest::newRow("byte order mark") << QByteArray("\xEF\xBB\xBF{}");
        QTest::newRow("single quotes") << QByteArray("{'a':1}");
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("unfinished") << QByteArray("{\"a\":[1,2");
        QTest::newRow("unfinished escape") << QByteArray("\"\\u12");
        QTest::newRow("NUL") << QByteArray("{}\0", 3);
        QTest::newRow("number out of range") << QByteArray("1e400");
    }
    void refusesWhatParsersDisagreeAbout() {
        QFETCH(QByteArray, document);
        const auto result = parseJson(document.toStdString());
        QVERIFY(!result.has_value());
        QCOMPARE(result.error().kind, ErrorKind::invalidInput);
    }

    void limitsBite() {
        JsonLimits limits;
        limits.maxDepth = 64;
        const std::string allowed = std::string(64, '[') + std::string(64, ']');
        QVERIFY(checkJson(allowed, limits).has_value());
        QCOMPARE(checkJson("[" + allowed + "]", limits).error().kind, ErrorKind::limit);
        limits.maxNodes = 4;
        QVERIFY(checkJson("[1,2,3]", limits).has_value());
        QCOMPARE(checkJson("[1,2,3,4]", limits).error().kind, ErrorKind::limit);
        limits = {};
        limits.maxString = 3;
        QVERIFY(checkJson("\"abc\"", limits).has_value());
        QCOMPARE(checkJson("\"abcd\"", limits).error().kind, ErrorKind::limit);
        limits = {};
        limits.maxBytes = 4;
        QVERIFY(checkJson("[12]", limits).has_value());
        QCOMPARE(checkJson("[123]", limits).error().kind, ErrorKind::limit);
    }

    // Strings are read eight bytes at a time: each kind of byte that ends a run must be seen at each place.
    void everyByteIsSeenAtEveryPlace() {
        for (std::size_t place = 0; place < 24; ++place) {
            for (int value = 0; value < 256; ++value) {
                std::string text(24, 'a');
                text[place] = static_cast<char>(value);
                const std::string document = '"' + text + '"';
                const bool isPlain = value >= 0x20 && value < 0x80 && value != '"' && value != '\\';
                const auto strings = indexJson(document);
                const bool isRead = strings && strings->size() == 1 && strings->front().text == text;
                QVERIFY2(isRead == isPlain, std::to_string(value).c_str());
            }
        }
    }

    void aMemberNameTwiceIsSeenInLargeObjectsToo() {
        std::string document = "{";
        for (int i = 0; i < 100; ++i) {
            document += "\"name" + std::to_string(i) + "\":1,";
        }
        QVERIFY(checkJson(document + "\"last\":1}").has_value());
        for (const int twice : {0, 15, 16, 17, 99}) {
            QVERIFY(!checkJson(document + "\"name" + std::to_string(twice) + "\":1}"));
        }
    }

    void indexesEveryStringWithItsPlace() {
        const std::string document = R"({"a/b":["x\u00e9\ud83d\ude00",{"~":"y"}]})";
        const auto strings = indexJson(document);
        QVERIFY(strings.has_value());
        QCOMPARE(strings->size(), 4U);
        QCOMPARE(strings->at(0).pointer, std::string("/a~1b"));
        QVERIFY(strings->at(0).isKey);
        QCOMPARE(strings->at(1).pointer, std::string("/a~1b/0"));
        QCOMPARE(strings->at(1).text, std::string("x\xC3\xA9\xF0\x9F\x98\x80"));
        QCOMPARE(document.substr(strings->at(1).begin, strings->at(1).end - strings->at(1).begin),
                 std::string(R"("x\u00e9\ud83d\ude00")"));
        QCOMPARE(strings->at(2).pointer, std::string("/a~1b/1/~0"));
        QCOMPARE(strings->at(3).pointer, std::string("/a~1b/1/~0"));
        QVERIFY(!strings->at(3).isKey);
    }

    void pointersMatchTheDom() {
        const std::string document = R"({"m":[[],{"k":"v","":{"n":["p","q"]}}],"z":"end"})";
        const Json dom = *parseJson(document);
        const auto strings = *indexJson(document);
        for (const JsonString& token : strings) {
            if (!token.isKey) {
                QCOMPARE(dom.at(Json::json_pointer(token.pointer)).get<std::string>(), token.text);
            }
        }
    }

    void oneReadingGivesTheTreeOfTheLibrary_data() {
        QTest::addColumn<QByteArray>("document");
        for (const char* document :
             {"{}", "[]", "\"x\"", "null", " [true,false,null] ", R"({"b":1,"a":{"c":[{},[],[[{"d":"e"}]]]},"":""})",
              "[0,-0,7,-7,0.0,-0.0,1.5,1e3,1E+3,1e-3,123456789012]", "[18446744073709551615,18446744073709551616]",
              "[9223372036854775807,-9223372036854775808,-9223372036854775809]", "[1e308,1e-308,4.9e-324,1e-400,0e999]",
              "[\"\\u00e9\\ud83d\\ude00\\n\\\"\\\\\\/\",{\"a~b\":{\"c/d\":\"~\"}}]"}) {
            QTest::newRow(document) << QByteArray(document);
        }
    }
    void oneReadingGivesTheTreeOfTheLibrary() {
        QFETCH(QByteArray, document);
        const std::string text = document.toStdString();
        const auto expected = nlohmann::ordered_json::parse(text);
        const auto tree = parseOrderedJson(text);
        QVERIFY(tree.has_value());
        QCOMPARE(tree->dump(), expected.dump());
        QVERIFY(tree->flatten() == expected.flatten() || !expected.is_structured());
        const auto reading = readJson(text);
        QVERIFY(reading.has_value());
        QCOMPARE(reading->tree.dump(), expected.dump());
        std::vector<JsonNumber> numbers;
        const auto strings = *indexJson(text, {}, nullptr, &numbers);
        QCOMPARE(reading->strings.size(), strings.size());
        for (std::size_t i = 0; i < strings.size(); ++i) {
            QCOMPARE(reading->strings[i].pointer, strings[i].pointer);
            QCOMPARE(reading->strings[i].text, strings[i].text);
            QCOMPARE(reading->strings[i].begin, strings[i].begin);
        }
        QCOMPARE(reading->numbers.size(), numbers.size());
        QCOMPARE(parseJson(text)->dump(), Json::parse(text).dump());
    }

    void aNumberKeepsTheTypeThatTheLibraryGivesIt() {
        for (const std::string number : {"0", "-0", "1", "-1", "18446744073709551615", "18446744073709551616",
                                         "-9223372036854775808", "-9223372036854775809", "1.0", "1e2"}) {
            QCOMPARE(std::string(parseOrderedJson(number)->type_name()), std::string(Json::parse(number).type_name()));
            QVERIFY(parseOrderedJson(number)->type() == Json::parse(number).type());
        }
    }

    void aNumberThatNoDoubleHoldsIsRefused() {
        for (const std::string number : {"1e309", "-1e999", "[1,{\"a\":2e400}]"}) {
            QVERIFY(checkJson(number).has_value());
            QVERIFY(!parseJson(number).has_value());
            QVERIFY(!parseOrderedJson(number).has_value());
            QVERIFY(!readJson(number).has_value());
        }
    }

    void splicingLeavesAllOtherBytes() {
        const std::string document = "{ \"a\" :\t\"old\" , \"n\":1.50e+00,\"b\":\"\\u0041\"}";
        const auto strings = *indexJson(document);
        const JsonReplacement replacement{strings[1].begin, strings[1].end, "new\"\n\x01"};
        QCOMPARE(spliceJson(document, std::span(&replacement, 1)),
                 std::string("{ \"a\" :\t\"new\\\"\\n\\u0001\" , \"n\":1.50e+00,\"b\":\"\\u0041\"}"));
    }

    void quotingRoundTrips() {
        std::string text;
        for (int i = 0; i < 128; ++i) {
            text += static_cast<char>(i);
        }
        text += "\xE2\x80\xA8 \xF0\x9F\x98\x80";
        QCOMPARE(parseJson(quoteJson(text))->get<std::string>(), text);
    }

    void faultsHaveLineAndColumn() {
        JsonFault fault;
        QVERIFY(!checkJson("{\n  \"a\": 1,\n  \"a\": 2\n}", {}, &fault).has_value());
        QCOMPARE(fault.line, 3U);
        QCOMPARE(fault.column, 3U);
    }
};

QTEST_GUILESS_MAIN(TestJson)
#include "tst_json.moc"
