// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>

#include <QtTest/QtTest>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/json.h"
#include "governance/second_opinion.h"
#include "support/manual_clock.h"

using namespace gatehouse;
using namespace gatehouse::governance;

namespace {

const std::string kText = "The price of the new pump will be cut to 900 euros in May.";

std::string opinionOf(const std::string& quote, const std::string& kind = "trade-secret") {
    const Json said{{"findings", {{{"quote", quote}, {"kind", kind}, {"sure", true}}}}};
    return dumpJson({{"choices", {{{"message", {{"content", dumpJson(said)}}}}}}});
}
const std::string kNothing = "{\"choices\":[{\"message\":{\"content\":\"{\\\"findings\\\":[]}\"}}]}";

// Says what the test wants, after letting everybody else go on.
class ScriptedModel final : public LocalModel {
public:
    Task<Result<std::string>> ask(Question question) override {
        const auto executor = co_await asio::this_coro::executor;
        co_await asio::post(executor, asio::use_awaitable);
        asked.push_back(std::move(question));
        if (isAway) {
            co_return fail(ErrorKind::unavailable, "the local model does not answer");
        }
        co_return answer ? answer(asked.back().body) : kNothing;
    }
    std::vector<Question> asked;
    std::function<std::string(const std::string&)> answer;
    bool isAway = false;
};

std::shared_ptr<const policy::PolicySet> policyWith(const std::string& opinion, const std::string& more = "") {
    std::string source = "{'meta': {'id': 'p'}, 'second_opinion': {'url': 'http://127.0.0.1:1/v1', 'model': 'm', "
                         "'on_failure': 'block'" +
                         opinion + "}" + more + "}";
    std::replace(source.begin(), source.end(), '\'', '"');
    auto compiled = policy::Policy::compile(source);
    return compiled ? std::make_shared<const policy::PolicySet>(std::vector{*compiled}) : nullptr;
}

Interaction promptOf(const std::vector<std::pair<PartKind, std::string>>& texts, Channel channel = Channel::sdk) {
    Interaction made;
    made.channel = channel;
    for (const auto& [kind, text] : texts) {
        Part part;
        part.kind = kind;
        part.text = text;
        part.pointer = "/messages/" + std::to_string(made.parts.size()) + "/content";
        made.parts.push_back(std::move(part));
    }
    return made;
}

Task<> keep(SecondOpinions& opinions, std::shared_ptr<const policy::PolicySet> policy, const Interaction& prompt,
            std::vector<Finding>& out) {
    out = co_await opinions.hear(std::move(policy), prompt);
}

std::string shown(const std::vector<Finding>& findings) {
    std::string out;
    for (const Finding& finding : findings) {
        out += (out.empty() ? "" : "|") + std::to_string(finding.part) + ":" + finding.detector + ":" +
               std::to_string(finding.begin) + "-" + std::to_string(finding.end);
    }
    return out;
}

} // namespace

class TestSecondOpinions final : public QObject {
    Q_OBJECT

    ScriptedModel m_model;
    test::ManualClock m_clock;
    std::unique_ptr<SecondOpinions> m_opinions;

    std::string hear(const std::shared_ptr<const policy::PolicySet>& policy, const Interaction& prompt) {
        asio::io_context io;
        std::vector<Finding> out;
        asio::co_spawn(io, keep(*m_opinions, policy, prompt, out), asio::detached);
        io.run();
        return shown(out);
    }

private slots:
    void init() {
        m_model = ScriptedModel();
        m_opinions = std::make_unique<SecondOpinions>(m_model, m_clock);
    }

    void onlyPromptsAndTheChannelsThatPolicyNamesAreShown() {
        const auto all = policyWith("");
        const auto some = policyWith(", 'channels': ['chat', 'paste']");
        Interaction prompt = promptOf({{PartKind::text, kText}});
        QVERIFY(SecondOpinions::isWanted(*all, prompt) && !SecondOpinions::isWanted(*some, prompt));
        prompt.channel = Channel::paste;
        QVERIFY(SecondOpinions::isWanted(*some, prompt));
        prompt.direction = Direction::answer;
        QVERIFY(!SecondOpinions::isWanted(*all, prompt));
        const policy::PolicySet none({policy::Policy::starter()});
        QVERIFY(!SecondOpinions::isWanted(none, promptOf({})));
    }

    void aQuoteIsAFindingInItsPart() {
        m_model.answer = [](const std::string& body) {
            return body.find("pump") == std::string::npos ? kNothing : opinionOf("cut to 900 euros");
        };
        const Interaction prompt = promptOf({{PartKind::system, "You are a friendly helper of us all."},
                                             {PartKind::key, "one two three four five six"},
                                             {PartKind::text, kText},
                                             {PartKind::text, "short"}});
        QCOMPARE(hear(policyWith(""), prompt), std::string("2:confidential.model.trade-secret:34-50"));
        QCOMPARE(m_model.asked.size(), 2U); // neither the key nor the word
        QCOMPARE(m_model.asked[0].url, std::string("http://127.0.0.1:1/v1"));
        QVERIFY(m_model.asked[0].time <= std::chrono::seconds(8) && m_model.asked[0].time.count() > 0);
    }

    void whatWasSaidOfATextIsNotAskedAgain() {
        m_model.answer = [](const std::string&) { return opinionOf("cut to 900 euros"); };
        const auto policy = policyWith("");
        const std::string first = hear(policy, promptOf({{PartKind::text, kText}}));
        const std::string second =
            hear(policy, promptOf({{PartKind::text, "And what do you think of this one?"}, {PartKind::text, kText}}));
        QCOMPARE(m_model.asked.size(), 2U);
        QCOMPARE(second, "1" + first.substr(1));
        hear(policyWith(", 'kinds': 'person'"), promptOf({{PartKind::text, kText}}));
        QCOMPARE(m_model.asked.size(), 3U); // another question
    }

