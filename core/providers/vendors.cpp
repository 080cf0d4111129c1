// SPDX-License-Identifier: Apache-2.0
#include "providers/vendors.h"

#include <algorithm>
#include <array>

#include "providers/sigv4.h"

namespace gatehouse::providers {
namespace {

constexpr std::string_view kOpenAi = "openai.chat openai.completions openai.embeddings";
constexpr std::string_view kChatOnly = "openai.chat";
constexpr std::string_view kChatEmbed = "openai.chat openai.embeddings";
constexpr std::string_view kResponses = "openai.chat openai.responses openai.completions openai.embeddings";
constexpr std::string_view kChatImages = "openai.chat openai.images";
constexpr std::string_view kChatSound = "openai.chat openai.transcriptions openai.translations openai.speech";
constexpr std::string_view kChatEmbedHear = "openai.chat openai.embeddings openai.transcriptions";
constexpr std::string_view kResponsesHear =
    "openai.chat openai.responses openai.completions openai.embeddings openai.transcriptions openai.translations";
constexpr std::string_view kAllButResponses =
    "openai.chat openai.completions openai.embeddings openai.images openai.image-edits openai.image-variations "
    "openai.transcriptions openai.translations openai.speech";
constexpr std::string_view kAll =
    "openai.chat openai.responses openai.completions openai.embeddings openai.images openai.image-edits "
    "openai.image-variations openai.transcriptions openai.translations openai.speech";
constexpr std::string_view kOllama =
    "ollama.chat ollama.generate ollama.embed ollama.embeddings openai.chat openai.completions openai.embeddings";
constexpr dialects::Quirks kNewTokens{.takesMaxCompletionTokens = true};
constexpr dialects::Quirks kNoParallel{.refusesParallelCalls = true};
constexpr dialects::Quirks kJsonOnly{.refusesParallelCalls = true, .refusesSchemas = true};

// Addresses and differences as the vendors' own documentation gives them.
constexpr std::array kVendors{
    Vendor{"openai-compatible", "any OpenAI-compatible server", "", kAllButResponses},
    Vendor{"openai", "OpenAI", "https://api.openai.com/v1", kAll, AuthStyle::bearer, UrlStyle::plain, kNewTokens},
    Vendor{"azure-openai", "Azure OpenAI (v1)", "", kAll, AuthStyle::apiKey, UrlStyle::plain, kNewTokens},
    Vendor{"azure-openai-deployments", "Azure OpenAI (deployments)", "", kAllButResponses, AuthStyle::apiKey,
           UrlStyle::azureDeployment, kNewTokens},
    Vendor{"anthropic", "Anthropic", "https://api.anthropic.com/v1", "anthropic.messages anthropic.count_tokens",
           AuthStyle::xApiKey},
    Vendor{"gemini", "Google Gemini (AI Studio)", "https://generativelanguage.googleapis.com/v1beta",
           "gemini.generate gemini.count gemini.embed", AuthStyle::googApiKey},
    Vendor{"vertex", "Google Vertex AI", "", "gemini.generate gemini.count vertex.embed", AuthStyle::googleAccount},
    Vendor{"bedrock", "AWS Bedrock", "", "bedrock.converse", AuthStyle::aws},
    Vendor{"mistral", "Mistral", "https://api.mistral.ai/v1", kChatEmbedHear},
    Vendor{"cohere", "Cohere", "https://api.cohere.ai/compatibility/v1", kChatEmbed, AuthStyle::bearer, UrlStyle::plain,
           kNoParallel},
    Vendor{"groq", "Groq", "https://api.groq.com/openai/v1", kChatSound},
    Vendor{"xai", "xAI", "https://api.x.ai/v1", kChatImages},
    Vendor{"deepseek", "DeepSeek", "https://api.deepseek.com/v1", kChatOnly, AuthStyle::bearer, UrlStyle::plain,
           kJsonOnly},
    Vendor{"together", "Together AI", "https://api.together.xyz/v1",
           "openai.chat openai.completions openai.embeddings openai.images openai.transcriptions openai.translations "
           "openai.speech"},
    Vendor{"fireworks", "Fireworks AI", "https://api.fireworks.ai/inference/v1", kOpenAi},
    Vendor{"openrouter", "OpenRouter", "https://openrouter.ai/api/v1", kOpenAi},
    Vendor{"perplexity", "Perplexity", "https://api.perplexity.ai", kChatOnly, AuthStyle::bearer, UrlStyle::plain,
           kNoParallel},
    Vendor{"cerebras", "Cerebras", "https://api.cerebras.ai/v1", kChatOnly, AuthStyle::bearer, UrlStyle::plain,
           kNewTokens},
    Vendor{"nvidia", "NVIDIA NIM", "https://integrate.api.nvidia.com/v1", kOpenAi},
    Vendor{"huggingface", "Hugging Face router", "https://router.huggingface.co/v1", kChatOnly},
    Vendor{"github-models", "GitHub Models", "https://models.github.ai/inference", kChatEmbed},
    Vendor{"sambanova", "SambaNova", "https://api.sambanova.ai/v1", kChatEmbed},
    Vendor{"hyperbolic", "Hyperbolic", "https://api.hyperbolic.xyz/v1", kChatOnly},
    Vendor{"novita", "Novita AI", "https://api.novita.ai/v3/openai", kChatOnly},
    Vendor{"deepinfra", "DeepInfra", "https://api.deepinfra.com/v1/openai", kAllButResponses},
    Vendor{"nebius", "Nebius AI Studio", "https://api.studio.nebius.com/v1",
           "openai.chat openai.embeddings openai.images"},
    Vendor{"moonshot", "Moonshot AI", "https://api.moonshot.ai/v1", kChatOnly},
    Vendor{"dashscope", "Alibaba Model Studio", "https://dashscope-intl.aliyuncs.com/compatible-mode/v1", kChatEmbed},
    Vendor{"zhipu", "Z.ai", "https://api.z.ai/api/paas/v4", kChatImages},
    Vendor{"minimax", "MiniMax", "https://api.minimax.io/v1", kChatOnly},
    Vendor{"ai21", "AI21", "https://api.ai21.com/studio/v1", kChatOnly},
    Vendor{"databricks", "Databricks model serving", "", kChatEmbed},
    Vendor{"ovhcloud", "OVHcloud AI Endpoints", "https://oai.endpoints.kepler.ai.cloud.ovh.net/v1", kChatEmbed},
    Vendor{"scaleway", "Scaleway", "https://api.scaleway.ai/v1", kChatEmbed},
    Vendor{"vercel", "Vercel AI Gateway", "https://ai-gateway.vercel.sh/v1", kChatEmbed},
    Vendor{"ollama", "Ollama", "", kOllama},
    Vendor{"lmstudio", "LM Studio", "", kResponses},
    Vendor{"llama-server", "llama.cpp server", "", kOpenAi},
    Vendor{"vllm", "vLLM", "", kResponsesHear},
    Vendor{"sglang", "SGLang", "", kOpenAi},
    Vendor{"tgi", "Text Generation Inference", "", kChatOnly},
    Vendor{"jan", "Jan", "", kChatOnly},
    Vendor{"localai", "LocalAI", "", kAllButResponses},
};

struct Path {
    std::string_view dialect;
    std::string_view path;
    bool isFromRoot = false; // not below the version that a base URL ends with
};
constexpr std::array kPaths{
    Path{"openai.chat", "/chat/completions"},
    Path{"openai.completions", "/completions"},
    Path{"openai.embeddings", "/embeddings"},
    Path{"openai.responses", "/responses"},
    Path{"openai.images", "/images/generations"},
    Path{"openai.image-edits", "/images/edits"},
    Path{"openai.image-variations", "/images/variations"},
    Path{"openai.transcriptions", "/audio/transcriptions"},
    Path{"openai.translations", "/audio/translations"},
    Path{"openai.speech", "/audio/speech"},
    Path{"anthropic.messages", "/messages"},
    Path{"anthropic.count_tokens", "/messages/count_tokens"},
    Path{"ollama.chat", "/api/chat", true},
    Path{"ollama.generate", "/api/generate", true},
    Path{"ollama.embed", "/api/embed", true},
    Path{"ollama.embeddings", "/api/embeddings", true},
};

constexpr std::string_view kAzureVersion = "2024-10-21"; // the newest stable one of the deployments form

// The model stands in the path; its name may hold what a path cannot.
std::string percentEncoded(std::string_view text) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool isPlain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                             c == '.' || c == '_' || c == '~';
        if (isPlain) {
            out += c;
        } else {
            out += '%';
            out += kHex[byte >> 4U];
            out += kHex[byte & 15U];
        }
    }
    return out;
}

