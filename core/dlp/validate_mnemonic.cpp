// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "base/crypto.h"
#include "dlp/bip39_words.h"
#include "dlp/secret_text.h"
#include "dlp/validators.h"

// Recovery phrases of wallets (BIP 39): words of a list of 2,048, the last of which carries a checksum.
namespace gatehouse::dlp {
namespace {

constexpr std::size_t kMostWords = 24;

struct Word {
    Span span;
    std::size_t number = 0;
};

std::optional<std::size_t> numberOf(std::string_view word) {
    const std::span<const std::string_view> words = bip39Words();
    const std::string text = folded(word);
    const auto found = std::lower_bound(words.begin(), words.end(), std::string_view(text));
    if (found == words.end() || *found != text) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(found - words.begin());
}

// BIP 39: 11 bits a word; of 33 bits each, one is checksum, the first bits of the SHA-256 of the others.
bool hasChecksum(std::span<const Word> words) {
    Bytes bytes(33, 0);
    std::size_t bit = 0;
    for (const Word& word : words) {
        for (std::size_t i = 11; i-- > 0; ++bit) {
            const auto value = static_cast<unsigned>((word.number >> i) & 1U);
            bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] | (value << (7 - bit % 8)));
        }
    }
    const std::size_t sumBits = words.size() / 3;
    const std::size_t entropyBytes = sumBits * 4;
    const Sha256Digest digest = sha256(ByteView(bytes.data(), entropyBytes));
    const unsigned shift = 8U - static_cast<unsigned>(sumBits);
    return (digest[0] >> shift) == (bytes[entropyBytes] >> shift);
}

// The list's words from `position` on; what stands between them may number or quote them.
std::vector<Word> wordsFrom(std::string_view text, std::size_t position, std::size_t limit) {
    std::vector<Word> words;
    std::size_t gap = 0;
    while (position < limit && words.size() < kMostWords && gap < 8) {
        if (!isLetter(text[position])) {
            ++position;
            ++gap;
            continue;
        }
        std::size_t end = position;
        while (end < limit && isLetter(text[end])) {
            ++end;
        }
        const auto number = numberOf(text.substr(position, end - position));
        if (!number) {
            break;
        }
        words.push_back({{position, end}, *number});
        position = end;
        gap = 0;
    }
    return words;
}

} // namespace

void validateMnemonic(std::string_view text, Span hit, std::vector<Candidate>& out) {
    // The hit ends with the third word: go back over three words to the first.
    std::size_t begin = hit.end;
    for (int word = 0; word < 3; ++word) {
        while (begin > hit.begin && !isLetter(text[begin - 1])) {
            --begin;
        }
        while (begin > hit.begin && isLetter(text[begin - 1])) {
            --begin;
        }
    }
    const std::vector<Word> words = wordsFrom(text, begin, std::min(text.size(), begin + kReach));
    for (const std::size_t count : std::array<std::size_t, 5>{24, 21, 18, 15, 12}) {
        if (words.size() < count) {
            continue;
        }
        const std::span<const Word> phrase(words.data(), count);
        const bool isSummed = hasChecksum(phrase);
        if (isSummed || words.size() == count) {
            out.push_back({{phrase.front().span.begin, phrase.back().span.end},
                           isSummed ? 2.4 : 0.8,
                           isSummed,
                           isSummed ? "words and checksum of a recovery phrase" : "words of a recovery phrase"});
            return;
        }
    }
}

} // namespace gatehouse::dlp
