// SPDX-License-Identifier: Apache-2.0
// Writing answers of openai.responses. The whole text stands again in each *.done event, in the item's last word and in
// the response's: all copies come from one place.
#include "dialects/json_view.h"
#include "dialects/openai_chat_codec.h"
#include "dialects/responses_codec.h"
#include "dialects/sse.h"

namespace gatehouse::dialects {
namespace {

OrderedJson listOf(const OrderedJson& tokens) {
    return tokens.is_null() ? OrderedJson::array() : tokens;
}

OrderedJson textPart(std::string_view text, const OrderedJson& tokens = nullptr) {
    return {
        {"type", "output_text"}, {"text", text}, {"annotations", OrderedJson::array()}, {"logprobs", listOf(tokens)}};
}

class Encoder final : public AnswerEncoder {
public:
    explicit Encoder(AnswerContext context) : m_context(std::move(context)) {}

    std::string push(const ChatEvent& event) override {
        switch (event.kind) {
        case ChatEventKind::start:
            return begin();
        case ChatEventKind::text:
        case ChatEventKind::refusal:
        case ChatEventKind::reasoning:
            return running(event);
        case ChatEventKind::signature:
            return {}; // this interface has no place for another vendor's signature
        case ChatEventKind::sealed: {
            std::string out = into(BlockKind::reasoning, event);
            m_block.sealed = event.text;
            return out += endItem();
        }
        case ChatEventKind::toolStart:
            return toolStart(event);
        case ChatEventKind::toolArguments:
            return arguments(event);
        case ChatEventKind::stop:
            m_stop = event.stop;
            return {};
        case ChatEventKind::usage:
            m_usage = event.usage;
            return {};
        case ChatEventKind::fault:
            m_hasFailed = true;
            return fault(event.fault);
        }
        return {};
    }

    std::string finish() override {
        if (m_hasFailed || !m_stop) {
            return {};
        }
        std::string out = begin();
        out += endItem();
        for (const ChatBlock& call : std::exchange(m_waiting, {})) {
            out += beginItem(call);
            m_block.text.clear();
            out += argumentsDelta(call.text);
            out += endItem();
        }
        OrderedJson response = responseObject(m_context, "completed", m_output);
        setResponseEnd(response, *m_stop, m_usage);
        const std::string type = "response." + textAt(response, "status");
        return out += event({{"type", type}, {"response", std::move(response)}});
    }

private:
    std::string event(OrderedJson data) {
        data["sequence_number"] = m_sequence++;
        return sseFrame(textAt(data, "type"), dump(data));
    }

    std::string begin() {
        if (std::exchange(m_hasBegun, true)) {
            return {};
        }
        const OrderedJson response = responseObject(m_context, "in_progress", OrderedJson::array());
        std::string out = event({{"type", "response.created"}, {"response", response}});
        return out += event({{"type", "response.in_progress"}, {"response", response}});
    }

    [[nodiscard]] std::string itemId() const { return m_context.id + "_" + std::to_string(m_output.size()); }

    // {"type":…,"item_id":…,"output_index":…}
    [[nodiscard]] OrderedJson inItem(std::string_view type) const {
        return {{"type", type},
                {"item_id", textAt(responseItem(m_block, itemId(), ""), "id")},
                {"output_index", m_output.size()}};
    }

    [[nodiscard]] OrderedJson inPart(std::string_view type) const {
        OrderedJson data = inItem(type);
        data[m_block.kind == BlockKind::reasoning ? "summary_index" : "content_index"] = 0;
        return data;
    }

    std::string beginItem(ChatBlock block) {
        std::string out = begin();
        out += endItem();
        m_block = std::move(block);
        m_isOpen = true;
        ChatBlock empty = m_block;
        empty.text.clear();
        OrderedJson item = responseItem(empty, itemId(), "in_progress");
        if (item.contains("content")) {
            item["content"] = OrderedJson::array();
        }
        return out +=
               event({{"type", "response.output_item.added"}, {"output_index", m_output.size()}, {"item", item}});
    }

