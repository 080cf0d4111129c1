// SPDX-License-Identifier: Apache-2.0
#include "dialects/dialect.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "dialects/chat_codec.h"
#include "dialects/sse.h"

namespace gatehouse::dialects {
namespace {

ChatAnswer chatOf(const PlainAnswer& answer) {
    ChatAnswer chat;
    chat.blocks.emplace_back().text = answer.text;
    chat.stop = StopReason::stop;
    chat.usage = answer.usage;
    return chat;
}

AnswerContext contextOf(const PlainAnswer& answer) {
    AnswerContext context;
    context.id = answer.id;
    context.model = answer.model;
    context.created = answer.created;
    context.wantsUsage = answer.hasUsage;
    context.framing = answer.framing;
    context.inputTokens = answer.usage.inputTokens;
    return context;
}

} // namespace

bool Dialect::isEnd(std::string_view /*data*/) const {
    return false;
}

std::string Dialect::frame(std::string_view data, StreamPlace /*place*/) const {
    return sseFrame(data);
}

std::string Dialect::wholeAnswer(const PlainAnswer& answer) const {
    return codec() == nullptr ? std::string() : codec()->encodeAnswer(chatOf(answer), contextOf(answer));
}

std::vector<std::string> Dialect::streamedAnswer(const PlainAnswer& answer) const {
    constexpr std::size_t kPiece = 48;
    std::vector<std::string> frames;
    if (codec() == nullptr) {
        return frames;
    }
    const auto encoder = codec()->makeEncoder(contextOf(answer));
    for (ChatEvent& event : eventsOf(chatOf(answer))) {
        if (event.kind != ChatEventKind::text) {
            frames.push_back(encoder->push(event));
            continue;
        }
        const std::string text = std::move(event.text);
        for (std::size_t at = 0; at < text.size();) {
            std::size_t end = at + kPiece >= text.size() ? text.size() : utf8Boundary(text, at + kPiece);
            end = end <= at ? text.size() : end; // bytes that are not UTF-8 have no boundary
            event.text = text.substr(at, end - at);
            frames.push_back(encoder->push(event));
            at = end;
        }
    }
    frames.push_back(encoder->finish());
    std::erase_if(frames, [](const std::string& frame) { return frame.empty(); });
    return frames;
}

const Dialect* findDialect(std::string_view name) {
    const std::array all{&openAiChat(),           &anthropicMessages(),  &anthropicCountTokens(),
                         &ollamaChat(),           &ollamaGenerate(),     &ollamaEmbed(),
                         &ollamaEmbeddings(),     &openAiResponses(),    &openAiCompletions(),
                         &openAiEmbeddings(),     &geminiGenerate(),     &geminiCountTokens(),
                         &geminiEmbed(),          &bedrockConverse(),    &mcp(),
                         &openAiImages(),         &openAiImageEdits(),   &openAiImageVariations(),
                         &openAiTranscriptions(), &openAiTranslations(), &openAiSpeech(),
                         &vertexEmbed()};
    const auto found =
        std::find_if(all.begin(), all.end(), [name](const Dialect* each) { return each->name() == name; });
    return found == all.end() ? nullptr : *found;
}

} // namespace gatehouse::dialects
