// SPDX-License-Identifier: Apache-2.0
#define QT_NO_EMIT
#include <QtTest>

#include <algorithm>

#include "dialects/dialect.h"
#include "dialects/multipart.h"

using namespace gatehouse;
using namespace gatehouse::dialects;

namespace {

constexpr std::string_view kBoundary = "xYz";

std::string field(std::string_view name, std::string_view content, std::string_view more = {}) {
    return "--xYz\r\nContent-Disposition: form-data; name=\"" + std::string(name) + "\"" + std::string(more) +
           "\r\n\r\n" + std::string(content) + "\r\n";
}

const std::string kEnd = "--xYz--\r\n";
const std::string kGood =
    field("model", "m") + field("prompt", "a \xC3\xA9") +
    field("image", std::string("\x89PNG\0\r\n--xY\xFF", 12), "; filename=\"cat.png\"\r\nContent-Type: image/png") +
    kEnd;

Asked asked(std::string_view boundary = kBoundary) {
    Asked out;
    out.boundary = boundary;
    return out;
}

const Part* partAt(const ParsedRequest& request, std::string_view pointer, PartKind kind) {
    const auto found = std::find_if(request.parts.begin(), request.parts.end(),
                                    [&](const Part& part) { return part.pointer == pointer && part.kind == kind; });
    return found == request.parts.end() ? nullptr : &*found;
}

} // namespace

class TestMultipart : public QObject {
    Q_OBJECT

private slots:
    void aBoundaryIsReadFromTheContentType();
    void everyFieldIsAPart();
    void allBytesButTheBoundariesStay();
    void changedTextsAndTheModelAreSplicedIn();
    void aBoundaryIsNeverInTheContents();
    void aFormCutAtAnyByteIsRefused();
    void oddFormsAreRefused_data();
    void oddFormsAreRefused();
};

void TestMultipart::aBoundaryIsReadFromTheContentType() {
    QCOMPARE(formBoundary("multipart/form-data; boundary=abc"), std::optional<std::string>("abc"));
    QCOMPARE(formBoundary("Multipart/Form-Data ;  Boundary=\"a b\""), std::nullopt);
    QCOMPARE(formBoundary("multipart/form-data; boundary=\"a:b\""), std::optional<std::string>("a:b"));
    QCOMPARE(formBoundary("multipart/form-data"), std::nullopt);
    QCOMPARE(formBoundary("multipart/form-data; boundary="), std::nullopt);
    QCOMPARE(formBoundary("multipart/mixed; boundary=abc"), std::nullopt);
    QCOMPARE(formBoundary("multipart/form-data; boundary=abc; charset=utf-8"), std::nullopt);
    QCOMPARE(formBoundary("multipart/form-data; boundary=" + std::string(71, 'x')), std::nullopt);
}

void TestMultipart::everyFieldIsAPart() {
    const auto request = openAiImageEdits().parse(kGood, {}, asked());
    QVERIFY(request.has_value());
    QCOMPARE(request->model, std::string("m"));
    const Part* prompt = partAt(*request, "/prompt", PartKind::text);
    QVERIFY(prompt != nullptr);
    QCOMPARE(prompt->text, std::string("a \xC3\xA9"));
    QCOMPARE(prompt->role, std::string("user"));
    QVERIFY(partAt(*request, "/image", PartKind::key) != nullptr);
    QCOMPARE(partAt(*request, "/image/2/filename", PartKind::fileName)->text, std::string("cat.png"));
    QVERIFY(partAt(*request, "/image/2/type", PartKind::metadata)->isImmutable);
    const Part* file = partAt(*request, "/image/2/data", PartKind::opaque);
    QVERIFY(file != nullptr);
    QCOMPARE(file->text, std::string("iVBORwANCi0teFn/"));
}

void TestMultipart::allBytesButTheBoundariesStay() {
    const auto request = openAiImageEdits().parse(kGood, {}, asked());
    QVERIFY(request.has_value());
    const std::vector<std::optional<std::string>> changed(request->parts.size());
    const auto body = openAiImageEdits().compose(kGood, *request, changed, "m");
    QVERIFY(body.has_value());
    QCOMPARE(formMediaType(*body), std::string("multipart/form-data; boundary=gatehouse-form-0"));
    std::string expected = kGood;
    for (std::size_t at = 0; (at = expected.find("--xYz", at)) != std::string::npos;) {
        expected.replace(at, 5, "--gatehouse-form-0");
    }
    QCOMPARE(*body, expected);
}

