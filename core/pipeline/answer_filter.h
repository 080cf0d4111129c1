// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "dialects/dialect.h"
#include "dialects/sse.h"
#include "governance/governor.h"
#include "pipeline/token_trail.h"

// Between an answer's events and the guard of its texts: gives each text to its channel, writes back what the guard
// lets through, and puts text that was held back in front of the event that ends its channel. No I/O.
namespace gatehouse::pipeline {

struct Filtered {
    std::string bytes;      // what the client may have now
    bool isBlocked = false; // policy blocks: nothing may follow but the dialect's error
};

class AnswerFilter final {
public:
    // Both must outlive the filter. `framing` is that of the client's stream.
    AnswerFilter(const dialects::Dialect& dialect, governance::AnswerGuard& guard,
                 dialects::Framing framing = dialects::Framing::sse)
        : m_dialect(dialect)
        , m_guard(guard)
        , m_place{framing, true} {}

    // One frame of a stream. `event` is null for frames without data and for the dialect's own end mark, in front of
    // which all held text is given.
    [[nodiscard]] Result<Filtered> take(const dialects::StreamFrame& frame,
                                        std::shared_ptr<dialects::AnswerEvent> event);
    // A whole buffered answer.
    [[nodiscard]] Result<Filtered> takeWhole(std::shared_ptr<dialects::AnswerEvent> event);
    // The end of the bytes: what is still held back.
    [[nodiscard]] Result<Filtered> finish();
    // True when the answer said that it is whole or, in dialects that cannot, every choice that began why it ended.
    [[nodiscard]] bool isComplete() const {
        return m_dialect.saysComplete() ? m_hasCompleted : m_hasEnded && m_running.empty();
    }
    // Where the next frame of the stream goes.
    [[nodiscard]] dialects::StreamPlace place() const { return m_place; }

private:
    struct Open {
        std::shared_ptr<const dialects::AnswerEvent> event; // the last one in which the channel stood
        std::size_t field = 0;
    };
    struct Edited {
        std::string document;
        std::string before; // frames in front of the event
        bool isBlocked = false;
    };
    // The event with its texts replaced.
    Result<Edited> edit(const std::shared_ptr<dialects::AnswerEvent>& event);
    // A string that stands for itself, and one that continues its channel. nullopt: as it was.
    Result<std::optional<std::string>> editLone(const dialects::TextField& field, Edited& edited);
    Result<std::optional<std::string>> editRunning(const std::shared_ptr<dialects::AnswerEvent>& event,
                                                   std::size_t index, Edited& edited);
    Result<Filtered> takeFrame(const dialects::StreamFrame& frame, const std::shared_ptr<dialects::AnswerEvent>& event);
    Result<Filtered> endChannels(const std::vector<std::string>& prefixes);
    Result<std::optional<std::string>> inspectOther(std::string_view text, bool& isBlocked);
    Result<std::string> heldFrame(const Open& open, std::string_view text);
    // The event's log probabilities, as far as its texts were given; `edits` are those of the texts.
    Result<> editTokens(const dialects::AnswerEvent& event, std::vector<dialects::JsonEdit>& edits, bool& isBlocked);

    const dialects::Dialect& m_dialect;
    governance::AnswerGuard& m_guard;
    std::map<std::string, Open, std::less<>> m_open;
    std::set<std::string, std::less<>> m_seen;    // short strings that were inspected and are as they were
    std::set<std::string, std::less<>> m_running; // choices that have not ended: "0/"
    TokenTrail m_tokens;
    dialects::StreamPlace m_place;
    bool m_hasEnded = false;
    bool m_hasCompleted = false;
};

} // namespace gatehouse::pipeline
