// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "base/async.h"
#include "pipeline/request.h"

// The stages of one request in their order. Each is one coroutine in one file under pipeline/stages/.
namespace gatehouse::pipeline {

// What an error inside the stage (not a refusal) does to the request.
enum class OnError { refuse, proceed };

struct StageRow {
    std::string_view name;
    Task<Step> (*run)(Request& request);
    OnError onError = OnError::refuse;
};

// On the head, before a byte of the body is read.
Task<Step> authenticate(Request& request); // client token, the peer's OS user; strips credentials
Task<Step> identify(Request& request);     // person, process, channel
// With the body.
Task<Step> admit(Request& request);     // media type, running and recent requests, strict JSON
Task<Step> snapshot(Request& request);  // pins one policy
Task<Step> resolve(Request& request);   // the models that the asked name may mean
Task<Step> inspect(Request& request);   // findings over all parts
Task<Step> decide(Request& request);    // judges every candidate, removes those that policy forbids, asks gates
Task<Step> transform(Request& request); // what would leave, per candidate
Task<Step> reserve(Request& request);   // budgets; policy has none yet, so that nothing is reserved
Task<Step> cache(Request& request);     // no cache is configured: every request is a miss
Task<Step> select(Request& request);    // one of the candidates
Task<Step> intent(Request& request);    // the write-ahead commit
Task<Step> call(Request& request);      // to the first byte of the answer

constexpr std::size_t kHeadStages = 2;
constexpr std::array kStages{
    StageRow{"authenticate", authenticate, OnError::refuse},
    StageRow{"identify", identify, OnError::proceed}, // evidence about the process, never authorisation
    StageRow{"admit", admit, OnError::refuse},
    StageRow{"snapshot", snapshot, OnError::refuse},
    StageRow{"resolve", resolve, OnError::refuse},
    StageRow{"inspect", inspect, OnError::refuse},
    StageRow{"decide", decide, OnError::refuse},
    StageRow{"transform", transform, OnError::refuse},
    StageRow{"reserve", reserve, OnError::refuse},
    StageRow{"cache", cache, OnError::proceed}, // a broken cache is a miss
    StageRow{"select", select, OnError::refuse},
    StageRow{"intent", intent, OnError::refuse},
    StageRow{"call", call, OnError::refuse},
};

// Runs rows in order until one refuses. nullopt: all proceeded.
Task<std::optional<Refusal>> runStages(std::span<const StageRow> rows, Request& request);

// makePipeline() with another table: for tests that force a stage to fail. The table must outlive the pipeline.
std::unique_ptr<Pipeline> makePipelineWith(PipelineParts parts, std::span<const StageRow> table);

} // namespace gatehouse::pipeline
