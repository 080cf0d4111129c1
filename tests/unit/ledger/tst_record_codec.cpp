// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include <cmath>

#include "entry_fixture.h"
#include "ledger/content.h"
#include "ledger/tlv.h"

using namespace gatehouse;
using namespace gatehouse::ledger;
using namespace gatehouse::test;

namespace {

// Made by a second implementation from docs/formats/audit-record.md, not by this one.
constexpr const char* kKnownBytes =
    "0001000000080000000000000001000200000010111111111111111111111111111111110003000000080000000000000007"
    "0004000000202222222222222222222222222222222222222222222222222222222222222222000500000008000001a3185c"
    "5000000600000008000000000000138800070000001033333333333333333333333333333333000800000006696e74656e74"
    "00100000001a30314a3030303030303030303030303030303030303030303030001200000003616461001300000008000000"
    "00000003e80019000000067673636f6465001a0000000373646b001b0000000670726f6d7074001c0000000b6f70656e6169"
    "2e636861740020000000066f70656e61690021000000056770742d3500240000000865787465726e616c0030000000046163"
    "6d650031000000080000000000000003003200000006726564616374003300000005636172647300340000000473656e7400"
    "360000003b0000003700010000000c7063692e616e792e636172640002000000037063690003000000080000000000000001"
    "0004000000083fe0000000000000005000000020444444444444444444444444444444444444444444444444444444444444"
    "4444";
constexpr const char* kKnownHash = "5123024d7ae524086797dec4b3040e522b4f9f71285514a0e4f959474450823e";

} // namespace

class TestRecordCodec final : public QObject {
    Q_OBJECT
private slots:
    // docs/formats/audit-record.md shows these; a second implementation is checked against them.
    void theExampleHasItsKnownBytesAndHash() {
        const Bytes bytes = encodeEntry(exampleEntry());
        QCOMPARE(QByteArray::fromStdString(hexEncode(bytes)), QByteArray(kKnownBytes));
        QCOMPARE(QByteArray::fromStdString(hexEncode(hashEntry(bytes))), QByteArray(kKnownHash));
    }

    void everyFieldComesBack() {
        const Entry entry = fullEntry();
        const Bytes bytes = encodeEntry(entry);
        const auto back = decodeEntry(bytes);
        QVERIFY2(back.has_value(), back ? "" : back.error().what.c_str());
        QCOMPARE(encodeEntry(*back), bytes);
        QCOMPARE(back->record.person.groups, entry.record.person.groups);
        QCOMPARE(back->record.process.pid, entry.record.process.pid);
        QCOMPARE(back->record.channel, Channel::paste);
        QCOMPARE(back->record.findings.at(1).count, std::size_t{12});
        QVERIFY(back->record.documents == entry.record.documents);
        QCOMPARE(back->record.usage.isEstimated, true);
        QVERIFY(back->record.costUsd.has_value());
        QCOMPARE(*back->record.costUsd, 0.0);
        QVERIFY(back->justification == entry.justification);
    }

    void whatWasErasedComesBackAndOnlyInOrder_data() {
        QTest::addColumn<std::vector<SequenceRange>>("ranges");
        QTest::addColumn<bool>("isFine");
        using Ranges = std::vector<SequenceRange>;
        QTest::newRow("some") << Ranges{{1, 1}, {2, 4}, {6, 6}} << true;
        QTest::newRow("from zero") << Ranges{{0, 1}} << false;
        QTest::newRow("backwards") << Ranges{{4, 3}} << false;
        QTest::newRow("overlapping") << Ranges{{1, 3}, {3, 4}} << false;
        QTest::newRow("descending") << Ranges{{4, 4}, {2, 2}} << false;
        QTest::newRow("the record itself") << Ranges{{7, 7}} << false;
        QTest::newRow("the largest number") << Ranges{{1, UINT64_MAX}} << false;
    }
    void whatWasErasedComesBackAndOnlyInOrder() {
        QFETCH(std::vector<SequenceRange>, ranges);
        QFETCH(bool, isFine);
        Entry entry = exampleEntry();
        entry.record.erased = ranges;
        const auto decoded = decodeEntry(encodeEntry(entry));
        QCOMPARE(decoded.has_value(), isFine);
        QVERIFY(!decoded || decoded->record.erased == ranges);
    }

    void anEmptyRecordComesBack() {
        Entry entry;
        entry.record.sequence = 1;
        entry.chain.fill(1);
        const Bytes bytes = encodeEntry(entry);
        QCOMPARE(encodeEntry(decodeEntry(bytes).value()), bytes);
    }

