// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "dlp/ids/arithmetic.h"
#include "dlp/ids/checks.h"

// Romania, Bulgaria, Croatia, Slovenia, Serbia, Bosnia and Herzegovina, North Macedonia, Montenegro, Albania, Moldova.
namespace gatehouse::dlp::ids {
namespace {

// Cod numeric personal: sex and century, YYMMDD, county, serial; a remainder of 10 is written 1.
IdVerdict romanianPerson(std::string_view compact) {
    if (!isNumber(compact, 13) || compact[0] == '0') {
        return {};
    }
    const int first = digitAt(compact, 0);
    const int century = first == 3 || first == 4 ? 1800 : first == 5 || first == 6 ? 2000 : 1900;
    const int county = two(compact, 7);
    const bool hasCounty =
        (county >= 1 && county <= 48) || county == 51 || county == 52 || county == 70 || county >= 80;
    const int remainder = weightedSum(compact, {2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9}) % 11;
    return acceptedIf(hasCounty && dateExists(century + two(compact, 1), two(compact, 3), two(compact, 5)) &&
                          digitAt(compact, 12) == (remainder == 10 ? 1 : remainder),
                      kMod11 + kDate + 1.5, kDateAgrees);
}

// Cod de identificare fiscală: two to ten digits, weights from the right.
IdVerdict romanianTax(std::string_view compact) {
    if (compact.substr(0, 2) == "RO") {
        compact.remove_prefix(2);
    }
    if (compact.size() < 5 || compact.size() > 10 || !isNumber(compact, compact.size()) || compact[0] == '0') {
        return {};
    }
    constexpr std::array kWeights{2, 3, 5, 7, 1, 2, 3, 5, 7};
    int sum = 0;
    for (std::size_t i = 1; i < compact.size(); ++i) {
        sum += digitAt(compact, compact.size() - 1 - i) * kWeights[i - 1];
    }
    return acceptedIf(sum * 10 % 11 % 10 == digitAt(compact, compact.size() - 1), kMod11, kDigitAgrees);
}

// EGN: YYMMDD with 20 or 40 added to the month for other centuries.
IdVerdict bulgarianPerson(std::string_view compact) {
    if (!isNumber(compact, 10)) {
        return {};
    }
    const int month = two(compact, 2);
    const int century = month > 40 ? 2000 : month > 20 ? 1800 : 1900;
    return acceptedIf(dateExists(century + two(compact, 0), month % 20, two(compact, 4)) &&
                          weightedSum(compact, {2, 4, 8, 5, 10, 9, 7, 3, 6}) % 11 % 10 == digitAt(compact, 9),
                      kMod11 + kDate, kDateAgrees);
}

constexpr Weighted kBgForeigner{10, {21, 19, 17, 13, 11, 9, 7, 3, 1}, 10, CheckRule::remainder, kMod10};

bool isBulgarianNine(std::string_view digits) {
    const int first = weightedSum(digits, {1, 2, 3, 4, 5, 6, 7, 8}) % 11;
    const int second = weightedSum(digits, {3, 4, 5, 6, 7, 8, 9, 10}) % 11 % 10;
    return (first < 10 ? first : second) == digitAt(digits, 8);
}

// EIK (BULSTAT): nine digits, thirteen for branches.
IdVerdict bulgarianCompany(std::string_view compact) {
    if (isNumber(compact, 9)) {
        return acceptedIf(isBulgarianNine(compact), kMod11, kDigitAgrees);
    }
    if (!isNumber(compact, 13) || !isBulgarianNine(compact)) {
        return {};
    }
    const int first = weightedSum(compact.substr(8), {2, 7, 3, 5}) % 11;
    const int second = weightedSum(compact.substr(8), {4, 9, 5, 7}) % 11 % 10;
    return acceptedIf((first < 10 ? first : second) == digitAt(compact, 12), 2 * kMod11, kDigitsAgree);
}

IdVerdict bulgarianVat(std::string_view compact) {
    if (compact.substr(0, 2) != "BG") {
        return {};
    }
    compact.remove_prefix(2);
    if (isNumber(compact, 9)) {
        return acceptedIf(isBulgarianNine(compact), kMod11, kDigitAgrees);
    }
    constexpr Weighted kOther{10, {4, 3, 2, 7, 6, 5, 4, 3, 2}, 11, CheckRule::complement, kMod11};
    return acceptedIf(isNumber(compact, 10) && (bulgarianPerson(compact).isValid || passes(kBgForeigner, compact) ||
                                                passes(kOther, compact)),
                      1.2, kDigitAgrees);
}

// OIB: ISO 7064 mod 11,10.
IdVerdict croatianPerson(std::string_view compact) {
    if (compact.substr(0, 2) == "HR") {
        compact.remove_prefix(2);
    }
    return acceptedIf(isNumber(compact, 11) && passesMod11Radix10(compact), kMod10, kDigitAgrees);
}

// JMBG, EMŠO, EMBG: DDMM, the year without its first digit, region, serial.
IdVerdict yugoslavPerson(std::string_view compact) {
    if (!isNumber(compact, 13)) {
        return {};
    }
    const auto year = static_cast<int>(numberOf(compact.substr(4, 3)));
    const int full = year < 800 ? 2000 + year : 1000 + year;
    const int rest = weightedSum(compact, {7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2}) % 11;
    const int check = rest == 0 ? 0 : 11 - rest;
    return acceptedIf(full <= 2030 && dateExists(full, two(compact, 2), two(compact, 0)) &&
                          check % 10 == digitAt(compact, 12),
                      kMod11 + kFullDate, kDateAgrees);
}

template <int low, int high>
IdVerdict yugoslavPersonOf(std::string_view compact) {
    const IdVerdict verdict = yugoslavPerson(compact);
    const bool isRegion = verdict.isValid && two(compact, 7) >= low && two(compact, 7) <= high;
    return acceptedIf(isRegion, verdict.strength + 0.6, "check digit, date and region agree");
}

IdVerdict slovenianTax(std::string_view compact) {
    if (compact.substr(0, 2) == "SI") {
        compact.remove_prefix(2);
    }
    constexpr Weighted kTax{8, {8, 7, 6, 5, 4, 3, 2}, 11, CheckRule::complementOrZero, kMod11};
    return acceptedIf(isNumber(compact, 8) && compact[0] != '0' && passes(kTax, compact) &&
                          weightedSum(compact, {8, 7, 6, 5, 4, 3, 2}) % 11 != 0,
                      kMod11, kDigitAgrees);
}

// PIB: ISO 7064 mod 11,10.
IdVerdict serbianTax(std::string_view compact) {
    return acceptedIf(isNumber(compact, 9) && compact[0] == '1' && passesMod11Radix10(compact), kMod10 + 1.0,
                      kDigitAgrees);
}

constexpr Weighted kMkTax{13, {7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2}, 11, CheckRule::complementOrZero, kMod11};
constexpr Weighted kMeTax{8, {8, 7, 6, 5, 4, 3, 2}, 11, CheckRule::complementOrZero, kMod11};
constexpr Weighted kMdCompany{13, {7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1}, 10, CheckRule::remainder, kMod10};

IdVerdict macedonianTax(std::string_view compact) {
    if (compact.substr(0, 2) == "MK") {
        compact.remove_prefix(2);
    }
    if (!isNumber(compact, 13) || !passes(kMkTax, compact)) {
        return {};
    }
    const bool isUsual = placeIn("456", compact[0]) >= 0; // companies, craftsmen, others
    return accepted(isUsual ? kMod11 + 1.2 : kMod11, kDigitAgrees);
}

// Albania's personal number: decade, year, month (+50 for women), day, serial, a letter by 23.
IdVerdict albanianPerson(std::string_view compact) {
    if (compact.size() != 10 || !areDigits(compact.substr(1, 8)) || !isLetter(compact[0]) || !isLetter(compact[9])) {
        return {};
    }
    const int month = two(compact, 2) % 50;
    const int day = two(compact, 4);
    return acceptedIf(month >= 1 && month <= 12 && two(compact, 2) <= 62 && day >= 1 && day <= 31, 2.6,
                      kStructureAgrees);
}

// Albania's tax number (NIPT): J … M, eight digits, a letter.
IdVerdict albanianTax(std::string_view compact) {
    return acceptedIf(compact.size() == 10 && placeIn("JKLM", compact[0]) >= 0 && areDigits(compact.substr(1, 8)) &&
                          isLetter(compact[9]),
                      1.8, kStructureAgrees);
}

// Moldova's IDNP (2…) and IDNO (1…).
IdVerdict moldovanNumber(std::string_view compact) {
    return acceptedIf(isNumber(compact, 13) && placeIn("120", compact[0]) >= 0 && passes(kMdCompany, compact),
                      kMod10 + 1.0, kDigitAgrees);
}

constexpr std::array<NamedCheck, 20> kChecks{{
    {"ro-person", &romanianPerson},
    {"ro-tax", &romanianTax},
    {"bg-person", &bulgarianPerson},
    {"bg-foreigner", &weighted<kBgForeigner>},
    {"bg-company", &bulgarianCompany},
    {"bg-vat", &bulgarianVat},
    {"hr-person", &croatianPerson},
    {"yu-person", &yugoslavPerson},
    {"si-person", &yugoslavPersonOf<50, 59>},
    {"rs-person", &yugoslavPersonOf<70, 99>},
    {"ba-person", &yugoslavPersonOf<10, 19>},
    {"me-person", &yugoslavPersonOf<20, 29>},
    {"mk-person", &yugoslavPersonOf<40, 49>},
    {"si-tax", &slovenianTax},
    {"rs-tax", &serbianTax},
    {"mk-tax", &macedonianTax},
    {"me-tax", &weighted<kMeTax>},
    {"al-person", &albanianPerson},
    {"al-tax", &albanianTax},
    {"md-number", &moldovanNumber},
}};

} // namespace

std::span<const NamedCheck> balkanChecks() {
    return kChecks;
}

} // namespace gatehouse::dlp::ids
