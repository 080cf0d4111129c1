// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "gateway/head_guard.h"
#include "gateway/head_parser.h"

using namespace gatehouse::gateway;

namespace {

const QByteArray kLine = "POST /v1/chat/completions HTTP/1.1\r\n";
const QByteArray kHost = "Host: 127.0.0.1:4141\r\n";

std::string_view viewOf(const QByteArray& bytes) {
    return {bytes.data(), static_cast<std::size_t>(bytes.size())};
}

// "ok", "malformed" or "too large", by scanner and checker together, for bytes that arrive in two parts.
std::string verdictOf(std::string_view request, std::size_t split, const HeadLimits& limits = {}) {
    HeadScanner scanner(limits);
    for (const auto part : {split, request.size()}) {
        const auto found = scanner.scan(request.substr(0, part));
        if (!found) {
            return found.error().kind == HeadFaultKind::tooLarge ? "too large" : "malformed";
        }
        if (*found) {
            const auto head = request.substr(0, **found);
            const auto facts = checkHead(head);
            return facts && parseHead(head, *facts) ? "ok" : "malformed";
        }
    }
    return "more";
}

std::string headOfSize(std::size_t size) {
    std::string head = "GET / HTTP/1.1\r\nHost: a\r\n";
    while (head.size() + 2 < size) {
        const auto left = size - head.size() - 2;
        const auto line = std::min<std::size_t>(left, 1000);
        if (line < 5 || (left - line > 0 && left - line < 5)) {
            head += "X:" + std::string(std::min<std::size_t>(left, 500) - 4, 'a') + "\r\n";
            continue;
        }
        head += "X:" + std::string(line - 4, 'a') + "\r\n";
    }
    return head + "\r\n";
}

void addOddFields() {
    const auto fields = [](const char* name, const QByteArray& text, const char* verdict) {
        QTest::newRow(name) << kLine + kHost + text + "\r\n" << QByteArray(verdict);
    };
    fields("TE folded", "Transfer-Encoding:\r\n chunked\r\n", "malformed");
    fields("TE space before colon", "Transfer-Encoding : chunked\r\n", "malformed");
    fields("space before name", " Transfer-Encoding: chunked\r\n", "malformed");
    fields("fold", "X-A: b\r\n c\r\n", "malformed");
    fields("fold by tab", "X-A: b\r\n\tc\r\n", "malformed");
    fields("no colon", "X-A\r\n", "malformed");
    fields("empty name", ": b\r\n", "malformed");
    fields("name with space", "X A: b\r\n", "malformed");
    fields("name with bracket", "X(A): b\r\n", "malformed");
    fields("name with byte 0x80", "X\x80: b\r\n", "malformed");
    fields("NUL in value", QByteArray("X-A: b\0c\r\n", 10), "malformed");
    fields("NUL in name", QByteArray("X\0A: b\r\n", 8), "malformed");
    fields("bare CR in value", "X-A: b\rc\r\n", "malformed");
    fields("bare LF", "X-A: b\nX-B: c\r\n", "malformed");
    fields("control byte", "X-A: b\x01\r\n", "malformed");
    fields("DEL", "X-A: b\x7f\r\n", "malformed");
    fields("UTF-8 value", "X-A: \xc3\xa9\r\n", "ok");
    fields("empty value", "X-A:\r\n", "ok");
    fields("second Host", "Host: 127.0.0.1:4141\r\n", "malformed");
}

void addWholeHeads() {
    const auto raw = [](const char* name, const QByteArray& request, const char* verdict) {
        QTest::newRow(name) << request << QByteArray(verdict);
    };
    raw("LF only", "GET / HTTP/1.1\nHost: a\n\n", "malformed");
    raw("LF end", "GET / HTTP/1.1\r\nHost: a\r\n\n", "malformed");
    raw("CR only", "GET / HTTP/1.1\rHost: a\r\r", "more");
    raw("no Host", "GET / HTTP/1.1\r\n\r\n", "malformed");
    raw("1.0 without Host", "GET / HTTP/1.0\r\n\r\n", "malformed");
    raw("1.0 with Host", "GET / HTTP/1.0\r\nHost: a\r\n\r\n", "ok");
    raw("1.0 chunked", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", "malformed");
    raw("0.9", "GET /\r\n\r\n", "malformed");
    raw("1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", "malformed");
    raw("2.0", "PRI * HTTP/2.0\r\n\r\n", "malformed");
    raw("lower-case version", "GET / http/1.1\r\nHost: a\r\n\r\n", "malformed");
    raw("two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "malformed");
    raw("trailing space", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", "malformed");
    raw("leading space", " GET / HTTP/1.1\r\nHost: a\r\n\r\n", "malformed");
    raw("tab between", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", "malformed");
    raw("space in target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", "malformed");
    raw("fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", "malformed");
    raw("byte 0x80 in target", "GET /\x80 HTTP/1.1\r\nHost: a\r\n\r\n", "malformed");
    raw("empty line first", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "malformed");
    raw("method with brackets", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", "malformed");
    raw("TLS hello", QByteArray("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n", 12), "malformed");
    raw("unfinished", "GET / HTTP/1.1\r\nHost: a\r\n", "more");
}

} // namespace

class TestHeadGuard : public QObject {
    Q_OBJECT
private slots:
    void framingIsBeyondDoubtOrRefused_data();
    void framingIsBeyondDoubtOrRefused();
    void factsAreRead();
    void theHeadLimitBites();
    void theLineLimitBites();
    void theFieldLimitBites();
    void anEndlessHeadIsRefusedBeforeItsEnd();
    void chunkedAndLengthAreNeverBothTrue();
};

void TestHeadGuard::framingIsBeyondDoubtOrRefused_data() {
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("verdict");
    const auto fields = [](const char* name, const QByteArray& text, const char* verdict) {
        QTest::newRow(name) << kLine + kHost + text + "\r\n" << QByteArray(verdict);
    };
    fields("plain", "Content-Length: 5\r\n", "ok");
    fields("no length", "", "ok");
    fields("zero length", "Content-Length: 0\r\n", "ok");
    fields("chunked", "Transfer-Encoding: chunked\r\n", "ok");
    fields("Chunked", "Transfer-Encoding: CHUNKED\r\n", "ok");
    fields("CL and TE", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "malformed");
    fields("TE and CL", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "malformed");
    fields("CL 0 and TE", "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", "malformed");
    fields("two CL that differ", "Content-Length: 5\r\nContent-Length: 6\r\n", "malformed");
    fields("two CL that agree", "Content-Length: 5\r\nContent-Length: 5\r\n", "malformed");
    fields("CL list", "Content-Length: 5, 5\r\n", "malformed");
    fields("CL plus", "Content-Length: +5\r\n", "malformed");
    fields("CL minus", "Content-Length: -5\r\n", "malformed");
    fields("CL hex", "Content-Length: 0x5\r\n", "malformed");
    fields("CL point", "Content-Length: 5.0\r\n", "malformed");
    fields("CL empty", "Content-Length:\r\n", "malformed");
    fields("CL words", "Content-Length: five\r\n", "malformed");
    fields("CL inner space", "Content-Length: 5 5\r\n", "malformed");
    fields("CL overflow", "Content-Length: 18446744073709551617\r\n", "malformed");
    fields("CL 20 digits", "Content-Length: 00000000000000000005\r\n", "malformed");
    fields("TE twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "malformed");
    fields("TE gzip", "Transfer-Encoding: gzip\r\n", "malformed");
    fields("TE gzip, chunked", "Transfer-Encoding: gzip, chunked\r\n", "malformed");
    fields("TE chunked, gzip", "Transfer-Encoding: chunked, gzip\r\n", "malformed");
    fields("TE identity", "Transfer-Encoding: identity\r\n", "malformed");
    fields("TE empty", "Transfer-Encoding:\r\n", "malformed");
    fields("TE xchunked", "Transfer-Encoding: xchunked\r\n", "malformed");
    fields("TE quoted", "Transfer-Encoding: \"chunked\"\r\n", "malformed");
    fields("TE vertical tab",
           "Transfer-Encoding: \x0b"
           "chunked\r\n",
           "malformed");
    addOddFields();
    addWholeHeads();
}

void TestHeadGuard::framingIsBeyondDoubtOrRefused() {
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, verdict);
    for (std::size_t split = 0; split <= viewOf(request).size(); ++split) {
        QCOMPARE(QByteArray::fromStdString(verdictOf(viewOf(request), split)), verdict);
    }
}

void TestHeadGuard::factsAreRead() {
    const std::string_view head = "POST /x?y HTTP/1.1\r\nhOsT: \t localhost:1 \r\ncontent-LENGTH: 42\r\n\r\n";
    const auto facts = checkHead(head);
    QVERIFY(facts.has_value());
    QCOMPARE(facts->method, std::string_view("POST"));
    QCOMPARE(facts->target, std::string_view("/x?y"));
    QCOMPARE(facts->host, std::string_view("localhost:1"));
    QCOMPARE(facts->contentLength.value(), 42U);
    QVERIFY(!facts->isChunked && facts->isHttp11);
    const auto parsed = parseHead(head, *facts);
    QVERIFY(parsed.has_value());
    QCOMPARE(parsed->headers.at(0).first, std::string("host"));
    QCOMPARE(parsed->headers.at(1).second, std::string("42"));
}

void TestHeadGuard::theHeadLimitBites() {
    const HeadLimits limits{4000, 1500, 100};
    for (const std::size_t size : {3999U, 4000U, 4001U}) {
        const auto head = headOfSize(size);
        QCOMPARE(head.size(), size);
        QCOMPARE(verdictOf(head, size / 2, limits), std::string(size <= 4000 ? "ok" : "too large"));
    }
}

void TestHeadGuard::theLineLimitBites() {
    const HeadLimits limits{32768, 200, 100};
    for (const std::size_t size : {199U, 200U, 201U}) {
        const auto head = "GET / HTTP/1.1\r\nHost: a\r\nX:" + std::string(size - 2, 'a') + "\r\n\r\n";
        for (const std::size_t split : {30UL, 150UL, head.size() - 3}) {
            QCOMPARE(verdictOf(head, split, limits), std::string(size <= 200 ? "ok" : "too large"));
        }
    }
}

void TestHeadGuard::theFieldLimitBites() {
    for (const int count : {99, 100, 101}) {
        std::string head = "GET / HTTP/1.1\r\nHost: a\r\n";
        for (int i = 1; i < count; ++i) {
            head += "X: y\r\n";
        }
        QCOMPARE(verdictOf(head + "\r\n", 20), std::string(count <= 100 ? "ok" : "too large"));
    }
}

void TestHeadGuard::anEndlessHeadIsRefusedBeforeItsEnd() {
    QCOMPARE(verdictOf("GET /" + std::string(9000, 'a'), 100), std::string("too large"));
    QCOMPARE(verdictOf("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(9000, 'a'), 100), std::string("too large"));
}

void TestHeadGuard::chunkedAndLengthAreNeverBothTrue() {
    const std::vector<std::string> lines{"Content-Length: 1\r\n", "Transfer-Encoding: chunked\r\n",
                                         "Content-Length: 2\r\n", "Transfer-Encoding: x\r\n", "X: y\r\n"};
    for (unsigned mask = 0; mask < 32; ++mask) {
        std::string head = "POST / HTTP/1.1\r\nHost: a\r\n";
        for (unsigned i = 0; i < 5; ++i) {
            head += (mask >> i & 1U) != 0 ? lines[i] : "";
        }
        const auto facts = checkHead(head + "\r\n");
        QVERIFY(!facts || !(facts->isChunked && facts->contentLength));
        QCOMPARE(facts.has_value(), (mask & 8U) == 0 && (mask & 7U) != 3 && (mask & 5U) != 5 && (mask & 6U) != 6);
    }
}

QTEST_GUILESS_MAIN(TestHeadGuard)
#include "tst_head_guard.moc"
