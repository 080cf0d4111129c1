// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dlp/validators.h"

// Encoded pieces of a text, decoded to be scanned as well: percent encoding (RFC 3986), character references (HTML),
// \u and \x escapes (RFC 8259, C), quoted-printable (RFC 2045), numbers broken over lines, base64 and base64url
// (RFC 4648; gzip and zlib inside: RFC 1952, 1950; UTF-16 inside), hexadecimal. A view of a view is how nesting is
// read.
namespace gatehouse::dlp {

enum class Encoding { percent, entity, escape, quotedPrintable, wrapped, tabbed, emphasis, base64, hex };

// "inside percent encoding", … a literal.
std::string_view encodingReason(Encoding encoding);

struct View {
    Encoding encoding = Encoding::percent;
    Span source; // the piece, in the text that was searched
    std::string text;
    std::vector<std::uint32_t>
        offsets; // of each byte in the searched text, and one past the end; empty: the whole piece
    std::vector<std::uint32_t> decoded; // places in `text` that came from an escape, in order

    // Whether its numbers may as well be cells of a table.
    [[nodiscard]] bool mayBeColumn() const { return encoding == Encoding::wrapped || encoding == Encoding::tabbed; }
    // Whether what stands at `span` of the view is owed to the decoding: what does not touch an escape is found
    // without.
    [[nodiscard]] bool isOwed(Span span) const;
    [[nodiscard]] Span toSource(Span span) const;
};

// Whether an escape or run at `span` owes something to the decoding of `outer`, whose text it stands in. What does not
// was met before the decoding already.
bool isNew(const View* outer, Span span);

// The encoded pieces that begin at or reach behind `from`. `outer` is the view that `text` is the text of, or nullptr.
// `budget` bounds the decoded bytes of a whole scan, nesting included, and is lowered; false when it ran out, and then
// the text counts as unreadable.
[[nodiscard]] bool findViews(std::string_view text, std::size_t from, const View* outer, std::size_t& budget,
                             std::vector<View>& views);

// The part of findViews that reads base64 and hexadecimal.
[[nodiscard]] bool findEncodedRuns(std::string_view text, std::size_t from, const View* outer, std::size_t& budget,
                                   std::vector<View>& views);

// What is decoded at most for a text of `size` bytes.
constexpr std::size_t decodingBudget(std::size_t size) {
    return 4 * size + 256UL * 1024UL;
}

} // namespace gatehouse::dlp