std::string geminiPath(const Target& target, std::string_view dialect, const dialects::Asked& asked) {
    std::string path =
        (target.kind == "vertex" ? "/publishers/google/models/" : "/models/") + percentEncoded(target.model);
    if (dialect == "gemini.count") {
        return path + ":countTokens";
    }
    if (dialect == "gemini.embed") {
        return path + (asked.isBatch ? ":batchEmbedContents" : ":embedContent");
    }
    if (!asked.isStream) {
        return path + ":generateContent";
    }
    return path + ":streamGenerateContent" + (asked.framing == dialects::Framing::jsonArray ? "" : "?alt=sse");
}

Authorization signedWith(const AwsKey& key, std::string_view url, const std::string& body, WallTime now) {
    url.remove_prefix(std::min(url.find("://") + 3, url.size()));
    const std::size_t slash = std::min(url.find('/'), url.size());
    const std::string_view target = url.substr(slash);
    const std::size_t question = std::min(target.find('?'), target.size());
    AwsRequest request;
    request.host = url.substr(0, slash);
    request.path = target.substr(0, question);
    request.query = target.substr(std::min(question + 1, target.size()));
    request.headers = {{"content-type", "application/json"}};
    request.body = body;
    request.region = awsRegionOf(request.host);
    request.service = "bedrock";
    AwsSignature signature = signAws(request, key, now);
    return {"Authorization", Redacted<std::string>(std::move(signature.authorization)), std::move(signature.headers)};
}

} // namespace

