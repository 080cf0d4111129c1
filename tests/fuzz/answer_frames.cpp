// SPDX-License-Identifier: Apache-2.0
// The frames of a stream: the same at any split, and together exactly the bytes that came. The first byte chooses the
// framing; frames with checksums are read as they are and with right ones.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "chosen_dialect.h"
#include "dialects/event_frames.h"
#include "dialects/stream_frame.h"

using namespace gatehouse;
using namespace gatehouse::dialects;

namespace {

struct Seen {
    std::string raw;
    std::vector<std::string> data;
    bool hasFailed = false;
    friend bool operator==(const Seen&, const Seen&) = default;
};

void take(Seen& seen, const StreamFrame& frame) {
    seen.raw += frame.raw;
    if (frame.data) {
        seen.data.push_back(*frame.data);
        // Written back as it came where nothing is changed, and read back where something is.
        fuzz::require(frame.lines.empty() || !frame.withData(*frame.data).empty());
    }
}

Seen read(Framing framing, std::string_view bytes, std::size_t step) {
    Seen seen;
    const auto reader = makeFrameReader(framing);
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        const auto frames = reader->push(bytes.substr(at, step));
        if (!frames) {
            seen.hasFailed = true;
            return seen;
        }
        for (const StreamFrame& frame : *frames) {
            take(seen, frame);
        }
    }
    const auto last = reader->finish();
    seen.hasFailed = !last.has_value();
    if (last && *last) {
        take(seen, **last);
    }
    return seen;
}

std::size_t lengthAt(std::string_view bytes, std::size_t at) {
    std::size_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
    }
    return value;
}

void setNumber(std::string& bytes, std::size_t at, std::uint32_t value) {
    for (unsigned int i = 0; i < 4; ++i) {
        bytes[at + i] = static_cast<char>(value >> (24U - 8U * i) & 0xFFU);
    }
}

// No input would find the checksums of an event stream by itself. Lengths are kept inside the input, too.
void mendChecksums(std::string& bytes) {
    constexpr std::size_t kSmallest = 16;
    for (std::size_t at = 0; bytes.size() - at >= kSmallest;) {
        const std::size_t rest = bytes.size() - at;
        const std::size_t size = kSmallest + lengthAt(bytes, at) % (rest - kSmallest + 1);
        setNumber(bytes, at, static_cast<std::uint32_t>(size));
        setNumber(bytes, at + 8, crc32(std::string_view(bytes).substr(at, 8)));
        setNumber(bytes, at + size - 4, crc32(std::string_view(bytes).substr(at, size - 4)));
        at += size;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const auto framing = static_cast<Framing>(std::min(data[0] % 5, 3));
    std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    if (data[0] % 5 == 4) {
        mendChecksums(bytes);
    }
    const Seen whole = read(framing, bytes, bytes.size() + 1);
    fuzz::require(whole.hasFailed || whole.raw == bytes);
    for (const std::size_t step : {std::size_t{1}, std::size_t{2}, std::size_t{7}}) {
        const Seen cut = read(framing, bytes, step);
        fuzz::require(cut.hasFailed == whole.hasFailed);
        fuzz::require(whole.hasFailed || cut == whole);
    }
    return 0;
}
