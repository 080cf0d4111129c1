// SPDX-License-Identifier: Apache-2.0
#define QT_NO_EMIT
#include <QtTest>

#include <future>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "base/bytes.h"
#include "governance/inspect.h"
#include "governance/inspect_documents.h"
#include "governance_fixture.h"

using namespace gatehouse;
using namespace gatehouse::governance;
using namespace std::string_literals;

namespace {

// Says what it was made to say, and remembers what it was asked.
class FakeExtractor final : public documents::Extractor {
public:
    [[nodiscard]] documents::Extraction extract(std::string_view bytes, std::string_view name,
                                                std::chrono::milliseconds within) const override {
        asked.push_back(std::string(name) + "|" + std::string(bytes));
        hasTime = within.count() > 0;
        return says;
    }
    documents::Extraction says{"pdf", {{"page 1", "the card 4111 1111 1111 1111"}, {"page 2", "nothing"}}, {}};
    mutable std::vector<std::string> asked;
    mutable bool hasTime = false;
};

// Reads nothing until it is told to.
class SlowExtractor final : public documents::Extractor {
public:
    [[nodiscard]] documents::Extraction extract(std::string_view /*bytes*/, std::string_view /*name*/,
                                                std::chrono::milliseconds /*within*/) const override {
        const bool isTold = told.get_future().wait_for(std::chrono::seconds(20)) == std::future_status::ready;
        return {"text", {{"text", isTold ? "the card 4111 1111 1111 1111" : "nothing"}}, {}};
    }
    mutable std::promise<void> told;
};

Part part(const std::string& text, PartKind kind, const std::string& pointer = "/messages/0/content/0/file/file_data") {
    Part made;
    made.text = text;
    made.kind = kind;
    made.pointer = pointer;
    return made;
}

Task<void> keepFindings(Governor& governor, const Interaction& prompt, std::vector<Finding>& out) {
    const Rules rules = governor.rules();
    auto found = co_await governor.inspect(rules, prompt, Reach::elsewhere);
    if (found) {
        out = std::move(*found);
    }
}

std::string encoded(const std::string& bytes) {
    return base64Encode(bytesOf(bytes));
}

} // namespace

class TestInspectDocuments final : public QObject {
    Q_OBJECT

    std::shared_ptr<const dlp::Engine> m_engine;
    ScratchShelf m_shelf;

    std::vector<Finding> inspect(const std::vector<Part>& parts, const documents::Extractor* extractor) {
        ScratchShelf::Loan loan(m_shelf, m_engine);
        auto found = inspectParts(*m_engine, loan.scratch(), parts, extractor);
        return found ? std::move(*found) : std::vector<Finding>(99);
    }
    static std::string shown(const std::vector<Finding>& findings) {
        std::string out;
        for (const Finding& finding : findings) {
            out += std::to_string(finding.part) + ":" + finding.detector + " ";
        }
        return out;
    }

private slots:
    void initTestCase() {
        auto engine = dlp::Engine::compile({});
        QVERIFY(engine.has_value());
        m_engine = std::move(*engine);
    }

    void whatStandsInADocumentIsFoundOverTheWholePart() {
        const FakeExtractor extractor;
        const std::vector<Part> parts{part("hello", PartKind::text, "/messages/0/content/0/text"),
                                      part(encoded("%PDF-bytes"), PartKind::opaque)};
        const auto findings = inspect(parts, &extractor);
        QCOMPARE(shown(findings), "1:pci.any.card "s);
        QCOMPARE(findings[0].begin, 0U);
        QCOMPARE(findings[0].end, parts[1].text.size());
        QVERIFY(findings[0].document.starts_with("pdf, 10 bytes, sha256 "));
        QCOMPARE(documentsOf(findings).size(), 1U);
        QVERIFY(documentsOf(findings)[0].ends_with(", 1 finding"));
        QVERIFY(extractor.hasTime);
    }

