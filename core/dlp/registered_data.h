// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dlp/registered/siphash.h"
#include "dlp/validators.h"

// Data that an organisation registers so that it is recognised: a dictionary (long lists of words and phrases), a table
// (rows of customers, staff, patients: a value counts when other values of its row stand near it), documents (a passage
// of one of them counts). A file holds keyed hashes only, never the data. Format: docs/formats/registered-data.md.
namespace gatehouse::dlp {

class FoldedWords;

enum class DataKind : std::uint8_t { dictionary = 1, table = 2, documents = 3 };

struct DataHit {
    Span span; // in the text
    bool isReportable = true;
    bool isOpen = false; // what follows could still make it reportable, or longer
};

// One file, checked. Immutable; any thread.
class RegisteredData final {
public:
    static constexpr std::size_t kMaxEntryBytes = 255; // of folded text
    static constexpr std::size_t kMaxEntryWords = 16;
    static constexpr std::size_t kMaxColumns = 32;
    static constexpr std::size_t kMaxFileBytes = 1UL << 30U;
    static constexpr std::size_t kMaxReach = 1024;  // bytes
    static constexpr std::size_t kPassageWords = 8; // of documents: what is hashed as one
    // Of so many pieces in a row at least one is in the file: any passage of 16 words is recognised.
    static constexpr std::size_t kPassageWindow = 9;

    // corrupt when the bytes are no such file, or were cut or changed.
    [[nodiscard]] static Result<std::shared_ptr<const RegisteredData>> read(std::string_view file);

    [[nodiscard]] DataKind kind() const { return m_kind; }
    [[nodiscard]] std::uint64_t entries() const { return m_entries; } // words, rows or documents
    // How many words at the end of a text that goes on may begin an entry.
    [[nodiscard]] std::size_t liveWords() const { return m_maxWords > 1 ? m_maxWords : 0; }
    // What begins at or behind `from`, by begin; what is in front of it may be evidence. Hits may overlap.
    // `isComplete`: no more text follows. Linear in the text.
    void find(const FoldedWords& words, std::size_t from, std::size_t textSize, bool isComplete,
              std::vector<DataHit>& out) const;

private:
    struct Key {
        std::uint64_t hash = 0;
        std::uint32_t entry = 0; // row or document
    };
    struct Met {
        std::size_t word = 0;
        std::size_t count = 0;
        std::span<const Key> keys;
    };
    RegisteredData() = default;
    [[nodiscard]] Result<> readHead(std::string_view file);
    [[nodiscard]] Result<> readKeys(std::string_view file);
    [[nodiscard]] std::span<const Key> keysOf(std::uint64_t hash) const;
    [[nodiscard]] bool mayHave(std::size_t bytes) const { return bytes < m_lengths.size() && m_lengths[bytes]; }
    void meet(const FoldedWords& words, std::size_t first, std::vector<Met>& met) const;
    void judgeRows(const FoldedWords& words, const std::vector<Met>& met, std::size_t from, std::size_t textSize,
                   bool isComplete, std::vector<DataHit>& out) const;
    [[nodiscard]] bool hasRow(std::span<const std::uint32_t> near, std::uint32_t row) const;
    void judgePassages(const FoldedWords& words, const std::vector<Met>& met, std::size_t from, std::size_t textSize,
                       bool isComplete, std::vector<DataHit>& out) const;

    DataKind m_kind = DataKind::dictionary;
    std::uint64_t m_entries = 0;
    std::size_t m_columns = 0;
    std::size_t m_together = 1; // columns of one row that must stand near each other
    std::size_t m_reach = 0;
    std::size_t m_maxWords = 1;
    std::bitset<kMaxEntryBytes + 1> m_lengths;    // that entries have, in folded bytes
    std::bitset<kMaxEntryWords + 1> m_wordCounts; // that entries have
    SipHash m_hash{SipKey{}};
    std::vector<Key> m_keys;            // by hash, then entry
    std::vector<std::uint32_t> m_begin; // of the keys by the highest bits of their hash
    unsigned m_beginShift = 63;
    std::vector<std::uint32_t> m_cells; // of tables: the low half of each cell's hash, 0: empty
};

// Makes such files; the data is hashed as it is added and not kept. One thread.
class DataBuilder final {
public:
    struct TableLayout {
        std::vector<bool> isKey;  // by column: a value that is looked for; at least one
        std::size_t together = 2; // so many columns of a row, the value's own among them, near each other
        std::size_t reach = 300;  // bytes between the value and the farthest of them
    };
    static DataBuilder dictionary();
    static DataBuilder documents();
    // invalidInput when the layout makes no sense.
    [[nodiscard]] static Result<DataBuilder> table(const TableLayout& layout);

    // False when the entry cannot be used: nothing in it but punctuation, too long, or, in a table, no key in the row.
    bool addWord(std::string_view word);
    bool addRow(std::span<const std::string> cells);
    bool addDocument(std::string_view text);
    [[nodiscard]] std::uint64_t entries() const { return m_entries; }
    // The file's bytes. limit when it would be too large, invalidInput when nothing was added.
    [[nodiscard]] Result<std::string> finish();

private:
    struct Key {
        std::uint64_t hash = 0;
        std::uint32_t entry = 0;
    };
    explicit DataBuilder(DataKind kind);
    void addKey(std::string_view folded, std::size_t words, std::uint8_t tail);

    DataKind m_kind;
    TableLayout m_layout;
    SipKey m_key{};
    SipHash m_hash;
    std::uint64_t m_entries = 0;
    std::bitset<RegisteredData::kMaxEntryBytes + 1> m_lengths;
    std::bitset<RegisteredData::kMaxEntryWords + 1> m_wordCounts;
    std::vector<Key> m_keys;
    std::vector<std::uint32_t> m_cells;
};

} // namespace gatehouse::dlp
