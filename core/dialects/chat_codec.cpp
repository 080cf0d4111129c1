// SPDX-License-Identifier: Apache-2.0
#include "dialects/chat_codec.h"

namespace gatehouse::dialects {
namespace {

ChatEvent piece(ChatEventKind kind, std::string text) {
    ChatEvent event;
    event.kind = kind;
    event.text = std::move(text);
    return event;
}

// The block that a piece of this kind continues: the last one, or a new one.
ChatBlock& running(ChatAnswer& answer, BlockKind kind) {
    const bool continues = !answer.blocks.empty() && answer.blocks.back().kind == kind &&
                           (kind != BlockKind::reasoning || answer.blocks.back().sealed.empty());
    if (!continues) {
        answer.blocks.emplace_back().kind = kind;
    }
    return answer.blocks.back();
}

void addText(ChatBlock& block, const ChatEvent& event) {
    block.text += event.text;
    for (const OrderedJson& token : event.tokens.is_array() ? event.tokens : OrderedJson::array()) {
        block.tokens.push_back(token);
    }
}

void addReasoning(std::vector<ChatEvent>& events, const ChatBlock& block) {
    if (!block.text.empty()) {
        events.push_back(piece(ChatEventKind::reasoning, block.text));
    }
    if (!block.signature.empty()) {
        events.push_back(piece(ChatEventKind::signature, block.signature));
    }
    if (!block.sealed.empty()) {
        events.push_back(piece(ChatEventKind::sealed, block.sealed));
    }
}

} // namespace

ChatEvent unspeakable() {
    ChatEvent event = piece(ChatEventKind::fault, {});
    event.fault = {502, {}, {}, "The answer has a picture or a sound, which cannot be told in this interface."};
    return event;
}

std::vector<ChatEvent> eventsOf(const ChatAnswer& answer) {
    std::vector<ChatEvent> events;
    ChatEvent start = piece(ChatEventKind::start, {});
    start.id = answer.id;
    start.name = answer.model;
    start.created = answer.created;
    events.push_back(std::move(start));
    std::size_t tools = 0;
    for (const ChatBlock& block : answer.blocks) {
        if (block.kind == BlockKind::reasoning) {
            addReasoning(events, block);
        } else if (block.kind == BlockKind::toolCall) {
            ChatEvent call = piece(ChatEventKind::toolStart, block.signature);
            call.tool = tools;
            call.id = block.id;
            call.name = block.name;
            events.push_back(std::move(call));
            events.push_back(piece(ChatEventKind::toolArguments, block.text));
            events.back().tool = tools++;
        } else {
            events.push_back(
                piece(block.kind == BlockKind::refusal ? ChatEventKind::refusal : ChatEventKind::text, block.text));
            events.back().tokens = block.tokens;
        }
    }
    if (answer.fault) {
        events.push_back(piece(ChatEventKind::fault, {}));
        events.back().fault = *answer.fault;
        return events;
    }
    if (answer.usage) {
        events.push_back(piece(ChatEventKind::usage, {}));
        events.back().usage = *answer.usage;
    }
    events.push_back(piece(ChatEventKind::stop, {}));
    events.back().stop = answer.stop.value_or(StopReason::stop);
    events.back().stopSequence = answer.stopSequence;
    return events;
}

void AnswerCollector::push(const ChatEvent& event) {
    switch (event.kind) {
    case ChatEventKind::start:
        m_answer.id = event.id;
        m_answer.model = event.name;
        m_answer.created = event.created;
        break;
    case ChatEventKind::text:
        addText(running(m_answer, BlockKind::text), event);
        break;
    case ChatEventKind::refusal:
        running(m_answer, BlockKind::refusal).text += event.text;
        break;
    case ChatEventKind::reasoning:
        running(m_answer, BlockKind::reasoning).text += event.text;
        break;
    case ChatEventKind::signature:
        running(m_answer, BlockKind::reasoning).signature += event.text;
        break;
    case ChatEventKind::sealed: {
        ChatBlock& block = m_answer.blocks.emplace_back();
        block.kind = BlockKind::reasoning;
        block.sealed = event.text;
        break;
    }
    case ChatEventKind::toolStart: {
        ChatBlock& block = m_answer.blocks.emplace_back();
        block.kind = BlockKind::toolCall;
        block.id = event.id;
        block.name = event.name;
        block.signature = event.text;
        break;
    }
    case ChatEventKind::toolArguments: {
        std::size_t seen = 0;
        for (ChatBlock& block : m_answer.blocks) {
            if (block.kind == BlockKind::toolCall && seen++ == event.tool) {
                block.text += event.text;
            }
        }
        break;
    }
    case ChatEventKind::stop:
        m_answer.stop = event.stop;
        m_answer.stopSequence = event.stopSequence;
        break;
    case ChatEventKind::usage:
        m_answer.usage = event.usage;
        break;
    case ChatEventKind::fault:
        m_answer.fault = event.fault;
        break;
    }
}

} // namespace gatehouse::dialects
