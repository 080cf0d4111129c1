// SPDX-License-Identifier: Apache-2.0
#include "dlp/validators.h"

#include <array>
#include <cmath>
#include <utility>

namespace gatehouse::dlp {
namespace {

constexpr std::array<std::pair<std::string_view, Validator>, 35> kValidators{{
    {"card", &validateCard},
    {"iban", &validateIban},
    {"ssn", &validateSsn},
    {"npi", &validateNpi},
    {"phone", &validatePhone},
    {"email", &validateEmail},
    {"ipv4", &validateIpv4},
    {"ipv6", &validateIpv6},
    {"userinfo", &validateUserinfo},
    {"birth-date", &validateBirthDate},
    {"icd10", &validateIcd10},
    {"person", &validatePerson},
    {"machine-readable-zone", &validateMachineReadableZone},
    {"bracketed-hkid", &validateBracketedHkid},
    {"mac", &validateMac},
    {"plate", &validatePlate},
    {"base58-address", &validateBase58Address},
    {"bech32-address", &validateBech32Address},
    {"ethereum-address", &validateEthereumAddress},
    {"token", &validateToken},
    {"tail-40", &validateTail40},
    {"github", &validateGithub},
    {"key-block", &validateKeyBlock},
    {"jwt", &validateJwt},
    {"assigned-value", &validateAssignedValue},
    {"phrase", &validatePhrase},
    {"marking", &validateMarking},
    {"labelled", &validateLabelled},
    {"amount", &validateAmount},
    {"loinc", &validateLoinc},
    {"routing", &validateRouting},
    {"dose", &validateDose},
    {"payload-link", &validatePayloadLink},
    {"inner-host", &validateInnerHost},
    {"code", &validateCode},
}};

} // namespace

Validator validatorNamed(std::string_view name) {
    for (const auto& [known, validator] : kValidators) {
        if (known == name) {
            return validator;
        }
    }
    return nullptr;
}

bool passesLuhn(std::string_view digits) {
    int sum = 0;
    bool isDoubled = false;
    for (std::size_t i = digits.size(); i-- > 0; isDoubled = !isDoubled) {
        int value = digits[i] - '0';
        if (isDoubled) {
            value = value * 2 > 9 ? value * 2 - 9 : value * 2;
        }
        sum += value;
    }
    return sum % 10 == 0;
}

double entropy(std::string_view value) {
    std::array<unsigned, 256> counts{};
    for (const char c : value) {
        ++counts[static_cast<unsigned char>(c)];
    }
    double bits = 0;
    for (const unsigned count : counts) {
        if (count != 0) {
            const double share = static_cast<double>(count) / static_cast<double>(value.size());
            bits -= share * std::log2(share);
        }
    }
    return bits;
}

} // namespace gatehouse::dlp
