// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include <random>
#include <set>

#include "dlp/ids/checks.h"
#include "id_values.h"

using namespace gatehouse::dlp;

namespace {

bool accepts(std::string_view check, std::string_view value) {
    return idCheckNamed(check)(value).isValid;
}

} // namespace

class TestIds final : public QObject {
    Q_OBJECT

private slots:
    void everyNameIsThereOnce() {
        std::set<std::string_view> names;
        for (const auto& region : ids::allChecks()) {
            for (const ids::NamedCheck& known : region) {
                QVERIFY2(known.check != nullptr, known.name.data());
                QVERIFY2(names.insert(known.name).second, known.name.data());
                QVERIFY(idCheckNamed(known.name) == known.check);
            }
        }
        QVERIFY(names.size() > 200);
        QVERIFY(idCheckNamed("no-such-check") == nullptr);
        QVERIFY(idCheckNamed("") == nullptr);
    }

    void validValuesPass_data() {
        QTest::addColumn<std::size_t>("index");
        for (std::size_t i = 0; i < kIdValues.size(); ++i) {
            QTest::addRow("%s %s", kIdValues[i].check.data(), kIdValues[i].value.data()) << i;
        }
    }
    void validValuesPass() {
        QFETCH(const std::size_t, index);
        const IdValue& known = kIdValues[index];
        const IdCheck check = idCheckNamed(known.check);
        QVERIFY(check != nullptr);
        const IdVerdict verdict = check(known.value);
        QVERIFY(verdict.isValid);
        QVERIFY(verdict.strength > 0 && verdict.strength < 12);
        QVERIFY(!verdict.why.empty());
    }

    void changedDigitsAreNoticed_data() { validValuesPass_data(); }
    void changedDigitsAreNoticed() {
        QFETCH(const std::size_t, index);
        const IdValue& known = kIdValues[index];
        if (!known.noticesEveryDigit) {
            return;
        }
        std::string value(known.value);
        for (char& c : value) {
            const char original = c;
            for (char other = '0'; other <= '9' && original >= '0' && original <= '9'; ++other) {
                c = other;
                QVERIFY2(other == original || !accepts(known.check, value), value.c_str());
            }
            c = original;
        }
    }

    void whatIsNeverIssuedIsRefused_data() {
        QTest::addColumn<QByteArray>("check");
        QTest::addColumn<QByteArray>("value");
        const auto refuse = [](const char* check, const char* value) {
            QTest::addRow("%s %s", check, value) << QByteArray(check) << QByteArray(value);
        };
        refuse("uk-nino", "BG123456C"); // a prefix that is not used
        refuse("uk-nino", "QQ123456C"); // the specimen
        refuse("uk-nino", "AB123456E");
        refuse("uk-driving-licence", "MORGA667054SM9IJ"); // a month 66
        refuse("de-tax-id", "11111111111");
        refuse("de-pension", "15330649C103"); // no date
        refuse("de-document", "A01X00T471");  // a vowel
        refuse("fr-nir", "991127511000145");
        refuse("it-person", "RSSMRA85T10A562T"); // another check letter
        refuse("pl-person", "44051401358");
        refuse("se-person", "8112189875");
        refuse("se-person", "8113189876"); // a month 13
        refuse("no-person", "00000000000");
        refuse("fi-person", "310252308T"); // 31 February
        refuse("be-national", "85073003329");
        refuse("ch-insurance", "7569217076984");
        refuse("ro-person", "1630615123456");
        refuse("us-itin", "900930000");
        refuse("us-itin", "123701234");
        refuse("us-routing", "123456789");
        refuse("us-ein", "071234567"); // no campus
        refuse("us-mbi", "1SG4TE5MK73");
        refuse("us-dea", "AB1234567");
        refuse("ca-insurance", "046454287");
        refuse("ca-insurance", "000000000");
        refuse("br-person", "11111111111");
        refuse("br-person", "12345678909"); // the world's placeholder
        refuse("in-aadhaar", "123412341234");
        refuse("in-pan", "ABCDE1234F"); // D is no kind of holder
        refuse("sg-person", "S1234567A");
        refuse("za-person", "8013010000000");
        refuse("cn-resident", "110108199002300012");
        refuse("imei", "490154203237519");
        refuse("vin", "1M8GDM9AXKP04278O");
        refuse("mac", "000000000000");
        refuse("mac", "01005E000001"); // multicast
        refuse("isin", "ZZ0378331005");
        refuse("bic", "DEUTZZFF");
    }
    void whatIsNeverIssuedIsRefused() {
        QFETCH(const QByteArray, check);
        QFETCH(const QByteArray, value);
        QVERIFY(idCheckNamed(check.constData()) != nullptr);
        QVERIFY(!accepts(check.constData(), value.constData()));
    }

    // The engine hands over only what has a row's shape; a check must bear any other text all the same.
    void checksBearAnyText() {
        std::mt19937 random(7);
        const std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        for (const auto& region : ids::allChecks()) {
            for (const ids::NamedCheck& known : region) {
                QVERIFY2(!known.check("").isValid, known.name.data());
                for (std::size_t size = 1; size <= 48; ++size) {
                    std::string digits;
                    std::string mixed;
                    for (std::size_t i = 0; i < size; ++i) {
                        digits += alphabet[random() % 10];
                        mixed += alphabet[random() % alphabet.size()];
                    }
                    const IdVerdict ofDigits = known.check(digits);
                    const IdVerdict ofMixed = known.check(mixed);
                    QVERIFY(ofDigits.isValid == !ofDigits.why.empty());
                    QVERIFY(ofMixed.isValid == !ofMixed.why.empty());
                }
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestIds)
#include "tst_ids.moc"
