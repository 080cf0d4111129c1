// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "dialects/dialect.h"

// What all of OpenAI's endpoints share: errors and model lists.
namespace gatehouse::dialects {

// The word that OpenAI's SDKs show as the error's type.
std::string_view openAiErrorType(int status);
std::string openAiRefusal(const Refusal& refusal);
std::string openAiModelList(std::span<const ModelRow> models);

} // namespace gatehouse::dialects
