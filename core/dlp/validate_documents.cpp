// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "dlp/ids/arithmetic.h"
#include "dlp/ids/ids.h"
#include "dlp/validators.h"

// Documents and cards whose numbers the layouts cannot hold: machine readable zones, brackets, letters alone in front.
namespace gatehouse::dlp {
namespace {

bool isZone(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return isDigit(c) || isUpper(c) || c == '<'; });
}

// Whether the digit behind `field` is its check digit.
bool isChecked(std::string_view text, std::size_t begin, std::size_t size) {
    const char check = text[begin + size];
    return (isDigit(check) ? check - '0' : 0) == ids::icaoCheck(text.substr(begin, size)) &&
           (isDigit(check) || check == '<');
}

// The line of a zone in front of `begin`, when it is one of `size` characters; else `begin`.
std::size_t withLineInFront(std::string_view text, std::size_t begin, std::size_t size) {
    std::size_t end = begin;
    while (end > 0 && begin - end < 3 && (text[end - 1] == '\n' || text[end - 1] == '\r' || text[end - 1] == ' ')) {
        --end;
    }
    const bool isThere = end < begin && end >= size && isZone(text.substr(end - size, size)) &&
                         text.substr(end - size, size).find('<') != std::string_view::npos;
    return isThere ? end - size : begin;
}

void validateIdCheck(std::string_view text, Span hit, std::vector<Candidate>& out, IdCheck check) {
    if (isWord(before(text, hit.begin)) || isWord(at(text, hit.end))) {
        return;
    }
    std::string compact;
    for (std::size_t i = hit.begin; i < hit.end; ++i) {
        if (isDigit(text[i]) || isLetter(text[i])) {
            compact += isLetter(text[i]) ? static_cast<char>(text[i] & ~0x20) : text[i];
        }
    }
    const IdVerdict verdict = check(compact);
    if (verdict.isValid) {
        out.push_back({hit, verdict.strength, true, verdict.why});
    }
}

} // namespace

// ICAO 9303 parts 4 to 6. The hit is the birthday, sex and expiry with their check digits, around which the three kinds
// of documents have their other fields.
void validateMachineReadableZone(std::string_view text, Span hit, std::vector<Candidate>& out) {
    const std::string_view dates = text.substr(hit.begin, 15);
    if (hit.end - hit.begin != 15 || !isChecked(dates, 0, 6) || !isChecked(dates, 8, 6) ||
        !ids::dateExists(2000 + ids::two(dates, 8), ids::two(dates, 10), ids::two(dates, 12))) {
        return;
    }
    constexpr std::size_t kFront = 13; // number, its check digit, nationality
    if (hit.begin >= kFront && isZone(text.substr(hit.begin - kFront, kFront)) &&
        isChecked(text, hit.begin - kFront, 9)) {
        const std::size_t line = hit.begin - kFront;
        for (const std::size_t size : {44U, 36U}) {
            if (line + size <= text.size() && isZone(text.substr(line, size)) && !isWord(at(text, line + size))) {
                out.push_back({{withLineInFront(text, line, size), line + size}, 7.0, true, "all check digits agree"});
                return;
            }
        }
    }
    constexpr std::size_t kCard = 30;
    if (hit.begin + kCard <= text.size() && isZone(text.substr(hit.begin, kCard))) {
        const std::size_t begin = withLineInFront(text, hit.begin, kCard);
        const bool hasNumber = begin < hit.begin && isChecked(text, begin + 5, 9);
        out.push_back({{begin, hit.begin + kCard}, hasNumber ? 7.0 : 4.6, true, "check digits agree"});
    }
}

// Hong Kong's identity card as it is printed: "A123456(3)".
void validateBracketedHkid(std::string_view text, Span hit, std::vector<Candidate>& out) {
    static const IdCheck kCheck = idCheckNamed("hk-person");
    if (!isWord(before(text, hit.begin))) {
        validateIdCheck(text, {hit.begin, hit.end}, out, kCheck);
    }
}

// EUI-48 with colons.
void validateMac(std::string_view text, Span hit, std::vector<Candidate>& out) {
    static const IdCheck kCheck = idCheckNamed("mac");
    if (before(text, hit.begin) != ':' && at(text, hit.end) != ':') {
        validateIdCheck(text, hit, out, kCheck);
    }
}

// Vehicle registrations: the form is all that there is.
void validatePlate(std::string_view text, Span hit, std::vector<Candidate>& out) {
    const auto isPart = [](char c) { return isWord(c) || c == '-' || static_cast<unsigned char>(c) >= 0x80; };
    if (!isPart(before(text, hit.begin)) && !isPart(at(text, hit.end))) {
        out.push_back({hit, 0, false, "form of a registration"});
    }
}

} // namespace gatehouse::dlp
