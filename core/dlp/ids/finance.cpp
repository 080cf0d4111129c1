// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>

#include "dlp/ids/arithmetic.h"
#include "dlp/ids/checks.h"

// Securities, companies and payment references of no one country.
namespace gatehouse::dlp::ids {
namespace {

// ISO 3166-1 alpha-2, and the substitutes that securities have.
bool isCountry(std::string_view code) {
    constexpr std::string_view kCodes = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL "
                                        "BM BN BO BQ BR BS BT BV BW BY BZ CA "
                                        "CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE "
                                        "EG EH ER ES ET FI FJ FK FM FO FR GA "
                                        "GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE "
                                        "IL IM IN IO IQ IR IS IT JE JM JO JP "
                                        "KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME "
                                        "MF MG MH MK ML MM MN MO MP MQ MR MS "
                                        "MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK "
                                        "PL PM PN PR PS PT PW PY QA RE RO RS "
                                        "RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF "
                                        "TG TH TJ TK TL TM TN TO TR TT TV TW "
                                        "TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW XK ";
    for (std::size_t i = 0; i + 2 < kCodes.size(); i += 3) {
        if (kCodes.substr(i, 2) == code) {
            return true;
        }
    }
    return false;
}

bool passesLuhnOfLetters(std::string_view text) {
    std::string digits;
    for (const char c : text) {
        digits += std::to_string(base36(c));
    }
    return passesLuhn(digits);
}

// ISO 6166: country, nine characters, Luhn over letters as numbers.
IdVerdict isin(std::string_view compact) {
    const bool isKnown =
        isCountry(compact.substr(0, 2)) || compact.substr(0, 2) == "XS" || compact.substr(0, 2) == "EU";
    const auto digits = std::count_if(compact.begin(), compact.end(), isDigit);
    return acceptedIf(compact.size() == 12 && isKnown && digits >= 3 && isDigit(compact[11]) &&
                          passesLuhnOfLetters(compact),
                      kMod10 + 1.0, "country and check digit agree");
}

// CUSIP: places doubled in turn, by ten.
IdVerdict cusip(std::string_view compact) {
    if (compact.size() != 9 || !isDigit(compact[8]) ||
        compact.find_first_not_of(compact[0]) == std::string_view::npos) {
        return {};
    }
    int sum = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        const int value = base36(compact[i]) * (i % 2 == 0 ? 1 : 2);
        sum += value / 10 + value % 10;
    }
    return acceptedIf((10 - sum % 10) % 10 == digitAt(compact, 8), kMod10, kDigitAgrees);
}

// SEDOL: no vowels, weights 1 3 1 7 3 9 1.
IdVerdict sedol(std::string_view compact) {
    return acceptedIf(compact.size() == 7 && compact.find_first_of("AEIOU") == std::string_view::npos &&
                          isDigit(compact[6]) && compact.find_first_not_of(compact[0]) != std::string_view::npos &&
                          weightedSum(compact, {1, 3, 1, 7, 3, 9, 1}) % 10 == 0,
                      kMod10, kDigitAgrees);
}

// ISO 17442: eighteen characters, two digits by 97.
IdVerdict lei(std::string_view compact) {
    // Drawn from the whole alphabet: fourteen of sixteen places without a letter behind F are a hash.
    return acceptedIf(compact.size() == 20 && areDigits(compact.substr(18)) && mod97(compact) == 1 &&
                          compact.find_first_of("GHIJKLMNOPQRSTUVWXYZ") != std::string_view::npos,
                      kMod97, kDigitsAgree);
}

// FIGI: two consonants that are no country, G, eight characters, Luhn over letters.
IdVerdict figi(std::string_view compact) {
    if (compact.size() != 12 || compact[2] != 'G' || !isDigit(compact[11]) ||
        compact.find_first_of("AEIOU") != std::string_view::npos) {
        return {};
    }
    int sum = 0;
    for (std::size_t i = 0; i < 11; ++i) {
        const int value = base36(compact[i]) * (i % 2 == 0 ? 1 : 2);
        sum += value / 10 + value % 10;
    }
    return acceptedIf(areLetters(compact.substr(0, 2)) && (10 - sum % 10) % 10 == digitAt(compact, 11), kMod10 + 3.0,
                      "structure and check digit agree");
}

// ISO 9362: bank, country, place, branch.
IdVerdict bic(std::string_view compact) {
    const bool isLong = compact.size() == 11;
    return acceptedIf((compact.size() == 8 || isLong) && areLetters(compact.substr(0, 4)) &&
                          isCountry(compact.substr(4, 2)) && compact[7] != 'O' && compact[6] != '0',
                      isLong ? 1.6 : 1.0, "country agrees");
}

// ISO 11649: RF, two digits by 97, reference.
IdVerdict creditorReference(std::string_view compact) {
    if (compact.size() < 6 || compact.size() > 25 || compact.substr(0, 2) != "RF" || !areDigits(compact.substr(2, 2))) {
        return {};
    }
    return acceptedIf(mod97(std::string(compact.substr(4)) + std::string(compact.substr(0, 4))) == 1, kMod97 + 3.0,
                      "prefix and check digits agree");
}

// SEPA creditor identifier: country, two digits by 97 without the business code.
IdVerdict creditor(std::string_view compact) {
    if (compact.size() < 8 || compact.size() > 35 || !isCountry(compact.substr(0, 2)) ||
        !areDigits(compact.substr(2, 2))) {
        return {};
    }
    return acceptedIf(mod97(std::string(compact.substr(7)) + std::string(compact.substr(0, 4))) == 1, kMod97 + 1.0,
                      "country and check digits agree");
}

// Wertpapierkennnummer: no I or O.
IdVerdict wkn(std::string_view compact) {
    return acceptedIf(compact.size() == 6 && compact.find_first_of("IO") == std::string_view::npos, 0.3,
                      kStructureAgrees);
}

// EORI: a member state, then its own number.
IdVerdict eori(std::string_view compact) {
    return acceptedIf(compact.size() >= 7 && isCountry(compact.substr(0, 2)), 1.0, "country agrees");
}

constexpr std::array<NamedCheck, 10> kChecks{{
    {"isin", &isin},
    {"cusip", &cusip},
    {"sedol", &sedol},
    {"lei", &lei},
    {"figi", &figi},
    {"bic", &bic},
    {"creditor-reference", &creditorReference},
    {"creditor", &creditor},
    {"wkn", &wkn},
    {"eori", &eori},
}};

} // namespace

std::span<const NamedCheck> financeChecks() {
    return kChecks;
}

} // namespace gatehouse::dlp::ids
