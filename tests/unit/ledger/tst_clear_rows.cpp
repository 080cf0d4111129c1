// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "base/crypto.h"
#include "entry_fixture.h"
#include "ledger/batch.h"
#include "ledger/clear_rows.h"
#include "ledger/tlv.h"

using namespace gatehouse;
using namespace gatehouse::ledger;
using namespace gatehouse::test;

namespace {

const std::vector<std::string> kEveryWord{"person", "client",   "channel", "site",    "provider",
                                          "model",  "decision", "rule",    "outcome", "class"};

std::vector<ClearField> everyField() {
    std::vector<ClearField> fields;
    for (const std::string& word : kEveryWord) {
        fields.push_back(clearFieldFromWord(word).value());
    }
    return fields;
}

// The rows of docs/formats/audit-batch.md: do not change them.
std::vector<ClearRow> exampleRows() {
    ClearRow first;
    first.sequence = 5;
    first.timeMs = 1'800'000'000'000;
    first.kind = "intent";
    first.model = "gpt-5";
    first.decision = "redact";
    first.classes = {"pci"};
    ClearRow second;
    second.sequence = 6;
    second.timeMs = 1'800'000'000'001;
    second.kind = "outcome";
    return {first, second};
}

ClearRow rowWith(std::string ClearRow::* member, std::string text) {
    ClearRow row = exampleRows().front();
    row.*member = std::move(text);
    return row;
}

bool isRead(const ClearRow& row) {
    return decodeClearRows(encodeClearRows({row}), 5, 9).has_value();
}

} // namespace

class TestClearRows final : public QObject {
    Q_OBJECT
private slots:
    void theExampleOfTheFormatPageHasItsKnownHash() {
        QCOMPARE(hexEncode(sha256(encodeClearRows(exampleRows()))),
                 std::string("e7de94e4e210217bebf7c2a69fab0e22a2844c7a7ff0131d7c6a8bddefab8db8"));
    }

    void rowsComeBack() {
        const ClearRow full = clearRowOf(fullEntry().record, everyField());
        std::vector<ClearRow> rows = exampleRows();
        rows.push_back(full);
        const auto read = decodeClearRows(encodeClearRows(rows), 5, 9);
        QVERIFY2(read.has_value(), read ? "" : read.error().what.c_str());
        QVERIFY(*read == rows);
        QVERIFY(decodeClearRows(encodeClearRows({}), 5, 9).value().empty());
    }

    void everyFieldIsTakenFromItsRecord() {
        const ClearRow row = clearRowOf(fullEntry().record, everyField());
        QCOMPARE(row.sequence, 7U);
        QCOMPARE(row.timeMs, 1'800'000'000'000);
        QCOMPARE(row.kind, std::string("intent"));
        QCOMPARE(row.person, std::string("ada@example.com"));
        QCOMPARE(row.client, std::string("vscode"));
        QCOMPARE(row.channel, std::string("paste"));
        QCOMPARE(row.site, std::string("chatgpt.com"));
        QCOMPARE(row.provider, std::string("openai"));
        QCOMPARE(row.model, std::string("gpt-5"));
        QCOMPARE(row.decision, std::string("redact"));
        QCOMPARE(row.rule, std::string("cards"));
        QCOMPARE(row.outcome, std::string("sent"));
        QVERIFY((row.classes == std::vector<std::string>{"pci", "pii"}));
        // Without a sign-in it is the name of the machine's user.
        QCOMPARE(clearRowOf(exampleEntry().record, everyField()).person, std::string("ada"));
    }

    void whatPolicyDoesNotNameStaysOut_data() {
        QTest::addColumn<QString>("word");
        for (const std::string& word : kEveryWord) {
            QTest::newRow(word.c_str()) << QString::fromStdString(word);
        }
    }
    void whatPolicyDoesNotNameStaysOut() {
        QFETCH(QString, word);
        const AuditRecord record = fullEntry().record;
        const ClearRow none = clearRowOf(record, {});
        QVERIFY(none.person.empty() && none.client.empty() && none.channel.empty() && none.site.empty() &&
                none.provider.empty() && none.model.empty() && none.decision.empty() && none.rule.empty() &&
                none.outcome.empty() && none.classes.empty());
        const ClearRow one = clearRowOf(record, {clearFieldFromWord(word.toStdString()).value()});
        QVERIFY(one != none);
        const std::vector<std::string> texts{one.person, one.client,   one.channel, one.site,   one.provider,
                                             one.model,  one.decision, one.rule,    one.outcome};
        const auto filled = std::count_if(texts.begin(), texts.end(), [](const auto& text) { return !text.empty(); });
        QCOMPARE(filled + (one.classes.empty() ? 0 : 1), 1);
    }

    void aTextThatCannotBeKeptIsCutOrLeftOut() {
        AuditRecord record = exampleEntry().record;
        record.client = std::string(1023, 'a') + "\u00e4"; // two bytes, the second beyond the limit
        record.rule = "a\xff";
        record.outcome = std::string("a\0b", 3);
        const ClearRow row = clearRowOf(record, everyField());
        QCOMPARE(row.client, std::string(1023, 'a'));
        QVERIFY(row.rule.empty() && row.outcome.empty());
        QVERIFY(decodeClearRows(encodeClearRows({row}), 7, 7).has_value());
    }

