// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include <re2/re2.h>

#include "dlp/catalogue.h"
#include "dlp/live_tails.h"

using namespace gatehouse::dlp;

class TestLiveTails final : public QObject {
    Q_OBJECT

private slots:
    void everyBeginningOfAMatchIsMatched_data() {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("text");
        QTest::newRow("literals") << R"((?i)ignore (?:all |the ){0,2}rules?)"
                                  << "Ignore all the rules";
        QTest::newRow("classes") << R"([\]a-c^]{2,4} x[^\n]{0,3}\.)"
                                 << "a]b xyz.";
        QTest::newRow("optional groups") << R"(a(?:b(?:c|dd)?)+ (?-i:E)?)"
                                         << "abddbc E";
        QTest::newRow("open ends") << R"(x{2,} y*z+ )"
                                   << "xxxx yyzz ";
    }
    void everyBeginningOfAMatchIsMatched() {
        QFETCH(QString, pattern);
        QFETCH(QString, text);
        const re2::RE2 expression(beginningsOf(pattern.toStdString()), re2::RE2::Latin1);
        QVERIFY(expression.ok());
        const std::string whole = text.toStdString();
        QVERIFY(re2::RE2::FullMatch(whole, re2::RE2(pattern.toStdString(), re2::RE2::Latin1)));
        for (std::size_t size = 0; size <= whole.size(); ++size) {
            QVERIFY2(re2::RE2::FullMatch(whole.substr(0, size), expression), whole.substr(0, size).c_str());
        }
        QVERIFY(!re2::RE2::FullMatch("#" + whole, expression));
    }

    void everyPatternOfTheCatalogueHasBeginnings() {
        const auto rows = builtInCatalogue();
        QVERIFY(rows.has_value());
        for (const Row& row : *rows) {
            if (row.pattern.empty()) {
                continue;
            }
            re2::RE2::Options options(re2::RE2::Latin1);
            options.set_max_mem(16L << 20);
            const re2::RE2 expression(beginningsOf(row.pattern), options);
            QVERIFY2(!beginningsOf(row.pattern).empty() && expression.ok(), row.info.id.c_str());
        }
    }

    void theTailThatMayGoOnIsAlive_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("from");
        QTest::newRow("nothing begins") << "so it was done" << 14;
        QTest::newRow("in the middle") << "please ignore all" << 7;
        QTest::newRow("complete, but may go on") << "ignore all rule" << 0;
        QTest::newRow("dead again") << "please ignore all of it" << 23;
        QTest::newRow("a medicine") << "takes metformin for" << 6;
    }
    void theTailThatMayGoOnIsAlive() {
        QFETCH(QString, text);
        QFETCH(int, from);
        const LiveTails tails({"(?i)ignore (?:all |the ){0,2}rules?", "[0-9]{1,3} mg"});
        QCOMPARE(tails.liveFrom(text.toStdString(), 0), std::size_t(from));
    }

    void whatWasReleasedIsNotAskedFor() {
        const LiveTails tails({"(?i)ignore (?:all |the ){0,2}rules?"});
        QCOMPARE(tails.liveFrom("ignore all ", 3), std::size_t{11});
    }
};

QTEST_APPLESS_MAIN(TestLiveTails)
#include "tst_live_tails.moc"
