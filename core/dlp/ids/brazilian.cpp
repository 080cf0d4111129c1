// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "dlp/ids/arithmetic.h"
#include "dlp/ids/checks.h"

// Brazil.
namespace gatehouse::dlp::ids {
namespace {

// 11 − remainder, 0 from ten on.
int complementOrZero(int sum) {
    const int rest = sum % 11;
    return rest < 2 ? 0 : 11 - rest;
}

// Cadastro de pessoas físicas: two check digits.
IdVerdict cpf(std::string_view compact) {
    return acceptedIf(isNumber(compact, 11) && compact != "12345678909" &&
                          complementOrZero(weightedSum(compact, {10, 9, 8, 7, 6, 5, 4, 3, 2})) == digitAt(compact, 9) &&
                          complementOrZero(weightedSum(compact, {11, 10, 9, 8, 7, 6, 5, 4, 3, 2})) ==
                              digitAt(compact, 10),
                      2 * kMod11, kDigitsAgree);
}

// The value of a character of a CNPJ: since 2026 letters count 17 and up, their code less 48.
int cnpjSum(std::string_view compact, std::size_t size) {
    int sum = 0;
    for (std::size_t i = 0; i < size; ++i) {
        sum += (compact[i] - '0') * (static_cast<int>(size - 1 - i) % 8 + 2);
    }
    return sum;
}

// Cadastro nacional da pessoa jurídica: twelve characters, two check digits.
IdVerdict cnpj(std::string_view compact) {
    if (compact.size() != 14 || !areDigits(compact.substr(12)) || compact.substr(0, 8) == "00000000") {
        return {};
    }
    return acceptedIf(complementOrZero(cnpjSum(compact, 12)) == digitAt(compact, 12) &&
                          complementOrZero(cnpjSum(compact, 13)) == digitAt(compact, 13) &&
                          compact.find_first_not_of(compact[0]) != std::string_view::npos,
                      2 * kMod11, kDigitsAgree);
}

// Carteira nacional de habilitação: two check digits, the second depends on an overflow of the first.
IdVerdict licence(std::string_view compact) {
    if (!isNumber(compact, 11)) {
        return {};
    }
    const int first = weightedSum(compact, {9, 8, 7, 6, 5, 4, 3, 2, 1}) % 11;
    const int second = weightedSum(compact, {1, 2, 3, 4, 5, 6, 7, 8, 9}) % 11;
    const int carry = first >= 10 ? 2 : 0;
    const int last = second >= 10 ? 0 : second - carry;
    return acceptedIf(first % 11 % 10 == digitAt(compact, 9) &&
                          (last < 0 ? last + 11 : last) % 10 == digitAt(compact, 10),
                      2 * kMod11 - 0.3, kDigitsAgree);
}

// PIS, PASEP, NIT.
constexpr Weighted kPis{11, {3, 2, 9, 8, 7, 6, 5, 4, 3, 2}, 11, CheckRule::complementOrZero, kMod11};
// Registro nacional de veículos.
constexpr Weighted kRenavam{11, {3, 2, 9, 8, 7, 6, 5, 4, 3, 2}, 11, CheckRule::complementOrOneZero, kMod11};

// Título eleitoral: eight digits, state 01–28, two check digits; São Paulo and Minas Gerais write 1 for 0.
IdVerdict voter(std::string_view compact) {
    if (!isNumber(compact, 12)) {
        return {};
    }
    const int state = two(compact, 8);
    const auto written = [state](int rest) { return rest == 10 ? 0 : rest == 0 && state <= 2 ? 1 : rest; };
    const int first = written(weightedSum(compact, {2, 3, 4, 5, 6, 7, 8, 9}) % 11);
    const int second = written((digitAt(compact, 8) * 7 + digitAt(compact, 9) * 8 + first * 9) % 11);
    return acceptedIf(state >= 1 && state <= 28 && first == digitAt(compact, 10) && second == digitAt(compact, 11),
                      2 * kMod11 + 1.0, "state and check digits agree");
}

// Cartão nacional de saúde: weights 15 … 1, mod 11.
IdVerdict health(std::string_view compact) {
    return acceptedIf(isNumber(compact, 15) && placeIn("12789", compact[0]) >= 0 &&
                          weightedSum(compact, {15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1}) % 11 == 0,
                      kMod11 + 0.7, kDigitAgrees);
}

// Access key of an electronic invoice: 44 digits, mod 11 with weights 2 … 9 from the right.
IdVerdict invoice(std::string_view compact) {
    if (!isNumber(compact, 44)) {
        return {};
    }
    int sum = 0;
    for (std::size_t i = 0; i < 43; ++i) {
        sum += digitAt(compact, 42 - i) * (static_cast<int>(i) % 8 + 2);
    }
    const int state = two(compact, 0);
    const int month = two(compact, 4);
    return acceptedIf(state >= 11 && state <= 53 && month >= 1 && month <= 12 &&
                          complementOrZero(sum) == digitAt(compact, 43),
                      kMod11 + 3.0, "state, month and check digit agree");
}

constexpr std::array<NamedCheck, 8> kChecks{{
    {"br-person", &cpf},
    {"br-company", &cnpj},
    {"br-licence", &licence},
    {"br-social", &weighted<kPis>},
    {"br-vehicle", &weighted<kRenavam>},
    {"br-voter", &voter},
    {"br-health", &health},
    {"br-invoice", &invoice},
}};

} // namespace

std::span<const NamedCheck> brazilianChecks() {
    return kChecks;
}

} // namespace gatehouse::dlp::ids
