// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "dialects/dialect.h"
#include "dialects/json_view.h"

// Log probabilities in each vendor's form: an array of {"token", "bytes", …} ("logprobs" of OpenAI's responses and of
// Ollama), the same below "content" and "refusal" (OpenAI's chat), texts with arrays beside them (OpenAI's
// completions), "chosenCandidates" and "topCandidates" (Gemini's "logprobsResult").
namespace gatehouse::dialects {

// Finds them in a document and sets event.tokens; what stands in them is no running text and no copy any more.
// `strings` is the document's index.
void findTokenLists(AnswerEvent& event, const OrderedJson& dom, const std::vector<JsonString>& strings);

// The bytes of one element, by its "bytes" or "token".
std::string spelledBy(const OrderedJson& token);

// To and from the form of the canonical model, which is OpenAI's: an array of {"token", "logprob", "bytes",
// "top_logprobs"}; null where there are none.
OrderedJson openAiTokens(const OrderedJson& logprobs, std::string_view member = "content");
OrderedJson geminiTokens(const OrderedJson& logprobsResult);
OrderedJson geminiTokensJson(const OrderedJson& tokens);
OrderedJson completionTokensJson(const OrderedJson& tokens);
// Of all texts of an answer, one behind the other.
OrderedJson allTokens(const std::vector<ChatBlock>& blocks);

} // namespace gatehouse::dialects
