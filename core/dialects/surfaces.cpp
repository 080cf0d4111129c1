// SPDX-License-Identifier: Apache-2.0
#include "dialects/surfaces.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"

namespace gatehouse::dialects {
namespace {

constexpr std::string_view kModel = "{model}";
constexpr std::size_t kMaxModel = 256;

constexpr std::array kSurfaces{
    Surface{"POST", "/v1/chat/completions", Operation::infer, openAiChat},
    Surface{"POST", "/v1/responses", Operation::infer, openAiResponses},
    Surface{"POST", "/v1/completions", Operation::infer, openAiCompletions},
    Surface{"POST", "/v1/embeddings", Operation::infer, openAiEmbeddings},
    Surface{"GET", "/v1/models", Operation::listModels, openAiChat},
    Surface{"POST", "/v1/messages", Operation::infer, anthropicMessages},
    Surface{"POST", "/v1/messages/count_tokens", Operation::infer, anthropicCountTokens},
    Surface{"POST", "/api/chat", Operation::infer, ollamaChat},
    Surface{"POST", "/api/generate", Operation::infer, ollamaGenerate},
    Surface{"POST", "/api/embed", Operation::infer, ollamaEmbed},
    Surface{"POST", "/api/embeddings", Operation::infer, ollamaEmbeddings},
    Surface{"GET", "/api/tags", Operation::listModels, ollamaChat},
    Surface{"POST", "/api/show", Operation::showModel, ollamaChat},
    Surface{"GET", "/api/ps", Operation::running, ollamaChat},
    Surface{"GET", "/api/version", Operation::version, ollamaChat},
    // Gemini.
    Surface{"POST", "/v1beta/models/{model}:generateContent", Operation::infer, geminiGenerate},
    Surface{"POST", "/v1beta/models/{model}:streamGenerateContent", Operation::infer, geminiGenerate, true},
    Surface{"POST", "/v1beta/models/{model}:countTokens", Operation::infer, geminiCountTokens},
    Surface{"POST", "/v1beta/models/{model}:embedContent", Operation::infer, geminiEmbed},
    Surface{"POST", "/v1beta/models/{model}:batchEmbedContents", Operation::infer, geminiEmbed},
    Surface{"POST", "/v1/models/{model}:generateContent", Operation::infer, geminiGenerate},
    Surface{"POST", "/v1/models/{model}:streamGenerateContent", Operation::infer, geminiGenerate, true},
    Surface{"POST", "/v1/models/{model}:countTokens", Operation::infer, geminiCountTokens},
    Surface{"POST", "/v1/models/{model}:embedContent", Operation::infer, geminiEmbed},
    Surface{"POST", "/v1/models/{model}:batchEmbedContents", Operation::infer, geminiEmbed},
    Surface{"GET", "/v1beta/models", Operation::listModels, geminiGenerate},
    // Model Context Protocol: POST, GET and DELETE.
    Surface{"*", "/mcp/{model}", Operation::message, mcp},
    // LM Studio's own API, in OpenAI's words.
    Surface{"POST", "/api/v0/chat/completions", Operation::infer, openAiChat},
    Surface{"POST", "/api/v0/completions", Operation::infer, openAiCompletions},
    Surface{"POST", "/api/v0/embeddings", Operation::infer, openAiEmbeddings},
    Surface{"GET", "/api/v0/models", Operation::listModels, openAiChat},
    // Azure OpenAI.
    Surface{"POST", "/openai/deployments/{model}/chat/completions", Operation::infer, openAiChat},
    Surface{"POST", "/openai/deployments/{model}/completions", Operation::infer, openAiCompletions},
    Surface{"POST", "/openai/deployments/{model}/embeddings", Operation::infer, openAiEmbeddings},
    Surface{"POST", "/openai/responses", Operation::infer, openAiResponses},
    Surface{"POST", "/openai/v1/responses", Operation::infer, openAiResponses},
    Surface{"POST", "/openai/v1/embeddings", Operation::infer, openAiEmbeddings},
    Surface{"POST", "/openai/v1/chat/completions", Operation::infer, openAiChat},
    Surface{"GET", "/openai/v1/models", Operation::listModels, openAiChat},
    // Pictures and sound.
    Surface{"POST", "/v1/images/generations", Operation::infer, openAiImages},
    Surface{"POST", "/v1/images/edits", Operation::infer, openAiImageEdits, false, BodyForm::either},
    Surface{"POST", "/v1/images/variations", Operation::infer, openAiImageVariations, false, BodyForm::form},
    Surface{"POST", "/v1/audio/transcriptions", Operation::infer, openAiTranscriptions, false, BodyForm::form},
    Surface{"POST", "/v1/audio/translations", Operation::infer, openAiTranslations, false, BodyForm::form},
    Surface{"POST", "/v1/audio/speech", Operation::infer, openAiSpeech},
    Surface{"POST", "/openai/v1/images/generations", Operation::infer, openAiImages},
    Surface{"POST", "/openai/v1/images/edits", Operation::infer, openAiImageEdits, false, BodyForm::either},
    Surface{"POST", "/openai/v1/images/variations", Operation::infer, openAiImageVariations, false, BodyForm::form},
    Surface{"POST", "/openai/v1/audio/transcriptions", Operation::infer, openAiTranscriptions, false, BodyForm::form},
    Surface{"POST", "/openai/v1/audio/translations", Operation::infer, openAiTranslations, false, BodyForm::form},
    Surface{"POST", "/openai/v1/audio/speech", Operation::infer, openAiSpeech},
    Surface{"POST", "/openai/deployments/{model}/images/generations", Operation::infer, openAiImages},
    Surface{"POST", "/openai/deployments/{model}/images/edits", Operation::infer, openAiImageEdits, false,
            BodyForm::either},
    Surface{"POST", "/openai/deployments/{model}/images/variations", Operation::infer, openAiImageVariations, false,
            BodyForm::form},
    Surface{"POST", "/openai/deployments/{model}/audio/transcriptions", Operation::infer, openAiTranscriptions, false,
            BodyForm::form},
    Surface{"POST", "/openai/deployments/{model}/audio/translations", Operation::infer, openAiTranslations, false,
            BodyForm::form},
    Surface{"POST", "/openai/deployments/{model}/audio/speech", Operation::infer, openAiSpeech},
};

// A name of a model as it may stand in a path; nullopt for what could be read as another path.
std::optional<std::string> modelName(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        const auto byte = i + 2 < text.size() ? hexDecode(text.substr(i + 1, 2)) : fail(ErrorKind::invalidInput, "");
        if (!byte) {
            return std::nullopt;
        }
        out += static_cast<char>(byte->front());
        i += 2;
    }
    const bool isPlain = std::all_of(out.begin(), out.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' ||
               c == '-' || c == ':' || c == '@' || c == '/';
    });
    const bool isPath = out.starts_with('/') || out.ends_with('/') || out.find("//") != std::string::npos ||
                        out.find("..") != std::string::npos;
    return isPlain && !isPath && !out.empty() && out.size() <= kMaxModel ? std::optional(std::move(out)) : std::nullopt;
}