    // Makes the open item one of that kind.
    std::string into(BlockKind kind, const ChatEvent& /*event*/) {
        if (m_isOpen && m_block.kind == kind) {
            return {};
        }
        ChatBlock block;
        block.kind = kind;
        std::string out = beginItem(std::move(block));
        if (kind == BlockKind::text) {
            OrderedJson data = inPart("response.content_part.added");
            data["part"] = textPart("");
            out += event(std::move(data));
        } else if (kind == BlockKind::refusal) {
            OrderedJson data = inPart("response.content_part.added");
            data["part"] = {{"type", "refusal"}, {"refusal", ""}};
            out += event(std::move(data));
        } else {
            OrderedJson data = inPart("response.reasoning_summary_part.added");
            data["part"] = {{"type", "summary_text"}, {"text", ""}};
            out += event(std::move(data));
        }
        return out;
    }

    std::string running(const ChatEvent& said) {
        const BlockKind kind = said.kind == ChatEventKind::text      ? BlockKind::text
                               : said.kind == ChatEventKind::refusal ? BlockKind::refusal
                                                                     : BlockKind::reasoning;
        std::string out = into(kind, said);
        m_block.text += said.text;
        OrderedJson data = inPart(kind == BlockKind::text      ? "response.output_text.delta"
                                  : kind == BlockKind::refusal ? "response.refusal.delta"
                                                               : "response.reasoning_summary_text.delta");
        data["delta"] = said.text;
        if (kind == BlockKind::text) {
            data["logprobs"] = listOf(said.tokens);
            for (const OrderedJson& token : listOf(said.tokens)) {
                m_block.tokens.push_back(token);
            }
        }
        return out += event(std::move(data));
    }

    // Parallel calls that interleave are told one behind the other.
    std::string toolStart(const ChatEvent& said) {
        ChatBlock call;
        call.kind = BlockKind::toolCall;
        call.id = said.id;
        call.name = said.name;
        m_calls.push_back(said.tool);
        if (m_isOpen && m_block.kind == BlockKind::toolCall) {
            m_waiting.push_back(std::move(call));
            return {};
        }
        m_openCall = said.tool;
        return beginItem(std::move(call));
    }

    std::string arguments(const ChatEvent& said) {
        if (m_isOpen && m_block.kind == BlockKind::toolCall && said.tool == m_openCall) {
            return argumentsDelta(said.text);
        }
        const std::size_t before = m_calls.size() - m_waiting.size();
        for (std::size_t i = 0; i < m_waiting.size(); ++i) {
            if (m_calls[before + i] == said.tool) {
                m_waiting[i].text += said.text;
            }
        }
        return {};
    }

    std::string argumentsDelta(const std::string& text) {
        m_block.text += text;
        OrderedJson data = inItem("response.function_call_arguments.delta");
        data["delta"] = text;
        return event(std::move(data));
    }

    std::string endItem() {
        if (!std::exchange(m_isOpen, false)) {
            return {};
        }
        std::string out;
        if (m_block.kind == BlockKind::toolCall) {
            OrderedJson data = inItem("response.function_call_arguments.done");
            data["name"] = m_block.name;
            data["arguments"] = m_block.text.empty() ? "{}" : m_block.text;
            out = event(std::move(data));
        } else if (m_block.kind == BlockKind::reasoning) {
            out = endPart("response.reasoning_summary_text.done", "text", "response.reasoning_summary_part.done",
                          {{"type", "summary_text"}, {"text", m_block.text}});
        } else if (m_block.kind == BlockKind::refusal) {
            out = endPart("response.refusal.done", "refusal", "response.content_part.done",
                          {{"type", "refusal"}, {"refusal", m_block.text}});
        } else {
            out = endPart("response.output_text.done", "text", "response.content_part.done",
                          textPart(m_block.text, m_block.tokens));
        }
        OrderedJson item = responseItem(m_block, itemId(), "completed");
        out += event({{"type", "response.output_item.done"}, {"output_index", m_output.size()}, {"item", item}});
        m_output.push_back(std::move(item));
        return out;
    }

    std::string endPart(std::string_view done, const char* member, std::string_view partDone, OrderedJson part) {
        OrderedJson text = inPart(done);
        text[member] = m_block.text;
        if (m_block.kind == BlockKind::text) {
            text["logprobs"] = listOf(m_block.tokens);
        }
        std::string out = event(std::move(text));
        OrderedJson data = inPart(partDone);
        data["part"] = std::move(part);
        return out += event(std::move(data));
    }

