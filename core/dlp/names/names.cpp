// SPDX-License-Identifier: Apache-2.0
#include "dlp/names/names.h"

#include <algorithm>
#include <array>

#include "dlp/names/address.h"
#include "dlp/names/organisation.h"
#include "dlp/names/person.h"

namespace gatehouse::dlp {
namespace {

// What a byte may begin. Ordinary lower-case text holds almost none of them.
enum class Sign : std::uint8_t { none, capital, lead, field, digit };

constexpr std::array<Sign, 256> makeSigns() {
    std::array<Sign, 256> signs{};
    for (unsigned char c = 'A'; c <= 'Z'; ++c) {
        signs[c] = Sign::capital;
    }
    for (unsigned char c = '0'; c <= '9'; ++c) {
        signs[c] = Sign::digit;
    }
    signs[':'] = Sign::field;
    signs['='] = Sign::field;
    for (const std::size_t c : {0xC3U, 0xC4U, 0xC5U, 0xCEU, 0xD0U}) {
        signs[c] = Sign::lead;
    }
    return signs;
}
constexpr std::array<Sign, 256> kSigns = makeSigns();

// Of overlapping hits of one kind the stronger stays.
void thin(std::vector<NameHit>& hits, std::size_t from) {
    const auto first = hits.begin() + static_cast<std::ptrdiff_t>(from);
    std::sort(first, hits.end(), [](const NameHit& a, const NameHit& b) {
        return a.span.begin != b.span.begin ? a.span.begin < b.span.begin : a.span.end > b.span.end;
    });
    std::array<std::size_t, 3> last{};
    std::array<bool, 3> hasLast{};
    std::size_t kept = from;
    for (std::size_t i = from; i < hits.size(); ++i) {
        const auto kind = static_cast<std::size_t>(hits[i].kind);
        if (hasLast[kind] && hits[last[kind]].span.end > hits[i].span.begin) {
            NameHit& other = hits[last[kind]];
            const bool isLonger = hits[i].span.end - hits[i].span.begin > other.span.end - other.span.begin;
            if (hits[i].score > other.score + (isLonger ? -0.5 : 0.5)) {
                const double best = std::max(hits[i].score, other.score);
                other = hits[i];
                other.score = best;
            }
            continue;
        }
        hits[kept] = hits[i];
        last[kind] = kept++;
        hasLast[kind] = true;
    }
    hits.resize(kept);
}

class Finder final {
public:
    Finder(std::string_view text, std::vector<NameHit>& out) : m_text(text), m_out(out) {}

    void run() {
        for (std::size_t i = 0; i < m_text.size();) {
            const Sign sign = kSigns[static_cast<unsigned char>(m_text[i])];
            if (sign == Sign::none) {
                ++i;
                continue;
            }
            i = sign == Sign::field ? field(i) : sign == Sign::digit ? digits(i) : capital(i);
        }
    }

private:
    std::size_t field(std::size_t i) {
        if (i > 0 && at(m_text, i + 1) != ':' && at(m_text, i + 1) != '=' && at(m_text, i + 1) != '/') {
            findNameField(m_text, i + 1, m_out);
        }
        return i + 1;
    }

    std::size_t digits(std::size_t i) {
        std::size_t end = i;
        while (end < m_text.size() && isDigit(m_text[end])) {
            ++end;
        }
        if (end - i <= kMaxHouseDigits) {
            findAddress(m_text, {i, end}, m_out);
        }
        return end;
    }

    std::size_t capital(std::size_t i) {
        const char left = before(m_text, i);
        const bool isInWord = isWord(left) || static_cast<unsigned char>(left) >= 0x80;
        if (isInWord || !startsWithCapital(m_text, i)) {
            return i + 1;
        }
        readRun(m_text, i, m_run);
        const std::size_t next = findPeople(m_text, m_run, m_out);
        findOrganisation(m_text, m_run, m_out);
        return std::max(next, i + 1);
    }

    std::string_view m_text;
    std::vector<NameHit>& m_out;
    Run m_run;
};

void findIntroductions(std::string_view text, std::vector<NameHit>& out) {
    constexpr std::string_view kPhrase = "me is "; // of "name is": m is rarer than n
    for (std::size_t i = text.find(kPhrase); i != std::string_view::npos; i = text.find(kPhrase, i + 1)) {
        if (i >= 2 && slice(text, i - 2, 2) == "na") {
            findIntroduction(text, i + kPhrase.size(), out);
        }
    }
}

} // namespace

void findNames(std::string_view text, std::vector<NameHit>& out) {
    const std::size_t from = out.size();
    Finder(text, out).run();
    findIntroductions(text, out);
    thin(out, from);
}

} // namespace gatehouse::dlp
