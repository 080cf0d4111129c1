// SPDX-License-Identifier: Apache-2.0

#include "base/json.h"
#include "dialects/dialect.h"
#include "dialects/openai_chat_answer.h"
#include "dialects/openai_chat_request.h"
#include "dialects/sse.h"

namespace gatehouse::dialects {
namespace {

// The word that OpenAI's SDKs show as the error's type.
std::string_view errorType(int status) {
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

class OpenAiChat final : public Dialect {
public:
    [[nodiscard]] std::string_view name() const override { return "openai.chat"; }
    [[nodiscard]] std::string_view path() const override { return "/chat/completions"; }
    [[nodiscard]] Result<ParsedRequest> parse(std::string_view body, const JsonLimits& limits) const override {
        return parseOpenAiChat(body, limits);
    }
    [[nodiscard]] Result<std::string> compose(std::string_view body, const ParsedRequest& request,
                                              std::span<const std::optional<std::string>> changed,
                                              std::string_view model) const override {
        return composeOpenAiChat(body, request, changed, model);
    }
    [[nodiscard]] std::string refusalBody(const Refusal& refusal) const override {
        nlohmann::ordered_json error;
        error["message"] = refusal.message;
        error["type"] = errorType(refusalStatus(refusal.reason));
        error["param"] = nullptr;
        error["code"] = refusalWord(refusal.reason);
        error["gatehouse"]["interaction"] = refusal.interaction;
        error["gatehouse"]["rule"] = refusal.rule;
        nlohmann::ordered_json body;
        body["error"] = std::move(error);
        return body.dump(-1, ' ', false, Json::error_handler_t::replace);
    }
    [[nodiscard]] std::string refusalFrames(const Refusal& refusal) const override {
        return sseFrame(refusalBody(refusal));
    }
    [[nodiscard]] Result<AnswerEvent> read(std::string_view document, bool isWhole) const override {
        return readOpenAiAnswer(document, isWhole);
    }
    [[nodiscard]] bool isEnd(std::string_view data) const override { return data == "[DONE]" || data == "[DONE] "; }
    [[nodiscard]] std::string heldText(const AnswerEvent& last, const TextField& field,
                                       std::string_view text) const override {
        return heldOpenAiText(last, field, text);
    }
    [[nodiscard]] std::string wholeAnswer(const PlainAnswer& answer) const override {
        return wholeOpenAiAnswer(answer);
    }
    [[nodiscard]] std::vector<std::string> streamedAnswer(const PlainAnswer& answer) const override {
        return streamedOpenAiAnswer(answer);
    }
    [[nodiscard]] std::string modelList(std::span<const ModelRow> models) const override {
        nlohmann::ordered_json body;
        body["object"] = "list";
        body["data"] = nlohmann::ordered_json::array();
        for (const ModelRow& row : models) {
            nlohmann::ordered_json model;
            model["id"] = row.id;
            model["object"] = "model";
            model["created"] = 0;
            model["owned_by"] = row.owner;
            body["data"].push_back(std::move(model));
        }
        return body.dump(-1, ' ', false, Json::error_handler_t::replace);
    }
};

} // namespace

const Dialect& openAiChat() {
    static const OpenAiChat kDialect;
    return kDialect;
}

} // namespace gatehouse::dialects
