// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include <algorithm>
#include <array>
#include <random>

#include <hs/hs.h>

#include "dlp/anchored.h"
#include "dlp/atoms.h"
#include "dlp/catalogue.h"
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
        AnchoredPatterns::Buffers buffers;
        std::vector<Hit> hits;
        std::vector<Hit> atoms;
        std::vector<Span> zones;
        findAtoms(text, atoms, zones);
        if (!compiled->fit(own.scratch) || !compiled->scan(text, zones, own.scratch, buffers, hits)) {
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
        WordCache cache;
        cache.reset(text.size());
        std::vector<WordHit> hits;
        if (!hotwords->fit(own.scratch) || !hotwords->find(text, {0, text.size()}, own.scratch, cache, hits)) {
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

    // What a text has of one atom, by hand and by its pattern.
    static std::vector<std::pair<std::size_t, std::size_t>> spansOf(const std::vector<Hit>& hits, std::size_t kind) {
        std::vector<std::pair<std::size_t, std::size_t>> spans;
        for (const Hit& hit : hits) {
            if (hit.pattern == kind) {
                spans.emplace_back(hit.span.begin, hit.span.end);
            }
        }
        return spans;
    }

    static std::string randomText(std::mt19937& source, std::string_view alphabet, std::size_t size) {
        std::string text;
        while (text.size() < size) {
            text += alphabet[source() % alphabet.size()];
        }
        return text;
    }

private slots:
    void atomsReadByHandAreThoseOfTheirPatterns() {
        std::mt19937 source(20260301);
        HyperscanScratch own;
        std::vector<std::unique_ptr<Matcher>> matchers;
        for (const Atom& atom : atoms()) {
            matchers.push_back(*Matcher::compile({std::string(atom.pattern)}, MatchMode::spans));
            QVERIFY(matchers.back()->fit(own.scratch).has_value());
        }
        constexpr std::array<std::string_view, 6> kAlphabets{"0123 .-", "12.3 ",     "AB0U1a.",
                                                             "ab:1F:g", "a1@_%\xC3", "AZ09 bc4/()+-:.@\n"};
        std::size_t found = 0;
        for (int round = 0; round < 3000; ++round) {
            const std::string text =
                randomText(source, kAlphabets[static_cast<std::size_t>(round) % kAlphabets.size()], source() % 60);
            std::vector<Hit> byHand;
            std::vector<Span> zones;
            findAtoms(text, byHand, zones);
            for (std::size_t kind = 0; kind < matchers.size(); ++kind) {
                if (kind == static_cast<std::size_t>(AtomKind::date)) {
                    continue;
                }
                std::vector<std::uint32_t> last;
                std::vector<Hit> byPattern;
                QVERIFY(matchers[kind]->scan(text, own.scratch, last, byPattern).has_value());
                const auto expected = spansOf(byPattern, 0);
                QVERIFY2(spansOf(byHand, kind) == expected, (std::string(atoms()[kind].name) + ": " + text).c_str());
                found += expected.size();
            }
        }
        QVERIFY(found > 1000);
    }

    void datesAreFoundInThePartsAroundDigitsAsInTheWholeText() {
        const auto dates = *Matcher::compile({std::string(atoms()[static_cast<std::size_t>(AtomKind::date)].pattern)},
                                             MatchMode::spans);
        HyperscanScratch own;
        QVERIFY(dates->fit(own.scratch).has_value());
        constexpr std::array<std::string_view, 8> kPieces{
            "12 March 1984",
            " 2024-05-06 ",
            "Jan 3rd, 2020",
            "1. de december de 1999",
            "on the day of the week ",
            "words without any number at all that go on for a while longer than a margin ",
            "7",
            "\xC2\xBA of "};
        std::mt19937 source(7);
        std::size_t found = 0;
        for (int round = 0; round < 1000; ++round) {
            std::string text;
            for (std::size_t i = source() % 12; i > 0; --i) {
                text += kPieces[source() % kPieces.size()];
            }
            std::vector<Hit> ignored;
            std::vector<Span> zones;
            findAtoms(text, ignored, zones);
            std::vector<std::uint32_t> last;
            std::vector<Hit> inParts;
            std::vector<Hit> inAll;
            QVERIFY(dates->scanParts(text, zones, own.scratch, last, inParts).has_value());
            QVERIFY(dates->scan(text, own.scratch, last, inAll).has_value());
            QVERIFY2(spansOf(inParts, 0) == spansOf(inAll, 0), text.c_str());
            found += inAll.size();
        }
        QVERIFY(found > 500);
    }

    void shortPatternsOfNumbersAreFoundFarFromTheTextsEnds() {
        const Strings expressions{"[0-9]{1,5} ?mg", "(?i)[0-9]+ units", "[0-9]{2}a|zz", "(?:zz)?[0-9] kg"};
        const std::string far(200, 'x');
        Strings found = anchored(expressions, far + " 500 mg " + far + " zz7 kg " + far);
        std::sort(found.begin(), found.end());
        const Strings wanted{"0:500 mg", "2:zz", "3:zz7 kg"};
        QCOMPARE(found, wanted);
        QCOMPARE(anchored(expressions, far + "12 UNITS"), Strings{"1:12 UNITS"});
    }

    void aPatternThatCannotBeConfirmedIsRefused() {
        // Hyperscan repeats more often than RE2 does.
        for (int start = 0; start < 2; ++start) { // what was refused is not cached either
            QVERIFY(!AnchoredPatterns::compile({{"abc[a-f]{1500}", 0}}).has_value());
        }
    }

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
