// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <QtTest>

#include "limits/limits.h"
#include "limits/price_files.h"
#include "limits/price_table.h"

using namespace gatehouse;
using namespace gatehouse::limits;

namespace {

constexpr std::string_view kSheet = "# of a test\n"
                                    "vendors\tacme acme-eu\n"
                                    "also\tother\n"
                                    "big big-????\t5/200000:10\t25/200000:37.5\t0.5/200000:1\t6.25\n"
                                    "small* !*-tts*\t1\t2\n"
                                    "vectors\t0.1\n";
constexpr std::string_view kOther = "vendors\tother\nalso\t\nbig\t99\t99\nelse\t3\t4\n";

Usage used(std::uint64_t input, std::uint64_t output, std::uint64_t cached = 0, std::uint64_t written = 0) {
    return {.inputTokens = input, .outputTokens = output, .cachedTokens = cached, .cacheWriteTokens = written};
}

bool isDollars(const Cost& cost, double expected) {
    return cost && std::abs(*cost - expected) < 1e-9;
}

policy::PolicySet policies(const std::string& prices) {
    const auto compiled = policy::Policy::compile(R"({"meta": {"id": "test"}, "prices": [)" + prices + "]}");
    return policy::PolicySet({*compiled});
}

} // namespace

class TestPrices final : public QObject {
    Q_OBJECT

    PriceTable m_table = *PriceTable::parse(std::array{kSheet, kOther});

private slots:
    void aRowIsFoundByTheNameOfItsModel_data() {
        QTest::addColumn<QByteArray>("vendor");
        QTest::addColumn<QByteArray>("model");
        QTest::addColumn<double>("input"); // negative: not known
        QTest::newRow("by name") << QByteArray("acme") << QByteArray("big") << 5.0;
        QTest::newRow("at the second name of a vendor") << QByteArray("acme-eu") << QByteArray("BIG") << 5.0;
        QTest::newRow("with four characters behind") << QByteArray("acme") << QByteArray("big-2026") << 5.0;
        QTest::newRow("with three") << QByteArray("acme") << QByteArray("big-202") << -1.0;
        QTest::newRow("by its beginning") << QByteArray("acme") << QByteArray("small-fast") << 1.0;
        QTest::newRow("not what is taken out") << QByteArray("acme") << QByteArray("small-tts") << -1.0;
        QTest::newRow("of the vendor behind it") << QByteArray("acme") << QByteArray("else") << 3.0;
        QTest::newRow("the other vendor's own") << QByteArray("other") << QByteArray("big") << 99.0;
        QTest::newRow("no such vendor") << QByteArray("nobody") << QByteArray("big") << -1.0;
    }
    void aRowIsFoundByTheNameOfItsModel() {
        QFETCH(QByteArray, vendor);
        QFETCH(QByteArray, model);
        QFETCH(double, input);
        const Price* const price = m_table.find(vendor.toStdString(), model.toStdString());
        QCOMPARE(price == nullptr ? -1.0 : price->input.base, input);
    }

    void eachTokenCostsWhatItsKindCosts() {
        const Price& price = *m_table.find("acme", "big");
        QVERIFY(isDollars(costOf(price, used(1'000, 100)), 0.005 + 0.0025));
        // 600 new, 300 read from the cache, 100 written into it.
        QVERIFY(isDollars(costOf(price, used(1'000, 0, 300, 100)), 0.003 + 0.00015 + 0.000625));
        QVERIFY(isDollars(costOf(price, used(0, 0)), 0.0));
    }

    void aLongInputMakesAllOfTheCallDearer() {
        const Price& price = *m_table.find("acme", "big");
        QVERIFY(isDollars(costOf(price, used(200'000, 1'000)), 1.0 + 0.025));
        QVERIFY(isDollars(costOf(price, used(200'001, 1'000)), 2.00001 + 0.0375));
    }

    void withoutAPriceForTheAnswerItsCostIsUnknown() {
        const Price& price = *m_table.find("acme", "vectors");
        QVERIFY(isDollars(costOf(price, used(1'000'000, 0)), 0.1));
        QVERIFY(!costOf(price, used(1'000'000, 1)));
    }

    void countsThatContradictEachOtherGiveNoNegativeCost() {
        const Price& price = *m_table.find("acme", "big");
        QVERIFY(isDollars(costOf(price, used(100, 0, 500, 500)), 0.00005));
    }

    void linesThatAreNotInTheFormAreRefused_data() {
        QTest::addColumn<QByteArray>("line");
        for (const char* const line :
             {"a", "a\t", "a\tx", "a\t1\ty", "a\t-1", "a\t1/2", "a\t1/2:", "a\t1/5:1/5:2", "!a\t1"}) {
            QTest::newRow(line) << QByteArray(line);
        }
    }
    void linesThatAreNotInTheFormAreRefused() {
        QFETCH(QByteArray, line);
        const std::string file = "vendors\tacme\n" + line.toStdString() + "\n";
        QVERIFY(!PriceTable::parse(std::array{std::string_view(file)}));
    }

    void whatIsShippedCanBeReadAndKnowsTheCommonModels() {
        const auto table = PriceTable::parse(priceFiles());
        QVERIFY(table.has_value());
        constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kKnown{
            {{"openai", "gpt-4o-mini"},
             {"openai", "text-embedding-3-small"},
             {"azure-openai", "gpt-4o"},
             {"anthropic", "claude-3-5-haiku-20241022"},
             {"gemini", "gemini-2.5-flash"},
             {"vertex", "gemini-2.5-flash"},
             {"bedrock", "anthropic.claude-3-haiku-20240307-v1:0"},
             {"mistral", "mistral-large-latest"},
             {"deepseek", "deepseek-chat"}}};
        for (const auto& [vendor, model] : kKnown) {
            const Price* const price = table->find(vendor, model);
            QVERIFY2(price != nullptr && price->input.base > 0, std::string(model).c_str());
        }
    }

    void theOrganisationsOwnPriceHoldsThenLocalIsFreeThenTheList() {
        const auto prices = *Prices::create();
        const auto none = policies("");
        const auto own = policies(R"({"models": ["main/gpt-4o*"], "input": 1, "output": 2, "cached_input": 0.5})");
        const PricedCall paid{"openai", "main", "gpt-4o-mini", Trust::external};
        const PricedCall local{"openai", "box", "gpt-4o-mini", Trust::local};
        QVERIFY(isDollars(prices->cost(own, paid, used(1'000'000, 1'000'000, 500'000)), 0.5 + 0.25 + 2));
        QVERIFY(isDollars(prices->cost(none, paid, used(1'000'000, 0)), 0.15));
        QVERIFY(isDollars(prices->cost(own, local, used(1'000'000, 0)), 0.0));
        QVERIFY(!prices->cost(none, PricedCall{"openai", "main", "unheard-of", Trust::external}, used(1, 1)));
        for (int again = 0; again < 2; ++again) { // the second time from what is remembered
            QVERIFY(isDollars(prices->cost(none, paid, used(0, 1'000'000)), 0.6));
        }
    }
};

QTEST_GUILESS_MAIN(TestPrices)
#include "tst_prices.moc"
