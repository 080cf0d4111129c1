// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "documents/sniff.h"
#include "unit/documents/made.h"

using namespace gatehouse::documents;
using namespace std::string_literals;

namespace {

const std::string kCard = "4111 1111 1111 1111";
const std::string kMail = "ann.marsh@corp.example";

} // namespace

class TestReaders final : public QObject {
    Q_OBJECT

    static void has(const Extraction& all, const std::string& place, const std::string& text) {
        QVERIFY2(pieceOf(all, place).find(text) != std::string::npos,
                 (place + " / " + text + "\n" + shown(all)).c_str());
    }
    static void lacks(const Extraction& all, const std::string& place, const std::string& reason) {
        QVERIFY2(shown(all).find(place + "? " + reason) != std::string::npos, shown(all).c_str());
    }

private slots:
    void aWordDocumentIsReadWithAllThatIsInIt() {
        const Extraction all = readHere(fixture("word.docx"));
        QCOMPARE(all.format, "docx"s);
        has(all, "text", "The card " + kCard + " is mine."); // in three runs
        has(all, "text", "hidden text");
        has(all, "text", "name\tmail\t\nAnn\t" + kMail);
        has(all, "header 1", "running head");
        has(all, "footer 1", "running foot");
        has(all, "core", "Ann Marsh\nproperty note");
        QVERIFY2(all.gaps.empty(), shown(all).c_str());
    }

    void deletedTextCommentsAndLinksCountAsText() {
        const Extraction all = readHere(packed(
            {{"[Content_Types].xml", "<Types/>"},
             {"word/document.xml",
              "<w:document><w:body><w:p><w:r><w:t>4111 "
              "1111</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
              "<w:r><w:t> 1111 1111</w:t></w:r></w:p><wp:docPr descr=\"what it shows\"/></w:body></w:document>"},
             {"word/comments.xml", "<w:comments><w:comment w:author=\"Bob\"><w:p><w:r><w:t>remark</w:t></w:r></w:p>"
                                   "</w:comment></w:comments>"},
             {"word/_rels/document.xml.rels", "<R><R Target=\"styles.xml\"/><R Target=\"mailto:x@y.example\" "
                                              "TargetMode=\"External\"/></R>"},
             {"word/vbaProject.bin", "\xD0\xCF\x11\xE0"}, // NOLINT
             {"word/media/image1.png", "\x89PNG\r\n\x1A\n"}}));
        has(all, "text", kCard + "\n");
        has(all, "text", "gone");
        has(all, "text", "what it shows");
        has(all, "comments", "remark\nBob");
        QCOMPARE(pieceOf(all, "links of document"), "mailto:x@y.example\n"s);
        lacks(all, "word/vbaProject.bin", "a program");
        lacks(all, "word/media/image1.png", "a picture");
        QVERIFY(all.unreadable().empty());
    }

    void aWorkbookIsReadSheetBySheet() {
        const Extraction all = readHere(fixture("book.xlsx"));
        QCOMPARE(all.format, "xlsx"s);
        QCOMPARE(pieceOf(all, "sheet Q1!A1:C3"),
                 "name\tcard\tmail\t\nAnn\t4111111111111111\t" + kMail + "\t\n\t\t\t\n");
        has(all, "sheet Q1, formulas and hints", "CONCATENATE(\"formula\"");
        has(all, "sheet Old (hidden)!B2:B2", "\thidden cell");
        has(all, "comment 1", "cell comment");
        has(all, "names of sheets", "Q1\nOld");
    }

    void numbersOfAWorkbookAreWrittenOut() {
        const Extraction all = readHere(packed(
            {{"[Content_Types].xml", "<Types/>"},
             {"xl/workbook.xml", "<workbook><sheets><sheet name=\"S\" r:id=\"r1\"/></sheets></workbook>"},
             {"xl/_rels/workbook.xml.rels", "<R><R Id=\"r1\" Target=\"/xl/worksheets/sheet1.xml\"/></R>"},
             {"xl/worksheets/sheet1.xml", "<worksheet><sheetData><row><c r=\"B3\"><v>4.1111111111111E15</v></c>"
                                          "<c t=\"inlineStr\"><is><t>in</t><t>line</t></is></c><c><v>1.5E-3</v></c>"
                                          "</row></sheetData></worksheet>"}}));
        QCOMPARE(pieceOf(all, "sheet S!B3:D3"), "\t4111111111111100\tinline\t1.5E-3\t\n"s);
    }

