// SPDX-License-Identifier: Apache-2.0
#include "pipeline/answer_filter.h"

#include <algorithm>

#include "dialects/json_edit.h"

namespace gatehouse::pipeline {
namespace {

constexpr std::size_t kSeenLength = 128;
constexpr std::size_t kSeenCount = 512;

bool isUnder(std::string_view channel, const std::vector<std::string>& prefixes) {
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [channel](const std::string& prefix) { return channel.starts_with(prefix); });
}

dlp::RestoreContext contextOf(const dialects::TextField& field) {
    return field.isJson ? dlp::RestoreContext::jsonInString : dlp::RestoreContext::text;
}

// The first field from `at` on; fields are in the order of the document.
std::size_t fieldFrom(const dialects::AnswerEvent& event, std::size_t at) {
    const auto first =
        std::lower_bound(event.fields.begin(), event.fields.end(), at,
                         [](const dialects::TextField& field, std::size_t to) { return field.begin < to; });
    return static_cast<std::size_t>(first - event.fields.begin());
}

bool isAmongTokens(const dialects::AnswerEvent& event, const dialects::TextField& field) {
    const auto behind =
        std::upper_bound(event.tokens.begin(), event.tokens.end(), field.begin,
                         [](std::size_t at, const dialects::TokenList& list) { return at < list.begin; });
    return behind != event.tokens.begin() && field.begin < std::prev(behind)->end;
}

std::string withoutLineEnds(std::string text) {
    std::erase_if(text, [](char c) { return c == '\n' || c == '\r'; });
    return text;
}

} // namespace

Result<std::string> AnswerFilter::heldFrame(const Open& open, std::string_view text) {
    const dialects::TextField& field = open.event->fields[open.field];
    std::string document = m_dialect.heldText(*open.event, field, text);
    m_tokens.said(field.channel, {}, text);
    if (const auto held = m_dialect.read(document, false)) {
        // It says again what stood beside the text, as it came: that is inspected here, too.
        std::vector<dialects::JsonEdit> edits;
        Edited edited;
        for (const dialects::TextField& other : held->fields) {
            if (!other.channel.empty() || isAmongTokens(*held, other)) {
                continue;
            }
            GH_TRY(auto changed, editLone(other, edited));
            if (edited.isBlocked) {
                return std::string(); // it was blocked where it stood first
            }
            if (changed) {
                edits.push_back({other.begin, other.end, quoteJson(*changed)});
            }
        }
        m_tokens.placeHeld(*held, field.channel, edits);
        document = dialects::applyEdits(document, std::move(edits));
    }
    return m_dialect.frame(document, {m_place.framing, false});
}

Result<> AnswerFilter::editTokens(const dialects::AnswerEvent& event, std::vector<dialects::JsonEdit>& edits,
                                  bool& isBlocked) {
    const auto isEdited = [&edits](const dialects::TextField& field) {
        return std::any_of(edits.begin(), edits.end(), [&](const auto& edit) { return edit.begin == field.begin; });
    };
    std::vector<dialects::JsonEdit> lists;
    for (std::size_t i = 0; i < event.tokens.size(); ++i) {
        const dialects::TokenList& list = event.tokens[i];
        bool isTold =
            list.copy == dialects::TokenList::kNoCopy || !list.channel.empty() || !isEdited(event.fields[list.copy]);
        const std::size_t behind = fieldFrom(event, list.end);
        for (std::size_t at = fieldFrom(event, list.begin); at < behind; ++at) {
            bool isOneBlocked = false;
            GH_TRY(const auto changed, inspectOther(event.fields[at].text, isOneBlocked));
            isBlocked = isBlocked || isOneBlocked;
            isTold = isTold && !changed;
        }
        m_tokens.place(event, i, isTold, lists);
    }
    std::move(lists.begin(), lists.end(), std::back_inserter(edits));
    return {};
}

// The text as it may stand there, nullopt when it is not changed.
Result<std::optional<std::string>> AnswerFilter::inspectOther(std::string_view text, bool& isBlocked) {
    if (text.empty() || m_guard.isQuiet(text) || m_seen.contains(text)) {
        return std::nullopt;
    }
    GH_TRY(governance::AnswerGuard::Step step, m_guard.whole(text, std::nullopt));
    isBlocked = step.isBlocked;
    if (step.text != text) {
        return std::optional(std::move(step.text));
    }
    if (text.size() <= kSeenLength && m_seen.size() < kSeenCount) {
        m_seen.emplace(text);
    }
    return std::nullopt;
}

Result<std::optional<std::string>> AnswerFilter::editLone(const dialects::TextField& field, Edited& edited) {
    if (field.isMedia) {
        GH_TRY(const auto step, m_guard.unreadable("a picture or a recording"));
        edited.isBlocked = step.isBlocked;
    }
    if (field.isBinary) {
        return std::nullopt;
    }
    if (!field.isCopy) {
        GH_TRY(auto changed, inspectOther(field.text, edited.isBlocked));
        edited.isBlocked = edited.isBlocked || (field.isSealed && changed);
        return changed;
    }
    GH_TRY(auto step, m_guard.whole(field.text, contextOf(field)));
    edited.isBlocked = step.isBlocked;
    return step.text == field.text ? std::nullopt : std::optional(std::move(step.text));
}

