// SPDX-License-Identifier: Apache-2.0
// An answer's document in any dialect, from a provider that may talk nonsense: fields lie in the document, what is held
// back is JSON, and so is what it means in another dialect. The first byte chooses the dialect.
#include <cstdint>
#include <string_view>

#include "chosen_dialect.h"
#include "dialects/chat_codec.h"

using namespace gatehouse;
using namespace gatehouse::dialects;
using gatehouse::fuzz::require;

namespace {

constexpr std::uint8_t kBedrock = 0xFF; // which no client speaks

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const Dialect& dialect = data[0] == kBedrock ? bedrockConverse() : fuzz::chosenDialect(data[0]);
    const std::string_view document(reinterpret_cast<const char*>(data) + 1, size - 1);
    for (const bool isWhole : {true, false}) {
        const auto event = dialect.read(document, isWhole);
        if (!event) {
            continue;
        }
        require(event->document == document);
        std::size_t at = 0;
        for (const TextField& field : event->fields) {
            require(at <= field.begin && field.begin < field.end && field.end <= event->document.size());
            at = field.end;
        }
        for (std::size_t i = 0; i < event->fields.size() && i < 8; ++i) {
            if (!event->fields[i].channel.empty()) {
                require(Json::accept(dialect.heldText(*event, event->fields[i], "held \"text")));
            }
        }
    }
    if (dialect.codec() == nullptr) {
        return 0;
    }
    for (const int status : {200, 429}) {
        const auto answer = dialect.codec()->decodeAnswer(document, status);
        for (unsigned char other = 0; answer && other < fuzz::kSpokenToClients; ++other) {
            require(Json::accept(fuzz::chosenDialect(other).codec()->encodeAnswer(*answer, {})));
        }
    }
    return 0;
}
