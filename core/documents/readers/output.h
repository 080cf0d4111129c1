// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "documents/frames.h"
#include "documents/readers/picture.h"

// What the parsers share: where their texts go, and what one document may cost. One thread.
namespace gatehouse::documents {

// Caps on one document with all that is packed in it. What lies above one of them is told as a gap.
struct Limits {
    std::size_t text = kMaxText;
    std::size_t frames = kMaxFrames;
    std::size_t unpacked = std::size_t{256} * 1024U * 1024U; // bytes out of all archives together
    std::size_t entry = std::size_t{64} * 1024U * 1024U;     // bytes of one packed file
    std::size_t entries = 10'000;                            // packed files together
    std::size_t ratio = 400;                                 // unpacked bytes per packed byte, above 16 MiB
    unsigned depth = 6;                                      // archives in archives
    std::size_t decorations = 12;                            // small pictures that go untold
};

class Output final {
public:
    using Take = std::function<void(FrameKind kind, std::string_view name, std::string_view text)>;
    Output(Limits limits, Take take) : m_limits(limits), m_take(std::move(take)) {}

    // The outermost document's format; later calls, from documents inside of it, are ignored.
    void format(std::string_view word);
    // Passes a text on, unless it is blank. Bytes that are no UTF-8 become U+FFFD.
    void piece(std::string_view name, std::string_view text);
    void gap(std::string_view name, std::string_view reason);

    // False, and a gap at `name`, when the bytes or files are more than may be unpacked.
    bool takeUnpacked(std::string_view name, std::size_t bytes, std::size_t packed);
    bool takeEntry(std::string_view name);

    // Who reads pictures; nullptr, the default, where nobody does. Must outlive this.
    void readPicturesWith(PictureReader* reader) { m_pictureReader = reader; }
    [[nodiscard]] PictureReader* pictureReader() const { return m_pictureReader; }
    // False when the same bytes were given before.
    bool isNewPicture(std::string_view bytes);
    // Whether one more small picture of a document may go untold: many together could be a text.
    bool takeDecoration();

    [[nodiscard]] const Limits& limits() const { return m_limits; }
    // True once a limit on text or places is met: going on is of no use.
    [[nodiscard]] bool isFull() const { return m_isFull; }

private:
    bool hasRoom(std::string_view name);

    Limits m_limits;
    Take m_take;
    std::size_t m_text = 0;
    std::size_t m_frames = 0;
    std::size_t m_unpacked = 0;
    std::size_t m_entries = 0;
    std::size_t m_decorations = 0;
    PictureReader* m_pictureReader = nullptr;
    std::set<std::pair<std::size_t, std::size_t>> m_pictures; // hash and length
    bool m_hasFormat = false;
    bool m_isFull = false;
    bool m_hasSaidUnpacked = false;
};

// The name of a place that goes into a frame: valid UTF-8, at most 1 KiB.
std::string cleanName(std::string_view name);
// The text with U+FFFD for what is no UTF-8.
std::string cleanUtf8(std::string_view text);

} // namespace gatehouse::documents