    void theFileIsDecodedAndNamed_data() {
        QTest::addColumn<std::string>("text");
        QTest::newRow("base64") << encoded("%PDF>>>???");
        QTest::newRow("data URI") << "data:application/pdf;base64," + encoded("%PDF>>>???");
        QTest::newRow("other alphabet, no padding") << "JVBERj4-Pj8_Pw"s;
        QTest::newRow("in lines") << "JVBE\r\nRj4+ Pj8/\tPw==\n"s;
    }
    void theFileIsDecodedAndNamed() {
        QFETCH(std::string, text);
        const FakeExtractor extractor;
        inspect({part("name.pdf", PartKind::fileName, "/messages/0/content/0/file/filename"),
                 part("other.pdf", PartKind::fileName, "/messages/0/content/1/file/filename"),
                 part(text, PartKind::opaque)},
                &extractor);
        QVERIFY(extractor.asked.size() == 1U);
        QCOMPARE(extractor.asked[0], "name.pdf|%PDF>>>???"s);
    }

    void whatCannotBeReadIsUnreadable() {
        const std::vector<Part> pdf{part(encoded("%PDF-bytes"), PartKind::opaque)};
        FakeExtractor extractor;
        QCOMPARE(shown(inspect(pdf, nullptr)), "0:unreadable.any.part "s);
        QCOMPARE(shown(inspect({part("no base64!", PartKind::opaque)}, &extractor)), "0:unreadable.any.part "s);
        QCOMPARE(shown(inspect({part(encoded("OggS recording"), PartKind::opaque)}, &extractor)),
                 "0:unreadable.any.part "s);
        QCOMPARE(extractor.asked.size(), 0U);
        extractor.says = {"pdf", {}, {{"", "it is encrypted"}}};
        const auto findings = inspect(pdf, &extractor);
        QCOMPARE(shown(findings), "0:unreadable.any.part "s);
        QVERIFY(findings[0].findingClass == FindingClass::unreadable && findings[0].level == Level::high);
        QCOMPARE(findings[0].why, "a document, or a part of it: it is encrypted"s);
        QCOMPARE(findings[0].end, pdf[0].text.size());
    }

    void aPlaceThatCannotBeReadIsToldBesideWhatWasFound() {
        FakeExtractor extractor;
        extractor.says.gaps = {{"page 3", "a picture"}, {"page 4", "a picture"}};
        QCOMPARE(shown(inspect({part(encoded("%PDF-bytes"), PartKind::opaque)}, &extractor)),
                 "0:pci.any.card 0:unreadable.any.part "s);
    }

    void aFloodInAPieceHidesNothingBesideIt() {
        FakeExtractor extractor;
        std::string flood;
        for (int i = 0; i < 300'000; ++i) {
            flood += "AB123456 ";
        }
        extractor.says.pieces = {{"page 1", flood + " card 4111 1111 1111 1111"}};
        const auto findings = inspect({part(encoded("%PDF-bytes"), PartKind::opaque)}, &extractor);
        QVERIFY(shown(findings).find("0:pci.any.card "s) != std::string::npos);
    }

    void signedAndEmptyPartsAreNotOpened() {
        const FakeExtractor extractor;
        Part sealed = part(encoded("%PDF-bytes"), PartKind::opaque);
        sealed.isImmutable = true;
        QCOMPARE(shown(inspect({sealed, part("", PartKind::opaque)}, &extractor)), ""s);
        QCOMPARE(extractor.asked.size(), 0U);
    }

    void theThreadThatAsksGoesOnMeanwhile() {
        const SlowExtractor extractor;
        const test::GovernanceFixture fixture("[]", "", &extractor);
        const Interaction prompt = test::GovernanceFixture::prompt({part(encoded("words"), PartKind::opaque)});
        std::vector<Finding> findings;
        asio::io_context context(1);
        asio::co_spawn(context, keepFindings(*fixture.governor, prompt, findings), asio::detached);
        asio::post(context, [&extractor] { extractor.told.set_value(); }); // behind the inspection, on its thread
        context.run();
        QCOMPARE(shown(findings), "0:pci.any.card "s);
    }

    void aCleanDocumentHasNoFindings() {
        FakeExtractor extractor;
        extractor.says.pieces = {{"page 1", "nothing"}};
        QCOMPARE(shown(inspect({part(encoded("%PDF-bytes"), PartKind::opaque)}, &extractor)), ""s);
    }
};

QTEST_GUILESS_MAIN(TestInspectDocuments)
#include "tst_inspect_documents.moc"