    void anEventSaysNoMoreThanItHas() {
        AuditRecord record;
        record.kind = RecordKind::event;
        record.sequence = 3;
        const ClearRow row = clearRowOf(record, everyField());
        QVERIFY(row.channel.empty() && row.decision.empty());
    }

    void rowsOfOtherRecordsAreRefused() {
        const Bytes bytes = encodeClearRows(exampleRows());
        QVERIFY(decodeClearRows(bytes, 5, 6).has_value());
        QVERIFY(!decodeClearRows(bytes, 6, 9));
        QVERIFY(!decodeClearRows(bytes, 1, 5));
        std::vector<ClearRow> rows = exampleRows();
        std::swap(rows[0], rows[1]);
        QVERIFY(!decodeClearRows(encodeClearRows(rows), 5, 6));
        rows = {rows[0], rows[0]};
        QVERIFY(!decodeClearRows(encodeClearRows(rows), 5, 6));
    }

    void textsAndWordsThatCannotBeKeptAreRefused() {
        QVERIFY(isRead(rowWith(&ClearRow::person, std::string(1024, 'a'))));
        QVERIFY(!isRead(rowWith(&ClearRow::person, std::string(1025, 'a'))));
        QVERIFY(!isRead(rowWith(&ClearRow::model, "a\xff")));
        QVERIFY(!isRead(rowWith(&ClearRow::rule, std::string("a\0b", 3))));
        QVERIFY(!isRead(rowWith(&ClearRow::kind, "other")));
        QVERIFY(!isRead(rowWith(&ClearRow::kind, "")));
        ClearRow row = exampleRows().front();
        row.classes = {"pci", "unknown"};
        QVERIFY(!isRead(row));
        row.classes.assign(64, "pci");
        QVERIFY(isRead(row));
        row.classes.emplace_back("pci");
        QVERIFY(!isRead(row));
    }

    void everyCutAndWhatIsTooLargeIsRefused() {
        const Bytes bytes = encodeClearRows(exampleRows());
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            QVERIFY2(!decodeClearRows(ByteView(bytes).first(size), 5, 6) || size == 14,
                     std::to_string(size).c_str()); // 14: the version alone, which is a part without rows
        }
        QCOMPARE(decodeClearRows(Bytes(kMaxClear + 1), 5, 6).error().kind, ErrorKind::limit);
    }

    // Each field of a row, changed, is no longer what the record says; left out, it is.
    void aRowIsHeldAgainstItsRecord() {
        const AuditRecord record = fullEntry().record;
        const ClearRow whole = clearRowOf(record, everyField());
        QVERIFY(isTrueOf(whole, record));
        QVERIFY(isTrueOf(clearRowOf(record, {}), record));
        for (const auto text :
             {&ClearRow::person, &ClearRow::client, &ClearRow::channel, &ClearRow::site, &ClearRow::provider,
              &ClearRow::model, &ClearRow::decision, &ClearRow::rule, &ClearRow::outcome}) {
            ClearRow row = whole;
            row.*text = "other";
            QVERIFY(!isTrueOf(row, record));
            (row.*text).clear();
            QVERIFY(isTrueOf(row, record));
        }
        ClearRow row = whole;
        row.timeMs += 1;
        QVERIFY(!isTrueOf(row, record));
        row = whole;
        row.kind = "outcome";
        QVERIFY(!isTrueOf(row, record));
        row = whole;
        row.classes = {"pci"};
        QVERIFY(!isTrueOf(row, record));
    }

    void aFileWithAClearPartComesBackAndThePartIsTheSignedOne() {
        BatchHeader header;
        header.device.fill(1);
        header.key = sha256(bytesOf("public key"));
        header.chain.fill(2);
        header.from = 5;
        header.to = 6;
        header.before.fill(3);
        header.head.fill(4);
        header.sealedHash = sha256(bytesOf("sealed"));
        header.sealedBytes = 6;
        const Bytes clear = encodeClearRows(exampleRows());
        header.clearHash = sha256(clear);
        const auto write = [&](ByteView part) {
            return writeBatch(encodeBatchHeader(header), bytesOf("public key"), bytesOf("signature"), bytesOf("sealed"),
                              part);
        };
        const Bytes file = write(clear);
        const auto parts = readBatch(file);
        QVERIFY2(parts.has_value(), parts ? "" : parts.error().what.c_str());
        QVERIFY(parts->header == header);
        QVERIFY(Bytes(parts->clear.begin(), parts->clear.end()) == clear);
        Bytes changed = clear;
        changed.back() ^= 1;
        QVERIFY(!readBatch(write(changed)));
        QVERIFY(!readBatch(write({})));
        header.clearHash.reset();
        QVERIFY(!readBatch(write(clear))); // one that nobody signed
    }
};

QTEST_GUILESS_MAIN(TestClearRows)
#include "tst_clear_rows.moc"