    std::string fault(const ChatFault& fault) {
        OrderedJson error = openAiFaultJson(fault);
        OrderedJson data{{"type", "error"}};
        data["code"] = error["code"].is_null() ? error["type"] : error["code"];
        data["message"] = fault.message;
        data["param"] = nullptr;
        data["error"] = std::move(error); // where clients that throw look for it
        return event(std::move(data));
    }

    AnswerContext m_context;
    OrderedJson m_output = OrderedJson::array(); // items that are done
    ChatBlock m_block;                           // the open item
    std::vector<ChatBlock> m_waiting;
    std::vector<std::size_t> m_calls; // every tool call so far; the last ones are those that wait
    std::size_t m_openCall = 0;
    std::optional<StopReason> m_stop;
    std::optional<Usage> m_usage;
    std::uint64_t m_sequence = 0;
    bool m_isOpen = false;
    bool m_hasBegun = false;
    bool m_hasFailed = false;
};

} // namespace

OrderedJson responseItem(const ChatBlock& block, const std::string& id, std::string_view status) {
    if (block.kind == BlockKind::toolCall) {
        return {{"id", "fc_" + id},   {"type", "function_call"},
                {"status", status},   {"call_id", block.id},
                {"name", block.name}, {"arguments", block.text.empty() && status == "completed" ? "{}" : block.text}};
    }
    if (block.kind == BlockKind::reasoning) {
        OrderedJson item{{"id", "rs_" + id}, {"type", "reasoning"}, {"summary", OrderedJson::array()}};
        if (!block.text.empty()) {
            item["summary"].push_back({{"type", "summary_text"}, {"text", block.text}});
        }
        if (!block.sealed.empty()) {
            item["encrypted_content"] = block.sealed;
        }
        return item;
    }
    OrderedJson item{{"id", "msg_" + id}, {"type", "message"}, {"status", status}, {"role", "assistant"}};
    item["content"] = OrderedJson::array();
    item["content"].push_back(block.kind == BlockKind::refusal
                                  ? OrderedJson{{"type", "refusal"}, {"refusal", block.text}}
                                  : textPart(block.text, block.tokens));
    return item;
}

OrderedJson responseObject(const AnswerContext& context, std::string_view status, OrderedJson output) {
    OrderedJson response{{"id", "resp_" + context.id}, {"object", "response"}};
    response["created_at"] = context.created;
    response["status"] = status;
    response["error"] = nullptr;
    response["incomplete_details"] = nullptr;
    response["instructions"] = nullptr;
    response["metadata"] = OrderedJson::object();
    response["model"] = context.model;
    response["output"] = std::move(output);
    response["parallel_tool_calls"] = true;
    response["temperature"] = nullptr;
    response["tool_choice"] = "auto";
    response["tools"] = OrderedJson::array();
    response["top_p"] = nullptr;
    response["store"] = false;
    response["usage"] = nullptr;
    return response;
}

OrderedJson responsesUsageJson(const Usage& usage) {
    OrderedJson out{{"input_tokens", usage.inputTokens}};
    out["input_tokens_details"]["cached_tokens"] = usage.cachedTokens;
    out["output_tokens"] = usage.outputTokens;
    out["output_tokens_details"]["reasoning_tokens"] = usage.reasoningTokens;
    out["total_tokens"] = usage.inputTokens + usage.outputTokens;
    return out;
}

void setResponseEnd(OrderedJson& response, StopReason stop, const std::optional<Usage>& usage) {
    if (stop == StopReason::length || stop == StopReason::contextFull || stop == StopReason::contentFilter) {
        response["status"] = "incomplete";
        response["incomplete_details"]["reason"] =
            stop == StopReason::contentFilter ? "content_filter" : "max_output_tokens";
    }
    if (usage) {
        response["usage"] = responsesUsageJson(*usage);
    }
}

std::unique_ptr<AnswerEncoder> makeResponsesEncoder(AnswerContext context) {
    return std::make_unique<Encoder>(std::move(context));
}

} // namespace gatehouse::dialects
