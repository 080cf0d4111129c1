// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>

#include "audit/audit.h"
#include "base/clock.h"
#include "base/secure_bytes.h"
#include "governance/governor.h"
#include "identity/identity.h"
#include "limits/limits.h"
#include "pipeline/pipeline.h"
#include "pipeline/tool_pins.h"
#include "providers/keys.h"
#include "routing/router.h"
#include "upstream/upstream.h"

namespace gatehouse::pipeline {

// What a pipeline works with. All are borrowed and must outlive it, and every Exchange and BodySource that it gave.
struct PipelineParts {
    governance::Governor& governor;
    const identity::ClientTokens& tokens;
    identity::PeerLookup& peers;
    Person person; // on whose behalf: identity::currentPerson()
    routing::Router& router;
    upstream::Upstream& upstream;
    audit::Reader& reader;
    providers::Keys& keys;
    limits::Gate& gate;
    limits::Prices* prices = nullptr; // null: every cost is unknown
    ToolPins* pins = nullptr;         // null: tools are pinned until the pipeline ends
    const Clock& clock;
    // At least 32 random bytes that stay the same across restarts: conversations are told apart by a keyed hash.
    SecureBytes conversationKey;
    std::chrono::milliseconds retryDelay{150}; // before the first retry; doubled for the second
};

std::unique_ptr<Pipeline> makePipeline(PipelineParts parts);

} // namespace gatehouse::pipeline
