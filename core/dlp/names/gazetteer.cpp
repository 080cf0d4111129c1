// SPDX-License-Identifier: Apache-2.0
#include "dlp/names/gazetteer.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "dlp/names/gazetteer_files.h"

namespace gatehouse::dlp {
namespace {

// Twelve bits of an entry: given 2, surname 2, everyday 2, place 1, mark 4, drug 1.
constexpr std::uint32_t kGivenShift = 0;
constexpr std::uint32_t kSurnameShift = 2;
constexpr std::uint32_t kEverydayShift = 4;
constexpr std::uint32_t kPlaceBit = 1U << 6U;
constexpr std::uint32_t kMarkShift = 7;
constexpr std::uint32_t kDrugBit = 1U << 11U;
constexpr std::uint32_t kFactBits = 12;

// How a '@group' line of a data file is told in an entry.
constexpr std::array<std::pair<std::string_view, std::uint32_t>, 11> kGroups{{
    {"given-rare", 1U << kGivenShift},
    {"given-known", 2U << kGivenShift},
    {"given-common", 3U << kGivenShift},
    {"surname-rare", 1U << kSurnameShift},
    {"surname-known", 2U << kSurnameShift},
    {"surname-common", 3U << kSurnameShift},
    {"foreign", 1U << kEverydayShift},
    {"usual", 2U << kEverydayShift},
    {"basic", 3U << kEverydayShift},
    {"place", kPlaceBit},
    {"drug", kDrugBit},
}};
constexpr std::array<std::string_view, 14> kMarkGroups{"title",   "greeting",    "signoff", "said",   "calendar",
                                                       "company", "institution", "product", "street", "particle",
                                                       "suffix",  "people",      "geo",     "role"};

std::uint32_t bitsOf(std::string_view group) {
    for (const auto& [name, bits] : kGroups) {
        if (name == group) {
            return bits;
        }
    }
    const auto mark = std::find(kMarkGroups.begin(), kMarkGroups.end(), group);
    return mark == kMarkGroups.end() ? 0 : static_cast<std::uint32_t>(mark - kMarkGroups.begin() + 1) << kMarkShift;
}

// FNV-1a, finished with the mixer of SplitMix64 (both in the public domain).
std::uint64_t hashOf(std::string_view word) {
    std::uint64_t hash = 0xCBF29CE484222325ULL;
    for (const char c : word) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
    }
    hash = (hash ^ (hash >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    hash = (hash ^ (hash >> 27U)) * 0x94D049BB133111EBULL;
    return hash ^ (hash >> 31U);
}

class Gazetteer final {
public:
    Gazetteer();
    [[nodiscard]] std::uint32_t find(std::string_view word) const {
        const std::uint64_t hash = hashOf(word);
        const auto bucket = static_cast<std::size_t>(hash >> kBucketShift);
        for (std::uint32_t i = m_begin[bucket]; i < m_begin[bucket + 1]; ++i) {
            if (m_entries[i] >> kFactBits == fingerprint(hash)) {
                return m_entries[i] & ((1U << kFactBits) - 1);
            }
        }
        return 0;
    }

private:
    static constexpr std::uint32_t kBucketBits = 14;
    static constexpr std::uint32_t kBucketShift = 64 - kBucketBits;
    static constexpr std::uint32_t fingerprint(std::uint64_t hash) {
        return static_cast<std::uint32_t>(hash >> 20U) & 0xFFFFFU;
    }
    std::vector<std::uint32_t> m_entries; // by bucket
    std::vector<std::uint32_t> m_begin;   // of each bucket, and one past the end
};

using Hashed = std::pair<std::uint64_t, std::uint32_t>;

void readFile(std::string_view file, std::vector<Hashed>& words) {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < file.size();) {
        const std::size_t end = std::min(file.find_first_of(" \n", i), file.size());
        const std::string_view word = file.substr(i, end - i);
        if (!word.empty() && word.front() == '@') {
            bits = bitsOf(word.substr(1));
        } else if (!word.empty()) {
            words.emplace_back(hashOf(word), bits);
        }
        i = end + 1;
    }
}

// Lists add up; of two marks the first holds.
std::uint32_t merged(std::uint32_t facts, std::uint32_t more) {
    constexpr std::uint32_t kMark = 0xFU << kMarkShift;
    const std::uint32_t mark = (facts & kMark) != 0 ? facts & kMark : more & kMark;
    const auto field = [facts, more](std::uint32_t shift) {
        return std::max((facts >> shift) & 3U, (more >> shift) & 3U) << shift;
    };
    return field(kGivenShift) | field(kSurnameShift) | field(kEverydayShift) | mark |
           ((facts | more) & (kPlaceBit | kDrugBit));
}

Gazetteer::Gazetteer() {
    std::vector<Hashed> words;
    words.reserve(160'000);
    for (const std::string_view file : gazetteerFiles()) {
        readFile(file, words);
    }
    std::stable_sort(words.begin(), words.end(), [](const Hashed& a, const Hashed& b) { return a.first < b.first; });
    m_begin.assign((std::size_t{1} << kBucketBits) + 1, 0);
    for (std::size_t i = 0; i < words.size();) {
        const std::uint64_t hash = words[i].first;
        std::uint32_t facts = 0;
        for (; i < words.size() && words[i].first == hash; ++i) {
            facts = merged(facts, words[i].second);
        }
        m_entries.push_back((fingerprint(hash) << kFactBits) | facts);
        ++m_begin[static_cast<std::size_t>(hash >> kBucketShift) + 1];
    }
    for (std::size_t i = 1; i < m_begin.size(); ++i) {
        m_begin[i] += m_begin[i - 1];
    }
    m_entries.shrink_to_fit();
}

const Gazetteer& gazetteer() {
    static const Gazetteer kGazetteer;
    return kGazetteer;
}

constexpr std::size_t kMaxWord = 64; // bytes of a folded word

bool isEveryday(std::string_view word) {
    return ((gazetteer().find(word) >> kEverydayShift) & 3U) >= static_cast<std::uint32_t>(Everyday::usual);
}

// English: whether the word is an inflection of an everyday one. The lists leave those out.
bool isInflected(std::string_view word) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kEndings{{
        {"s", ""},
        {"es", ""},
        {"ies", "y"},
        {"ed", ""},
        {"ed", "e"},
        {"ing", ""},
        {"ing", "e"},
        {"ly", ""},
        {"er", ""},
        {"er", "e"},
        {"ness", ""},
    }};
    return std::any_of(kEndings.begin(), kEndings.end(), [word](const auto& ending) {
        const auto& [cut, rest] = ending;
        if (word.size() < cut.size() + 3 || word.back() != cut.back() || !word.ends_with(cut)) {
            return false;
        }
        const std::string_view stem = word.substr(0, word.size() - cut.size());
        if (rest.empty() || stem.size() + rest.size() > kMaxWord) {
            return rest.empty() && isEveryday(stem);
        }
        std::array<char, kMaxWord> written;
        rest.copy(written.data() + stem.copy(written.data(), stem.size()), rest.size());
        return isEveryday({written.data(), stem.size() + rest.size()});
    });
}

// Endings that surnames have and hardly any other word: of the Slavic languages, the Caucasus, Greece, the Baltic and
// Nordic countries, Romania, Turkey, Iran, Japan, India, Sri Lanka.
bool endsAsSurname(std::string_view word) {
    constexpr std::size_t kMin = 6;
    constexpr std::array<std::string_view, 56> kEndings{
        "nov",     "lov",     "rov",     "kov",     "nova",   "lova",   "rova",     "kova",  "iev",    "aev",
        "ieva",    "aeva",    "skiy",    "sky",     "ski",    "ska",    "skaya",    "icz",   "ewicz",  "ovic",
        "evic",    "enko",    "chuk",    "dze",     "shvili", "yan",    "opoulos",  "akis",  "idis",   "iadis",
        "opoulou", "sson",    "sdottir", "escu",    "eanu",   "auskas", "auskiene", "iene",  "aitis",  "avicius",
        "oglu",    "zadeh",   "nejad",   "pour",    "moto",   "mura",   "gawa",     "swamy", "murthy", "nathan",
        "singhe",  "wardena", "eswaran", "acharya", "gowda",  "enok"};
    return word.size() >= kMin && std::any_of(kEndings.begin(), kEndings.end(), [word](std::string_view ending) {
               return word.back() == ending.back() && word.size() >= ending.size() + 2 && word.ends_with(ending);
           });
}

} // namespace

WordFacts factsOf(std::string_view folded) {
    const std::uint32_t bits = gazetteer().find(folded);
    WordFacts facts;
    facts.given = static_cast<Known>((bits >> kGivenShift) & 3U);
    facts.surname = static_cast<Known>((bits >> kSurnameShift) & 3U);
    facts.everyday = static_cast<Everyday>((bits >> kEverydayShift) & 3U);
    facts.isPlace = (bits & kPlaceBit) != 0;
    facts.mark = static_cast<Mark>((bits >> kMarkShift) & 0xFU);
    if (bits == 0 && isInflected(folded)) {
        facts.everyday = Everyday::usual;
    } else if (facts.surname == Known::no && facts.everyday == Everyday::no && !facts.isPlace &&
               facts.mark == Mark::none && facts.given < Known::known && endsAsSurname(folded)) {
        facts.surname = Known::known;
    }
    return facts;
}

bool isDrug(std::string_view folded) {
    return (gazetteer().find(folded) & kDrugBit) != 0;
}

} // namespace gatehouse::dlp
