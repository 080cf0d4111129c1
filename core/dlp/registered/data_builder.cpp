// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <deque>
#include <tuple>

#include "base/bytes.h"
#include "base/crypto.h"
#include "dlp/registered/data_format.h"
#include "dlp/registered/folded_words.h"
#include "dlp/registered_data.h"
#include "dlp/shadow.h"

namespace gatehouse::dlp {
namespace {

constexpr std::size_t kMinKeyBytes = 4; // a shorter value stands in every text
constexpr std::size_t kMaxSharing = 16; // documents: what more of them share is no passage of one
constexpr std::size_t kMaxCellWords = 8;
constexpr std::size_t kDocumentReach = 400;

SipKey newKey() {
    const Bytes bytes = randomBytes(sizeof(SipKey));
    SipKey key{};
    std::memcpy(key.data(), bytes.data(), sizeof(SipKey));
    return key;
}

// As scans see it: look-alikes folded, what is invisible left out.
FoldedWords wordsOf(std::string_view text) {
    Shadow shadow;
    shadow.build(text);
    FoldedWords words;
    words.build(shadow.text());
    return words;
}

} // namespace

DataBuilder::DataBuilder(DataKind kind) : m_kind(kind), m_key(newKey()), m_hash(m_key) {}

DataBuilder DataBuilder::dictionary() {
    return DataBuilder(DataKind::dictionary);
}

DataBuilder DataBuilder::documents() {
    DataBuilder builder(DataKind::documents);
    builder.m_layout.reach = kDocumentReach;
    builder.m_layout.together = 1;
    return builder;
}

Result<DataBuilder> DataBuilder::table(const TableLayout& layout) {
    const std::size_t columns = layout.isKey.size();
    const auto keys = static_cast<std::size_t>(std::count(layout.isKey.begin(), layout.isKey.end(), true));
    if (columns == 0 || columns > RegisteredData::kMaxColumns || keys == 0) {
        return fail(ErrorKind::invalidInput, "a table has 1 to 32 columns, and one of them at least is a key");
    }
    if (layout.together == 0 || layout.together > columns) {
        return fail(ErrorKind::invalidInput, "as many columns must stand together as the table has, or fewer");
    }
    if (layout.reach < 16 || layout.reach > RegisteredData::kMaxReach) {
        return fail(ErrorKind::invalidInput, "values stand within 16 to 1024 bytes of each other");
    }
    DataBuilder builder(DataKind::table);
    builder.m_layout = layout;
    return builder;
}

void DataBuilder::addKey(std::string_view folded, std::size_t words, std::uint8_t tail) {
    m_keys.push_back({m_hash.of(folded, tail), static_cast<std::uint32_t>(m_entries)});
    m_lengths.set(folded.size());
    m_wordCounts.set(words);
}

bool DataBuilder::addWord(std::string_view word) {
    const FoldedWords words = wordsOf(word);
    if (words.size() == 0 || words.size() > RegisteredData::kMaxEntryWords) {
        return false;
    }
    const std::string_view folded = words.joined(0, words.size());
    if (folded.size() < 2 || folded.size() > RegisteredData::kMaxEntryBytes) {
        return false;
    }
    addKey(folded, words.size(), tailOf(m_kind, words.size()));
    ++m_entries;
    return true;
}

bool DataBuilder::addRow(std::span<const std::string> cells) {
    std::vector<std::uint32_t> row;
    bool hasKey = false;
    for (std::size_t column = 0; column < m_layout.isKey.size(); ++column) {
        const FoldedWords words = wordsOf(column < cells.size() ? cells[column] : std::string());
        const bool isUsable = words.size() > 0 && words.size() <= kMaxCellWords;
        const std::string_view folded = isUsable ? words.joined(0, words.size()) : std::string_view();
        if (folded.empty() || folded.size() > RegisteredData::kMaxEntryBytes) {
            row.push_back(0);
            continue;
        }
        const std::uint64_t hash = m_hash.of(folded, tailOf(m_kind, words.size()));
        row.push_back(static_cast<std::uint32_t>(hash));
        m_lengths.set(folded.size());
        if (m_layout.isKey[column] && folded.size() >= kMinKeyBytes) {
            hasKey = true;
            addKey(folded, words.size(), tailOf(m_kind, words.size()));
        }
    }
    if (!hasKey) {
        return false;
    }
    // However a value of letters and digits is cut into words.
    for (std::size_t words = 1; words <= kMaxCellWords; ++words) {
        m_wordCounts.set(words);
    }
    m_cells.insert(m_cells.end(), row.begin(), row.end());
    ++m_entries;
    return true;
}

// Winnowing (Schleimer, Wilkerson, Aiken 2003): of each window of pieces the one with the smallest hash is kept, so
// that two texts that share enough words in a row share one that is kept.
bool DataBuilder::addDocument(std::string_view text) {
    const FoldedWords words = wordsOf(text);
    constexpr std::size_t kWords = RegisteredData::kPassageWords;
    if (words.size() < kWords) {
        return false;
    }
    std::deque<std::pair<std::uint64_t, std::size_t>> window; // ascending hashes
    std::size_t kept = SIZE_MAX;
    const std::size_t pieces = words.size() - kWords + 1;
    for (std::size_t i = 0; i < pieces; ++i) {
        const std::string_view folded = words.joined(i, kWords);
        const std::uint64_t hash =
            folded.size() <= RegisteredData::kMaxEntryBytes ? m_hash.of(folded, kWords) : UINT64_MAX;
        while (!window.empty() && window.back().first >= hash) {
            window.pop_back();
        }
        window.emplace_back(hash, i);
        if (window.front().second + RegisteredData::kPassageWindow <= i) {
            window.pop_front();
        }
        const bool isFull = i + 1 >= RegisteredData::kPassageWindow || i + 1 == pieces;
        if (isFull && window.front().second != kept && window.front().first != UINT64_MAX) {
            kept = window.front().second;
            addKey(words.joined(kept, kWords), kWords, kWords);
        }
    }
    ++m_entries;
    return true;
}

Result<std::string> DataBuilder::finish() {
    const auto order = [](const Key& a, const Key& b) { return std::tie(a.hash, a.entry) < std::tie(b.hash, b.entry); };
    std::sort(m_keys.begin(), m_keys.end(), order);
    const auto isSame = [](const Key& a, const Key& b) { return a.hash == b.hash && a.entry == b.entry; };
    m_keys.erase(std::unique(m_keys.begin(), m_keys.end(), isSame), m_keys.end());
    if (m_kind == DataKind::dictionary) { // one entry for each word is enough
        m_keys.erase(
            std::unique(m_keys.begin(), m_keys.end(), [](const Key& a, const Key& b) { return a.hash == b.hash; }),
            m_keys.end());
    } else if (m_kind == DataKind::documents) {
        std::vector<Key> rare;
        for (std::size_t i = 0; i < m_keys.size();) {
            std::size_t end = i;
            while (end < m_keys.size() && m_keys[end].hash == m_keys[i].hash) {
                ++end;
            }
            if (end - i <= kMaxSharing) {
                rare.insert(rare.end(), m_keys.begin() + static_cast<std::ptrdiff_t>(i),
                            m_keys.begin() + static_cast<std::ptrdiff_t>(end));
            }
            i = end;
        }
        m_keys = std::move(rare);
    }
    const std::size_t size = kDataHeadBytes + m_keys.size() * kDataKeyBytes + m_cells.size() * 4 + kDataHashBytes;
    if (m_keys.empty()) {
        return fail(ErrorKind::invalidInput, "there is nothing in it that could be looked for");
    }
    if (size > RegisteredData::kMaxFileBytes || m_entries > UINT32_MAX) {
        return fail(ErrorKind::limit, "this is too much for one file: split it");
    }
    std::string file(kDataMagic);
    file.reserve(size);
    putNumber(file, static_cast<std::uint8_t>(m_kind), 1);
    putNumber(file, m_kind == DataKind::table ? m_layout.isKey.size() : 0, 1);
    putNumber(file, m_kind == DataKind::table ? m_layout.together : 1, 2);
    putNumber(file, m_kind == DataKind::dictionary ? 0 : m_layout.reach, 4);
    putNumber(file, m_key[0], 8);
    putNumber(file, m_key[1], 8);
    putNumber(file, m_entries, 8);
    putNumber(file, m_keys.size(), 8);
    putNumber(file, m_wordCounts.to_ullong(), 8);
    for (std::size_t i = 0; i < m_lengths.size(); i += 8) {
        unsigned byte = 0;
        for (std::size_t bit = 0; bit < 8; ++bit) {
            byte |= m_lengths[i + bit] ? 1U << bit : 0U;
        }
        putNumber(file, byte, 1);
    }
    for (const Key& key : m_keys) {
        putNumber(file, key.hash, 8);
        putNumber(file, key.entry, 4);
    }
    for (const std::uint32_t cell : m_cells) {
        putNumber(file, cell, 4);
    }
    const Sha256Digest digest = sha256(bytesOf(file));
    file.append(digest.begin(), digest.end());
    return file;
}

} // namespace gatehouse::dlp
