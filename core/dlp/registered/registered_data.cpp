// SPDX-License-Identifier: Apache-2.0
#include "dlp/registered_data.h"

#include <algorithm>
#include <bit>

#include "base/bytes.h"
#include "base/crypto.h"
#include "dlp/registered/data_format.h"
#include "dlp/registered/folded_words.h"

namespace gatehouse::dlp {
namespace {

constexpr std::size_t kMaxPassage = 8192; // bytes; a stream waits for the end of a passage

Error damaged(std::string_view what) {
    return Error{ErrorKind::corrupt, "registered data: " + std::string(what), 0};
}

} // namespace

Result<std::shared_ptr<const RegisteredData>> RegisteredData::read(std::string_view file) {
    if (file.size() < kDataHeadBytes + kDataHashBytes || file.size() > kMaxFileBytes ||
        file.substr(0, kDataMagic.size()) != kDataMagic) {
        return std::unexpected(damaged("this is no such file"));
    }
    const std::string_view body = file.substr(0, file.size() - kDataHashBytes);
    const Sha256Digest digest = sha256(bytesOf(body));
    if (!std::equal(digest.begin(), digest.end(), file.begin() + static_cast<std::ptrdiff_t>(body.size()),
                    [](std::uint8_t a, char b) { return a == static_cast<std::uint8_t>(b); })) {
        return std::unexpected(damaged("the file was cut or changed"));
    }
    std::shared_ptr<RegisteredData> made(new RegisteredData()); // NOLINT: private constructor
    GH_CHECK(made->readHead(body));
    GH_CHECK(made->readKeys(body));
    return std::shared_ptr<const RegisteredData>(std::move(made));
}

Result<> RegisteredData::readHead(std::string_view file) {
    const auto kind = getNumber(file, kKindAt, 1);
    m_columns = static_cast<std::size_t>(getNumber(file, kColumnsAt, 1));
    m_together = static_cast<std::size_t>(getNumber(file, kTogetherAt, 2));
    m_reach = static_cast<std::size_t>(getNumber(file, kReachAt, 2));
    m_entries = getNumber(file, kEntriesAt, 8);
    m_hash = SipHash({getNumber(file, kKeyAt, 8), getNumber(file, kKeyAt + 8, 8)});
    for (std::size_t i = 0; i < m_lengths.size(); ++i) {
        m_lengths[i] = (getNumber(file, kLengthsAt + i / 8, 1) >> (i % 8) & 1U) != 0;
    }
    for (std::size_t i = 0; i < m_wordCounts.size(); ++i) {
        m_wordCounts[i] = (getNumber(file, kWordCountsAt, 4) >> i & 1U) != 0;
    }
    const bool isTable = kind == static_cast<std::uint8_t>(DataKind::table);
    const bool isKnown = kind >= 1 && kind <= 3 && (isTable ? m_columns >= 1 : m_columns == 0);
    if (!isKnown || m_columns > kMaxColumns || m_reach > kMaxReach || m_together < 1 ||
        (isTable && m_together > m_columns) || m_entries == 0 || m_entries > UINT32_MAX || m_wordCounts.none()) {
        return std::unexpected(damaged("its head makes no sense"));
    }
    m_kind = static_cast<DataKind>(kind);
    for (std::size_t i = 1; i < m_wordCounts.size(); ++i) {
        m_maxWords = m_wordCounts[i] ? i : m_maxWords;
    }
    return {};
}

Result<> RegisteredData::readKeys(std::string_view file) {
    const std::uint64_t count = getNumber(file, kKeysAt, 8);
    const std::uint64_t cells = m_kind == DataKind::table ? m_entries * m_columns : 0;
    const std::uint64_t room = file.size() - kDataHeadBytes;
    if (count == 0 || count > room / kDataKeyBytes || cells > room / 4 || count * kDataKeyBytes + cells * 4 != room) {
        return std::unexpected(damaged("its size is wrong"));
    }
    m_keys.resize(count);
    std::size_t at = kDataHeadBytes;
    for (Key& key : m_keys) {
        key = {getNumber(file, at, 8), static_cast<std::uint32_t>(getNumber(file, at + 8, 4))};
        at += kDataKeyBytes;
        const bool isOrdered = &key == m_keys.data() || (&key - 1)->hash <= key.hash;
        if (!isOrdered || key.entry >= m_entries) {
            return std::unexpected(damaged("its keys are in disorder"));
        }
    }
    m_cells.resize(cells);
    for (std::uint32_t& cell : m_cells) {
        cell = static_cast<std::uint32_t>(getNumber(file, at, 4));
        at += 4;
    }
    // About two keys for each bucket.
    const unsigned bits = std::clamp<unsigned>(static_cast<unsigned>(std::bit_width(count)) - 1U, 1U, 24U);
    m_beginShift = 64 - bits;
    m_begin.assign((std::size_t{1} << bits) + 1, 0);
    for (const Key& key : m_keys) {
        ++m_begin[static_cast<std::size_t>(key.hash >> m_beginShift) + 1];
    }
    for (std::size_t i = 1; i < m_begin.size(); ++i) {
        m_begin[i] += m_begin[i - 1];
    }
    return {};
}

std::span<const RegisteredData::Key> RegisteredData::keysOf(std::uint64_t hash) const {
    const auto bucket = static_cast<std::size_t>(hash >> m_beginShift);
    const auto begin = m_keys.begin() + m_begin[bucket];
    const auto end = m_keys.begin() + m_begin[bucket + 1];
    const auto first = std::find_if(begin, end, [hash](const Key& key) { return key.hash == hash; });
    const auto last = std::find_if(first, end, [hash](const Key& key) { return key.hash != hash; });
    return {first, last};
}

// The entries that begin with the word `first`.
void RegisteredData::meet(const FoldedWords& words, std::size_t first, std::vector<Met>& met) const {
    const std::size_t most = std::min(m_maxWords, words.size() - first);
    for (std::size_t count = 1; count <= most; ++count) {
        if (!m_wordCounts[count]) {
            continue;
        }
        const std::string_view joined = words.joined(first, count);
        if (joined.size() > kMaxEntryBytes) {
            return;
        }
        if (mayHave(joined.size())) {
            const auto keys = keysOf(m_hash.of(joined, tailOf(m_kind, count)));
            if (!keys.empty()) {
                met.push_back({first, count, keys});
            }
        }
    }
}

void RegisteredData::find(const FoldedWords& words, std::size_t from, std::size_t textSize, bool isComplete,
                          std::vector<DataHit>& out) const {
    std::vector<Met> met;
    // Evidence may stand in front of `from`.
    const std::size_t begin = m_kind == DataKind::documents && from > m_reach ? words.from(from - m_reach)
                              : m_kind == DataKind::documents                 ? 0
                                                                              : words.from(from);
    for (std::size_t i = begin; i < words.size(); ++i) {
        meet(words, i, met);
    }
    if (met.empty()) {
        return;
    }
    if (m_kind == DataKind::table) {
        judgeRows(words, met, from, textSize, isComplete, out);
    } else if (m_kind == DataKind::documents) {
        judgePassages(words, met, from, textSize, isComplete, out);
    } else {
        for (const Met& one : met) {
            out.push_back({{words.span(one.word).begin, words.span(one.word + one.count - 1).end}, true, false});
        }
    }
}

bool RegisteredData::hasRow(std::span<const std::uint32_t> near, std::uint32_t row) const {
    std::size_t found = 0;
    for (std::size_t column = 0; column < m_columns; ++column) {
        const std::uint32_t cell = m_cells[row * m_columns + column];
        found += cell != 0 && std::binary_search(near.begin(), near.end(), cell) ? 1U : 0U;
    }
    return found >= m_together;
}

void RegisteredData::judgeRows(const FoldedWords& words, const std::vector<Met>& met, std::size_t from,
                               std::size_t textSize, bool isComplete, std::vector<DataHit>& out) const {
    constexpr std::size_t kMaxRows = 64; // of one value: a key that many rows share says little
    std::vector<std::uint32_t> near;
    Span known{1, 0}; // words whose hashes are in `near`
    for (const Met& one : met) {
        const Span span{words.span(one.word).begin, words.span(one.word + one.count - 1).end};
        DataHit hit{span, m_together == 1, false};
        if (!hit.isReportable) {
            const Span around{words.from(span.begin > m_reach ? span.begin - m_reach : 0),
                              words.until(span.end + m_reach)};
            if (around.begin != known.begin || around.end != known.end) {
                near.clear();
                for (std::size_t i = around.begin; i < around.end; ++i) {
                    for (std::size_t count = 1; count <= m_maxWords && i + count <= around.end; ++count) {
                        const std::string_view joined = words.joined(i, count);
                        if (mayHave(joined.size())) {
                            near.push_back(static_cast<std::uint32_t>(m_hash.of(joined, tailOf(m_kind, count))));
                        }
                    }
                }
                std::sort(near.begin(), near.end());
                known = around;
            }
            const auto rows = one.keys.first(std::min(one.keys.size(), kMaxRows));
            hit.isReportable =
                std::any_of(rows.begin(), rows.end(), [&](const Key& key) { return hasRow(near, key.entry); });
            hit.isOpen = !hit.isReportable && !isComplete && span.end + m_reach >= textSize;
        }
        if (span.begin >= from && (hit.isReportable || hit.isOpen)) {
            out.push_back(hit);
        }
    }
}

// A piece of a document alone may be a common phrase: it counts when another piece of the same document stands near it.
// Pieces near each other are one passage.
void RegisteredData::judgePassages(const FoldedWords& words, const std::vector<Met>& met, std::size_t from,
                                   std::size_t textSize, bool isComplete, std::vector<DataHit>& out) const {
    const auto share = [](const Met& a, const Met& b) { // the keys of one hash are in the order of their entries
        for (auto left = a.keys.begin(), right = b.keys.begin(); left != a.keys.end() && right != b.keys.end();) {
            if (left->entry == right->entry) {
                return true;
            }
            left->entry < right->entry ? ++left : ++right;
        }
        return false;
    };
    const auto spanOf = [&](std::size_t i) {
        return Span{words.span(met[i].word).begin, words.span(met[i].word + met[i].count - 1).end};
    };
    const auto areNear = [&](std::size_t first, std::size_t second) {
        return spanOf(second).end - spanOf(first).begin <= m_reach;
    };
    // The nearest piece behind `i` of the same document; met.size() when there is none.
    const auto nextOf = [&](std::size_t i) {
        std::size_t next = i + 1;
        while (next < met.size() && areNear(i, next) && !share(met[i], met[next])) {
            ++next;
        }
        return next < met.size() && areNear(i, next) ? next : met.size();
    };
    std::size_t i = 0;
    while (i < met.size() && spanOf(i).begin < from) {
        ++i;
    }
    while (i < met.size()) {
        DataHit hit{spanOf(i), false, false};
        for (std::size_t j = i; j > 0 && areNear(j - 1, i) && !hit.isReportable; --j) {
            hit.isReportable = share(met[i], met[j - 1]);
        }
        std::size_t last = i;
        std::size_t next = nextOf(last);
        while (next < met.size() && spanOf(next).end - hit.span.begin <= kMaxPassage) {
            last = next;
            hit.isReportable = true;
            next = nextOf(last);
        }
        hit.span.end = spanOf(last).end;
        hit.isOpen = next == met.size() && !isComplete && spanOf(last).begin + m_reach >= textSize;
        if (hit.isReportable || hit.isOpen) {
            out.push_back(hit);
        }
        i = last + 1;
    }
}

} // namespace gatehouse::dlp
