// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "governance/governor.h"
#include "support/manual_clock.h"

using namespace gatehouse;
using namespace gatehouse::governance;
using namespace std::chrono_literals;
using gatehouse::test::ManualClock;

class TestApprovals final : public QObject {
    Q_OBJECT

    ManualClock m_clock;
    std::unique_ptr<Approvals> m_approvals;
    const Approvals::Key m_key{"ann", "editor", "openai/gpt-4o", "why", "00ff"};

private slots:
    void init() { m_approvals = Approvals::create(m_clock); }

    void aGrantIsSpentOnce() {
        m_approvals->await("i1", m_key);
        QVERIFY(!m_approvals->consume(m_key)); // asked, not answered
        QVERIFY(m_approvals->grant("i1", "a referral").has_value());
        QCOMPARE(m_approvals->consume(m_key), std::optional<std::string>("a referral"));
        QVERIFY(!m_approvals->consume(m_key));
    }

    void aQuestionIsAnsweredOnce() {
        m_approvals->await("i1", m_key);
        QVERIFY(m_approvals->grant("i1", "").has_value());
        QVERIFY(m_approvals->consume(m_key).has_value());
        QCOMPARE(m_approvals->grant("i1", "").error().kind, ErrorKind::notFound);
        QVERIFY(!m_approvals->consume(m_key));
        QCOMPARE(m_approvals->grant("never asked", "").error().kind, ErrorKind::notFound);
    }

    void itHoldsForExactlyWhatWasAsked_data() {
        QTest::addColumn<int>("field");
        for (const auto& [name, field] :
             {std::pair("person", 0), {"client", 1}, {"destination", 2}, {"rule", 3}, {"content", 4}}) {
            QTest::newRow(name) << field;
        }
    }
    void itHoldsForExactlyWhatWasAsked() {
        QFETCH(int, field);
        m_approvals->await("i1", m_key);
        QVERIFY(m_approvals->grant("i1", "").has_value());
        Approvals::Key other = m_key;
        std::string& changed = field == 0   ? other.person
                               : field == 1 ? other.client
                               : field == 2 ? other.destination
                               : field == 3 ? other.rule
                                            : other.contentHash;
        changed += "x";
        QVERIFY(!m_approvals->consume(other));
        QVERIFY(m_approvals->consume(m_key).has_value()); // and the try did not spend it
    }

    // Fields that only run together alike are not alike.
    void theBordersBetweenTheFieldsCount() {
        m_approvals->await("i1", {"ann", "editor", "a/b", "c", "d"});
        QVERIFY(m_approvals->grant("i1", "").has_value());
        QVERIFY(!m_approvals->consume({"ann", "editor", "a/", "bc", "d"}));
    }

    void aQuestionIsOpenForFiveMinutes() {
        m_approvals->await("i1", m_key);
        m_approvals->await("i2", m_key);
        m_clock.advance(5min - 1ms);
        QVERIFY(m_approvals->grant("i1", "").has_value());
        m_clock.advance(1ms);
        QCOMPARE(m_approvals->grant("i2", "").error().kind, ErrorKind::notFound);
    }

    void aGrantHoldsForFiveMinutes() {
        for (const auto& [wait, isThere] : {std::pair(5min - 1ms, true), {5min + 0ms, false}}) {
            m_approvals->await("i1", m_key);
            QVERIFY(m_approvals->grant("i1", "").has_value());
            m_clock.advance(wait);
            QCOMPARE(m_approvals->consume(m_key).has_value(), isThere);
        }
    }

    void aClockThatIsSetBackLengthensNothing() {
        m_approvals->await("i1", m_key);
        QVERIFY(m_approvals->grant("i1", "").has_value());
        m_clock.advance(5min);
        m_clock.now -= 1h;
        QVERIFY(!m_approvals->consume(m_key));
    }

    void ofTooManyQuestionsTheOldestGoes() {
        for (int i = 0; i <= 1024; ++i) {
            m_approvals->await("i" + std::to_string(i), m_key);
            m_clock.advance(1ms);
        }
        QVERIFY(!m_approvals->grant("i0", "").has_value());
        QVERIFY(m_approvals->grant("i1", "").has_value());
        QVERIFY(m_approvals->grant("i1024", "").has_value());
    }
};

QTEST_GUILESS_MAIN(TestApprovals)
#include "tst_approvals.moc"
