// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "routing/make_router.h"

using namespace gatehouse;
using namespace gatehouse::routing;
using namespace std::chrono_literals;
using providers::Target;

namespace {

class ManualClock final : public Clock {
public:
    [[nodiscard]] WallTime wall() const override { return {}; }
    [[nodiscard]] MonotonicTime monotonic() const override { return now; }
    MonotonicTime now{1h};
};

class FakeRegistry final : public providers::Registry {
public:
    [[nodiscard]] std::vector<Target> list(const policy::PolicySet& /*policies*/) const override {
        return {target("a")};
    }
    [[nodiscard]] std::vector<Target> find(const policy::PolicySet& /*policies*/,
                                           std::string_view asked) const override {
        return asked == "nobody" ? std::vector<Target>() : std::vector<Target>{target(std::string(asked))};
    }
    static Target target(std::string model) {
        Target made;
        made.providerId = "p-" + model;
        made.model = std::move(model);
        return made;
    }
};

} // namespace

class TestRouter : public QObject {
    Q_OBJECT
private slots:
    void aliasesComeFirst();
    void theFirstHealthyIsSelected();
    void threeFailuresMakeAProviderRest();
    void aRestEndsWithOneTrial();
    void restsGrowUpToAMinute();
    void thePreviewNeverRests();

private:
    FakeRegistry m_registry;
    ManualClock m_clock;
    void failTimes(Router& router, const Target& target, int times) {
        for (int i = 0; i < times; ++i) {
            router.report(target, false);
        }
    }
};

void TestRouter::aliasesComeFirst() {
    auto compiled = policy::Policy::compile(
        R"({"meta":{"id":"t","serial":1},"default":"allow",
            "providers":{"x":{"base_url":"https://a.example/v1","trust":"external"}},"models":{"fast":"x/small"}})");
    QVERIFY2(compiled.has_value(), compiled ? "" : compiled.error().what.c_str());
    const policy::PolicySet set({*compiled});
    const auto router = makeRouter(m_registry, m_clock);
    QCOMPARE(router->candidates(set, "fast").at(0).model, std::string("x/small"));
    QCOMPARE(router->candidates(set, "other").at(0).model, std::string("other"));
    QVERIFY(router->candidates(set, "nobody").empty());
    const auto listed = router->list(set);
    QCOMPARE(listed.size(), 2U);
    QCOMPARE(listed.at(1).providerId, std::string("alias"));
    QCOMPARE(listed.at(1).model, std::string("fast"));
}

void TestRouter::theFirstHealthyIsSelected() {
    const auto router = makeRouter(m_registry, m_clock);
    const std::vector<Target> targets{FakeRegistry::target("a"), FakeRegistry::target("b")};
    QCOMPARE(router->select(targets)->model, std::string("a"));
    failTimes(*router, targets[0], 3);
    QCOMPARE(router->select(targets)->model, std::string("b"));
    failTimes(*router, targets[1], 3);
    QVERIFY(!router->select(targets));
    QVERIFY(!router->select({}));
}

void TestRouter::threeFailuresMakeAProviderRest() {
    const auto router = makeRouter(m_registry, m_clock);
    const std::vector<Target> targets{FakeRegistry::target("a")};
    failTimes(*router, targets[0], 2);
    QVERIFY(router->select(targets));
    router->report(targets[0], true); // heals: the count starts anew
    failTimes(*router, targets[0], 2);
    QVERIFY(router->select(targets));
    failTimes(*router, targets[0], 1);
    QVERIFY(!router->select(targets));
}

void TestRouter::aRestEndsWithOneTrial() {
    const auto router = makeRouter(m_registry, m_clock);
    const std::vector<Target> targets{FakeRegistry::target("a")};
    failTimes(*router, targets[0], 3);
    m_clock.now += 4999ms;
    QVERIFY(!router->select(targets));
    m_clock.now += 1ms;
    QVERIFY(router->select(targets));
    QVERIFY(!router->select(targets)); // the trial is not over
    router->report(targets[0], true);
    QVERIFY(router->select(targets));
    QVERIFY(router->select(targets));
}

void TestRouter::restsGrowUpToAMinute() {
    const auto router = makeRouter(m_registry, m_clock);
    const std::vector<Target> targets{FakeRegistry::target("a")};
    failTimes(*router, targets[0], 3);
    for (const auto rest : {5s, 10s, 20s, 40s, 60s, 60s}) {
        m_clock.now += rest - 1ms;
        QVERIFY(!router->select(targets));
        m_clock.now += 1ms;
        QVERIFY(router->select(targets));
        router->report(targets[0], false);
    }
}

void TestRouter::thePreviewNeverRests() {
    const auto router = makeRouter(m_registry, m_clock);
    auto preview = FakeRegistry::target("preview");
    preview.isPreview = true;
    failTimes(*router, preview, 5);
    QVERIFY(router->select(std::vector<Target>{preview}));
}

QTEST_GUILESS_MAIN(TestRouter)
#include "tst_router.moc"
