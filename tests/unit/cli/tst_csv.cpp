// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include <random>

#include "csv.h"

using gatehouse::cli::CsvReader;
using Row = std::vector<std::string>;

namespace {

std::vector<Row> rowsOf(std::string_view text) {
    CsvReader reader(text);
    std::vector<Row> rows;
    for (Row row; reader.next(row);) {
        rows.push_back(row);
    }
    return rows;
}

} // namespace

class TestCsv final : public QObject {
    Q_OBJECT

private slots:
    void theSeparatorIsTheFirstRows() {
        QCOMPARE(rowsOf("a,b\n1;2,3\n"), (std::vector<Row>{{"a", "b"}, {"1;2", "3"}}));
        QCOMPARE(rowsOf("a;b\n1,2;3"), (std::vector<Row>{{"a", "b"}, {"1,2", "3"}}));
        QCOMPARE(rowsOf("a\tb\r\n1\t2\r\n"), (std::vector<Row>{{"a", "b"}, {"1", "2"}}));
        QCOMPARE(rowsOf("\xEF\xBB\xBFname\nAda\n"), (std::vector<Row>{{"name"}, {"Ada"}}));
    }

    void quotesHoldEverything() {
        QCOMPARE(rowsOf("a,b\n\"x, \"\"y\"\"\nz\",\"\"\n\n3,"),
                 (std::vector<Row>{{"a", "b"}, {"x, \"y\"\nz", ""}, {"3", ""}}));
    }

    void linesAreCounted() {
        CsvReader reader("a,b\n\"1\n2\",3\n4,5\n");
        Row row;
        QVERIFY(reader.next(row) && reader.line() == 1);
        QVERIFY(reader.next(row) && reader.line() == 2);
        QVERIFY(reader.next(row) && reader.line() == 4);
        QVERIFY(!reader.next(row) && !reader.isCut());
    }

    void anOpenQuoteIsTold() {
        CsvReader reader("a,b\n\"1,2\n");
        Row row;
        QVERIFY(reader.next(row) && !reader.isCut());
        QVERIFY(reader.next(row) && reader.isCut());
    }

    void whatIsWrittenIsRead() {
        std::mt19937 random(7);
        const std::string letters = "ab,\"\n;\t \r";
        for (int round = 0; round < 500; ++round) {
            std::vector<Row> rows{{"first", "second", "third"}};
            std::string text = "first,second,third\n";
            for (int line = 0; line < 5; ++line) {
                Row row;
                for (int column = 0; column < 3; ++column) {
                    std::string cell;
                    for (auto size = random() % 6; size > 0; --size) {
                        cell += letters[random() % letters.size()];
                    }
                    text += column == 0 ? "\"" : ",\"";
                    for (const char c : cell) {
                        text += c == '"' ? "\"\"" : std::string(1, c);
                    }
                    text += '"';
                    row.push_back(cell);
                }
                text += random() % 2 == 0 ? "\n" : "\r\n";
                rows.push_back(row);
            }
            const std::vector<Row> read = rowsOf(text);
            QCOMPARE(read.size(), rows.size());
            for (std::size_t i = 0; i < rows.size(); ++i) {
                for (std::size_t column = 0; column < 3; ++column) {
                    QCOMPARE(read[i][column], rows[i][column]);
                }
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestCsv)
#include "tst_csv.moc"
