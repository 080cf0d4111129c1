// SPDX-License-Identifier: Apache-2.0
#include "dlp/look_alikes.h"

#include <algorithm>

namespace gatehouse::dlp {
namespace {

// A label that no placeholder can have, so that nobody can ask for its values: readers take letters only.
constexpr std::string_view kLabel = "look-alike";
constexpr std::size_t kMost = 100'000; // of one conversation
constexpr std::string_view kSpellings = "ecgn";

char small(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

std::string loose(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (touchesLookAlike(c) || static_cast<unsigned char>(c) >= 0x80) {
            out += small(c);
        }
    }
    return out;
}

bool isNameByte(char c) {
    return small(c) != c || (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
}

std::vector<std::string_view> wordsOf(std::string_view text) {
    std::vector<std::string_view> words;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t begin = i;
        while (i < text.size() && isNameByte(text[i])) {
            ++i;
        }
        if (i > begin) {
            words.push_back(text.substr(begin, i - begin));
        } else {
            ++i;
        }
    }
    return words;
}

// What may stand between two groups: bytes of one such character at `at`, 0 for none; `isCut` when the text ends in it.
std::size_t groupingAt(std::string_view text, std::size_t at, bool& isCut) {
    constexpr std::string_view kPlain = " -./()";
    if (kPlain.find(text[at]) != std::string_view::npos) {
        return 1;
    }
    // No-break space, hyphen, no-break hyphen, narrow no-break space.
    for (const std::string_view wide : {"\u00A0", "\u2010", "\u2011", "\u202F"}) {
        const std::string_view rest = text.substr(at, wide.size());
        if (rest == wide) {
            return wide.size();
        }
        isCut = isCut || (rest.size() < wide.size() && rest == wide.substr(0, rest.size()));
    }
    return 0;
}

bool isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

} // namespace

Result<LookAlikes> LookAlikes::load(std::string_view conversation, Vault& vault) {
    LookAlikes known(conversation, vault);
    for (std::uint32_t number = 1; number <= kMost; ++number) {
        const auto packed = vault.find(conversation, kLabel, number);
        if (!packed) {
            if (packed.error().kind != ErrorKind::notFound) {
                return std::unexpected(packed.error());
            }
            break;
        }
        const std::string_view text = packed->text(); // spelling, look-alike, line feed, value
        const std::size_t split = text.find('\n');
        const std::size_t spelling = text.empty() ? std::string_view::npos : kSpellings.find(text[0]);
        if (split == std::string_view::npos || spelling == std::string_view::npos) {
            return fail(ErrorKind::corrupt, "the vault has not the form that we write");
        }
        known.add(text.substr(1, split - 1), text.substr(split + 1), static_cast<Spelling>(spelling));
    }
    return known;
}

void LookAlikes::avoid(std::string_view text) {
    const std::string letters = loose(text);
    if (m_avoided.find(letters) == std::string::npos) {
        m_avoided += letters + '\n';
    }
}

bool LookAlikes::isTaken(const Invented& invented) const {
    const std::string key = loose(invented.text);
    const auto stands = [this](std::string_view part) { return m_avoided.find(part) != std::string::npos; };
    if (key.empty() || stands(key)) {
        return true;
    }
    if (invented.spelling == Spelling::name) {
        const auto words = wordsOf(invented.text);
        if (std::any_of(words.begin(), words.end(),
                        [&stands](auto word) { return word.size() > 2 && stands(loose(word)); })) {
            return true;
        }
    }
    return std::any_of(m_entries.begin(), m_entries.end(), [&key](const Entry& entry) {
        return !entry.isPart && (loose(entry.shown).find(key) != std::string::npos ||
                                 key.find(loose(entry.shown)) != std::string::npos || loose(entry.value.text()) == key);
    });
}

// Whether what is invented is found again as it is written: groups of a number may stand apart by what no reader joins.
bool LookAlikes::comesBack(const Invented& invented, std::string_view value) const {
    LookAlikes alone(m_conversation, *m_vault);
    alone.add(invented.text, value, invented.spelling);
    const Match match = alone.matchAt(invented.text, 0, true);
    return match.outcome == Outcome::whole && match.end == invented.text.size() && match.value.text() == value;
}

Result<std::optional<std::string>> LookAlikes::standIn(const RealValue& real, const Confirms& confirms) {
    constexpr int kTries = 64;
    for (const Entry& entry : m_entries) {
        if (!entry.isPart && entry.value.text() == real.text) {
            return entry.shown;
        }
    }
    for (int i = 0; i < kTries; ++i) {
        const auto invented = inventValue(real, confirms);
        if (!invented) {
            break;
        }
        if (isTaken(*invented) || invented->text == real.text || !comesBack(*invented, real.text)) {
            continue;
        }
        std::string packed(1, kSpellings[static_cast<std::size_t>(invented->spelling)]);
        packed += invented->text;
        packed += '\n';
        packed += real.text;
        GH_CHECK(m_vault->assign(m_conversation, kLabel, packed));
        add(invented->text, real.text, invented->spelling);
        return invented->text;
    }
    return std::nullopt;
}

void LookAlikes::add(std::string_view shown, std::string_view value, Spelling spelling) {
    Entry entry;
    entry.shown = shown;
    entry.value = SecureBytes(value);
    entry.spelling = spelling;
    entry.key = shown;
    if (spelling == Spelling::grouped) {
        const auto first = std::find_if(shown.begin(), shown.end(), touchesLookAlike);
        entry.lead = shown.substr(0, static_cast<std::size_t>(first - shown.begin()));
        entry.key = loose(shown);
    } else if (spelling != Spelling::exact) {
        std::transform(entry.key.begin(), entry.key.end(), entry.key.begin(), small);
    }
    addParts(entry);
    insert(std::move(entry));
}

// "Mr. Ashdale" for "Aldwen Ashdale", and a number without its +1.
void LookAlikes::addParts(const Entry& whole) {
    const auto addPart = [this, &whole](std::string_view shown, std::string_view value) {
        Entry part;
        part.shown = shown;
        part.value = SecureBytes(value);
        part.key = shown;
        std::transform(part.key.begin(), part.key.end(), part.key.begin(), small);
        part.spelling = whole.spelling;
        part.isPart = true;
        for (Entry& entry : m_entries) {
            if (entry.isPart && entry.key == part.key) {
                entry.isAmbiguous = entry.isAmbiguous || entry.value.text() != value;
                return;
            }
        }
        insert(std::move(part));
    };
    if (whole.spelling == Spelling::grouped && whole.key.size() == 11 && whole.lead == "+" && whole.key[0] == '1') {
        const std::string number = loose(whole.value.text());
        if (number.size() == whole.key.size()) {
            addPart(std::string_view(whole.key).substr(1), std::string_view(number).substr(1));
        }
        return;
    }
    const auto shown = wordsOf(whole.shown);
    const auto words = wordsOf(whole.value.text());
    if (whole.spelling != Spelling::name || shown.size() < 2 || shown.size() != words.size()) {
        return;
    }
    for (std::size_t i = 0; i < shown.size(); ++i) {
        if (shown[i].size() > 2) {
            addPart(shown[i], words[i]);
        }
    }
}

void LookAlikes::insert(Entry entry) {
    const auto index = static_cast<std::uint32_t>(m_entries.size());
    const auto file = [this, index](char c) {
        std::vector<std::uint32_t>& bucket = m_byFirst[static_cast<unsigned char>(c)];
        m_first[static_cast<unsigned char>(c)] = 1;
        if (bucket.empty() || bucket.back() != index) {
            bucket.push_back(index);
        }
    };
    file(entry.key[0]);
    if (entry.spelling != Spelling::exact && small(entry.key[0]) >= 'a' && small(entry.key[0]) <= 'z') {
        file(static_cast<char>(entry.key[0] & ~0x20));
    }
    if (!entry.lead.empty()) {
        file(entry.lead[0]);
    }
    m_entries.push_back(std::move(entry));
}

LookAlikes::Attempt LookAlikes::attempt(const Entry& entry, std::string_view text, std::size_t at) {
    constexpr std::size_t kMostBetween = 2;
    std::size_t i = at;
    if (const std::string_view start = text.substr(at, entry.lead.size());
        !start.empty() && start == std::string_view(entry.lead).substr(0, start.size())) {
        if (start.size() < entry.lead.size()) {
            return {Outcome::needsMore};
        }
        i += entry.lead.size();
    }
    for (std::size_t k = 0; k < entry.key.size(); ++k, ++i) {
        bool isCut = false;
        for (std::size_t skipped = 0;
             entry.spelling == Spelling::grouped && k > 0 && skipped < kMostBetween && i < text.size(); ++skipped) {
            i += groupingAt(text, i, isCut);
        }
        if (i >= text.size() || isCut) {
            return {Outcome::needsMore};
        }
        if (entry.spelling == Spelling::name && entry.key[k] == ' ' && isBlank(text[i])) {
            for (std::size_t more = 0; more < kMostBetween && i + 1 < text.size() && isBlank(text[i + 1]); ++more) {
                ++i;
            }
            continue;
        }
        if ((entry.spelling == Spelling::exact ? text[i] : small(text[i])) != entry.key[k]) {
            return {};
        }
    }
    if (i == text.size()) {
        return {Outcome::needsMore, i, true};
    }
    return touchesLookAlike(text[i]) ? Attempt{} : Attempt{Outcome::whole, i};
}

SecureBytes LookAlikes::spelledAs(const Entry& entry, std::string_view found) {
    const std::string_view value = entry.value.text();
    const auto count = static_cast<std::size_t>(std::count_if(value.begin(), value.end(), touchesLookAlike));
    if (entry.spelling != Spelling::grouped || found == entry.shown || count != entry.key.size()) {
        return entry.value;
    }
    SecureBytes out(found);
    std::size_t next = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (!touchesLookAlike(found[i])) {
            continue;
        }
        while (!touchesLookAlike(value[next])) {
            ++next;
        }
        out.data()[i] = static_cast<std::uint8_t>(value[next++]);
    }
    return out;
}

