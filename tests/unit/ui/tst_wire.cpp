// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "chat/wire.h"

using namespace gatehouse;
using namespace gatehouse::ui;
using namespace Qt::StringLiterals;

class TestWire final : public QObject {
    Q_OBJECT
private slots:
    void modelsKeepTheirOrderAndPreviewIsMarked();
    void aListOfModelsThatIsNoneIsRefused();
    void errorsAreReadInOpenAisForm();
    void piecesOfAStreamGiveTextEndAndErrors();
    void anAnswerThatWasNotStreamedIsAPieceToo();
    void anInteractionIsReadAsRecordAndAsListOfRecords();
    void nonsenseGivesNothing_data();
    void nonsenseGivesNothing();
};

void TestWire::modelsKeepTheirOrderAndPreviewIsMarked() {
    const auto models = parseModels(R"({"object":"list","data":[
        {"id":"desk/tiny","object":"model","owned_by":"desk","gatehouse":{"trust":"local"}},
        {"id":"preview","object":"model","owned_by":"preview"},{"id":"","owned_by":"x"}]})");
    QVERIFY(models.has_value());
    QCOMPARE(models->size(), 2U);
    QCOMPARE(models->at(0).id, u"desk/tiny"_s);
    QVERIFY(models->at(0).isLocal);
    QVERIFY(!models->at(0).isPreview);
    QVERIFY(models->at(1).isPreview);
}

void TestWire::aListOfModelsThatIsNoneIsRefused() {
    QVERIFY(!parseModels("{\"data\":{}}"));
    QVERIFY(!parseModels("[]"));
}

void TestWire::errorsAreReadInOpenAisForm() {
    const auto error =
        parseError(R"({"error":{"message":"No.","type":"gatehouse","code":"dlp_blocked","param":null}})");
    QVERIFY(error.has_value());
    QCOMPARE(error->code, u"dlp_blocked"_s);
    QCOMPARE(error->message, u"No."_s);
    QCOMPARE(parseError(R"({"error":"plain"})")->message, u"plain"_s);
    QCOMPARE(parseError(R"({"error":{"message":"m","type":"limited","code":null}})")->code, u"limited"_s);
    QVERIFY(!parseError("<html>"));
}

void TestWire::piecesOfAStreamGiveTextEndAndErrors() {
    QCOMPARE(parsePiece(R"({"choices":[{"delta":{"content":"He"},"finish_reason":null}]})")->text, u"He"_s);
    QVERIFY(parsePiece(R"({"choices":[{"delta":{},"finish_reason":"stop"}]})")->isLast);
    QVERIFY(parsePiece(R"({"choices":[{"delta":{},"finish_reason":"content_filter"}]})")->isFiltered);
    const auto usage = parsePiece(R"({"choices":[],"usage":{"prompt_tokens":3}})");
    QVERIFY(usage && usage->text.isEmpty() && !usage->isLast);
    QCOMPARE(parsePiece(R"({"error":{"message":"gone","code":"upstream_failed"}})")->error->code, u"upstream_failed"_s);
}

void TestWire::anAnswerThatWasNotStreamedIsAPieceToo() {
    const auto piece =
        parsePiece(R"({"choices":[{"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]})");
    QCOMPARE(piece->text, u"Hi"_s);
    QVERIFY(piece->isLast);
    QCOMPARE(parsePiece(R"({"choices":[{"message":{"content":[{"type":"text","text":"a"},{"text":"b"}]}}]})")->text,
             u"ab"_s);
}

void TestWire::anInteractionIsReadAsRecordAndAsListOfRecords() {
    const QByteArray record = R"({"action":"redact","rule":"r1","cost_usd":0.5,"sanitised_text":"card [[CARD_1]]",
        "findings":[{"detector":"pci.any.card","class":"pci","count":2},{"detector":"x","class":"unknown-word"}]})";
    for (const QByteArray& json : {record, "{\"records\":[{\"kind\":\"intent\"}," + record + "]}"}) {
        const auto view = parseInteraction(json);
        QVERIFY(view.has_value());
        QCOMPARE(view->findings.size(), 2U);
        QCOMPARE(view->findings.at(0).count, 2U);
        QCOMPARE(view->findings.at(0).findingClass, FindingClass::pci);
        QCOMPARE(view->findings.at(1).findingClass, FindingClass::custom);
        QCOMPARE(view->findings.at(1).count, 1U);
        QCOMPARE(view->sentText.value_or(QString()), u"card [[CARD_1]]"_s);
        QCOMPARE(view->costUsd.value_or(0), 0.5);
        QCOMPARE(view->decision, u"redact"_s);
    }
    QVERIFY(!parseInteraction("{}")->sentText.has_value());
}

void TestWire::nonsenseGivesNothing_data() {
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("text") << QByteArray("not json");
    QTest::newRow("cut") << QByteArray("{\"choices\":[{");
    QTest::newRow("number") << QByteArray("7");
    QTest::newRow("deep") << QByteArray(100'000, '[');
}

void TestWire::nonsenseGivesNothing() {
    QFETCH(QByteArray, json);
    QVERIFY(!parseModels(json));
    QVERIFY(!parseError(json));
    QVERIFY(!parsePiece(json));
    QVERIFY(!parseInteraction(json));
}

QTEST_GUILESS_MAIN(TestWire)
#include "tst_wire.moc"
