// SPDX-License-Identifier: Apache-2.0
// The frame decoder: the first byte says how the rest is cut into pieces; every cut must give the same frames and the
// same end.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "ipc/framing.h"

namespace {

constexpr std::size_t kLimit = 4096;

struct Outcome {
    std::vector<std::string> frames;
    bool isBroken = false;
    bool operator==(const Outcome&) const = default;
};

Outcome decode(std::string_view bytes, std::size_t step) {
    Outcome outcome;
    gatehouse::ipc::FrameDecoder decoder(kLimit);
    for (std::size_t at = 0; at < bytes.size() && !outcome.isBroken; at += step) {
        decoder.push(bytes.substr(at, step));
        for (;;) {
            auto frame = decoder.next();
            outcome.isBroken = !frame;
            if (!frame || !*frame) {
                break;
            }
            outcome.frames.push_back(**frame);
        }
    }
    return outcome;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) {
        return 0;
    }
    const std::string bytes(data + 1, data + size);
    const Outcome whole = decode(bytes, bytes.size() + 1);
    if (decode(bytes, data[0] % 16 + 1U) != whole) {
        std::abort();
    }
    for (const auto& frame : whole.frames) {
        if (frame.empty() || frame.size() > kLimit) {
            std::abort();
        }
    }
    return 0;
}
