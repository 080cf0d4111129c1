// SPDX-License-Identifier: Apache-2.0
#include "dlp/validators.h"

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace gatehouse::dlp {
namespace {

constexpr std::array<std::pair<std::string_view, Validator>, 54> kValidators{{
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
    {"github", &validateGithub},
    {"gitlab", &validateGitlab},
    {"crc-hex", &validateCrcHex},
    {"bech32", &validateBech32},
    {"base58check", &validateBase58Check},
    {"jwt", &validateJwt},
    {"hash", &validateHash},
    {"secret-url", &validateSecretUrl},
    {"key-block", &validateKeyBlock},
    {"putty", &validatePutty},
    {"jwk", &validateJwk},
    {"kubernetes", &validateKubernetes},
    {"assigned", &validateAssigned},
    {"assigned-key", &validateAssignedKey},
    {"assigned-session", &validateAssignedSession},
    {"wif", &validateWif},
    {"mnemonic", &validateMnemonic},
    {"quoted-value", &validateQuotedValue},
    {"spoken-value", &validateSpokenValue},
    {"quoted-argument", &validateQuotedArgument},
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
    {"header-value", &validateHeaderValue},
    {"basic-auth", &validateBasicAuth},
    {"last-field", &validateLastField},
}};

} // namespace

Validator validatorNamed(std::string_view name) {
    for (const auto& [known, validator] : kValidators) {
        if (known == name) {
            return validator;
        }
    }
    constexpr std::string_view kTail = "tail-";
    std::size_t length = 0;
    if (name.substr(0, kTail.size()) == kTail &&
        std::from_chars(name.data() + kTail.size(), name.data() + name.size(), length).ec == std::errc()) {
        return tailValidator(length);
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
