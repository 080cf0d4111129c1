// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dlp/validators.h"

// Identifiers by the way they are written. A pattern for each of some hundred national ids would cost Hyperscan tens of
// times as much as everything else; instead the groups of letters and digits around each digit are laid out once
// ("###-##-####") and looked up. A shape in the catalogue is written with
//   #  a digit        @  a letter        *  a digit or letter
//   ~  no separator, or one of ' ', '-', '.', '/', the same at every ~
// and anything else as it stands. A shape must be the whole of its groups: no letter or digit stands beside it.
namespace gatehouse::dlp {

struct IdMatch {
    Span span;                // in the scanned text
    std::string_view compact; // letters and digits alone, capitals; valid until the next match
    std::size_t row = 0;
    bool isFormatted = false; // written with separators
    bool continues = false;   // another group of digits stands beside it, a space between
};

class IdLayouts final {
public:
    static constexpr std::size_t kMaxSize = 48;   // bytes of one written identifier
    static constexpr std::size_t kMaxGroups = 10; // groups of one written identifier
    static constexpr std::size_t kMaxShape = 64;

    // invalidInput when the shape is empty, too long, or has no place for a digit.
    [[nodiscard]] Result<> add(std::string_view shape, std::size_t row);
    [[nodiscard]] bool isEmpty() const { return m_layouts.empty(); }

    // Calls `take(const IdMatch&)` for every row whose shape a run of groups has. Linear in the text.
    template <typename Take>
    void scan(std::string_view text, Take&& take) const {
        std::size_t position = 0;
        Cluster cluster;
        while (next(text, position, cluster)) {
            for (std::size_t first = 0; first < cluster.count; ++first) {
                matchFrom(text, cluster, first, take);
            }
        }
    }

private:
    struct Entry {
        std::uint64_t digits = 0;  // places that hold a digit, a bit each
        std::uint64_t letters = 0; // places that hold a letter
        std::size_t row = 0;
        bool isFormatted = false;
    };
    // All shapes that are laid out alike, or the beginning of longer ones.
    struct Layout {
        std::uint64_t hash = 0;
        std::string written; // '*' for a digit or letter, else the separator
        std::vector<Entry> entries;
    };
    struct Group {
        std::size_t begin = 0;
        std::size_t end = 0;
        bool hasDigit = false;
    };
    // Groups with one separator between each two.
    struct Cluster {
        static constexpr std::size_t kMax = 64;
        std::array<Group, kMax> groups;
        std::size_t count = 0;
    };

    // The next cluster from `position` on, which moves behind it.
    static bool next(std::string_view text, std::size_t& position, Cluster& cluster);
    static bool isFree(std::string_view text, const Cluster& cluster, std::size_t first, std::size_t last);
    static bool isLaidOut(std::string_view written, std::string_view layout);
    // Whether it begins with a word of prose: three letters or more, not all capitals, a blank behind ("code 4111
    // 1111").
    static bool beginsWithWord(std::string_view written);
    void insert(const std::string& shape, std::size_t row, bool isFormatted);
    // nullptr when no shape begins so.
    [[nodiscard]] const Layout* layoutOf(std::uint64_t hash) const;
    Layout& makeLayout(std::string_view written);
    void file(std::size_t index);

    template <typename Take>
    void matchFrom(std::string_view text, const Cluster& cluster, std::size_t first, Take& take) const {
        Key key;
        bool hasDigit = false;
        for (std::size_t last = first; last < cluster.count && last < first + kMaxGroups; ++last) {
            const Group& group = cluster.groups[last];
            if (group.end - cluster.groups[first].begin > kMaxSize) {
                return;
            }
            key.extend(text, last == first ? group.begin : cluster.groups[last - 1].end, group.end);
            const Layout* const layout = layoutOf(key.hash);
            if (layout == nullptr) {
                return;
            }
            hasDigit = hasDigit || group.hasDigit;
            if (hasDigit && !layout->entries.empty()) {
                takeAll(text, cluster, first, last, *layout, take);
            }
        }
    }

    // The layout so far: lengths and separators, in a hash and as bytes.
    struct Key {
        std::uint64_t hash = 14695981039346656037ULL; // FNV-1a
        void extend(std::string_view text, std::size_t begin, std::size_t end);
        static std::uint64_t of(std::string_view layout);
    };

    template <typename Take>
    void takeAll(std::string_view text, const Cluster& cluster, std::size_t first, std::size_t last,
                 const Layout& layout, Take& take) const {
        IdMatch match;
        match.span = {cluster.groups[first].begin, cluster.groups[last].end};
        const std::string_view written = text.substr(match.span.begin, match.span.end - match.span.begin);
        if (!isFree(text, cluster, first, last) || !isLaidOut(written, layout.written) || beginsWithWord(written)) {
            return;
        }
        match.continues = (first > 0 && cluster.groups[first - 1].hasDigit) ||
                          (last + 1 < cluster.count && cluster.groups[last + 1].hasDigit);
        std::array<char, kMaxSize> compact;
        match.compact = compacted(written, compact);
        const std::uint64_t digits = digitsOf(written);
        for (const Entry& entry : layout.entries) {
            if ((entry.digits & ~digits) == 0 && (entry.letters & digits) == 0) {
                match.row = entry.row;
                match.isFormatted = entry.isFormatted;
                take(static_cast<const IdMatch&>(match));
            }
        }
    }
    static std::uint64_t digitsOf(std::string_view written);
    static std::string_view compacted(std::string_view written, std::array<char, kMaxSize>& out);

    std::vector<Layout> m_layouts;
    std::vector<std::uint32_t>
        m_slots; // a table by hash, open: index + 1 in m_layouts, 0: none; its size a power of two
};

} // namespace gatehouse::dlp
