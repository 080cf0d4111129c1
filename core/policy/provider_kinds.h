// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

namespace gatehouse::policy {

// The words that "kind" of a provider may be. What each means is a row of providers/vendors.cpp.
struct ProviderKind {
    std::string_view name;
    bool hasAddress = false; // "base_url" may be left out: there is one address for everybody
};

constexpr std::array kProviderKinds{
    ProviderKind{"openai-compatible", false},
    ProviderKind{"openai", true},
    ProviderKind{"azure-openai", false},
    ProviderKind{"azure-openai-deployments", false},
    ProviderKind{"anthropic", true},
    ProviderKind{"bedrock", false},
    ProviderKind{"mistral", true},
    ProviderKind{"cohere", true},
    ProviderKind{"groq", true},
    ProviderKind{"xai", true},
    ProviderKind{"deepseek", true},
    ProviderKind{"together", true},
    ProviderKind{"fireworks", true},
    ProviderKind{"openrouter", true},
    ProviderKind{"perplexity", true},
    ProviderKind{"cerebras", true},
    ProviderKind{"nvidia", true},
    ProviderKind{"huggingface", true},
    ProviderKind{"github-models", true},
    ProviderKind{"sambanova", true},
    ProviderKind{"hyperbolic", true},
    ProviderKind{"novita", true},
    ProviderKind{"deepinfra", true},
    ProviderKind{"nebius", true},
    ProviderKind{"moonshot", true},
    ProviderKind{"dashscope", true},
    ProviderKind{"zhipu", true},
    ProviderKind{"minimax", true},
    ProviderKind{"ai21", true},
    ProviderKind{"databricks", false},
    ProviderKind{"ovhcloud", true},
    ProviderKind{"scaleway", true},
    ProviderKind{"vercel", true},
    ProviderKind{"ollama", false},
    ProviderKind{"lmstudio", false},
    ProviderKind{"llama-server", false},
    ProviderKind{"vllm", false},
    ProviderKind{"sglang", false},
    ProviderKind{"tgi", false},
    ProviderKind{"jan", false},
    ProviderKind{"localai", false},
    ProviderKind{"gemini", true},
    ProviderKind{"vertex", false},
    ProviderKind{"preview", false},
};

} // namespace gatehouse::policy
