// SPDX-License-Identifier: Apache-2.0
#include "dlp/atoms.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

namespace gatehouse::dlp {
namespace {

constexpr std::uint64_t kOnes = 0x0101010101010101ULL;

// The high bit of each byte that is a digit; exact up to the first one.
std::uint64_t digitsIn(const char* bytes) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    word ^= kOnes * '0';
    return (word - kOnes * 10) & ~word & (kOnes * 0x80);
}

constexpr bool isAlnum(char c) {
    return isDigit(c) || isLetter(c);
}

constexpr bool isHex(char c) {
    return isDigit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

// Hits of one atom that overlap become one.
class Joiner final {
public:
    Joiner(AtomKind kind, std::vector<Hit>& hits) : m_kind(kind), m_hits(hits) {}
    void put(std::size_t begin, std::size_t end) {
        if (m_last != 0) {
            Span& newest = m_hits[m_last - 1].span;
            if (begin < newest.end && end > newest.begin) {
                newest = {std::min(begin, newest.begin), std::max(end, newest.end)};
                return;
            }
        }
        m_hits.push_back({static_cast<std::uint32_t>(m_kind), {begin, end}});
        m_last = m_hits.size();
    }

private:
    AtomKind m_kind;
    std::vector<Hit>& m_hits;
    std::size_t m_last = 0; // index + 1 of the newest
};

// What hangs on a run of digits.
class DigitReader final {
public:
    DigitReader(std::string_view text, std::vector<Hit>& hits, std::vector<Span>& zones)
        : m_text(text)
        , m_hits(hits)
        , m_zones(zones)
        , m_ibans(AtomKind::iban, hits)
        , m_quads(AtomKind::dottedQuad, hits)
        , m_codes(AtomKind::icd10, hits) {}

    void read() {
        std::size_t begin = nextDigit(m_text, 0);
        while (begin < m_text.size()) {
            std::size_t end = begin + 1;
            while (end < m_text.size() && isDigit(m_text[end])) {
                ++end;
            }
            take({begin, end});
            begin = end < m_text.size() ? nextDigit(m_text, end + 1) : end;
        }
        endChain();
    }

private:
    void take(Span run) {
        addZone(run);
        extendChain(run);
        readQuad(run);
        readIban(run);
        readCode(run);
    }

    void addZone(Span run) {
        const std::size_t begin = run.begin > kZoneMargin ? run.begin - kZoneMargin : 0;
        const std::size_t end = std::min(m_text.size(), run.end + kZoneMargin);
        if (!m_zones.empty() && m_zones.back().end >= begin) {
            m_zones.back().end = end;
        } else {
            m_zones.push_back({begin, end});
        }
    }

    // [0-9](?:[ ./()+-]{0,2}[0-9]){6,}
    void extendChain(Span run) {
        constexpr std::string_view kBetween = " ./()+-";
        const bool goesOn =
            m_chain.end != 0 && run.begin - m_chain.end <= 2 &&
            m_text.substr(m_chain.end, run.begin - m_chain.end).find_first_not_of(kBetween) == std::string_view::npos;
        if (!goesOn) {
            endChain();
            m_chain.begin = run.begin;
        }
        m_chain.end = run.end;
        m_chainDigits += run.end - run.begin;
    }
    void endChain() {
        if (m_chainDigits >= 7) {
            m_hits.push_back({static_cast<std::uint32_t>(AtomKind::digits), m_chain});
        }
        m_chainDigits = 0;
    }

    // [0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}
    void readQuad(Span run) {
        const bool joins = m_groups > 0 && run.begin == m_group[2].end + 1 && m_text[m_group[2].end] == '.';
        if (!joins) {
            m_groups = 0;
        }
        if (m_groups >= 3) {
            const auto isShort = [](Span group) { return group.end - group.begin <= 3; };
            if (isShort(m_group[1]) && isShort(m_group[2])) {
                m_quads.put(std::max(m_group[0].begin, m_group[0].end < 3 ? 0 : m_group[0].end - 3),
                            std::min(run.end, run.begin + 3));
            }
        }
        m_group = {m_group[1], m_group[2], run};
        ++m_groups;
    }

    // [A-Za-z]{2}[0-9]{2} ?[A-Za-z0-9]{4}
    void readIban(Span run) {
        if (run.begin < 2 || run.end - run.begin < 2 || !isLetter(m_text[run.begin - 1]) ||
            !isLetter(m_text[run.begin - 2])) {
            return;
        }
        std::size_t at = run.begin + 2;
        at += dlp::at(m_text, at) == ' ' ? 1U : 0U;
        const std::string_view rest = at < m_text.size() ? m_text.substr(at, 4) : std::string_view();
        if (rest.size() == 4 && std::all_of(rest.begin(), rest.end(), isAlnum)) {
            m_ibans.put(run.begin - 2, at + 4);
        }
    }

    // [A-TV-Z][0-9][0-9AB](?:\.[0-9A-Z]{1,4})?
    void readCode(Span run) {
        if (run.begin == 0 || !isUpper(m_text[run.begin - 1]) || m_text[run.begin - 1] == 'U') {
            return;
        }
        const char third = at(m_text, run.begin + 1);
        if (!isDigit(third) && third != 'A' && third != 'B') {
            return;
        }
        std::size_t end = run.begin + 2;
        if (at(m_text, end) == '.') {
            std::size_t more = end + 1;
            while (more < m_text.size() && more < end + 5 && (isDigit(m_text[more]) || isUpper(m_text[more]))) {
                ++more;
            }
            end = more > end + 1 ? more : end;
        }
        m_codes.put(run.begin - 1, end);
    }

    std::string_view m_text;
    std::vector<Hit>& m_hits;
    std::vector<Span>& m_zones;
    Joiner m_ibans;
    Joiner m_quads;
    Joiner m_codes;
    Span m_chain;
    std::size_t m_chainDigits = 0;
    std::array<Span, 3> m_group{}; // the last ones that points join
    std::size_t m_groups = 0;
};

// [A-Za-z0-9_%+-]@[A-Za-z0-9\x80-\xff]
void findMails(std::string_view text, std::vector<Hit>& hits) {
    Joiner joiner(AtomKind::email, hits);
    for (std::size_t i = text.find('@'); i != std::string_view::npos; i = text.find('@', i + 1)) {
        const char left = before(text, i);
        const char right = at(text, i + 1);
        const bool isName = isWord(left) || left == '%' || left == '+' || left == '-';
        if (isName && (isAlnum(right) || static_cast<unsigned char>(right) >= 0x80)) {
            joiner.put(i - 1, i + 2);
        }
    }
}

// [0-9A-Fa-f:]{1,5}:[0-9A-Fa-f:]{0,5}:[0-9A-Fa-f]
void findColons(std::string_view text, std::vector<Hit>& hits) {
    Joiner joiner(AtomKind::ipv6, hits);
    const auto isPart = [](char c) { return isHex(c) || c == ':'; };
    for (std::size_t last = text.find(':'); last != std::string_view::npos; last = text.find(':', last + 1)) {
        if (!isHex(at(text, last + 1))) {
            continue;
        }
        std::size_t best = last;
        for (std::size_t colon = last; colon > 1 && last - colon < 6 && isPart(text[colon - 1]);) {
            --colon;
            if (text[colon] != ':') {
                continue;
            }
            std::size_t begin = colon;
            while (begin > 0 && colon - begin < 5 && isPart(text[begin - 1])) {
                --begin;
            }
            best = begin < colon ? std::min(best, begin) : best;
        }
        if (best < last) {
            joiner.put(best, last + 2);
        }
    }
}

} // namespace

std::size_t nextDigit(std::string_view text, std::size_t position) {
    constexpr std::size_t kStep = 16;
    if constexpr (std::endian::native == std::endian::little) {
        for (; position + kStep <= text.size(); position += kStep) {
            const std::uint64_t first = digitsIn(text.data() + position);
            const std::uint64_t second = digitsIn(text.data() + position + 8);
            if ((first | second) != 0) {
                return first != 0 ? position + static_cast<std::size_t>(std::countr_zero(first)) / 8
                                  : position + 8 + static_cast<std::size_t>(std::countr_zero(second)) / 8;
            }
        }
    }
    while (position < text.size() && !isDigit(text[position])) {
        ++position;
    }
    return position;
}

void findAtoms(std::string_view text, std::vector<Hit>& hits, std::vector<Span>& zones) {
    DigitReader(text, hits, zones).read();
    findMails(text, hits);
    findColons(text, hits);
}

} // namespace gatehouse::dlp
