// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include <random>

#include <hs/hs.h>

#include "dlp/anchored.h"
#include "dlp/context.h"
#include "dlp/evidence.h"
#include "dlp/hotwords.h"
#include "dlp/id_layouts.h"

using namespace gatehouse;
using namespace gatehouse::dlp;

namespace {

struct HyperscanScratch {
    ~HyperscanScratch() { hs_free_scratch(scratch); }
    hs_scratch* scratch = nullptr;
};

std::vector<std::string> idsIn(const IdLayouts& layouts, std::string_view text) {
    std::vector<std::string> found;
    layouts.scan(text, [&found, text](const IdMatch& match) {
        found.push_back(std::to_string(match.row) + ":" +
                        std::string(text.substr(match.span.begin, match.span.end - match.span.begin)) + ":" +
                        std::string(match.compact) + (match.isFormatted ? ":f" : "") + (match.continues ? ":c" : ""));
    });
    return found;
}

using Strings = std::vector<std::string>;

} // namespace

class TestMatching final : public QObject {
    Q_OBJECT

    IdLayouts m_layouts;

    static Strings anchored(const Strings& expressions, std::string_view text) {
        std::vector<AnchoredPatterns::Pattern> patterns;
        for (const std::string& expression : expressions) {
            patterns.push_back({expression, 0});
        }
        const auto compiled = *AnchoredPatterns::compile(std::move(patterns));
        HyperscanScratch own;
        std::vector<std::uint32_t> last;
        std::vector<Hit> ends;
        std::vector<Hit> hits;
        if (!compiled->fit(own.scratch) || !compiled->scan(text, own.scratch, last, ends, hits)) {
            return {"failed"};
        }
        Strings found;
        for (const Hit& hit : hits) {
            found.push_back(std::to_string(hit.pattern) + ":" +
                            std::string(text.substr(hit.span.begin, hit.span.end - hit.span.begin)));
        }
        return found;
    }

    static Strings words(const Strings& list, std::string_view text) {
        const auto hotwords = *Hotwords::compile(list);
        HyperscanScratch own;
        std::vector<Hit> raw;
        std::vector<WordHit> hits;
        if (!hotwords->fit(own.scratch) || !hotwords->find(text, {0, text.size()}, own.scratch, raw, hits)) {
            return {"failed"};
        }
        Strings found;
        for (const WordHit& hit : hits) {
            found.push_back(list[hit.word] + "@" + std::to_string(hit.span.begin));
        }
        return found;
    }

    static std::string heading(std::string_view text, std::string_view value) {
        HeadingMemo memo;
        const Span span = columnHeading(text, text.find(value), memo);
        return std::string(text.substr(span.begin, span.end - span.begin));
    }

private slots:
    void initTestCase() {
        QVERIFY(m_layouts.add("###~##~####", 1).has_value());
        QVERIFY(m_layouts.add("@@######@", 2).has_value());
        QVERIFY(m_layouts.add("@@ ## ## ## @", 2).has_value());
        QVERIFY(m_layouts.add("***.***", 3).has_value());
        QVERIFY(!m_layouts.add("", 4).has_value());
        QVERIFY(!m_layouts.add("@@@", 4).has_value());
        QVERIFY(!m_layouts.add(std::string(65, '#'), 4).has_value());
    }

    // One walk for many places says what a walk for each of them says.
    void headingsAreTheSameWhateverWasAskedBefore() {
        std::mt19937 random(7);
        std::string text = "name;iban;card\n";
        while (text.size() < 3 * kColumnReach) {
            const auto kind = random() % 40;
            text += kind == 0   ? "\n"
                    : kind == 1 ? "a,b,c,d\n"
                    : kind == 2 ? std::string(1200, 'x') + "\n"
                                : "ann;1;2\n";
        }
        HeadingMemo memo;
        std::size_t told = 0;
        for (std::size_t i = 0; i < 4000; ++i) {
            const std::size_t at = i < 2000 ? i * text.size() / 2000 : random() % text.size();
            HeadingMemo fresh;
            const Span one = columnHeading(text, at, fresh);
            const Span other = columnHeading(text, at, memo);
            QVERIFY(one.begin == other.begin && one.end == other.end);
            told += one.end > one.begin ? 1U : 0U;
        }
        QVERIFY(told > 100);
    }

