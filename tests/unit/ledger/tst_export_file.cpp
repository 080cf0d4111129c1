// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include <functional>
#include <string>
#include <vector>

#include "entry_fixture.h"
#include "ledger/export_file.h"

using namespace gatehouse;
using namespace gatehouse::ledger;
using namespace gatehouse::test;

namespace {

constexpr std::uint64_t kRecords = 40;

struct File {
    std::vector<std::string> lines; // header, records, end
    std::vector<Bytes> records;
    std::vector<Head> heads;
};

// An export of records `from`… of one chain; every third record keeps a text.
File makeFile(std::uint8_t chain = 0x11, std::uint64_t from = 1) {
    File file;
    Head head;
    head.chain.fill(chain);
    ExportStart start;
    for (std::uint64_t i = 1; i <= kRecords; ++i) {
        Entry entry = exampleEntry();
        entry.chain = head.chain;
        entry.previous = head.hash;
        entry.record.sequence = i;
        entry.record.interaction = "I" + std::to_string(i);
        entry.original = entry.sanitised = entry.justification = std::nullopt;
        std::vector<ExportedContent> contents;
        if (i % 3 == 0) {
            ExportedContent kept;
            kept.salt.fill(static_cast<std::uint8_t>(i));
            kept.content = {"ab" + std::to_string(i), "text " + std::to_string(i)};
            entry.original = commitContent(kept.salt, encodeContent(kept.content));
            contents.push_back(kept);
        }
        const Bytes bytes = encodeEntry(entry);
        if (i == from) {
            start.before = head;
        }
        head.sequence = i;
        head.hash = hashEntry(bytes);
        file.heads.push_back(head);
        file.records.push_back(bytes);
        if (i >= from) {
            file.lines.push_back(exportRecord(entry, bytes, contents));
        }
    }
    start.remembered = head;
    file.lines.insert(file.lines.begin(), exportHeader(start));
    file.lines.push_back(exportEnd(head, kRecords - from + 1));
    return file;
}

ExportVerifier::Report verify(const std::vector<std::string>& lines,
                              const std::optional<Sha256Digest>& expected = std::nullopt) {
    ExportVerifier verifier(expected);
    for (const std::string& line : lines) {
        if (!verifier.feed(line)) {
            break;
        }
    }
    return verifier.finish();
}

std::uint64_t firstBad(const std::vector<std::string>& lines) {
    const auto report = verify(lines);
    return report.fault ? report.fault->sequence : 0;
}

} // namespace

class TestExportFile final : public QObject {
    Q_OBJECT
private slots:
    void anUntouchedExportVerifies() {
        const File file = makeFile();
        const auto report = verify(file.lines, file.heads.back().hash);
        QVERIFY2(report.isIntact(), report.fault ? report.fault->what.c_str() : "");
        QCOMPARE(report.records, kRecords);
        QCOMPARE(report.texts, kRecords / 3);
        QCOMPARE(report.head, file.heads.back());
    }

    void aLaterPartVerifiesBehindWhatItFollows() {
        const auto report = verify(makeFile(0x11, 17).lines);
        QVERIFY(report.isIntact());
        QCOMPARE(report.first, std::uint64_t{17});
        QCOMPARE(report.records, kRecords - 16);
    }

    // Each character of each line, changed, is found at its record. A change that means the same is none.
    void everyCharacterThatChangesIsLocated() {
        const File file = makeFile();
        std::size_t cases = 0;
        for (std::size_t line : {std::size_t{1}, std::size_t{3}, std::size_t{kRecords}}) {
            for (std::size_t i = 0; i < file.lines[line].size(); ++i) {
                auto changed = file.lines;
                char& c = changed[line][i];
                c = static_cast<char>(c == '7' ? '8' : c == '8' ? '7' : c ^ 1);
                QCOMPARE(firstBad(changed), static_cast<std::uint64_t>(line));
                ++cases;
            }
        }
        QVERIFY(cases > 2000);
    }

    void everyRearrangementOfLinesIsLocated() {
        const File file = makeFile();
        const File foreign = makeFile(0x77);
        for (std::size_t at = 1; at <= kRecords; ++at) {
            const auto number = static_cast<std::uint64_t>(at);
            auto dropped = file.lines;
            dropped.erase(dropped.begin() + static_cast<std::ptrdiff_t>(at));
            QCOMPARE(firstBad(dropped), number);
            auto doubled = file.lines;
            doubled.insert(doubled.begin() + static_cast<std::ptrdiff_t>(at), file.lines[at]);
            QCOMPARE(firstBad(doubled), number + 1);
            auto spliced = file.lines;
            spliced[at] = foreign.lines[at];
            QCOMPARE(firstBad(spliced), number);
            auto cut = file.lines;
            cut.resize(at);
            QCOMPARE(firstBad(cut), number);
            if (at < kRecords) {
                auto swapped = file.lines;
                std::swap(swapped[at], swapped[at + 1]);
                QCOMPARE(firstBad(swapped), number);
            }
        }
    }