    void slidesAndTheirNotesComeInOrder() {
        const auto slide = [](const std::string& text) {
            return "<p:sld><a:p><a:r><a:t>" + text + "</a:t></a:r></a:p></p:sld>";
        };
        const Extraction all = readHere(packed({{"[Content_Types].xml", "<Types/>"},
                                                {"ppt/presentation.xml", "<p:presentation/>"},
                                                {"ppt/slides/slide10.xml", slide("ten")},
                                                {"ppt/slides/slide2.xml", slide("two")},
                                                {"ppt/notesSlides/notesSlide2.xml", slide("said")}}));
        QCOMPARE(shown(all), "pptx\nnotes of slide 2: said\n\nslide 2: two\n\nslide 10: ten\n\n"s);
    }

    void openDocumentsAreRead() {
        has(readHere(fixture("text.odt")), "text", "The card " + kCard + " is mine.\n");
        has(readHere(fixture("text.ods")), "sheet Q1", "mail\t" + kMail);
        const Extraction locked = readHere(packed({{"mimetype", "application/vnd.oasis.opendocument.text"},
                                                   {"content.xml", "garbage"},
                                                   {"META-INF/manifest.xml", "<m:encryption-data/>"}}));
        QCOMPARE(std::string(locked.unreadable()), "it is encrypted"s);
    }

    void aPdfIsReadPageByPage() {
        const Extraction all = readHere(fixture("pages.pdf"));
        QCOMPARE(all.format, "pdf"s);
        has(all, "page 1", "first page, the card " + kCard);
        has(all, "page 2", "second page, write to " + kMail);
        has(all, "properties", "Author: Ann Marsh");
        has(all, "remarks, links and fields", "outline entry");
        QVERIFY(all.gaps.empty());
    }

    void whatLiesBesideThePagesOfAPdfIsReadToo() {
        const Extraction all = readHere(fixture("remarks.pdf"));
        has(all, "page 1", "value of a field");
        has(all, "remarks, links and fields", "a remark with " + kCard);
        has(all, "remarks, links and fields", "mailto:" + kMail);
        QVERIFY2(pieceOf(all, "remarks, links and fields").find("Author") == std::string::npos, shown(all).c_str());
        QVERIFY(all.gaps.empty());
    }

    void picturesInAPdfAreToldAndItsLongObjectsWalked() {
        std::string nested = "(deep)";
        for (int i = 0; i < 40; ++i) {
            nested = "[" + nested + "]"; // NOLINT: a few bytes
        }
        const Extraction all = readHere(
            "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/X " + nested +
            ">>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
            "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
            "4 0 obj<</Type/XObject/Subtype/Image/Width 640/Height 480/BitsPerComponent 8/ColorSpace/DeviceGray"
            "/Length 1>>stream\nx\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF");
        has(all, "remarks, links and fields", "deep");
        lacks(all, "pictures", "pictures: text in pictures is not read");
    }

