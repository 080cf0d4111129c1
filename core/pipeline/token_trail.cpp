// SPDX-License-Identifier: Apache-2.0
#include "pipeline/token_trail.h"

#include <algorithm>

namespace gatehouse::pipeline {
namespace {

using dialects::TokenList;

std::string_view elementsOf(const dialects::AnswerEvent& event, const TokenList::Range& range) {
    return std::string_view(event.document).substr(range.begin + 1, range.end - range.begin - 2);
}

bool isBlank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

void empty(const dialects::AnswerEvent& event, const TokenList& list, std::vector<dialects::JsonEdit>& edits) {
    if (list.lists.empty()) {
        edits.push_back({list.begin, list.end, "null"});
    }
    for (const TokenList::Range& range : list.lists) {
        if (!isBlank(elementsOf(event, range))) {
            edits.push_back({range.begin, range.end, "[]"});
        }
    }
}

} // namespace

void TokenTrail::begin(const dialects::AnswerEvent& event) {
    m_isOn = m_isOn || std::any_of(event.tokens.begin(), event.tokens.end(), [&](const TokenList& list) {
                 return !list.channel.empty() && !list.lists.empty() && !isBlank(elementsOf(event, list.lists.front()));
             });
}

void TokenTrail::said(std::string_view channel, std::string_view came, std::string_view given) {
    if (!m_isOn) {
        return;
    }
    Channel& state = m_channels[std::string(channel)];
    if (!state.isSame) {
        return;
    }
    state.came += came.size();
    state.unsaid += came;
    state.isSame = state.unsaid.starts_with(given);
    if (!state.isSame) {
        state.unsaid.clear();
        state.waiting.clear();
        return;
    }
    state.unsaid.erase(0, given.size());
    state.given += given.size();
}

void TokenTrail::place(const dialects::AnswerEvent& event, std::size_t index, bool isTold,
                       std::vector<dialects::JsonEdit>& edits) {
    const TokenList& list = event.tokens[index];
    if (list.channel.empty() || list.lists.empty()) {
        if (!isTold || !list.spellsText || list.lists.empty()) {
            empty(event, list, edits);
        }
        return;
    }
    Channel& state = m_channels[list.channel];
    if (!isTold || !list.spellsText) {
        state.isSame = false;
        state.waiting.clear();
    }
    if (state.isSame && !isBlank(elementsOf(event, list.lists.front()))) {
        Waiting& waiting = state.waiting.emplace_back();
        waiting.end = state.came;
        for (const TokenList::Range& range : list.lists) {
            waiting.lists.emplace_back(elementsOf(event, range));
        }
    }
    write(event, list, state, edits);
}

void TokenTrail::placeHeld(const dialects::AnswerEvent& event, std::string_view channel,
                           std::vector<dialects::JsonEdit>& edits) {
    for (const TokenList& list : event.tokens) {
        const auto found = m_channels.find(channel);
        if (list.channel != channel || found == m_channels.end()) {
            empty(event, list, edits);
        } else {
            write(event, list, found->second, edits);
        }
    }
}

// What may be told by now, in the place of what stands there.
void TokenTrail::write(const dialects::AnswerEvent& event, const TokenList& list, Channel& channel,
                       std::vector<dialects::JsonEdit>& edits) {
    std::vector<std::string> told(list.lists.size());
    while (!channel.waiting.empty() && channel.waiting.front().end <= channel.given) {
        const Waiting& next = channel.waiting.front();
        for (std::size_t i = 0; i < told.size() && i < next.lists.size(); ++i) {
            told[i] += (told[i].empty() || isBlank(next.lists[i]) ? "" : ",") + next.lists[i];
        }
        channel.waiting.pop_front();
    }
    for (std::size_t i = 0; i < told.size(); ++i) {
        if (told[i] != elementsOf(event, list.lists[i])) {
            edits.push_back({list.lists[i].begin, list.lists[i].end, "[" + told[i] + "]"});
        }
    }
}

} // namespace gatehouse::pipeline