LookAlikes::Match LookAlikes::matchAt(std::string_view text, std::size_t at, bool isEnd) const {
    Match best;
    const Entry* winner = nullptr;
    for (const std::uint32_t index : m_byFirst[static_cast<unsigned char>(text[at])]) {
        const Entry& entry = m_entries[index];
        const Attempt tried = entry.isAmbiguous ? Attempt{} : attempt(entry, text, at);
        if (tried.outcome == Outcome::needsMore && !isEnd) {
            return {Outcome::needsMore, 0, {}};
        }
        const bool isMatch = tried.outcome == Outcome::whole || (isEnd && tried.isWhole);
        if (isMatch && (winner == nullptr || tried.end > best.end || (tried.end == best.end && winner->isPart))) {
            best.outcome = Outcome::whole;
            best.end = tried.end;
            winner = &entry;
        }
    }
    if (winner != nullptr) {
        best.value = spelledAs(*winner, text.substr(at, best.end - at));
    }
    return best;
}

bool LookAlikes::covers(std::string_view found) const {
    constexpr std::size_t kShortest = 4; // letters and digits; "ending in 1111"
    constexpr std::size_t kBeside = 4;   // a title in front, quotes around
    const std::string key = loose(found);
    return key.size() >= kShortest && std::any_of(m_entries.begin(), m_entries.end(), [&key](const Entry& entry) {
               const std::string shown = loose(entry.shown);
               return shown.find(key) != std::string::npos ||
                      (!entry.isPart && key.size() <= shown.size() + kBeside && key.find(shown) != std::string::npos);
           });
}

} // namespace gatehouse::dlp
