// SPDX-License-Identifier: Apache-2.0
#include "pipeline/guarded_source.h"

#include <algorithm>

#include "base/utf8.h"
#include "pipeline/answer_filter.h"

namespace gatehouse::pipeline {
namespace {

// meter: what the provider says it used, else an estimate. Counts are cumulative, and some events leave some out.
void meter(Request& request, const dialects::AnswerEvent& event) {
    if (event.usage && !request.isTranslated) {
        const Usage before = request.usage.value_or(Usage());
        request.usage = Usage{std::max(before.inputTokens, event.usage->inputTokens),
                              std::max(before.outputTokens, event.usage->outputTokens),
                              std::max(before.cachedTokens, event.usage->cachedTokens),
                              std::max(before.reasoningTokens, event.usage->reasoningTokens),
                              false,
                              std::max(before.cacheWriteTokens, event.usage->cacheWriteTokens)};
    }
    for (const dialects::TextField& field : event.fields) {
        request.answerBytes += field.channel.empty() ? 0 : field.text.size();
    }
}

// JSON-RPC: whose answer it is.
std::string callOf(const Request& request) {
    return request.parsed.rpc ? request.parsed.rpc->id : std::string();
}

void estimateUsage(Request& request) {
    if (request.usage) {
        return;
    }
    std::size_t bytes = 0;
    for (const Part& part : request.interaction.parts) {
        const bool isSaid = part.kind != PartKind::key && part.kind != PartKind::opaque; // files are not counted so
        bytes += isSaid ? part.text.size() : 0;
    }
    Usage usage;
    usage.inputTokens = limits::estimateTokens(bytes);
    usage.outputTokens = limits::estimateTokens(request.answerBytes);
    usage.isEstimated = true;
    request.usage = usage;
}

class StreamedBody final : public BodySource {
public:
    explicit StreamedBody(std::unique_ptr<Request> request)
        : m_request(std::move(request))
        , m_source(std::move(m_request->source))
        , m_reader(dialects::makeFrameReader(m_request->asked.framing))
        , m_filter(m_request->dialect, *m_request->guard, m_request->asked.framing) {}
    StreamedBody(const StreamedBody&) = delete;
    StreamedBody& operator=(const StreamedBody&) = delete;
    // The client left: the transfer ends first, then the request records it.
    ~StreamedBody() override {
        m_source.reset();
        estimateUsage(*m_request);
    }

    Task<Result<std::optional<std::string>>> next() override {
        while (!m_isOver) {
            auto piece = co_await m_source->next();
            std::string out = !piece ? brokenOff(piece.error()) : *piece ? onPiece(**piece) : onEnd();
            if (!out.empty()) {
                co_return std::optional(std::move(out));
            }
        }
        co_return std::nullopt;
    }

private:
    std::string onPiece(std::string_view piece) {
        auto frames = m_reader->push(piece);
        return frames ? onFrames(*frames) : brokenOff(frames.error());
    }

    std::string onFrames(const std::vector<dialects::StreamFrame>& frames) {
        std::string out;
        for (const dialects::StreamFrame& frame : frames) {
            out += onFrame(frame);
            if (m_isOver) {
                break;
            }
        }
        return out;
    }

    std::string onFrame(const dialects::StreamFrame& frame) {
        if (!isUtf8(frame.raw)) {
            return brokenOff({ErrorKind::invalidInput, "an event that is not UTF-8"});
        }
        std::shared_ptr<dialects::AnswerEvent> event;
        const bool isEnd = frame.data && m_request->dialect.isEnd(*frame.data);
        if (frame.data && !isEnd) {
            auto read = m_request->dialect.read(*frame.data, false);
            if (!read) {
                return brokenOff(read.error());
            }
            event = std::make_shared<dialects::AnswerEvent>(std::move(*read));
            meter(*m_request, *event);
        }
        // The client did not ask for usage: the event that carries nothing else is ours alone.
        if (event != nullptr && event->isUsageOnly && !m_request->parsed.wantsUsage) {
            return {};
        }
        auto filtered = m_filter.take(frame, event);
        if (!filtered) {
            return brokenOff(filtered.error());
        }
        if (filtered->isBlocked) {
            return blocked(std::move(filtered->bytes));
        }
        if (event != nullptr && event->isError) {
            end("upstream_failed", "the provider's own error event");
        } else if (isEnd || (event != nullptr && event->isLast)) {
            end("completed", {});
        }
        return std::move(filtered->bytes);
    }

