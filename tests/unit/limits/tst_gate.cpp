// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "limits/limits.h"
#include "support/manual_clock.h"

using namespace gatehouse;
using namespace gatehouse::limits;
using namespace std::chrono_literals;
using gatehouse::test::ManualClock;

class TestGate final : public QObject {
    Q_OBJECT

    ManualClock m_clock;

    // How many enter at once before the gate says no.
    static std::size_t places(Gate& gate, std::string_view client, const Caps& caps,
                              std::vector<std::unique_ptr<Ticket>>& tickets) {
        for (std::size_t count = 0;; ++count) {
            auto ticket = gate.enter(client, caps);
            if (!ticket) {
                return count;
            }
            tickets.push_back(std::move(*ticket));
        }
    }

private slots:
    void oneClientHasItsOwnPlaces() {
        const auto gate = Gate::create(m_clock);
        const Caps caps{.runningPerClient = 3, .running = 100};
        std::vector<std::unique_ptr<Ticket>> tickets;
        QCOMPARE(places(*gate, "a", caps, tickets), 3U);
        QCOMPARE(places(*gate, "b", caps, tickets), 3U);
        QCOMPARE(gate->running(), 6U);
        tickets.erase(tickets.begin()); // one of a's
        QCOMPARE(places(*gate, "b", caps, tickets), 0U);
        QCOMPARE(places(*gate, "a", caps, tickets), 1U);
    }

    void allClientsTogetherHaveTheirs() {
        const auto gate = Gate::create(m_clock);
        const Caps caps{.runningPerClient = 3, .running = 4};
        std::vector<std::unique_ptr<Ticket>> tickets;
        QCOMPARE(places(*gate, "a", caps, tickets), 3U);
        QCOMPARE(places(*gate, "b", caps, tickets), 1U);
        const auto refused = gate->enter("c", caps);
        QCOMPARE(refused.error().kind, ErrorKind::limit);
        QVERIFY(refused.error().native > 0); // worth another try after that many seconds
        tickets.clear();
        QCOMPARE(gate->running(), 0U);
        QCOMPARE(places(*gate, "c", caps, tickets), 3U);
    }

    void aMinuteSlides() {
        const auto gate = Gate::create(m_clock);
        const Caps caps{.requestsPerMinute = 2};
        QVERIFY(gate->enter("a", caps).has_value());
        m_clock.advance(20s);
        QVERIFY(gate->enter("a", caps).has_value());
        m_clock.advance(10'500ms);
        const auto refused = gate->enter("a", caps);
        QCOMPARE(refused.error().kind, ErrorKind::limit);
        QCOMPARE(refused.error().native, 30); // 29.5 s are left, rounded up
        QVERIFY(gate->enter("b", caps).has_value());
        m_clock.advance(29'499ms);
        QCOMPARE(gate->enter("a", caps).error().native, 1);
        m_clock.advance(1ms);
        QVERIFY(gate->enter("a", caps).has_value()); // what was refused did not count
        QVERIFY(!gate->enter("a", caps).has_value());
        m_clock.advance(20s);
        QVERIFY(gate->enter("a", caps).has_value());
    }

    void whatDoesNotFindAPlaceDoesNotCountForTheMinute() {
        const auto gate = Gate::create(m_clock);
        const Caps caps{.runningPerClient = 1, .requestsPerMinute = 2};
        auto ticket = gate->enter("a", caps);
        QVERIFY(ticket.has_value());
        QVERIFY(!gate->enter("a", caps).has_value());
        ticket->reset();
        QVERIFY(gate->enter("a", caps).has_value());
    }

    void aFloodOfNamesFreesNobody() {
        const auto gate = Gate::create(m_clock);
        const Caps caps{.runningPerClient = 1, .requestsPerMinute = 1};
        const auto running = gate->enter("running", {.runningPerClient = 1});
        QVERIFY(running.has_value());
        QVERIFY(gate->enter("spent", caps).has_value());
        for (int i = 0; i < 10'000; ++i) {
            QVERIFY(gate->enter("other " + std::to_string(i), {}).has_value());
        }
        QVERIFY(!gate->enter("running", {.runningPerClient = 1}).has_value());
        QVERIFY(!gate->enter("spent", caps).has_value());
        QCOMPARE(gate->running(), 1U);
    }

    void aPlaceMayOutliveTheGate() {
        auto gate = Gate::create(m_clock);
        const auto ticket = gate->enter("a", {});
        gate.reset();
        QVERIFY(ticket->get() != nullptr); // given back behind this line, under the sanitizers too
    }

    void tokensAreEstimatedFromBytes() {
        QCOMPARE(estimateTokens(0), 0U);
        QCOMPARE(estimateTokens(1), 1U);
        QCOMPARE(estimateTokens(4), 1U);
        QCOMPARE(estimateTokens(5), 2U);
    }
};

QTEST_GUILESS_MAIN(TestGate)
#include "tst_gate.moc"
