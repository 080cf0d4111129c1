// SPDX-License-Identifier: Apache-2.0
// A whole stream of one dialect told in another: frames that this one's reader takes, each with data that it reads. The
// first byte chooses the provider's dialect, the second the client's.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "chosen_dialect.h"
#include "dialects/chat_codec.h"

using namespace gatehouse;
using namespace gatehouse::dialects;
using gatehouse::fuzz::require;

namespace {

std::string retold(const Dialect& from, const Dialect& to, std::string_view bytes) {
    AnswerContext context;
    context.id = "1";
    context.model = "m";
    context.framing = to.framing();
    const auto encoder = to.codec()->makeEncoder(context);
    const auto decoder = from.codec()->makeDecoder();
    // Bedrock's frames have checksums (answer_frames makes them): here their data stand in lines.
    const bool isBedrock = from.framing() == Framing::eventStream;
    const auto reader = makeFrameReader(isBedrock ? Framing::ndjson : from.framing());
    const auto frames = reader->push(bytes);
    std::string out;
    for (std::size_t i = 0; frames && i < frames->size(); ++i) {
        const auto& data = frames->at(i).data;
        if (!data || from.isEnd(*data)) {
            continue;
        }
        const auto events = decoder->push(*data);
        if (!events) {
            break;
        }
        for (const ChatEvent& event : *events) {
            out += encoder->push(event);
        }
    }
    return out + encoder->finish();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) {
        return 0;
    }
    const Dialect& from = fuzz::chosenProvider(data[0]);
    const Dialect& to = fuzz::chosenDialect(data[1] % fuzz::kSpokenToClients);
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
    const std::string said = retold(from, to, bytes);
    const auto reader = makeFrameReader(to.framing());
    const auto frames = reader->push(said);
    require(frames.has_value());
    for (const StreamFrame& frame : *frames) {
        require(!frame.data || to.isEnd(*frame.data) || to.read(*frame.data, false).has_value());
    }
    return 0;
}
