// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

// What confirms a hit. A validator looks at one hit in the normalised text, may widen or narrow it within fixed bounds,
// and appends what it accepts. Linear in the hit, no allocation beyond the output; pure, any thread.
namespace gatehouse::dlp {

struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
};

struct Candidate {
    Span span;           // in the normalised text
    double strength = 0; // log-odds to add to the row's score
    bool isValidated = false;
    std::string_view why; // a literal
};

using Validator = void (*)(std::string_view text, Span hit, std::vector<Candidate>& out);

// nullptr when there is none of that name.
Validator validatorNamed(std::string_view name);

// The furthest that a validator looks or widens beyond its hit, in bytes; key blocks are the one exception.
inline constexpr std::size_t kReach = 320;
inline constexpr std::size_t kKeyBlockReach = 16UL * 1024UL;

// numbers
void validateCard(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateIban(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateSsn(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateNpi(std::string_view text, Span hit, std::vector<Candidate>& out);
void validatePhone(std::string_view text, Span hit, std::vector<Candidate>& out);
// network
void validateEmail(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateIpv4(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateIpv6(std::string_view text, Span hit, std::vector<Candidate>& out);
// people
void validateBirthDate(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateIcd10(std::string_view text, Span hit, std::vector<Candidate>& out);
void validatePerson(std::string_view text, Span hit, std::vector<Candidate>& out);
// documents
void validateMachineReadableZone(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateBracketedHkid(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateMac(std::string_view text, Span hit, std::vector<Candidate>& out);
void validatePlate(std::string_view text, Span hit, std::vector<Candidate>& out);
// wallets
void validateBase58Address(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateBech32Address(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateEthereumAddress(std::string_view text, Span hit, std::vector<Candidate>& out);
// secrets
// tokens: the whole hit is the value
void validateToken(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateGithub(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateGitlab(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateCrcHex(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateBech32(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateBase58Check(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateJwt(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateHash(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateSecretUrl(std::string_view text, Span hit, std::vector<Candidate>& out);
// keys in frames
void validateKeyBlock(std::string_view text, Span hit, std::vector<Candidate>& out);
void validatePutty(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateJwk(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateKubernetes(std::string_view text, Span hit, std::vector<Candidate>& out);
// name, operator, value: only the value is the finding
void validateAssigned(std::string_view text, Span hit, std::vector<Candidate>& out);
// The same for a value of exactly that many characters ("tail-32"); nullptr unless 8 to 128.
Validator tailValidator(std::size_t length);
void validateAssignedKey(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateAssignedSession(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateWif(std::string_view text, Span hit, std::vector<Candidate>& out);
// words of a wallet's recovery phrase
void validateMnemonic(std::string_view text, Span hit, std::vector<Candidate>& out);
// credentials where they are used
void validateAssignedValue(std::string_view text, Span hit, std::vector<Candidate>& out);
// phrases
void validatePhrase(std::string_view text, Span hit, std::vector<Candidate>& out);   // whole words
void validateMarking(std::string_view text, Span hit, std::vector<Candidate>& out);  // stronger in capitals, on a line
void validateLabelled(std::string_view text, Span hit, std::vector<Candidate>& out); // narrows to the value
void validateAmount(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateLoinc(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateRouting(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateDose(std::string_view text, Span hit, std::vector<Candidate>& out); // widens to the medicine in front
// Whether a word, folded as names/fold.h folds, is a medicine: by list or by the stem of its class.
bool isMedicine(std::string_view folded);
// links and programs
void validatePayloadLink(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateInnerHost(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateCode(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateQuotedValue(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateSpokenValue(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateQuotedArgument(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateUserinfo(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateHeaderValue(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateBasicAuth(std::string_view text, Span hit, std::vector<Candidate>& out);
void validateLastField(std::string_view text, Span hit, std::vector<Candidate>& out);

// Shared helpers of the validators.
constexpr bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool isUpper(char c) {
    return c >= 'A' && c <= 'Z';
}
constexpr bool isLetter(char c) {
    return isUpper(c) || (c >= 'a' && c <= 'z');
}
constexpr bool isWord(char c) {
    return isDigit(c) || isLetter(c) || c == '_';
}
constexpr char before(std::string_view text, std::size_t position) {
    return position == 0 ? ' ' : text[position - 1];
}
constexpr char at(std::string_view text, std::size_t position) {
    return position < text.size() ? text[position] : ' ';
}
// ISO/IEC 7812-1 annex B.
bool passesLuhn(std::string_view digits);
// Shannon entropy in bits a character.
double entropy(std::string_view value);

} // namespace gatehouse::dlp