    void theSameTextTwiceAtOnceIsOneQuestion() {
        m_model.answer = [](const std::string&) { return opinionOf("cut to 900 euros"); };
        asio::io_context io;
        std::array<std::vector<Finding>, 3> out;
        const Interaction prompt = promptOf({{PartKind::text, kText}});
        for (auto& each : out) {
            asio::co_spawn(io, keep(*m_opinions, policyWith(""), prompt, each), asio::detached);
        }
        io.run();
        QCOMPARE(m_model.asked.size(), 1U);
        QVERIFY(shown(out[0]) == shown(out[1]) && shown(out[1]) == shown(out[2]) && out[0].size() == 1);
    }

    void aModelThatIsAwayOrTalksNonsenseIsOneFindingOverNothing() {
        const Interaction prompt =
            promptOf({{PartKind::text, kText}, {PartKind::text, "And another text of some words."}});
        m_model.isAway = true;
        QCOMPARE(hear(policyWith(""), prompt), std::string("1:unreadable.model.no-opinion:0-0"));
        QCOMPARE(m_model.asked.size(), 1U); // it is not asked again and again
        m_model.isAway = false;
        m_model.answer = [](const std::string&) { return std::string("I am sorry"); };
        QCOMPARE(hear(policyWith(""), prompt), std::string("1:unreadable.model.no-opinion:0-0"));
        m_model.answer = [](const std::string&) { return kNothing; };
        QCOMPARE(hear(policyWith(""), prompt), std::string()); // a failure is not remembered
    }

    void whatWasHeardBeforeTheFailureStays() {
        m_model.answer = [this](const std::string& body) {
            m_model.isAway = true;
            return body.find("pump") == std::string::npos ? kNothing : opinionOf("cut to 900 euros");
        };
        const Interaction prompt =
            promptOf({{PartKind::text, "Hello dear model, how are you?"}, {PartKind::text, kText}});
        QCOMPARE(hear(policyWith(""), prompt),
                 std::string("0:unreadable.model.no-opinion:0-0|1:confidential.model.trade-secret:34-50"));
    }

    void timeIsForTheWholeInteraction() {
        m_model.answer = [this](const std::string&) {
            m_clock.advance(std::chrono::seconds(3));
            return kNothing;
        };
        const auto prompt = [](int count) {
            Interaction made = promptOf({});
            for (int i = 0; i < count; ++i) {
                made.parts.push_back(promptOf({{PartKind::text, kText + std::to_string(i)}}).parts[0]);
            }
            return made;
        };
        QCOMPARE(hear(policyWith(", 'seconds': 7"), prompt(3)), std::string());
        m_opinions = std::make_unique<SecondOpinions>(m_model, m_clock);
        QCOMPARE(hear(policyWith(", 'seconds': 7"), prompt(4)), std::string("0:unreadable.model.no-opinion:0-0"));
    }

    void aTextBeyondTheLimitOfQuestionsIsToldAsSuch() {
        std::string text;
        while (text.size() < 80'000) {
            text += "words of line " + std::to_string(text.size()) + " stand here\n";
        }
        QCOMPARE(hear(policyWith(""), promptOf({{PartKind::text, text}})),
                 std::string("0:unreadable.model.no-opinion:0-0"));
        QCOMPARE(m_model.asked.size(), 12U);
        QCOMPARE(hear(policyWith(""), promptOf({{PartKind::text, text}})), std::string()); // the rest of it, next time
    }

    void allowListsAndDisabledDetectorsHold() {
        m_model.answer = [](const std::string&) { return opinionOf("cut to 900 euros"); };
        const Interaction prompt = promptOf({{PartKind::text, kText}});
        QCOMPARE(hear(policyWith("", ", 'detectors': {'allow': ['cut to 900 euros']}"), prompt), std::string());
        QCOMPARE(hear(policyWith("", ", 'detectors': {'allow_patterns': ['cut .*']}"), prompt), std::string());
        QCOMPARE(hear(policyWith("", ", 'detectors': {'disable': ['confidential.model.*']}"), prompt), std::string());
        QVERIFY(!hear(policyWith(""), prompt).empty());
    }

    void nothingTakesARulesFindingAway() {
        const auto made = [](std::size_t begin, std::size_t end, const char* detector) {
            Finding finding;
            finding.begin = begin;
            finding.end = end;
            finding.detector = detector;
            finding.confidence = *detector == 'm' ? 1 : 0.1;
            return finding;
        };
        const std::vector<Finding> rules{made(10, 20, "a"), made(25, 30, "b")};
        QCOMPARE(shown(addOpinion(rules, {made(0, 40, "m")})),
                 std::string("0:m:0-10|0:a:10-20|0:m:20-25|0:b:25-30|0:m:30-40"));
        QCOMPARE(shown(addOpinion(rules, {made(12, 18, "m"), made(28, 33, "m")})), std::string("0:a:10-20|0:b:25-30"));
        QCOMPARE(shown(addOpinion(rules, {made(0, 0, "m")})), std::string("0:m:0-0|0:a:10-20|0:b:25-30"));
        QCOMPARE(shown(addOpinion({}, {made(0, 9, "m")})), std::string("0:m:0-9"));
    }
};

QTEST_GUILESS_MAIN(TestSecondOpinions)
#include "tst_second_opinions.moc"