    void unknownCostIsNotZero() {
        Entry entry = exampleEntry();
        QVERIFY(!decodeEntry(encodeEntry(entry))->record.costUsd.has_value());
        entry.record.costUsd = std::nan("");
        QVERIFY(!decodeEntry(encodeEntry(entry))->record.costUsd.has_value());
        entry.record.costUsd = -0.0;
        QVERIFY(!std::signbit(*decodeEntry(encodeEntry(entry))->record.costUsd));
    }

    // What decodes was the one encoding of what it says: no two byte strings mean the same record.
    void whatDecodesEncodesToTheSameBytes() {
        const Bytes bytes = encodeEntry(fullEntry());
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            for (const int change : {1, 2, 0x80, 0xFF}) {
                Bytes changed = bytes;
                changed[i] = static_cast<std::uint8_t>(changed[i] ^ change);
                if (const auto entry = decodeEntry(changed)) {
                    QCOMPARE(encodeEntry(*entry), changed);
                }
            }
        }
    }

    void everyCutAndEveryAdditionIsRefused() {
        const Bytes bytes = encodeEntry(fullEntry());
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            const auto entry = decodeEntry(ByteView(bytes).first(size));
            if (entry) { // a cut between two optional fields at the end is a shorter record, never the same one
                QVERIFY(encodeEntry(*entry).size() == size);
            }
        }
        Bytes longer = bytes;
        longer.push_back(0);
        QVERIFY(!decodeEntry(longer).has_value());
        QCOMPARE(decodeEntry(Bytes(kMaxRecordBytes + 1)).error().kind, ErrorKind::limit);
    }

    void aDefaultValueThatIsWrittenOutIsRefused() {
        TlvWriter writer;
        writer.number(1, 1);
        Bytes bytes = writer.take();
        const Bytes zero{0, 2, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0};
        bytes.insert(bytes.end(), zero.begin(), zero.end());
        TlvReader reader(bytes);
        QCOMPARE(reader.number(1), std::uint64_t{1});
        QCOMPARE(reader.number(2), std::uint64_t{0});
        QVERIFY(!reader.finish().has_value());
    }

    void fieldsOutOfOrderOrTwiceAreRefused() {
        TlvWriter writer;
        writer.number(2, 5);
        writer.number(1, 6);
        const Bytes bytes = writer.take();
        TlvReader reader(bytes);
        reader.number(1);
        reader.number(2);
        QVERIFY(!reader.finish().has_value());
        TlvWriter twice;
        twice.number(1, 5);
        twice.number(1, 5);
        const Bytes repeated = twice.take();
        TlvReader second(repeated);
        QCOMPARE(second.number(1), std::uint64_t{5});
        QVERIFY(!second.finish().has_value());
    }

    void textsAreNotPartOfTheChain() {
        Entry entry = exampleEntry();
        const Bytes before = encodeEntry(entry);
        entry.record.originalText = "secret";
        entry.record.sanitisedText = "secret";
        entry.record.justification = "secret";
        entry.record.originalHash = "secret";
        entry.record.sanitisedHash = "secret";
        QCOMPARE(encodeEntry(entry), before);
    }

    void clippingKeepsUtf8AndFits() {
        AuditRecord record;
        record.destination.model = std::string(1023, 'a') + "\xC3\xA9";
        record.person.groups.resize(1000, std::string(5000, 'g'));
        record.findings.resize(1000, {std::string(5000, 'd'), FindingClass::pii, 1, 1});
        record.reason = std::string(100'000, 'r');
        clipRecord(record);
        QCOMPARE(record.destination.model, std::string(1023, 'a'));
        Entry entry;
        entry.record = record;
        QVERIFY(encodeEntry(entry).size() < kMaxRecordBytes);
    }

    void contentsComeBackAndTheirCommitmentNeedsEveryBit() {
        for (const Content& content :
             {Content{"ab", "text"}, Content{"ab", std::nullopt}, Content{"", ""}, Content{}}) {
            QCOMPARE(decodeContent(encodeContent(content)).value(), content);
        }
        const Bytes bytes = encodeContent({"ab", "text"});
        Salt salt{};
        const Sha256Digest commitment = commitContent(salt, bytes);
        salt[31] = 1;
        QVERIFY(commitContent(salt, bytes) != commitment);
        QVERIFY(commitContent(Salt{}, encodeContent({"ab", "texu"})) != commitment);
        QVERIFY(commitContent(Salt{}, encodeContent({"abt", "ext"})) != commitment);
    }
};

QTEST_GUILESS_MAIN(TestRecordCodec)
#include "tst_record_codec.moc"