    std::string onEnd() {
        auto last = m_reader->finish();
        if (!last) {
            return brokenOff(last.error());
        }
        std::string out;
        if (*last) {
            out = onFrame(**last);
            if (m_isOver) {
                return out;
            }
        }
        if (!m_filter.isComplete() && !m_request->asked.isListening) {
            // The provider's last event may lack its end: our own would be read as more of it.
            endEvent(out);
            return out + brokenOff({ErrorKind::unavailable, "the stream ended before the answer did"});
        }
        auto held = m_filter.finish();
        if (!held) {
            return out + brokenOff(held.error());
        }
        out += held->bytes;
        if (held->isBlocked) {
            return blocked(std::move(out));
        }
        end("completed", {});
        return out;
    }

    void endEvent(std::string& out) const {
        if (out.empty() || m_request->asked.framing != dialects::Framing::sse) {
            return;
        }
        while (!out.ends_with("\n\n") && !out.ends_with("\r\n\r\n")) {
            out += '\n';
        }
    }

    // What was held back is inspected and given, then the dialect's error; the stream has no other end.
    std::string brokenOff(const Error& error) {
        m_request->note(error);
        std::string out;
        if (auto held = m_filter.finish()) {
            out = std::move(held->bytes);
            if (held->isBlocked) {
                return blocked(std::move(out));
            }
        }
        const Refusal refusal = answerRefusal(*m_request, error);
        out += m_request->dialect.refusalFrames(refusal, place(out));
        end(refusalWord(refusal.reason), errorKindWord(error.kind));
        return out;
    }

    // `out` and then the dialect's error.
    std::string blocked(std::string out) {
        const Refusal refusal = blockedAnswer(*m_request);
        out += m_request->dialect.refusalFrames(refusal, place(out));
        end("answer_blocked", refusalWord(refusal.reason));
        return out;
    }

    [[nodiscard]] dialects::StreamPlace place(const std::string& unsent) const {
        dialects::StreamPlace place = m_filter.place();
        place.isEmpty = place.isEmpty && unsent.empty();
        return place;
    }

    void end(std::string_view outcome, std::string_view reason) {
        m_isOver = true;
        m_source.reset(); // an upstream that goes on after its end mark is cut off
        estimateUsage(*m_request);
        m_request->recordOutcome(outcome, reason, m_request->upstreamStatus);
        m_request->ticket.reset();
    }

    std::unique_ptr<Request> m_request;
    std::unique_ptr<BodySource> m_source;
    std::unique_ptr<dialects::FrameReader> m_reader;
    AnswerFilter m_filter;
    bool m_isOver = false;
};

class WholeBody final : public BodySource {
public:
    WholeBody(std::unique_ptr<Request> request, std::string body, int status, std::string outcome)
        : m_request(std::move(request))
        , m_body(std::move(body))
        , m_status(status)
        , m_outcome(std::move(outcome)) {}

    // The outcome is recorded when the piece was taken: nobody waits for the record, and a client that left before
    // shows as one.
    Task<Result<std::optional<std::string>>> next() override {
        if (!m_isGiven) {
            m_isGiven = true;
            m_request->noteAnswered();
            co_return std::optional(std::move(m_body));
        }
        if (m_request != nullptr) {
            m_request->recordOutcome(m_outcome, {}, m_status);
            m_request.reset();
        }
        co_return std::nullopt;
    }

private:
    std::unique_ptr<Request> m_request;
    std::string m_body;
    int m_status;
    std::string m_outcome;
    bool m_isGiven = false;
};

// Bytes that pass as they come. An upstream that breaks off ends the connection without an end of the body: there is no
// other way to say so.
class RecordingBody final : public BodySource {
public:
    explicit RecordingBody(std::unique_ptr<Request> request)
        : m_request(std::move(request))
        , m_source(std::move(m_request->source)) {}
    RecordingBody(const RecordingBody&) = delete;
    RecordingBody& operator=(const RecordingBody&) = delete;
    ~RecordingBody() override {
        m_source.reset();
        estimateUsage(*m_request);
    }