bool matches(const Surface& surface, std::string_view path, Asked& asked) {
    const std::size_t mark = surface.path.find(kModel);
    if (mark == std::string_view::npos) {
        return path == surface.path;
    }
    const std::string_view before = surface.path.substr(0, mark);
    const std::string_view behind = surface.path.substr(mark + kModel.size());
    if (path.size() <= before.size() + behind.size() || !path.starts_with(before) || !path.ends_with(behind)) {
        return false;
    }
    auto model = modelName(path.substr(before.size(), path.size() - before.size() - behind.size()));
    if (!model) {
        return false;
    }
    asked.model = std::move(*model);
    return true;
}

bool hasPair(std::string_view query, std::string_view pair) {
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        if (query.substr(0, end) == pair) {
            return true;
        }
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    return false;
}

} // namespace

std::optional<Route> findRoute(std::string_view path, std::string_view query) {
    for (const Surface& surface : kSurfaces) {
        Route route{&surface, {}};
        if (!matches(surface, path, route.asked)) {
            continue;
        }
        route.asked.isStream = surface.isStream;
        route.asked.isBatch = surface.path.ends_with(":batchEmbedContents");
        const bool isArray = surface.isStream && !hasPair(query, "alt=sse");
        route.asked.framing = isArray ? Framing::jsonArray : surface.dialect().framing();
        return route;
    }
    return std::nullopt;
}

const Dialect& dialectOfPath(std::string_view path) {
    if (const auto route = findRoute(path, {})) {
        return route->surface->dialect();
    }
    if (path.starts_with("/v1/messages")) {
        return anthropicMessages();
    }
    if (path.starts_with("/v1beta/") || path.starts_with("/v1/models/")) {
        return geminiGenerate();
    }
    if (path.starts_with("/api/") && !path.starts_with("/api/v")) {
        return ollamaChat();
    }
    return openAiChat();
}

} // namespace gatehouse::dialects
