// SPDX-License-Identifier: Apache-2.0
// Every parser of the bridge's messages, over whatever the envelope lets through; and the spans of a reply.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "bridge/utf16.h"
#include "ipc/page_messages.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace ipc = gatehouse::ipc;
    const std::string text(data, data + size);
    (void)ipc::idOf(text);
    (void)ipc::hostOfOrigin(text);
    const auto message = ipc::parseMessage(text);
    if (!message) {
        return 0;
    }
    (void)ipc::parseAttach(message->body);
    (void)ipc::parseHello(message->body);
    (void)ipc::parseAnswer(message->body);
    (void)ipc::parseEvent(message->body);
    (void)ipc::parseFileBegin(message->body);
    (void)ipc::parseFileName(message->body);
    if (const auto chunk = ipc::parseFileChunk(message->body); chunk && chunk->bytes.size() > ipc::kChunkLimit) {
        std::abort();
    }
    if (const auto reading = ipc::parseReading(message->body)) {
        ipc::ReadingReply reply;
        for (const auto& placeholder : reading->placeholders) {
            reply.values.emplace_back(placeholder, reading->text);
        }
        (void)ipc::readingReply(message->id, reply);
    }
    if (const auto focus = ipc::parseFocus(message->body); focus && focus->isFocused && focus->key.size() < 32) {
        std::abort();
    }
    if (const auto verdict = ipc::parseVerdict(message->body)) {
        ipc::VerdictReply reply;
        reply.action = gatehouse::Action::redact;
        reply.message = verdict->text;
        reply.spans = gatehouse::bridge::spansBetween(verdict->text, verdict->html.value_or(""));
        // What we say must be what we would understand, as long as it fits.
        const std::string said = ipc::verdictReply(message->id, reply);
        if (said.size() < 1024UL * 1024UL && !ipc::parseMessage(said)) {
            std::abort();
        }
    }
    return 0;
}
