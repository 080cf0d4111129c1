// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "bridge/uploads.h"

using namespace gatehouse;
using namespace gatehouse::bridge;

namespace {

ipc::FileBegin fileOf(const std::string& name, std::uint64_t size) {
    return {.file = name, .host = "a.example", .topHost = {}, .name = "notes.txt", .mime = "text/plain", .size = size};
}

ipc::FileChunk chunkOf(const std::string& name, std::uint64_t sequence, std::string bytes) {
    return {.file = name, .sequence = sequence, .bytes = std::move(bytes)};
}

} // namespace

class UploadsTest final : public QObject {
    Q_OBJECT
private slots:
    void aTextComesBackWholeAlsoWhenACharacterIsCut() {
        Uploads uploads;
        QVERIFY(uploads.begin(fileOf("f", 6)));
        QVERIFY(!uploads.add(chunkOf("f", 0, "a\xc3")).value());
        QVERIFY(!uploads.add(chunkOf("f", 1, "\xa4 b\n")).value());
        const auto file = uploads.end("f");
        QVERIFY(file);
        QCOMPARE(file->text, std::optional<std::string>("a\xc3\xa4 b\n"));
        QCOMPARE(file->begin.name, std::string("notes.txt"));
        QCOMPARE(uploads.openCount(), 0U);
    }

    void anEmptyFileIsAnEmptyText() {
        Uploads uploads;
        QVERIFY(uploads.begin(fileOf("f", 0)));
        QCOMPARE(uploads.end("f")->text, std::optional<std::string>(""));
    }

    void bytesThatAreNoTextAreEnoughAtOnce() {
        Uploads uploads;
        QVERIFY(uploads.begin(fileOf("f", 100)));
        QVERIFY(uploads
                    .add(chunkOf("f", 0,
                                 std::string("\x7f"
                                             "ELF\0\1",
                                             6)))
                    .value());
        const auto file = uploads.end("f");
        QVERIFY(file);
        QVERIFY(!file->text);
    }

    void whatIsNoUtf8IsNoText() {
        Uploads uploads;
        QVERIFY(uploads.begin(fileOf("f", 2)));
        QVERIFY(!uploads.add(chunkOf("f", 0, "\xff\xfe")).value());
        QVERIFY(!uploads.end("f")->text);
    }

    void theBytesOfADocumentComeBackWhole() {
        Uploads uploads;
        QVERIFY(uploads.begin(fileOf("f", 8)));
        QVERIFY(!uploads.add(chunkOf("f", 0, "PK\3\4")).value());
        QVERIFY(!uploads.add(chunkOf("f", 1, std::string("\0\xff\0\1", 4))).value());
        const auto file = uploads.end("f");
        QVERIFY(file);
        QVERIFY(!file->text);
        QCOMPARE(file->document, std::optional<std::string>(std::string("PK\3\4\0\xff\0\1", 8)));
    }

    void aTextAboveTheCapIsNotKept() {
        Uploads uploads;
        QVERIFY(uploads.begin(fileOf("f", Uploads::kTextLimit + 1)));
        QVERIFY(uploads.add(chunkOf("f", 0, "text")).value());
        QVERIFY(!uploads.end("f")->text);
        QVERIFY(uploads.begin(fileOf("g", Uploads::kTextLimit)));
        QVERIFY(!uploads.add(chunkOf("g", 0, "text")).value());
    }

    void aSessionKeepsNoMoreThanItsCap() {
        Uploads uploads;
        const std::string part(8UL * 1024UL * 1024UL, 'a');
        for (std::size_t i = 0; i < Uploads::kSessionLimit / part.size(); ++i) {
            QVERIFY(uploads.begin(fileOf(std::to_string(i), part.size())));
            QVERIFY(!uploads.add(chunkOf(std::to_string(i), 0, part)).value());
        }
        QVERIFY(uploads.begin(fileOf("more", 1)));
        QVERIFY(uploads.add(chunkOf("more", 0, "a")).value());
        uploads.cancel("0");
        QVERIFY(uploads.begin(fileOf("again", 1)));
        QVERIFY(!uploads.add(chunkOf("again", 0, "a")).value());
    }

    void aFileThatEndsTooEarlyIsRefused() {
        Uploads uploads;
        QVERIFY(uploads.begin(fileOf("f", 10)));
        QVERIFY(uploads.add(chunkOf("f", 0, "short")));
        QVERIFY(!uploads.end("f"));
        QCOMPARE(uploads.openCount(), 0U);
    }

    void chunksOutOfOrderOrAboveTheSizeEndTheFile_data() {
        QTest::addColumn<int>("sequence");
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("gap") << 1 << QByteArray("ab");
        QTest::newRow("more than announced") << 0 << QByteArray("abcdef");
    }
    void chunksOutOfOrderOrAboveTheSizeEndTheFile() {
        QFETCH(int, sequence);
        QFETCH(QByteArray, bytes);
        Uploads uploads;
        QVERIFY(uploads.begin(fileOf("f", 5)));
        QVERIFY(!uploads.add(chunkOf("f", static_cast<std::uint64_t>(sequence), bytes.toStdString())));
        QVERIFY(!uploads.end("f"));
    }

    void unknownFilesAndTooManyAreRefused() {
        Uploads uploads;
        QVERIFY(!uploads.add(chunkOf("x", 0, "a")));
        QVERIFY(!uploads.end("x"));
        uploads.cancel("x");
        for (std::size_t i = 0; i < Uploads::kOpenLimit; ++i) {
            QVERIFY(uploads.begin(fileOf(std::to_string(i), 1)));
        }
        QCOMPARE(uploads.begin(fileOf("more", 1)).error().kind, ErrorKind::limit);
        uploads.cancel("0");
        QCOMPARE(uploads.begin(fileOf("1", 1)).error().kind, ErrorKind::invalidInput);
    }
};

QTEST_GUILESS_MAIN(UploadsTest)
#include "tst_uploads.moc"
