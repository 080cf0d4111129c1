// SPDX-License-Identifier: Apache-2.0
// Log probabilities from one dialect to another.
#include <algorithm>

#include "dialects/token_lists.h"

namespace gatehouse::dialects {
namespace {

OrderedJson tokenOf(const OrderedJson& candidate) {
    OrderedJson token{{"token", textAt(candidate, "token")}};
    token["logprob"] = numberAt(candidate, "logProbability").value_or(0);
    return token;
}

OrderedJson candidateOf(const OrderedJson& token) {
    OrderedJson candidate{{"token", textAt(token, "token")}};
    candidate["logProbability"] = numberAt(token, "logprob").value_or(0);
    return candidate;
}

const OrderedJson& listOf(const OrderedJson& value) {
    static const OrderedJson kNone = OrderedJson::array();
    return value.is_array() ? value : kNone;
}

} // namespace

OrderedJson openAiTokens(const OrderedJson& logprobs, std::string_view member) {
    const OrderedJson& list = logprobs.is_array() ? logprobs : memberOf(logprobs, member);
    return list.is_array() && !list.empty() ? list : OrderedJson();
}

OrderedJson geminiTokens(const OrderedJson& logprobsResult) {
    OrderedJson tokens;
    const OrderedJson& others = memberOf(logprobsResult, "topCandidates");
    std::size_t index = 0;
    for (const OrderedJson& chosen : listOf(memberOf(logprobsResult, "chosenCandidates"))) {
        OrderedJson token = tokenOf(chosen);
        token["top_logprobs"] = OrderedJson::array();
        const OrderedJson& beside = others.is_array() && index < others.size() ? others[index] : OrderedJson();
        for (const OrderedJson& other : listOf(memberOf(beside, "candidates"))) {
            token["top_logprobs"].push_back(tokenOf(other));
        }
        tokens.push_back(std::move(token));
        ++index;
    }
    return tokens;
}

OrderedJson geminiTokensJson(const OrderedJson& tokens) {
    OrderedJson result{{"topCandidates", OrderedJson::array()}, {"chosenCandidates", OrderedJson::array()}};
    for (const OrderedJson& token : listOf(tokens)) {
        OrderedJson beside{{"candidates", OrderedJson::array()}};
        for (const OrderedJson& other : listOf(memberOf(token, "top_logprobs"))) {
            beside["candidates"].push_back(candidateOf(other));
        }
        result["topCandidates"].push_back(std::move(beside));
        result["chosenCandidates"].push_back(candidateOf(token));
    }
    return result;
}

OrderedJson completionTokensJson(const OrderedJson& tokens) {
    OrderedJson result{{"tokens", OrderedJson::array()}, {"token_logprobs", OrderedJson::array()}};
    result["top_logprobs"] = OrderedJson::array();
    for (const OrderedJson& token : listOf(tokens)) {
        OrderedJson beside = OrderedJson::object();
        for (const OrderedJson& other : listOf(memberOf(token, "top_logprobs"))) {
            beside[textAt(other, "token")] = numberAt(other, "logprob").value_or(0);
        }
        result["tokens"].push_back(textAt(token, "token"));
        result["token_logprobs"].push_back(numberAt(token, "logprob").value_or(0));
        result["top_logprobs"].push_back(std::move(beside));
    }
    return result;
}

OrderedJson allTokens(const std::vector<ChatBlock>& blocks) {
    OrderedJson all;
    for (const ChatBlock& block : blocks) {
        for (const OrderedJson& token : listOf(block.tokens)) {
            all.push_back(token);
        }
    }
    return all;
}

} // namespace gatehouse::dialects
