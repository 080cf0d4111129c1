// SPDX-License-Identifier: Apache-2.0
// What a helper that was taken over may send: the parent neither crashes nor takes what is no UTF-8, and says the same
// at any split.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/utf8.h"
#include "documents/frames.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gatehouse::documents;
    if (size == 0) {
        return 0;
    }
    const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
    const std::size_t split = bytes.empty() ? 0 : data[0] % bytes.size();
    FrameReader whole;
    FrameReader parts;
    const bool isFine = whole.push(bytes).has_value();
    const bool isFineInParts =
        parts.push(bytes.substr(0, split)).has_value() && parts.push(bytes.substr(split)).has_value();
    if (isFine != isFineInParts || whole.isComplete() != parts.isComplete()) {
        std::abort();
    }
    const auto read = whole.finish();
    if (read) {
        for (const Piece& piece : read->pieces) {
            if (!gatehouse::isUtf8(piece.name) || !gatehouse::isUtf8(piece.text)) {
                std::abort();
            }
        }
    }
    static_cast<void>(decodeAsked(bytes));
    return 0;
}