std::span<const Vendor> vendors() {
    return kVendors;
}

const Vendor& vendorOf(std::string_view kind) {
    const auto* const found =
        std::find_if(kVendors.begin(), kVendors.end(), [kind](const Vendor& vendor) { return vendor.kind == kind; });
    return found == kVendors.end() ? kVendors.front() : *found;
}

std::string_view pricedAs(const Target& target) {
    const auto hostOf = [](std::string_view url) {
        url.remove_prefix(std::min(url.find("://") + 3, url.size()));
        return url.substr(0, url.find('/'));
    };
    if (target.kind != kVendors.front().kind) {
        return target.kind;
    }
    const std::string_view host = hostOf(target.baseUrl);
    const auto* const found = std::find_if(kVendors.begin(), kVendors.end(), [&](const Vendor& vendor) {
        return vendor.baseUrl.find(host) != std::string_view::npos && hostOf(vendor.baseUrl) == host;
    });
    return found == kVendors.end() ? target.kind : found->kind;
}

bool speaks(const Vendor& vendor, std::string_view dialect) {
    std::string_view rest = vendor.dialects;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        if (rest.substr(0, end) == dialect) {
            return true;
        }
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return false;
}

const dialects::Dialect* outboundDialect(const Vendor& vendor, const dialects::Dialect& asked) {
    if (speaks(vendor, asked.name())) {
        return &asked;
    }
    for (std::string_view rest = vendor.dialects; !rest.empty();) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        const dialects::Dialect* each = dialects::findDialect(rest.substr(0, end));
        const bool isFitting = each != nullptr && ((asked.codec() != nullptr && each->codec() != nullptr) ||
                                                   (asked.embedCodec() != nullptr && each->embedCodec() != nullptr));
        if (isFitting) {
            return each;
        }
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return nullptr;
}

std::string endpointUrl(const Target& target, std::string_view dialect, const dialects::Asked& asked) {
    const Vendor& vendor = vendorOf(target.kind);
    const auto* const found =
        std::find_if(kPaths.begin(), kPaths.end(), [dialect](const Path& path) { return path.dialect == dialect; });
    const std::string_view path = found == kPaths.end() ? std::string_view() : found->path;
    std::string_view base = target.baseUrl;
    if (found != kPaths.end() && found->isFromRoot && base.ends_with("/v1")) {
        base.remove_suffix(3);
    }
    if (vendor.urls == UrlStyle::azureDeployment) {
        return std::string(base) + "/openai/deployments/" + percentEncoded(target.model) + std::string(path) +
               "?api-version=" + std::string(kAzureVersion);
    }
    if (dialect.starts_with("gemini.")) {
        return std::string(base) + geminiPath(target, dialect, asked);
    }
    if (dialect == "vertex.embed") {
        return std::string(base) + "/publishers/google/models/" + percentEncoded(target.model) + ":predict";
    }
    if (dialect == "bedrock.converse") {
        return std::string(base) + "/model/" + percentEncoded(target.model) +
               (asked.isStream ? "/converse-stream" : "/converse");
    }
    return std::string(base) + std::string(path);
}

void addVendorHeaders(const Vendor& /*vendor*/, std::string_view dialect,
                      std::vector<std::pair<std::string, std::string>>& headers) {
    const bool hasVersion = std::any_of(headers.begin(), headers.end(),
                                        [](const auto& header) { return header.first == "anthropic-version"; });
    if (dialect.starts_with("anthropic.") && !hasVersion) {
        headers.emplace_back("anthropic-version", "2023-06-01");
    }
}

Authorization authorize(const Vendor& vendor, const std::string& key, std::string_view url, const std::string& body,
                        WallTime now) {
    switch (vendor.auth) {
    case AuthStyle::xApiKey:
        return {"x-api-key", Redacted<std::string>(key), {}};
    case AuthStyle::apiKey:
        return {"api-key", Redacted<std::string>(key), {}};
    case AuthStyle::googApiKey:
        return {"x-goog-api-key", Redacted<std::string>(key), {}};
    case AuthStyle::aws:
        if (const auto aws = splitAwsKey(key)) {
            return signedWith(*aws, url, body, now);
        }
        break;
    case AuthStyle::bearer:
    case AuthStyle::googleAccount:
        break;
    }
    return {"Authorization", Redacted<std::string>("Bearer " + key), {}};
}

} // namespace gatehouse::providers
