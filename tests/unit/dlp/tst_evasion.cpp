// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include <zlib.h>

#include "dlp/engine.h"

using namespace gatehouse;
using namespace gatehouse::dlp;

namespace {

std::string quoted(const Finding& finding, const std::string& text) {
    return finding.detector + "=" + text.substr(finding.begin, finding.end - finding.begin);
}

std::string gzip(const std::string& text) {
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string out(text.size() + 256, '\0');
    std::string in = text;
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

std::string base64(const std::string& text) {
    return QByteArray::fromStdString(text).toBase64().toStdString();
}

} // namespace

// Each row hides a value in another way. The finding's bytes are the disguised ones in the original text.
class TestEvasion final : public QObject {
    Q_OBJECT

    std::shared_ptr<const Engine> m_engine;

    std::vector<std::string> found(const std::string& text) {
        std::vector<std::string> out;
        const auto findings = m_engine->scan(text, *m_engine->makeScratch());
        for (const Finding& finding : findings.value()) {
            out.push_back(quoted(finding, text));
        }
        return out;
    }

    std::vector<std::string> streamed(const std::string& text, std::size_t chunk) {
        const auto scanner = StreamScanner::create(m_engine);
        std::vector<std::string> out;
        const auto take = [&](const StreamScanner::Step& step) {
            for (const Finding& finding : step.findings) {
                out.push_back(quoted(finding, text));
            }
        };
        for (std::size_t i = 0; i < text.size(); i += chunk) {
            take(*scanner->push(std::string_view(text).substr(i, chunk)));
        }
        take(*scanner->finish());
        return out;
    }

private slots:
    void initTestCase() { m_engine = *Engine::compile({}); }

    void disguisesAreSeenThrough_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* name, const std::string& text, const std::string& expected) {
            QTest::newRow(name) << QByteArray::fromStdString(text) << QByteArray::fromStdString(expected);
        };
        const std::string card = "pci.any.card=";
        row("zero width", "card 4111\xE2\x80\x8B 1111 1111\xE2\x80\x8D 1111 ok",
            card + "4111\xE2\x80\x8B 1111 1111\xE2\x80\x8D 1111");
        row("mathematical digits",
            "card \xF0\x9D\x9F\x92\xF0\x9D\x9F\x8F\xF0\x9D\x9F\x8F\xF0\x9D\x9F\x8F 1111 1111 1111",
            card + "\xF0\x9D\x9F\x92\xF0\x9D\x9F\x8F\xF0\x9D\x9F\x8F\xF0\x9D\x9F\x8F 1111 1111 1111");
        row("letters that look Latin", "key \xD0\x90\xD0\x9AI\xD0\x90IOSFODNN7EXAMPLE;",
            "secret.aws.access-key=\xD0\x90\xD0\x9AI\xD0\x90IOSFODNN7EXAMPLE");
        row("spaced digits", "card 4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 ok", card + "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1");
        row("dotted digits", "card 4111.1111.1111.1111", card + "4111.1111.1111.1111");
        row("percent", "q=card%204111%201111%201111%201111&x=1", card + "4111%201111%201111%201111");
        row("percent, e-mail", "to=jane.doe%40example.org", "pii.any.email=jane.doe%40example.org");
        row("character references", "mail jane.doe&#64;example&period;org now",
            "pii.any.email=jane.doe&#64;example&period;org");
        row("unicode escapes", R"({"m":"jane.doe\u0040example.org"})", R"(pii.any.email=jane.doe\u0040example.org)");
        row("escaped line break", R"({"m":"card\n4111111111111111\nthanks"})", card + "4111111111111111");
        row("quoted-printable", "card 4111 1111 1111=\n 1111 end", card + "4111 1111 1111=\n 1111");
        const std::string withNul("4111\0001111\0001111\0001111", 19);
        row("NUL", "my card is " + withNul + ", thanks", card + withNul);
        row("tabs", "my card is 4111\t1111\t1111\t1111, thanks", card + "4111\t1111\t1111\t1111");
        row("emphasis", "card **4111** **1111** **1111** **1111**", card + "4111** **1111** **1111** **1111");
        row("code spans", "card `4111` `1111` `1111` `1111`.", card + "4111` `1111` `1111` `1111");
        row("broken over lines", "my card is 4111 1111\n1111 1111, thanks", card + "4111 1111\n1111 1111");
        const std::string hidden = base64("the card is 4111 1111 1111 1111, ok");
        row("base64", "look: " + hidden + " end", card + hidden);
        // "x " is the head of zlib too.
        const std::string likeZlib = base64("x card 4111 1111 1111 1111 end");
        row("base64, begins like zlib", "look: " + likeZlib + " end", card + likeZlib);
        row("quoted-printable digits", "card =34=31=31=31=31=31=31=31=31=31=31=31=31=31=31=31 ok",
            card + "=34=31=31=31=31=31=31=31=31=31=31=31=31=31=31=31");
        const std::string twice = base64(base64("my card is 4111 1111 1111 1111, ok"));
        row("base64 in base64", "look: " + twice, card + twice);
        const std::string packed = base64(gzip("my card is 4111 1111 1111 1111, ok"));
        row("gzip in base64", "look: " + packed + ".", card + packed);
        row("hexadecimal", "x " + QByteArray("card 4111111111111111").toHex().toStdString() + " y",
            card + QByteArray("card 4111111111111111").toHex().toStdString());
        row("in a fence", "```\ncard = 4111111111111111\n```", card + "4111111111111111");
    }
    void disguisesAreSeenThrough() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        const std::vector<std::string> wanted{expected.toStdString()};
        QCOMPARE(found(text.toStdString()), wanted);
        for (const std::size_t chunk : {1U, 2U, 5U, 16U}) {
            QCOMPARE(streamed(text.toStdString(), chunk), wanted);
        }
    }

    void harmlessEncodingsAreLeftAlone_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("columns of numbers") << QByteArray("41111111\n11111111\n41111111\n11111111\n");
        QTest::newRow("image") << QByteArray(
            "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA");
        QTest::newRow("integrity") << QByteArray(
            "\"integrity\": "
            "\"sha512-oRSIB7SXQaFxmWqBzCyJ0G7+UvYYNyo0DKB/8yZgRTNGdPBqV/ePUc0vGYBOyGVfXvlrHqsVbvXwFTGq4xA0Tg==\"");
        QTest::newRow("long words") << QByteArray(
            "internationalization counterrevolutionaries /usr/share/applications/x");
        QTest::newRow("equals and digits") << QByteArray("a=41 b=11 status=200 x=34");
        QTest::newRow("query") << QByteArray("https://example.com/?q=a%20b%2Fc&amp;x=\\u00e9");
    }
    void harmlessEncodingsAreLeftAlone() {
        QFETCH(QByteArray, text);
        QCOMPARE(found(text.toStdString()), std::vector<std::string>{});
    }

    void aBombIsALimitNotASilence() {
        const std::string bomb = base64(gzip(std::string(64UL * 1024UL * 1024UL, 'a')));
        const auto result = m_engine->scan("x " + bomb, *m_engine->makeScratch());
        QVERIFY(!result.has_value());
        QCOMPARE(result.error().kind, ErrorKind::limit);
    }
};

QTEST_GUILESS_MAIN(TestEvasion)
#include "tst_evasion.moc"
