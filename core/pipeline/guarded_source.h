// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "pipeline/request.h"

// The decorators of an answer, from the inside: meter(source), then inspect and restore, then audit, which owns the
// exit.
namespace gatehouse::pipeline {

// The event stream of `request.source`, metered, inspected, restored and audited. Owns the request.
std::unique_ptr<BodySource> makeStreamedBody(std::unique_ptr<Request> request);

// The bytes of `request.source` as they come, metered and audited: a recording. Owns the request.
std::unique_ptr<BodySource> makeRecordingBody(std::unique_ptr<Request> request);

// Reads a buffered answer to its end through the same meter and guard. unavailable, timedOut, limit or invalidInput
// when there is no answer; denied when policy blocks it.
Task<Result<std::string>> readWholeAnswer(Request& request);

// A body of one piece; the outcome "completed" is recorded when the piece is taken.
std::unique_ptr<BodySource> makeWholeBody(std::unique_ptr<Request> request, std::string body, int status,
                                          std::string outcome);

// What is told when an answer breaks off or is blocked.
Refusal answerRefusal(const Request& request, const Error& error);
Refusal blockedAnswer(const Request& request);

} // namespace gatehouse::pipeline
