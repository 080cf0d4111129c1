// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// Model lists as model servers send them. Pure; the bytes are foreign.
namespace gatehouse::providers {

struct ListedModel {
    std::string name;
    bool isRemote = false; // the server passes it on to somebody else's machine (Ollama's cloud models)
};

// Ollama's GET /api/tags: {"models":[{"name":…}]}.
[[nodiscard]] Result<std::vector<ListedModel>> readOllamaTags(std::string_view json);
// OpenAI's GET /v1/models: {"data":[{"id":…}]}.
[[nodiscard]] Result<std::vector<ListedModel>> readOpenAiModels(std::string_view json);

} // namespace gatehouse::providers
