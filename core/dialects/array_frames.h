// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "dialects/stream_frame.h"

namespace gatehouse::dialects {

// The objects of one JSON array as they come (Gemini without alt=sse). A frame's bytes begin with the bracket or comma
// in front of its object; the closing bracket is a frame without data. A lone object (an error) counts as one element.
class ArrayReader final : public FrameReader {
public:
    static constexpr std::size_t kMaxElement = 4UL * 1024UL * 1024UL;

    [[nodiscard]] Result<std::vector<StreamFrame>> push(std::string_view piece) override;
    [[nodiscard]] Result<std::optional<StreamFrame>> finish() override;

private:
    enum class Place { start, before, inside, after };
    // One byte; false when it has no business there.
    bool take(char c, std::vector<StreamFrame>& frames);
    bool takeBetween(char c, std::vector<StreamFrame>& frames);
    void endElement(std::vector<StreamFrame>& frames);

    std::string m_buffer;         // from the end of the last frame on
    std::size_t m_valueBegin = 0; // of the object being read, in m_buffer
    std::size_t m_depth = 0;
    Place m_place = Place::start;
    bool m_isArray = false;
    bool m_needsComma = false;
    bool m_isInString = false;
    bool m_isEscaped = false;
    std::optional<Error> m_fault;
};

} // namespace gatehouse::dialects
