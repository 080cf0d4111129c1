// SPDX-License-Identifier: Apache-2.0
#include "dialects/openai_words.h"

#include "dialects/json_view.h"

namespace gatehouse::dialects {

std::string_view openAiErrorType(int status) {
    switch (status) {
    case 401:
        return "authentication_error";
    case 403:
        return "permission_error";
    case 429:
        return "rate_limit_error";
    case 500:
    case 502:
    case 503:
    case 504:
        return "api_error";
    default:
        return "invalid_request_error";
    }
}

std::string openAiRefusal(const Refusal& refusal) {
    OrderedJson error;
    error["message"] = refusal.message;
    error["type"] = openAiErrorType(refusalStatus(refusal.reason));
    error["param"] = nullptr;
    error["code"] = refusalWord(refusal.reason);
    error["gatehouse"]["interaction"] = refusal.interaction;
    error["gatehouse"]["rule"] = refusal.rule;
    OrderedJson body;
    body["error"] = std::move(error);
    return dump(body);
}

std::string openAiModelList(std::span<const ModelRow> models) {
    OrderedJson body;
    body["object"] = "list";
    body["data"] = OrderedJson::array();
    for (const ModelRow& row : models) {
        OrderedJson model;
        model["id"] = row.id;
        model["object"] = "model";
        model["created"] = 0;
        model["owned_by"] = row.owner;
        body["data"].push_back(std::move(model));
    }
    return dump(body);
}

} // namespace gatehouse::dialects
