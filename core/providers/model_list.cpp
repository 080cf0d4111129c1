// SPDX-License-Identifier: Apache-2.0
#include "providers/model_list.h"

#include <algorithm>

#include "base/json.h"

namespace gatehouse::providers {
namespace {

constexpr std::size_t kMaxModels = 1000;
constexpr std::size_t kMaxName = 256;
constexpr JsonLimits kLimits{1024UL * 1024UL, 32, 100'000, 64UL * 1024UL};

bool isUsableName(const std::string& name) {
    return !name.empty() && name.size() <= kMaxName && std::all_of(name.begin(), name.end(), [](char c) {
        return static_cast<unsigned char>(c) > 0x20 && c != '\x7f';
    });
}

bool hasText(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() && !found->get_ref<const std::string&>().empty();
}

// Ollama marks models that run in its cloud by remote_host and remote_model, and by their tag.
bool isOllamaRemote(const Json& model, const std::string& name) {
    return hasText(model, "remote_host") || hasText(model, "remote_model") || name.ends_with(":cloud") ||
           name.ends_with("-cloud");
}

Result<std::vector<ListedModel>> readList(std::string_view text, const char* listName, const char* nameField) {
    GH_TRY(const auto json, parseJson(text, kLimits));
    const auto list = json.is_object() ? json.find(listName) : json.end();
    if (!json.is_object() || list == json.end() || !list->is_array()) {
        return fail(ErrorKind::invalidInput, "the model list does not have its form");
    }
    std::vector<ListedModel> models;
    for (const auto& item : *list) {
        if (!item.is_object() || !hasText(item, nameField) || models.size() == kMaxModels) {
            continue;
        }
        const auto& name = item[nameField].get_ref<const std::string&>();
        if (isUsableName(name)) {
            models.push_back({name, isOllamaRemote(item, name)});
        }
    }
    return models;
}

} // namespace

Result<std::vector<ListedModel>> readOllamaTags(std::string_view json) {
    return readList(json, "models", "name");
}

Result<std::vector<ListedModel>> readOpenAiModels(std::string_view json) {
    return readList(json, "data", "id");
}

} // namespace gatehouse::providers
