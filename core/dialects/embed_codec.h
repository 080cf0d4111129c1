// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dialects/chat_codec.h"

// Texts as vectors, whatever dialect asks for them: the canonical model of embeddings. Pure; any thread.
namespace gatehouse::dialects {

struct EmbedRequest {
    std::string model;
    std::vector<std::string> inputs;
    std::optional<std::uint64_t> dimensions;
    bool isList = true;       // the client gave a list, and gets one
    bool wantsBase64 = false; // vectors as base64 of 32-bit little-endian floats (OpenAI's clients ask for it)
    // Names of members that have no counterpart on the other side; told in a header. Never a value.
    std::vector<std::string> untranslated;
};

struct EmbedAnswer {
    std::vector<OrderedJson> vectors; // lists of numbers, one for each input
    std::optional<Usage> usage;
    std::optional<ChatFault> fault;
};

// How the client wants its vectors: what is left of its request when the answer comes.
struct EmbedForm {
    bool isList = true;
    bool wantsBase64 = false;
    std::size_t count = 1; // texts, and so vectors
};

class EmbedCodec {
public:
    virtual ~EmbedCodec() = default;
    // invalidInput with a reason for the caller when it holds what no other dialect can say (tokens, pictures).
    [[nodiscard]] virtual Result<EmbedRequest> decodeRequest(std::string_view body, const Asked& asked) const = 0;
    // invalidInput with a reason for the caller when this dialect cannot say it.
    [[nodiscard]] virtual Result<std::string> encodeRequest(const EmbedRequest& request) const = 0;
    // A buffered answer, or the body of an error (`status` from 400 on). invalidInput when it has no vectors.
    [[nodiscard]] virtual Result<EmbedAnswer> decodeAnswer(std::string_view document, int status) const = 0;
    // invalidInput when a vector is no list of numbers. Of the context: model and, without usage, inputTokens.
    [[nodiscard]] virtual Result<std::string> encodeAnswer(const EmbedAnswer& answer, EmbedForm form,
                                                           const AnswerContext& context) const = 0;
};

const EmbedCodec& openAiEmbedCodec();
// `isOld`: /api/embeddings, else /api/embed.
const EmbedCodec& ollamaEmbedCodec(bool isOld);
// :embedContent and :batchEmbedContents; requests are always written as a batch.
const EmbedCodec& geminiEmbedCodec();
// :predict of Vertex AI (cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api); only sent.
const EmbedCodec& vertexEmbedCodec();

} // namespace gatehouse::dialects
