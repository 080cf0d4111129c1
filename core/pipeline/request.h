// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/embed_codec.h"
#include "dialects/fitting.h"
#include "dialects/surfaces.h"
#include "pipeline/grants.h"
#include "pipeline/make_pipeline.h"
#include "pipeline/mcp.h"
#include "pipeline/pipeline.h"

// What one request owns on its way through the stages, and the record of how it ended.
namespace gatehouse::pipeline {

// infer goes through the stages; the others are answered here.
enum class Endpoint { infer, models, showModel, version, running, interaction };

// What all requests of one pipeline share.
struct Shared {
    PipelineParts parts;
    std::size_t refusedStrangers = 0; // in the current minute; refusals without a client are recorded up to a cap
    MonotonicTime strangersSince{};
    std::deque<std::string> ended{}; // ids of the newest outcomes, which the audit may not have written yet
    McpSessions sessions{};
    Grants grants{};
    ToolPins* pins = nullptr;
    std::unique_ptr<ToolPins> ownPins{}; // where none were given
};

// One model that the request may still go to, and what policy says about that.
struct Candidate {
    providers::Target target;
    Destination destination;
    policy::Decision decision;
    std::shared_ptr<const governance::Transformed> texts; // what would leave, set by the stage transform
    const dialects::Dialect* outbound = nullptr; // in which it leaves; null where it never does (preview, counting)
};

class Request final : public Exchange {
public:
    Request(Shared& shared, RequestHead head, Endpoint endpoint, const dialects::Dialect& dialect,
            dialects::Asked asked);
    Request(const Request&) = delete;
    Request& operator=(const Request&) = delete;
    // Records client_gone when nothing else was recorded.
    ~Request() override;

    [[nodiscard]] std::size_t bodyLimit() const override;
    [[nodiscard]] std::string clientId() const override { return client.id; }

    [[nodiscard]] PipelineParts& parts() const { return shared.parts; }
    // The candidate that was selected; before that the first one, null while there is none.
    [[nodiscard]] const Candidate* chosen() const;
    // The decision that holds now, for headers and the record.
    [[nodiscard]] policy::Decision decision() const;
    // The record so far, as an intent or an outcome.
    [[nodiscard]] AuditRecord describe() const;
    // The answer is whole and goes to the client: what follows is the client's time. Look-ups wait for the outcome from
    // here on.
    void noteAnswered();
    // Writes the outcome; the first call counts.
    void recordOutcome(std::string_view outcome, std::string_view reason, int status);
    // Takes note of why something awaited failed: a cancelled wait means that the client left.
    void note(const Error& error) { hasClientLeft = hasClientLeft || error.kind == ErrorKind::cancelled; }
    [[nodiscard]] Cost cost() const;

    Shared& shared;
    RequestHead head;
    Endpoint endpoint = Endpoint::infer;
    const dialects::Dialect& dialect; // the client's
    dialects::Asked asked;
    std::string body;
    // authenticate, identify
    identity::ClientInfo client;
    identity::PeerOwner owner;
    Interaction interaction;
    // admit, snapshot, resolve
    std::unique_ptr<limits::Ticket> ticket;
    dialects::ParsedRequest parsed; // its parts are moved to interaction by the stage admit
    governance::Rules rules;
    std::vector<Candidate> candidates;
    // inspect, decide
    std::vector<Finding> findings;
    std::string justification;
    std::optional<Candidate> lastJudged; // kept for the record when no candidate is left
    // select, intent, call
    std::optional<std::size_t> selected;
    bool isIntentWritten = false;
    bool hasClientLeft = false;
    int attempts = 0;
    int upstreamStatus = 0;
    upstream::Headers upstreamHeaders;                                  // those that may be passed on
    bool isEventStream = false;                                         // to the client
    bool hasNoBody = false;                                             // the answer is its status alone (MCP)
    dialects::OtherAnswers otherAnswers = dialects::OtherAnswers::none; // what this one is, instead of JSON
    std::string answerType;                                             // of such an answer
    std::string notice;                                                 // the outcome's reason, where it has no other
    std::vector<std::string> untranslated;                              // what the provider's dialect cannot say
    dialects::ToolNames toolNames;                                      // of a chat that is translated
    dialects::EmbedForm embedForm;                                      // of vectors that are translated
    bool isTranslated = false; // the usage that the client sees is not the provider's own
    std::unique_ptr<BodySource> source;
    // The answer
    std::unique_ptr<governance::AnswerGuard> guard;
    std::optional<Usage> usage;
    std::size_t answerBytes = 0;
    std::chrono::steady_clock::duration waited{}; // for the upstream
    MonotonicTime started;

private:
    std::optional<MonotonicTime> m_answered;
    bool m_isRecorded = false;
    bool m_isSilent = false; // look-ups leave no record
};

// The names of the stages' fields in a refusal, in one line: `co_return refuse(RefusalReason::limited, "…")`.
using Step = Result<std::optional<Refusal>>;
Step proceed();
Step refuse(RefusalReason reason, std::string message, std::string rule = {});

} // namespace gatehouse::pipeline
