// SPDX-License-Identifier: Apache-2.0
// Every interface for vectors reads any bytes without harm, and what one reads each other can write and read again.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "chosen_dialect.h"
#include "dialects/embed_codec.h"

using namespace gatehouse;
using namespace gatehouse::dialects;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::array<std::string_view, 4> kNames{"openai.embeddings", "ollama.embed", "ollama.embeddings",
                                                     "gemini.embed"};
    if (size == 0) {
        return 0;
    }
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    constexpr unsigned kVertex = 16; // which no client speaks
    const EmbedCodec& from =
        (data[0] & kVertex) != 0 ? vertexEmbedCodec() : *findDialect(kNames.at(data[0] % kNames.size()))->embedCodec();
    Asked asked;
    asked.model = "m";
    asked.isBatch = (data[0] & 4U) != 0;
    const auto request = from.decodeRequest(bytes, asked);
    const int status = (data[0] & 8U) != 0 ? 500 : 200;
    const auto answer = from.decodeAnswer(bytes, status);
    for (const std::string_view name : kNames) {
        const EmbedCodec& to = *findDialect(name)->embedCodec();
        if (request) {
            const auto body = to.encodeRequest(*request);
            fuzz::require(!body || checkJson(*body).has_value());
        }
        if (answer) {
            for (const EmbedForm form : {EmbedForm{true, false}, EmbedForm{false, true}}) {
                const auto written = to.encodeAnswer(*answer, form, {});
                fuzz::require(!written || checkJson(*written).has_value());
            }
        }
    }
    return 0;
}
