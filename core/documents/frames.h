// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "documents/extract.h"

// What the helper process writes and the parent reads. Each frame is one byte of kind, the lengths of a name and of a
// text as 32 bits, little endian, and both. docs/formats/extract-frames.md
namespace gatehouse::documents {

enum class FrameKind : char { format = 'F', piece = 'P', gap = 'G', end = 'E' };

inline constexpr std::size_t kMaxName = 4096;
inline constexpr std::size_t kMaxText = std::size_t{32} * 1024U * 1024U; // of all pieces of one document
inline constexpr std::size_t kMaxFrames = 20'000;

std::string encodeFrame(FrameKind kind, std::string_view name, std::string_view text);

// Reads frames at any split. The other side is not trusted: lengths, counts, kinds and UTF-8 are checked.
class FrameReader final {
public:
    // corrupt or limit: nothing more can be read.
    [[nodiscard]] Result<> push(std::string_view bytes);
    // True after the end frame.
    [[nodiscard]] bool isComplete() const { return m_isComplete; }
    // corrupt unless the end frame has come.
    [[nodiscard]] Result<Extraction> finish();

private:
    Result<bool> readOne();
    Result<> take(FrameKind kind, std::string_view name, std::string_view text);

    std::string m_buffer;
    std::size_t m_at = 0; // of what is read in m_buffer
    std::size_t m_text = 0;
    std::size_t m_frames = 0;
    bool m_isComplete = false;
    Extraction m_extraction;
};

// What the parent sends: the length of the name (32 bits, little endian), the name, then the document to the end.
std::string encodeHead(std::string_view name);

struct Asked {
    std::string_view name;
    std::string_view bytes;
};
[[nodiscard]] Result<Asked> decodeAsked(std::string_view input);

} // namespace gatehouse::documents
