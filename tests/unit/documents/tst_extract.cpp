// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include <random>

#include "documents/extract.h"
#include "unit/documents/made.h"

using namespace gatehouse::documents;
using namespace std::chrono_literals;
using namespace std::string_literals;

class TestExtract final : public QObject {
    Q_OBJECT

    static Extraction extract(const std::string& bytes, const std::string& name = {}) {
        return makeExtractor({.helper = GATEHOUSE_EXTRACT})->extract(bytes, name, 60s);
    }
    // A program that stands in for the helper.
    QString script(const char* body) {
        const QString path = m_folder.filePath("helper");
        QFile file(path);
        QFile::remove(path);
        if (file.open(QIODevice::WriteOnly)) {
            file.write(QByteArray("#!/bin/sh\n") + body + "\n");
        }
        file.close();
        file.setPermissions(QFile::ReadOwner | QFile::ExeOwner);
        return path;
    }

private slots:
    void theHelperSaysWhatTheReadersSay_data() {
        QTest::addColumn<std::string>("name");
        for (const char* name : {"word.docx", "book.xlsx", "pages.pdf", "remarks.pdf", "locked.pdf", "text.odt",
                                 "text.ods", "screen.png", "scan.pdf"}) {
            QTest::newRow(name) << std::string(name);
        }
    }
    void theHelperSaysWhatTheReadersSay() {
        QFETCH(std::string, name);
        const std::string bytes = fixture(name);
        const auto pictures = loadPictureReader();
        QCOMPARE(shown(extract(bytes, name)), shown(readHere(bytes, name, {}, pictures.get())));
    }

    // With Tesseract in its sandbox, where that is installed.
    void lettersInPicturesAreRead() {
        if (loadPictureReader() == nullptr) {
            QCOMPARE(extract(fixture("screen.png")).gaps.size(), 1U);
            QSKIP("Tesseract with its English model is not installed");
        }
        const std::string screen = fixture("screen.png");
        Extraction all = extract(screen);
        QVERIFY2(all.gaps.empty(), shown(all).c_str());
        QVERIFY2(pieceOf(all, "text").find("4111 1111 1111 1111") != std::string::npos, shown(all).c_str());
        QVERIFY2(pieceOf(all, "text").find("ann.marsh@corp.example") != std::string::npos, shown(all).c_str());
        all = extract(packed({{"[Content_Types].xml", "<Types/>"},
                              {"word/document.xml", "<w:document/>"},
                              {"word/media/a.png", screen}}));
        QVERIFY2(pieceOf(all, "word/media/a.png").find("4111 1111 1111 1111") != std::string::npos, shown(all).c_str());
        QVERIFY2(all.gaps.empty(), shown(all).c_str());
        all = extract(fixture("scan.pdf"));
        QVERIFY2(pieceOf(all, "page 1, as it looks").find("4111 1111 1111 1111") != std::string::npos,
                 shown(all).c_str());
        QVERIFY2(all.gaps.empty(), shown(all).c_str());
    }

    void brokenAndHugePicturesStayUnread() {
        const std::string screen = fixture("screen.png");
        QCOMPARE(extract(screen.substr(0, 60)).gaps.size(), 1U);
        QCOMPARE(extract("\xFF\xD8\xFF" + std::string(400, 'x')).gaps.size(), 1U); // NOLINT
        std::string huge = screen;                                                 // its head says 65,535 by 65,535
        huge.replace(16, 8, std::string("\0\0\xFF\xFF\0\0\xFF\xFF", 8));           // NOLINT
        QCOMPARE(extract(huge).gaps.size(), 1U);
    }

    void theNameIsAHint() {
        QCOMPARE(extract("Subject: x\n\nbody", "a.eml").format, "mail"s);
        QCOMPARE(extract("Subject: x\n\nbody", "a.txt").format, "text"s);
    }

    void aDocumentLargerThanWhatAPipeHoldsGoesThrough() {
        std::string text;
        while (text.size() < 3'000'000) {
            text += "line " + std::to_string(text.size()) + "\n";
        }
        QCOMPARE(pieceOf(extract(text), "text"), text);
    }

    void whatGoesWrongMakesItUnreadable_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<std::string>("reason");
        QTest::newRow("crash") << QByteArray("kill -SEGV $$") << "the reader failed on it"s;
        QTest::newRow("crash half way") << QByteArray(
                                               "cat >/dev/null; printf 'F\\3\\0\\0\\0\\0\\0\\0\\0pdf'; kill -SEGV $$")
                                        << "the reader failed on it"s;
        QTest::newRow("silence") << QByteArray("exit 0") << "the reader failed on it"s;
        QTest::newRow("nonsense") << QByteArray("cat >/dev/null; echo hello world") << "the reader failed on it"s;
        QTest::newRow("endless talk") << QByteArray("yes") << "the reader failed on it"s;
        QTest::newRow("hang") << QByteArray("exec sleep 1000") << "reading it takes too long"s;
        QTest::newRow("hang without reading, output open")
            << QByteArray("sleep 1000 & wait") << "reading it takes too long"s;
    }
    void whatGoesWrongMakesItUnreadable() {
        QFETCH(QByteArray, body);
        QFETCH(std::string, reason);
        const std::string path = script(body.constData()).toStdString();
        const auto extractor = makeExtractor({.helper = path, .deadline = reason.ends_with("long") ? 200ms : 60'000ms});
        const Extraction all = extractor->extract(std::string(1'000'000, 'x'), "", 60s);
        QCOMPARE(std::string(all.unreadable()), reason);
        QVERIFY(all.pieces.empty());
    }

    void aMissingHelperMakesItUnreadable() {
        const auto extractor = makeExtractor({.helper = "/nowhere/gatehouse-extract"});
        QVERIFY(!extractor->extract("x", "", 60s).unreadable().empty());
    }

    void tooLargeOrTooLateIsUnreadable() {
        const auto extractor = makeExtractor({.helper = GATEHOUSE_EXTRACT, .maxInput = 3});
        QCOMPARE(pieceOf(extractor->extract("abc", "", 60s), "text"), "abc"s);
        QCOMPARE(std::string(extractor->extract("abcd", "", 60s).unreadable()), "it is larger than what is read"s);
        QCOMPARE(std::string(extractor->extract("abc", "", 0s).unreadable()), "reading it takes too long"s);
    }

    // Cut anywhere and changed anywhere, a document gives an answer; that the test ends is what it shows.
    void cutAndChangedDocumentsGiveAnAnswer() {
        std::mt19937 random(4); // NOLINT: the same documents in every run
        for (const char* name : {"word.docx", "book.xlsx", "pages.pdf", "remarks.pdf", "text.odt"}) {
            const std::string whole = fixture(name);
            for (int round = 0; round < 40; ++round) {
                std::string bytes = whole.substr(0, round % 2 == 0 ? random() % whole.size() : whole.size());
                for (int i = 0; round % 4 != 0 && !bytes.empty() && i < 20; ++i) {
                    bytes[random() % bytes.size()] = static_cast<char>(random());
                }
                const Extraction all = extract(bytes, name);
                QVERIFY2(bytes.empty() || !all.pieces.empty() || !all.gaps.empty(), name);
            }
        }
    }

private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestExtract)
#include "tst_extract.moc"