    void theSizeOfAPictureIsInItsHead_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        const auto raw = [](const char* hex) { return QByteArray::fromHex(hex); };
        QTest::newRow("PNG") << raw("89504e470d0a1a0a0000000d4948445200000164000000710802") << 356 << 113;
        QTest::newRow("GIF") << raw("474946383961640032008000") << 100 << 50;
        QTest::newRow("JPEG") << raw("ffd8ffe000104a46494600010100000100010000ffc0001108003c005003012200021101") << 80
                              << 60;
        QTest::newRow("BMP") << raw("424d000000000000000036000000280000004001000020000000") << 320 << 32;
        QTest::newRow("WebP, extended") << raw("524946460000000057454250565038580a00000000000000630000310000ffff")
                                        << 100 << 50;
        QTest::newRow("WebP, lossless") << raw("5249464600000000574542505650384c000000002f63400c000000000000000000")
                                        << 100 << 50;
        QTest::newRow("cut PNG") << raw("89504e470d0a1a0a0000000d49484452") << 0 << 0;
        QTest::newRow("cut JPEG") << raw("ffd8ffe000104a46") << 0 << 0;
        QTest::newRow("no picture") << QByteArray("text") << 0 << 0;
    }
    void theSizeOfAPictureIsInItsHead() {
        QFETCH(QByteArray, bytes);
        QFETCH(int, width);
        QFETCH(int, height);
        const auto size = pictureSize(bytes.toStdString()).value_or(PictureSize{});
        QCOMPARE(static_cast<int>(size.width), width);
        QCOMPARE(static_cast<int>(size.height), height);
    }

    // A logo in a letter is no reason to warn; a picture beside it is, and so are many small ones.
    void aFewSmallPicturesOfADocumentAreDecoration() {
        const std::string logo = fixture("logo.png");
        const std::string screen = fixture("screen.png");
        const auto letter = [](Files files) {
            files.insert(files.begin(), {{"[Content_Types].xml", "<Types/>"}, {"word/document.xml", "<w:document/>"}});
            return packed(files);
        };
        Extraction all = readHere(letter({{"word/media/a.png", logo}, {"word/media/b.png", logo}}));
        QVERIFY2(all.gaps.empty(), shown(all).c_str());
        all = readHere(letter({{"word/media/a.png", logo}, {"word/media/b.png", screen}}));
        lacks(all, "word/media/b.png", "a picture");
        QCOMPARE(all.gaps.size(), 1U);
        Files many;
        for (int i = 0; i < 14; ++i) {
            many.emplace_back("word/media/" + std::to_string(i) + ".png", logo + std::to_string(i));
        }
        QCOMPARE(readHere(letter(many)).gaps.size(), 2U);
        // As a file of its own, and in an archive, it is what was meant to be sent.
        QCOMPARE(readHere(logo).gaps.size(), 1U);
        QCOMPARE(readHere(packed({{"a.png", logo}})).gaps.size(), 1U);
    }

    void whatIsReadInAPictureIsNoGap() {
        struct Fake final : PictureReader {
            Reading read(std::string_view encoded) override {
                return encoded.ends_with("bad") ? Reading{"half", "a picture: its text cannot be told"}
                                                : Reading{kCard, {}};
            }
            Reading read(const Pixels& pixels) override {
                return {std::to_string(pixels.width) + " wide " + kMail, {}};
            }
        } fake;
        const std::string screen = fixture("screen.png");
        Extraction all = readHere(screen, "a.png", {}, &fake);
        QCOMPARE(shown(all), "picture\ntext: " + kCard + "\n");
        all = readHere(packed({{"a.png", screen}, {"b.png", screen + "bad"}}), "", {}, &fake);
        has(all, "a.png", kCard);
        has(all, "b.png", "half");
        lacks(all, "b.png", "a picture: its text cannot be told");
        QCOMPARE(all.gaps.size(), 1U);
        const std::string dot = screen.substr(0, 16) + std::string("\0\0\0\1\0\0\0\1", 8); // NOLINT: one pixel
        lacks(readHere(dot, "a.png", {}, &fake), "", "a picture too small to read");
        QVERIFY(readHere(packed({{"[Content_Types].xml", "<Types/>"}, {"word/media/a.png", dot}}), "", {}, &fake)
                    .gaps.empty());
        all = readHere(fixture("scan.pdf"), "", {}, &fake); // 595 points at 200 dots per inch
        has(all, "page 1, as it looks", "1653 wide " + kMail);
        QVERIFY2(all.gaps.empty(), shown(all).c_str());
        all = readHere(fixture("scan.pdf"));
        lacks(all, "page 1", "a page without text");
        lacks(all, "pictures", "pictures: text in pictures is not read");
    }

    void whatIsEncryptedIsSaidToBe_data() {
        QTest::addColumn<std::string>("bytes");
        QTest::newRow("pdf") << fixture("locked.pdf");
        QTest::newRow("office") << "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"s + std::string(1024, '\0');
        const std::string zip = packed({{"a.txt", "text"}}, Container::encryptedZip);
        if (zip.find("a.txt") != std::string::npos && (zip.at(6) & 1) != 0) { // the library can be built without
            QTest::newRow("zip") << zip;
        }
    }
    void whatIsEncryptedIsSaidToBe() {
        QFETCH(std::string, bytes);
        const Extraction all = readHere(bytes);
        QVERIFY(all.gaps.size() == 1 && all.gaps[0].reason.find("encrypted") != std::string::npos);
        QCOMPARE(pieceOf(all, "text"), ""s);
    }

    void textIsReadInItsEncoding_data() {
        QTest::addColumn<std::string>("bytes");
        QTest::addColumn<std::string>("text");
        QTest::newRow("utf-8") << "gr\xC3\xBC\xC3\x9F"s << "gr\xC3\xBC\xC3\x9F"s;
        QTest::newRow("utf-8 with a mark") << "\xEF\xBB\xBFhello"s << "hello"s;
        QTest::newRow("windows-1252") << "gr\xFC\xDF \x80 5"s << "gr\xC3\xBC\xC3\x9F \xE2\x82\xAC 5"s;
        QTest::newRow("utf-16 le") << "\xFF\xFE"
                                      "a\0\xE4\0"s
                                   << "a\xC3\xA4"s;
        QTest::newRow("utf-16 be") << "\xFE\xFF"
                                      "\0a\x04\x16\xD8\x3D\xDE\x00"s
                                   << "a\xD0\x96\xF0\x9F\x98\x80"s;
        QTest::newRow("utf-16 le without a mark") << "h\0e\0l\0l\0o\0"s << "hello"s;
        QTest::newRow("utf-16 be without a mark") << "\0h\0e\0l\0l\0o"s << "hello"s;
        QTest::newRow("utf-32 le") << "\xFF\xFE\0\0a\0\0\0\0\xF6\x01\0"s << "a\xF0\x9F\x98\x80"s;
        QTest::newRow("half a pair") << "\xFF\xFE\x3D\xD8"
                                        "a\0"s
                                     << "\xEF\xBF\xBD"
                                        "a"s;
    }
    void textIsReadInItsEncoding() {
        QFETCH(std::string, bytes);
        QFETCH(std::string, text);
        QCOMPARE(pieceOf(readHere(bytes), "text"), text);
    }

    void whatIsNoTextIsUnknown() {
        std::string bytes;
        for (int i = 0; i < 4096; ++i) {
            bytes += static_cast<char>(i * 37 + i / 7);
        }
        QCOMPARE(std::string(readHere(bytes).unreadable()), "a format that is not known"s);
        QCOMPARE(readHere("").gaps.size(), 0U);
    }

    void aPageIsShownWithoutItsMarkup() {
        const Extraction all =
            readHere("<!DOCTYPE html><html><p>4111<b> 1111</b> 1111&#32;1111<p title='tip > "
                     "top'>ann&commat;x.example</p><!-- note --><script>var "
                     "key = 1 < 2;</script><td>a</td><td>b</td> 1 < 2 &unknown; <password=abc></html>");
        QCOMPARE(all.format, "html"s);
        has(all, "text", "\n4111 1111 1111 1111\n");
        has(all, "text", "ann@x.example");
        has(all, "text", "a\tb\t 1 < 2 &unknown;");
        has(all, "markup", "p title='tip > top'\n note \n");
        has(all, "markup", "var key = 1 < 2;");
        has(all, "markup", "password=abc"); // what looks like a tag may be none
    }

    void richTextIsRead() {
        const Extraction all = readHere(
            "{\\rtf1\\ansi{\\fonttbl\\f0 Arial;}{\\info{\\author Ann}}The \\b card\\b0  4111 1111 {\\i 1111} 1111\\par "
            "gr\\'fc\\u223?e \\u-10179?\\u-8704?\\{x\\}{\\*\\annotation a remark}{\\pict 8950}{\\v hidden}}");
        QCOMPARE(all.format, "rtf"s);
        has(all, "text",
            "The card 4111 1111 1111 1111\ngr\xC3\xBC\xC3\x9F"
            "e \xF0\x9F\x98\x80{x}hidden");
        has(all, "comments and properties", "Ann\na remark");
        lacks(all, "pictures and objects", "they are not read");
        QVERIFY(shown(all).find("Arial") == std::string::npos);
        QVERIFY(shown(all).find("8950") == std::string::npos);
    }

    void aMailIsReadWithItsAttachments() {
        const Extraction all = readHere(
            "From: =?utf-8?B?QW5u?= =?utf-8?Q?_Marsh?= <" + kMail +
                ">\r\nSubject: folded\r\n subject\r\nMIME-Version: 1.0\r\n"
                "Content-Type: multipart/mixed; boundary=\"b1\"\r\n\r\nprologue\r\n--b1\r\nContent-Type: "
                "multipart/alternative; boundary=b2\r\n\r\n"
                "--b2\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: "
                "quoted-printable\r\n\r\n"
                "card 4111 1111 =\r\n1111 1111 =FC\r\n--b2\r\nContent-Type: text/html\r\n\r\n<p>html<!-- c "
                "--></p>\r\n--b2--\r\n"
                "--b1\r\nContent-Type: application/zip\r\nContent-Disposition: attachment; filename=\"a.zip\"\r\n"
                "Content-Transfer-Encoding: base64\r\n\r\n" +
                QByteArray::fromStdString(packed({{"in.txt", "inner text"}})).toBase64().toStdString() +
                "\r\n--b1--\r\nepilogue",
            "x.eml");
        QCOMPARE(all.format, "mail"s);
        has(all, "header", "from: Ann Marsh <" + kMail + ">\nsubject: folded subject\n");
        has(all, "text", "card 4111 1111 1111 1111 \xC3\xBC");
        has(all, "html", "html");
        has(all, "markup", " c ");
        has(all, "a.zip/in.txt", "inner text");
        has(all, "before the first part", "prologue");
        has(all, "behind the last part", "epilogue");
    }

    void archivesAreReadAndNested() {
        for (const Container container : {Container::zip, Container::tarGz, Container::sevenZip}) {
            const Extraction all = readHere(packed(
                {{"notes.txt", "outer"}, {"deep/x.zip", packed({{"word.docx", fixture("word.docx")}})}}, container));
            has(all, "notes.txt", "outer");
            has(all, "deep/x.zip/word.docx/text", kCard);
            has(all, "names", "notes.txt\ndeep/x.zip\n");
        }
    }

    void archivesWithinEachOtherEndSomewhere() {
        std::string bytes = packed({{"a.txt", "core"}});
        for (int i = 0; i < 3; ++i) {
            bytes = packed({{"x.zip", bytes}});
        }
        has(readHere(bytes), "x.zip/x.zip/x.zip/a.txt", "core");
        Limits limits;
        limits.depth = 3;
        lacks(readHere(bytes, "", limits), "x.zip/x.zip/x.zip", "it lies in too many archives");
    }

    void everyLimitIsToldAsAGap_data() {
        QTest::addColumn<int>("which");
        QTest::addColumn<std::string>("reason");
        QTest::newRow("none") << 0 << ""s;
        QTest::newRow("unpacked bytes") << 1 << "it unpacks to more than is read"s;
        QTest::newRow("bytes of a file") << 2 << "it is larger than what is read"s;
        QTest::newRow("files") << 3 << "it holds more files than are read"s;
        QTest::newRow("text") << 4 << "there is more text than is read"s;
        QTest::newRow("places") << 5 << "there are more places than are read"s;
    }
    void everyLimitIsToldAsAGap() {
        QFETCH(int, which);
        QFETCH(std::string, reason);
        Limits limits;
        limits.unpacked = which == 1 ? 19'999 : 20'000;
        limits.entry = which == 2 ? 9'999 : 10'000;
        limits.entries = which == 3 ? 1 : 2;
        limits.text = which == 4 ? 20'000 : 40'000;
        limits.frames = which == 5 ? 5 : 8;
        const std::string text = std::string(9'999, 'x') + "\n";
        const Extraction all = readHere(packed({{"a", text}, {"b", text}}), "", limits);
        QCOMPARE(all.gaps.empty(), reason.empty());
        if (!reason.empty()) {
            lacks(all, "", reason);
        }
    }

    void aBombIsNotUnpacked() {
        const Extraction all = readHere(packed({{"a.txt", std::string(40'000'000, ' ')}, {"b", "x"}}));
        lacks(all, "a.txt", "it unpacks to far more than it holds");
    }

    void brokenDocumentsGiveWhatIsThere() {
        const Extraction cut =
            readHere(packed({{"[Content_Types].xml", "<T/>"},
                             {"word/document.xml", "<w:document><w:p><w:t>4111 1111</w:t></w:p><w:p"}}));
        has(cut, "text", "4111 1111");
        lacks(cut, "text", "this part is broken");
        QVERIFY(!readHere("%PDF-1.7\ngarbage").unreadable().empty());
        QVERIFY(!readHere("PK\3\4garbage").gaps.empty());
    }

    void onlyContainersAndWideTextNeedTheHelper() {
        QVERIFY(needsExtraction(fixture("word.docx"), ""));
        QVERIFY(needsExtraction(fixture("pages.pdf"), ""));
        QVERIFY(needsExtraction("\xFF\xFEh\0i\0"s, ""));
        QVERIFY(!needsExtraction("plain text about %PDF-1.7", ""));
        QVERIFY(!needsExtraction("<html>source</html>", "a.html"));
        QVERIFY(!needsExtraction("\x89PNG\r\n\x1A\n", ""));
        QVERIFY(!needsExtraction("", ""));
    }
};

QTEST_APPLESS_MAIN(TestReaders)
#include "tst_readers.moc"
