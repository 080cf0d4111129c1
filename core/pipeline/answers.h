// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "pipeline/request.h"

// Answers with the headers that every answer has: x-gatehouse-interaction, -decision, -rule, -provider, -model, -cache,
// -overhead-ms and, where it is known, -cost-usd.
namespace gatehouse::pipeline {

// A body of one piece that nothing hangs on.
std::unique_ptr<BodySource> onePiece(std::string text);

// What `request` knows by now. `unavailable` and `limited` are said instead of an action where no policy decided.
Headers answerHeaders(const Request& request, const Refusal* refusal);

// Records the refusal and speaks it in the dialect: a status that SDKs do not retry, x-should-retry: false.
Answer refuseRequest(Request& request, Refusal refusal);

// A refusal for which there is no request.
Answer refuseStranger(const dialects::Dialect& dialect, const Refusal& refusal);

// The answer of a request that passed all stages.
Task<Answer> deliver(std::unique_ptr<Request> request);

// What is answered here: model lists, Ollama's show, ps and version. GET /gatehouse/v1/interactions/{id}.
Answer lookUp(Request& request, const std::string& body);
Task<Answer> showInteraction(Request& request, std::string id);

} // namespace gatehouse::pipeline
