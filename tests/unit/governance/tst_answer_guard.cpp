// SPDX-License-Identifier: Apache-2.0
#define QT_NO_EMIT
#include <QtTest>

#include "unit/governance/governance_fixture.h"

using namespace gatehouse;
using namespace gatehouse::governance;
using gatehouse::test::GovernanceFixture;

namespace {

const std::string kRules = "[{'id':'hide','when':{'class':['pci']},'then':'redact'},"
                           "{'id':'note','when':{'detector':['pii.any.email']},'then':'log'},"
                           "{'id':'stop','when':{'class':['secret']},'then':'block'}]";

struct Given {
    std::string text;
    bool isBlocked = false;
    std::vector<std::string> found;
    std::string rule;
    std::string sanitised;
    friend bool operator==(const Given&, const Given&) = default;
};

} // namespace

class TestAnswerGuard final : public QObject {
    Q_OBJECT

    std::unique_ptr<GovernanceFixture> m_fixture;
    std::string m_placeholder; // of the value "bob@corp.io"

    std::unique_ptr<AnswerGuard> guard(bool restores = true) const {
        return m_fixture->governor->guardAnswer(m_fixture->governor->rules(), GovernanceFixture::prompt({}),
                                                m_fixture->destination, restores);
    }

    static Given finish(AnswerGuard& guard, Given given, std::string_view channel) {
        if (!given.isBlocked) {
            const auto last = guard.finish(channel);
            given.text += last->text;
            given.isBlocked = last->isBlocked;
        }
        for (const Finding& finding : guard.findings()) {
            given.found.push_back(finding.detector + "@" + std::to_string(finding.begin));
        }
        given.rule = guard.decision().rule;
        given.sanitised = guard.sanitisedText().value_or("");
        return given;
    }

    Given read(const std::vector<std::string_view>& pieces) const {
        const auto guarded = guard();
        Given given;
        for (const std::string_view piece : pieces) {
            const auto step = guarded->push("0/content", piece, dlp::RestoreContext::text);
            given.text += step->text;
            if (step->isBlocked) {
                given.isBlocked = true;
                break;
            }
        }
        return finish(*guarded, std::move(given), "0/content");
    }

private slots:
    void initTestCase() {
        m_fixture = std::make_unique<GovernanceFixture>(kRules);
        const std::string value = "bob@corp.io";
        m_placeholder =
            *dlp::redact(value, m_fixture->scan(value), std::vector<std::string>{"EMAIL"}, "c1", m_fixture->vault);
        QVERIFY(m_placeholder.starts_with("[[EMAIL_1_"));
    }

    void everySplitGivesTheSameAnswer() {
        const std::string answer =
            "Write to " + m_placeholder + " or ann@corp.io, card 4111 1111 1111 1111, [[EMAIL_9_XX]] done.";
        const Given whole = read({answer});
        QCOMPARE(QString::fromStdString(whole.text),
                 QString("Write to bob@corp.io or ann@corp.io, card [CARD], [[EMAIL_9_XX]] done."));
        QCOMPARE(whole.found.size(), 2U);
        QCOMPARE(whole.rule, std::string("hide"));
        QVERIFY(whole.sanitised.find("ann@") == std::string::npos);
        QVERIFY(whole.sanitised.find("bob@") == std::string::npos); // the record shows the placeholder
        QVERIFY(whole.sanitised.find("4111") == std::string::npos);
        const std::string_view all = answer;
        for (std::size_t cut = 0; cut <= all.size(); ++cut) {
            QVERIFY2(read({all.substr(0, cut), all.substr(cut)}) == whole, std::to_string(cut).c_str());
        }
        std::vector<std::string_view> bytes;
        for (std::size_t i = 0; i < all.size(); ++i) {
            bytes.push_back(all.substr(i, 1));
        }
        QVERIFY(read(bytes) == whole);
    }

    void whatBlocksIsNeverGivenAtAnySplit() {
        const std::string answer = "The key: AKIAIOSFODNN7EXAMPLE and more";
        for (std::size_t cut = 0; cut <= answer.size(); ++cut) {
            const std::string_view all = answer;
            const Given given = read({all.substr(0, cut), all.substr(cut)});
            QVERIFY(given.isBlocked);
            QCOMPARE(QString::fromStdString(given.text), QString("The key: "));
            QCOMPARE(given.rule, std::string("stop"));
            QVERIFY(given.sanitised.find("AKIA") == std::string::npos);
        }
    }

    void channelsDoNotRunIntoEachOther() {
        const auto guarded = guard();
        std::string one;
        std::string two;
        const std::string card = "4111 1111 1111 1111";
        for (const char digit : card) {
            one += guarded->push("0/content", std::string(1, digit), dlp::RestoreContext::text)->text;
            two += guarded->push("1/content", "x", dlp::RestoreContext::text)->text;
        }
        one += guarded->finish("0/content")->text;
        two += guarded->finish("1/content")->text;
        QCOMPARE(one, std::string("[CARD]"));
        QCOMPARE(two, std::string(card.size(), 'x'));
        QVERIFY(guarded->finish("2/never").has_value());
    }

    void aValueIsEscapedWhereItLandsInJson() {
        const std::string value = "a\"b\\c";
        Finding finding;
        finding.end = value.size();
        const std::string placeholder =
            *dlp::redact(value, std::vector{finding}, std::vector<std::string>{"NAME"}, "c1", m_fixture->vault);
        const auto restored = [&](std::optional<dlp::RestoreContext> context) {
            const auto guarded = guard();
            std::string text = guarded->push("x", placeholder, context)->text;
            return text + guarded->finish("x")->text;
        };
        QCOMPARE(restored(dlp::RestoreContext::text), value);
        QCOMPARE(restored(dlp::RestoreContext::jsonInString), std::string("a\\\"b\\\\c"));
        QCOMPARE(restored(std::nullopt), placeholder);
    }

    void whereNothingIsRestoredPlaceholdersStay() {
        const auto guarded = guard(false);
        std::string text = guarded->push("x", m_placeholder, dlp::RestoreContext::text)->text;
        QCOMPARE(text + guarded->finish("x")->text, m_placeholder);
        QCOMPARE(guarded->whole(m_placeholder, dlp::RestoreContext::text)->text, m_placeholder);
    }

    void aStringThatStandsForItselfIsJudgedToo() {
        const auto guarded = guard();
        QVERIFY(guarded->whole("AKIAIOSFODNN7EXAMPLE", std::nullopt)->isBlocked);
        const auto card = guarded->whole("id 4111 1111 1111 1111", std::nullopt);
        QCOMPARE(card->text, std::string("id [CARD]"));
        QVERIFY(card->isChanged);
        QCOMPARE(guarded->whole("to " + m_placeholder, dlp::RestoreContext::text)->text, std::string("to bob@corp.io"));
        QCOMPARE(guarded->whole("to " + m_placeholder, std::nullopt)->text, "to " + m_placeholder);
        QCOMPARE(guarded->findings().size(), 2U);
        QVERIFY(guarded->sanitisedText()->empty()); // ids and keys are no text of the answer
    }

    void anotherConversationsPlaceholderIsNotRestored() {
        Interaction other = GovernanceFixture::prompt({});
        other.conversation = "c2";
        const auto guarded =
            m_fixture->governor->guardAnswer(m_fixture->governor->rules(), other, m_fixture->destination, true);
        std::string text = guarded->push("x", m_placeholder, dlp::RestoreContext::text)->text;
        QCOMPARE(text + guarded->finish("x")->text, m_placeholder);
    }
};

QTEST_GUILESS_MAIN(TestAnswerGuard)
#include "tst_answer_guard.moc"