    void aForeignChainUnderOurHeaderIsFoundAtItsFirstRecord() {
        File file = makeFile();
        const File foreign = makeFile(0x77);
        std::copy(foreign.lines.begin() + 1, foreign.lines.end(), file.lines.begin() + 1);
        QCOMPARE(firstBad(file.lines), std::uint64_t{1});
    }

    // Who cuts the newest records and writes a fitting end is found by the head that the device remembered, and who
    // drops that too by the head that the auditor knows.
    void aCutTailWithAFittingEndIsFoundByWhatIsRemembered() {
        File file = makeFile();
        file.lines.resize(31);
        file.lines.push_back(exportEnd(file.heads[29], 30));
        QCOMPARE(firstBad(file.lines), std::uint64_t{31});
        ExportStart start;
        start.before.chain.fill(0x11);
        file.lines.front() = exportHeader(start);
        QVERIFY(verify(file.lines).isIntact());
        QVERIFY(!verify(file.lines, file.heads.back().hash).isIntact());
        QVERIFY(verify(file.lines, file.heads[12].hash).isIntact());
        QVERIFY(!verify(file.lines, Sha256Digest{}).isIntact()); // what the first record follows is no record
    }

    void whatStandsBehindTheEndIsAFault() {
        File file = makeFile();
        file.lines.push_back(file.lines[1]);
        QVERIFY(!verify(file.lines).isIntact());
    }

    void whatIsNoExportIsToldFromABrokenOne() {
        for (const std::string line : {"", "{}", "[]", "not json", R"({"gatehouse":"policy"})"}) {
            QVERIFY(!ExportVerifier().feed(line));
        }
        ExportVerifier newer;
        QVERIFY(newer.feed(R"({"gatehouse":"audit-export","version":2})"));
        QVERIFY(newer.finish().fault.has_value());
        ExportVerifier bare;
        QVERIFY(bare.feed(R"({"gatehouse":"audit-export","version":1})"));
        QVERIFY(bare.finish().fault.has_value());
    }

    // Three records with a text each; the header says that all texts are there, and the last record which were erased.
    void aTextIsErasedOnlyWhenALaterRecordSaysSo_data() {
        QTest::addColumn<int>("erasedFrom");
        QTest::addColumn<int>("erasedTo");
        QTest::addColumn<bool>("isCut");
        QTest::addColumn<int>("bad"); // record; 0: none
        QTest::newRow("the one that is gone") << 2 << 2 << false << 0;
        QTest::newRow("more than is gone") << 1 << 3 << false << 0;
        QTest::newRow("another one") << 1 << 1 << false << 2;
        QTest::newRow("a part of the chain cannot tell") << 1 << 1 << true << 0;
    }
    void aTextIsErasedOnlyWhenALaterRecordSaysSo() {
        QFETCH(int, erasedFrom);
        QFETCH(int, erasedTo);
        QFETCH(bool, isCut);
        QFETCH(int, bad);
        ExportStart start;
        start.before.chain.fill(0x11);
        start.hasTexts = true;
        start.isCut = isCut;
        Head head = start.before;
        std::vector<std::string> lines{exportHeader(start)};
        for (std::uint64_t i = 1; i <= 4; ++i) {
            Entry entry = exampleEntry();
            entry.chain = head.chain;
            entry.previous = head.hash;
            entry.record.sequence = i;
            ExportedContent kept;
            kept.content.text = "text " + std::to_string(i);
            entry.original = i < 4 ? Commitment(commitContent(kept.salt, encodeContent(kept.content))) : std::nullopt;
            if (i == 4) {
                entry.record.erased = {{static_cast<std::uint64_t>(erasedFrom), static_cast<std::uint64_t>(erasedTo)}};
            }
            const Bytes bytes = encodeEntry(entry);
            head.sequence = i;
            head.hash = hashEntry(bytes);
            const bool isKept = i == 1 || i == 3;
            lines.push_back(exportRecord(entry, bytes, isKept ? std::vector{kept} : std::vector<ExportedContent>()));
        }
        lines.push_back(exportEnd(head, 4));
        const ExportVerifier::Report report = verify(lines);
        QCOMPARE(report.fault ? static_cast<int>(report.fault->sequence) : 0, bad);
        QCOMPARE(report.erased, std::uint64_t{bad == 0 && !isCut ? 1U : 0U});
    }

    void aTextThatWasChangedIsFoundAndAnErasedOneIsNot() {
        File file = makeFile();
        Json line = Json::parse(file.lines[3]);
        line["content"][0]["text"] = "another text";
        File changed = file;
        changed.lines[3] = dumpJson(line);
        QCOMPARE(firstBad(changed.lines), std::uint64_t{3});
        line.erase("content");
        line.erase("original_sha256");
        changed.lines[3] = dumpJson(line);
        QVERIFY(verify(changed.lines).isIntact());
    }
};

QTEST_APPLESS_MAIN(TestExportFile)
#include "tst_export_file.moc"