Result<std::optional<std::string>> AnswerFilter::editRunning(const std::shared_ptr<dialects::AnswerEvent>& event,
                                                             std::size_t index, Edited& edited) {
    const dialects::TextField& field = event->fields[index];
    m_running.insert(field.channel.substr(0, field.channel.find('/') + 1));
    const auto context = field.isSealed ? std::nullopt : std::optional(contextOf(field));
    const bool isLast = isUnder(field.channel, event->finished);
    GH_TRY(auto step, isLast ? m_guard.pushLast(field.channel, field.text, context)
                             : m_guard.push(field.channel, field.text, context));
    m_tokens.said(field.channel, field.text, step.isBlocked ? std::string_view() : step.text);
    if (isLast && !step.isBlocked) {
        m_open.erase(field.channel);
    } else {
        m_open[field.channel] = {event, index};
    }
    if (field.isSealed && step.isChanged) {
        step.isBlocked = true; // what is signed must not be changed, so it may not be said
        step.text.clear();
    }
    if (step.isBlocked) {
        if (!step.text.empty()) {
            GH_TRY(edited.before, heldFrame({event, index}, step.text));
        }
        edited.isBlocked = true;
        return std::nullopt;
    }
    return step.text == field.text ? std::nullopt : std::optional(std::move(step.text));
}

Result<AnswerFilter::Edited> AnswerFilter::edit(const std::shared_ptr<dialects::AnswerEvent>& event) {
    Edited edited;
    std::vector<dialects::JsonEdit> edits;
    m_tokens.begin(*event);
    for (std::size_t i = 0; i < event->fields.size(); ++i) {
        const dialects::TextField& field = event->fields[i];
        if (!event->tokens.empty() && isAmongTokens(*event, field)) {
            continue;
        }
        GH_TRY(auto changed, field.channel.empty() ? editLone(field, edited) : editRunning(event, i, edited));
        if (edited.isBlocked) {
            return edited;
        }
        if (changed) {
            edits.push_back({field.begin, field.end, quoteJson(*changed)});
        }
    }
    GH_CHECK(editTokens(*event, edits, edited.isBlocked));
    GH_TRY(Filtered ended, endChannels(event->finished));
    edited.before = std::move(ended.bytes);
    edited.isBlocked = edited.isBlocked || ended.isBlocked;
    edited.document = dialects::applyEdits(event->document, std::move(edits));
    m_hasCompleted = m_hasCompleted || event->isComplete;
    for (const std::string& prefix : event->finished) {
        m_hasEnded = true;
        std::erase_if(m_running, [&](const std::string& running) { return running.starts_with(prefix); });
    }
    return edited;
}

Result<Filtered> AnswerFilter::endChannels(const std::vector<std::string>& prefixes) {
    Filtered out;
    for (auto each = m_open.begin(); each != m_open.end();) {
        if (!isUnder(each->first, prefixes)) {
            ++each;
            continue;
        }
        GH_TRY(auto step, m_guard.finish(each->first));
        if (each->second.event->fields[each->second.field].isSealed && step.isChanged) {
            step.isBlocked = true;
            step.text.clear();
        }
        if (!step.text.empty()) {
            GH_TRY(const std::string frame, heldFrame(each->second, step.text));
            out.bytes += frame;
        }
        each = m_open.erase(each);
        if (step.isBlocked) {
            out.isBlocked = true;
            return out;
        }
    }
    return out;
}

Result<Filtered> AnswerFilter::take(const dialects::StreamFrame& frame, std::shared_ptr<dialects::AnswerEvent> event) {
    auto out = takeFrame(frame, event);
    m_place.isEmpty = m_place.isEmpty && (!out || out->bytes.empty());
    return out;
}

Result<Filtered> AnswerFilter::takeFrame(const dialects::StreamFrame& frame,
                                         const std::shared_ptr<dialects::AnswerEvent>& event) {
    Filtered out;
    GH_TRY(const auto changedRest, inspectOther(withoutLineEnds(frame.rest()), out.isBlocked));
    if (out.isBlocked) {
        return out;
    }
    if (event == nullptr) {
        if (frame.data) {
            GH_TRY(out, endChannels({""}));
            m_hasEnded = true;
            m_running.clear();
        }
        // A comment in which policy would change something says nothing to a program: it is left out.
        out.bytes +=
            out.isBlocked || changedRest ? (frame.data ? m_dialect.frame(*frame.data, m_place) : "") : frame.raw;
        return out;
    }
    GH_TRY(Edited edited, edit(event));
    out.bytes = std::move(edited.before);
    out.isBlocked = edited.isBlocked;
    if (out.isBlocked) {
        return out;
    }
    if (changedRest) {
        out.bytes += m_dialect.frame(edited.document, m_place);
    } else if (edited.document != *frame.data) {
        out.bytes += frame.withData(edited.document);
    } else {
        out.bytes += frame.raw;
    }
    return out;
}

Result<Filtered> AnswerFilter::takeWhole(std::shared_ptr<dialects::AnswerEvent> event) {
    GH_TRY(Edited edited, edit(event));
    return Filtered{std::move(edited.document), edited.isBlocked};
}

Result<Filtered> AnswerFilter::finish() {
    return endChannels({""});
}

} // namespace gatehouse::pipeline
