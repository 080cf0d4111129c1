// SPDX-License-Identifier: Apache-2.0
// Every dialect and framing reads any bytes without harm. A stream gives the same frames at any split and loses no
// byte; a request with nothing to change comes out byte-identical; what a codec reads, every codec can write.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "dialects/chat_codec.h"
#include "dialects/dialect.h"

namespace {

using namespace gatehouse;
using namespace gatehouse::dialects;

constexpr std::string_view kNames[] = {
    "openai.chat", "openai.responses", "openai.completions", "openai.embeddings", "anthropic.messages",
    "ollama.chat", "ollama.generate",  "ollama.embed",       "gemini.generate",   "gemini.embed"};

void require(bool isTrue) {
    if (!isTrue) {
        std::abort();
    }
}

struct Seen {
    std::string raw;
    std::string data;
    bool hasFailed = false;
    friend bool operator==(const Seen&, const Seen&) = default;
};

Seen readStream(Framing framing, std::string_view bytes, std::size_t step) {
    Seen seen;
    const auto reader = makeFrameReader(framing);
    const auto take = [&seen](const StreamFrame& frame) {
        seen.raw += frame.raw;
        seen.data += frame.data.value_or("(none)") + "\n";
    };
    for (std::size_t at = 0; at < bytes.size() && !seen.hasFailed; at += step) {
        const auto frames = reader->push(bytes.substr(at, step));
        seen.hasFailed = !frames.has_value();
        for (const StreamFrame& frame : frames.value_or(std::vector<StreamFrame>())) {
            take(frame);
        }
    }
    const auto last = reader->finish();
    seen.hasFailed = seen.hasFailed || !last.has_value();
    if (last && *last) {
        take(**last);
    }
    return seen;
}

void readAnswers(const Dialect& dialect, std::string_view bytes) {
    for (const bool isWhole : {true, false}) {
        const auto event = dialect.read(bytes, isWhole);
        if (!event) {
            continue;
        }
        for (const TextField& field : event->fields) {
            require(field.begin < field.end && field.end <= event->document.size());
            if (!field.channel.empty()) {
                require(checkJson(dialect.heldText(*event, field, "held \"text\"")).has_value());
            }
        }
    }
    if (dialect.codec() == nullptr) {
        return;
    }
    const auto decoder = dialect.codec()->makeDecoder();
    const auto events = decoder->push(bytes);
    for (const std::string_view name : kNames) {
        const ChatCodec* codec = findDialect(name)->codec();
        if (codec == nullptr || !events) {
            continue;
        }
        const auto encoder = codec->makeEncoder({});
        std::string out;
        for (const ChatEvent& event : *events) {
            out += encoder->push(event);
        }
        out += encoder->finish();
        require(!readStream(findDialect(name)->framing(), out, out.size() + 1).hasFailed);
    }
}

void readRequest(const Dialect& dialect, std::string_view bytes) {
    Asked asked;
    asked.model = dialect.name().starts_with("gemini.") ? "m" : "";
    const auto request = dialect.parse(bytes, {}, asked);
    if (!request) {
        return;
    }
    if (dialect.name() != "gemini.embed" && dialect.name() != "openai.chat" && dialect.name() != "openai.completions") {
        const std::vector<std::optional<std::string>> nothing(request->parts.size());
        const auto body = dialect.compose(bytes, *request, nothing, request->model);
        require(body.has_value() && (*body == bytes || dialect.name().starts_with("gemini.")));
    }
    if (dialect.codec() == nullptr) {
        return;
    }
    for (const std::string_view name : kNames) {
        const ChatCodec* codec = findDialect(name)->codec();
        auto chat = dialect.codec()->decodeRequest(bytes, asked);
        if (chat && codec != nullptr && name != "ollama.generate") {
            const auto body = codec->encodeRequest(*chat, {});
            require(!body || checkJson(*body).has_value());
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const Dialect& dialect = *findDialect(kNames[data[0] % std::size(kNames)]);
    readRequest(dialect, bytes);
    readAnswers(dialect, bytes);
    for (const Framing framing : {Framing::sse, Framing::ndjson, Framing::jsonArray}) {
        const Seen whole = readStream(framing, bytes, bytes.size() + 1);
        require(whole.hasFailed || whole.raw == bytes);
        require(whole == readStream(framing, bytes, 1) && whole == readStream(framing, bytes, 3));
    }
    return 0;
}