    Task<Result<std::optional<std::string>>> next() override {
        if (m_isOver) {
            co_return std::nullopt;
        }
        auto piece = co_await m_source->next();
        if (piece && *piece) {
            co_return piece;
        }
        m_isOver = true;
        m_source.reset();
        estimateUsage(*m_request);
        if (!piece) {
            m_request->note(piece.error());
            const Refusal refusal = answerRefusal(*m_request, piece.error());
            m_request->recordOutcome(refusalWord(refusal.reason), errorKindWord(piece.error().kind),
                                     m_request->upstreamStatus);
            co_return piece;
        }
        m_request->recordOutcome("completed", {}, m_request->upstreamStatus);
        m_request->ticket.reset();
        co_return std::nullopt;
    }

private:
    std::unique_ptr<Request> m_request;
    std::unique_ptr<BodySource> m_source;
    bool m_isOver = false;
};

// A text that stands for the whole answer (a transcript, subtitles).
Result<std::string> filterText(Request& request, std::string text) {
    if (!isUtf8(text)) {
        return fail(ErrorKind::invalidInput, "a text that is not UTF-8");
    }
    request.answerBytes += text.size();
    estimateUsage(request);
    GH_TRY(auto step, request.guard->pushLast("0/text", text, dlp::RestoreContext::text));
    if (step.isBlocked) {
        return fail(ErrorKind::denied, "policy blocks the answer");
    }
    return std::move(step.text);
}

} // namespace

std::unique_ptr<BodySource> makeRecordingBody(std::unique_ptr<Request> request) {
    return std::make_unique<RecordingBody>(std::move(request));
}

std::unique_ptr<BodySource> makeStreamedBody(std::unique_ptr<Request> request) {
    return std::make_unique<StreamedBody>(std::move(request));
}

Task<Result<std::string>> readWholeAnswer(Request& request) {
    std::string document;
    for (;;) {
        GH_CO_TRY(const auto piece, co_await request.source->next());
        if (!piece) {
            break;
        }
        document += *piece;
    }
    if (request.otherAnswers == dialects::OtherAnswers::texts) {
        co_return filterText(request, std::move(document));
    }
    GH_CO_TRY(auto read, request.dialect.read(document, true));
    const auto event = std::make_shared<dialects::AnswerEvent>(std::move(read));
    meter(request, *event);
    estimateUsage(request);
    if (request.upstreamStatus < 300 && !event->isAnswer && !event->isError) {
        co_return fail(ErrorKind::invalidInput, "the answer has nothing that an answer has");
    }
    AnswerFilter filter(request.dialect, *request.guard);
    GH_CO_TRY(Filtered filtered, filter.takeWhole(event));
    if (filtered.isBlocked) {
        co_return fail(ErrorKind::denied, "policy blocks the answer");
    }
    co_return std::move(filtered.bytes);
}

std::unique_ptr<BodySource> makeWholeBody(std::unique_ptr<Request> request, std::string body, int status,
                                          std::string outcome) {
    return std::make_unique<WholeBody>(std::move(request), std::move(body), status, std::move(outcome));
}

Refusal answerRefusal(const Request& request, const Error& error) {
    Refusal refusal{RefusalReason::upstreamFailed, {}, {}, request.interaction.id, callOf(request)};
    if (error.kind == ErrorKind::timedOut) {
        refusal.reason = RefusalReason::upstreamTimedOut;
        refusal.message = "The provider stopped answering.";
    } else if (error.kind == ErrorKind::limit) {
        refusal.message = "The provider's answer is above a limit and was cut off.";
    } else if (error.kind == ErrorKind::invalidInput) {
        refusal.message = "The provider's answer does not have the form of its interface and was cut off.";
    } else {
        refusal.message = "The provider broke off in the middle of its answer.";
    }
    return refusal;
}

Refusal blockedAnswer(const Request& request) {
    const policy::Decision& decision = request.guard->decision();
    return {RefusalReason::dlpBlocked,
            "The answer was stopped: something was found in it that policy does not let through. Rule: " +
                decision.rule + ". " + decision.message,
            decision.rule, request.interaction.id, callOf(request)};
}

} // namespace gatehouse::pipeline
