// SPDX-License-Identifier: Apache-2.0
// A chunked body in any split decodes to the same bytes, never to more than the limit, and never reads past its end.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "gateway/chunked_decoder.h"

namespace {

using gatehouse::gateway::ChunkedDecoder;

struct Outcome {
    ChunkedDecoder::Status status = ChunkedDecoder::Status::needsMore;
    std::string body;
    std::size_t consumed = 0;
    friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome decode(std::string_view bytes, std::size_t step) {
    ChunkedDecoder decoder(512);
    Outcome outcome;
    while (outcome.status == ChunkedDecoder::Status::needsMore && outcome.consumed < bytes.size()) {
        std::size_t consumed = 0;
        outcome.status = decoder.feed(bytes.substr(outcome.consumed, step), outcome.body, consumed);
        outcome.consumed += consumed;
    }
    return outcome;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto whole = decode(bytes, bytes.size() + 1);
    if (whole.body.size() > 512 || whole.consumed > bytes.size() || !(whole == decode(bytes, 1)) ||
        !(whole == decode(bytes, 3))) {
        std::abort();
    }
    return 0;
}