    void identifiersAreFoundByTheirLayout() {
        QCOMPARE(idsIn(m_layouts, "it is 123-45-6789."), (Strings{"1:123-45-6789:123456789:f"}));
        QCOMPARE(idsIn(m_layouts, "123456789"), (Strings{"1:123456789:123456789"}));
        QCOMPARE(idsIn(m_layouts, "his ab 12 34 56 c now"), (Strings{"2:ab 12 34 56 c:AB123456C:f"}));
        QCOMPARE(idsIn(m_layouts, "(AB123456C)"), (Strings{"2:AB123456C:AB123456C"}));
        QCOMPARE(idsIn(m_layouts, "17,123456789,12"), (Strings{"1:123456789:123456789"})); // a table's cell
        QCOMPARE(idsIn(m_layouts, "a1b.c2d"), (Strings{"3:a1b.c2d:A1BC2D:f"}));
        QCOMPARE(idsIn(m_layouts, "123456789 123456789"),
                 (Strings{"1:123456789:123456789:c", "1:123456789:123456789:c"}));
    }

    void partsOfLongerThingsAreNot() {
        for (const std::string_view text :
             {"1234567890", "9-123-45-6789", "123-45-6789-1", "123456789.5", "$123456789", "123456789%", "123-45.6789",
              "12:123456789", "x123456789", "AB123456CD", "123456789/2"}) {
            QCOMPARE(idsIn(m_layouts, text), Strings{});
        }
    }

    void manyGroupsAreWalkedInWindows() {
        std::string text;
        for (int i = 0; i < 500; ++i) {
            text += "12 ";
        }
        text += "123-45-6789";
        QCOMPARE(idsIn(m_layouts, text), (Strings{"1:123-45-6789:123456789:f:c"}));
    }

    void anchoredPatternsGiveWholeMatches() {
        QCOMPARE(anchored({"ab_[0-9]{3,}", "key.{0,8}=[a-z]{4}"}, "xab_12345 ab_1 key is =word; KEY=word"),
                 (Strings{"0:ab_12345", "1:key is =word"}));
        QCOMPARE(anchored({"ab_[0-9]{3}"}, "ab_123ab_456 ab_789"), (Strings{"0:ab_123", "0:ab_456", "0:ab_789"}));
        QCOMPARE(anchored({"(?i)zz[0-9]{2}"}, "ZZ12\nzZ34"), (Strings{"0:ZZ12", "0:zZ34"}));
        // A dot is no line break, in both engines.
        QCOMPARE(anchored({"kk.{0,4}[0-9]"}, "kk\n1"), Strings{});
        // What all branches begin with may be half a letter.
        QCOMPARE(anchored({"(?:סודי ביותר|לשימוש פנימי)"}, "זה סודי ביותר"), (Strings{"0:סודי ביותר"}));
        QCOMPARE(anchored({"(?:\\xd7\\x90|\\xd7\\x91)z"}, "xבz"), (Strings{"0:בz"}));
        const std::string longTail = "ab_" + std::string(9000, '7');
        QCOMPARE(anchored({"ab_[0-9]{3,}"}, longTail), (Strings{"0:" + longTail}));
    }

    void wordsOfContextKnowWhereWordsBegin() {
        QCOMPARE(words({"card"}, "Cards, discard, card_no, customerCard, CARD"),
                 (Strings{"card@0", "card@16", "card@33", "card@39"}));
        QCOMPARE(words({"pan"}, "PAN, panel, pan: span myPan"), (Strings{"pan@0", "pan@12", "pan@24"}));
        QCOMPARE(words({"инн", "straße"}, "ИНН Инн инн STRAßE Straße"),
                 (Strings{"инн@0", "инн@7", "инн@14", "straße@21", "straße@29"}));
        QCOMPARE(words({}, "anything"), Strings{});
        // Names of fields: any joint, no accents.
        QCOMPARE(words({"tax number"}, "tax_number tax-number taxNumber TAXNUMBER tax  number"),
                 (Strings{"tax number@0", "tax number@11", "tax number@22", "tax number@32"}));
        QCOMPARE(words({"número fiscal"}, "numero_fiscal Número Fiscal"),
                 (Strings{"número fiscal@0", "número fiscal@14"}));
        QCOMPARE(words({"né", "id no"}, "ne idno né"), (Strings{"né@8"}));
    }

    void headingsOfColumnsAreFound() {
        QCOMPARE(heading("name,ssn,city\nAnn,123456789,Rome\n", "123456789"), "ssn");
        QCOMPARE(heading("| name | tax id |\n|---|---|\n| Ann | 4711 |\n", "4711"), " tax id ");
        QCOMPARE(heading("a\tb\n1\t2\n\nx y\n77\n", "77"), "");
        QCOMPARE(heading("a;b\n\"x;y\";55\n", "55"), "b");
        QCOMPARE(heading("Well, this is prose.\nIt has 12345 in it.\n", "12345"), "");
        QCOMPARE(heading("one,two,three\n" + std::string(5000, 'x') + "\n9,8,7", "8"), "");
    }
};

QTEST_GUILESS_MAIN(TestMatching)
#include "tst_matching.moc"
