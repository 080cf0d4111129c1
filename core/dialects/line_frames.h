// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "dialects/stream_frame.h"

namespace gatehouse::dialects {

// JSON documents one per line (Ollama). A blank line is a frame without data.
class LineReader final : public FrameReader {
public:
    static constexpr std::size_t kMaxLine = 4UL * 1024UL * 1024UL;

    [[nodiscard]] Result<std::vector<StreamFrame>> push(std::string_view piece) override;
    [[nodiscard]] Result<std::optional<StreamFrame>> finish() override;

private:
    std::string m_buffer; // of the line being read
    bool m_isBroken = false;
};

} // namespace gatehouse::dialects