void TestMultipart::changedTextsAndTheModelAreSplicedIn() {
    const auto request = openAiImageEdits().parse(kGood, {}, asked());
    QVERIFY(request.has_value());
    std::vector<std::optional<std::string>> changed(request->parts.size());
    for (std::size_t i = 0; i < changed.size(); ++i) {
        const Part& part = request->parts[i];
        if (part.kind == PartKind::text) {
            changed[i] = "longer than it was";
        } else if (part.kind == PartKind::fileName) {
            changed[i] = "[[NAME]].png";
        }
    }
    const auto body = openAiImageEdits().compose(kGood, *request, changed, "other/model");
    QVERIFY(body.has_value());
    const auto again = openAiImageEdits().parse(*body, {}, asked("gatehouse-form-0"));
    QVERIFY(again.has_value());
    QCOMPARE(again->model, std::string("other/model"));
    QCOMPARE(partAt(*again, "/prompt", PartKind::text)->text, std::string("longer than it was"));
    QCOMPARE(partAt(*again, "/image/2/filename", PartKind::fileName)->text, std::string("[[NAME]].png"));
    QCOMPARE(partAt(*again, "/image/2/data", PartKind::opaque)->text,
             partAt(*request, "/image/2/data", PartKind::opaque)->text);
    changed.assign(request->parts.size(), std::nullopt);
    changed[static_cast<std::size_t>(partAt(*request, "/image/2/filename", PartKind::fileName) -
                                     request->parts.data())] = "a\"; name=\"b";
    QVERIFY(!openAiImageEdits().compose(kGood, *request, changed, "m").has_value());
}

void TestMultipart::aBoundaryIsNeverInTheContents() {
    std::string all;
    for (int i = 0; i < 8; ++i) {
        const auto request = openAiTranscriptions().parse(
            field("model", "m") + field("file", all, "; filename=\"a\"") + kEnd, {}, asked());
        QVERIFY(request.has_value());
        const std::string body = field("model", "m") + field("file", all, "; filename=\"a\"") + kEnd;
        const std::vector<std::optional<std::string>> changed(request->parts.size());
        const auto composed = openAiTranscriptions().compose(body, *request, changed, "m");
        QVERIFY(composed.has_value());
        QVERIFY(composed->starts_with("--gatehouse-form-" + std::to_string(i) + "\r\n"));
        all += "gatehouse-form-" + std::to_string(i) + " ";
    }
    const std::string body = field("model", "m") + field("file", all, "; filename=\"a\"") + kEnd;
    const auto request = openAiTranscriptions().parse(body, {}, asked());
    QVERIFY(request.has_value());
    const std::vector<std::optional<std::string>> changed(request->parts.size());
    QVERIFY(!openAiTranscriptions().compose(body, *request, changed, "m").has_value());
}

void TestMultipart::aFormCutAtAnyByteIsRefused() {
    for (std::size_t size = 0; size < kGood.size() - 2; ++size) {
        QVERIFY2(!readForm(kGood.substr(0, size), kBoundary, {}).has_value(), qPrintable(QString::number(size)));
    }
    QVERIFY(readForm(kGood.substr(0, kGood.size() - 2), kBoundary, {}).has_value()); // without the last line end
}

void TestMultipart::oddFormsAreRefused_data() {
    QTest::addColumn<std::string>("body");
    const std::string model = field("model", "m");
    QTest::newRow("preamble") << "x\r\n" + model + kEnd;
    QTest::newRow("epilogue") << model + kEnd + "x";
    QTest::newRow("twice") << model + field("prompt", "a") + field("prompt", "b") + kEnd;
    QTest::newRow("escaped quote") << model + field("prompt", "a", "; filename=\"a\\\"b\"") + kEnd;
    QTest::newRow("starred") << model + field("prompt", "a", "; filename*=UTF-8''a") + kEnd;
    QTest::newRow("unknown head") << model + field("prompt", "a", "\r\nX-Other: b") + kEnd;
    QTest::newRow("folded head") << model + field("prompt", "a", "\r\n folded") + kEnd;
    QTest::newRow("two names") << model + field("prompt", "a", "; name=\"b\"") + kEnd;
    QTest::newRow("odd name") << model + field("pro mpt", "a") + kEnd;
    QTest::newRow("odd type") << model + field("prompt", "a", "\r\nContent-Type: text/plain; x=\"y\"") + kEnd;
    QTest::newRow("file name that is not UTF-8") << model + field("prompt", "a", "; filename=\"\xFF\"") + kEnd;
    std::string many = model;
    for (int i = 0; i < 300; ++i) {
        many += field("tag[]", "x");
    }
    QTest::newRow("many") << many + kEnd;
}

void TestMultipart::oddFormsAreRefused() {
    QFETCH(std::string, body);
    QVERIFY(!openAiImageEdits().parse(body, {}, asked()).has_value());
}

QTEST_APPLESS_MAIN(TestMultipart)
#include "tst_multipart.moc"
