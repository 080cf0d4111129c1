// SPDX-License-Identifier: Apache-2.0
#include "pipeline/translate.h"

#include "pipeline/mapped_source.h"

namespace gatehouse::pipeline {
namespace {

using dialects::ChatEvent;
using dialects::ChatEventKind;

constexpr std::string_view kKeepAlive = ": keep-alive\n\n";

// Events in, the client's bytes out.
class Writer final {
public:
    Writer(const Translation& translation, Learned learned)
        : m_translation(translation)
        , m_encoder(translation.leavesAsStream ? translation.to.makeEncoder(translation.context) : nullptr)
        , m_learned(learned) {}

    std::string push(const ChatEvent& event) {
        if (event.kind == ChatEventKind::usage) {
            m_learned.usage = event.usage;
        }
        if (event.kind == ChatEventKind::toolStart) {
            ChatEvent named = event;
            named.name = m_translation.toolNames.clientName(event.name);
            return give(named);
        }
        return give(event);
    }

    // invalidInput where a whole answer has no end.
    Result<std::string> finish() {
        if (m_encoder != nullptr) {
            return m_encoder->finish();
        }
        const dialects::ChatAnswer answer = m_collector.take();
        if (!answer.stop && !answer.fault) {
            return fail(ErrorKind::unavailable, "the stream ended before the answer did");
        }
        if (answer.fault && m_learned.status < 400) {
            m_learned.status = answer.fault->status >= 400 ? answer.fault->status : 502;
        }
        return m_translation.to.encodeAnswer(answer, m_translation.context);
    }

private:
    std::string give(const ChatEvent& event) {
        if (m_encoder != nullptr) {
            return m_encoder->push(event);
        }
        m_collector.push(event);
        return {};
    }

    const Translation& m_translation;
    std::unique_ptr<dialects::AnswerEncoder> m_encoder; // null: the answer is one document
    dialects::AnswerCollector m_collector;
    Learned m_learned;
};

class TranslatedSource final : public MappedSource {
public:
    TranslatedSource(std::unique_ptr<BodySource> source, Translation translation, Learned learned)
        : MappedSource(std::move(source))
        , m_translation(std::move(translation))
        , m_writer(m_translation, learned)
        , m_reader(m_translation.arrives ? dialects::makeFrameReader(*m_translation.arrives) : nullptr)
        , m_decoder(m_translation.from.makeDecoder()) {}

protected:
    Result<std::string> take(std::string piece) override {
        if (m_reader == nullptr) {
            m_document += piece;
            return std::string();
        }
        GH_TRY(const auto frames, m_reader->push(piece));
        return takeFrames(frames);
    }

    Result<std::string> end() override {
        std::string out;
        if (m_reader == nullptr) {
            GH_TRY(const auto answer, m_translation.from.decodeAnswer(m_document, m_translation.status));
            for (const ChatEvent& event : eventsOf(answer)) {
                out += m_writer.push(event);
            }
        } else {
            GH_TRY(auto last, m_reader->finish());
            if (last) {
                std::vector<dialects::StreamFrame> frames;
                frames.push_back(std::move(*last));
                GH_TRY(out, takeFrames(frames));
            }
        }
        GH_TRY(const std::string ending, m_writer.finish());
        return out + ending;
    }

private:
    [[nodiscard]] bool keepsAlive() const {
        return m_translation.leavesAsStream && m_translation.context.framing == dialects::Framing::sse;
    }

    Result<std::string> takeFrames(const std::vector<dialects::StreamFrame>& frames) {
        std::string out;
        for (const dialects::StreamFrame& frame : frames) {
            const auto none = std::vector<ChatEvent>();
            GH_TRY(const auto events, frame.data ? m_decoder->push(*frame.data) : none);
            if (events.empty() && keepsAlive()) {
                out += kKeepAlive; // a comment, or an event that says only that somebody is there
            }
            for (const ChatEvent& event : events) {
                out += m_writer.push(event);
            }
        }
        return out;
    }

    Translation m_translation;
    Writer m_writer;
    std::unique_ptr<dialects::FrameReader> m_reader; // null: one document
    std::unique_ptr<dialects::AnswerDecoder> m_decoder;
    std::string m_document;
};

class EmbedSource final : public MappedSource {
public:
    EmbedSource(std::unique_ptr<BodySource> source, EmbedTranslation translation, std::optional<Usage>& usage)
        : MappedSource(std::move(source))
        , m_translation(std::move(translation))
        , m_usage(usage) {}

protected:
    Result<std::string> take(std::string piece) override {
        m_document += piece;
        return std::string();
    }
    Result<std::string> end() override { return translate(m_document); }

private:
    Result<std::string> translate(std::string_view document) {
        GH_TRY(const auto answer, m_translation.from.decodeAnswer(document, m_translation.status));
        if (!answer.fault && answer.vectors.size() != m_translation.form.count) {
            return fail(ErrorKind::invalidInput, "the answer has not one vector for each text");
        }
        if (answer.usage) {
            m_usage = answer.usage;
        }
        return m_translation.to.encodeAnswer(answer, m_translation.form, m_translation.context);
    }

    EmbedTranslation m_translation;
    std::optional<Usage>& m_usage;
    std::string m_document;
};

} // namespace

std::unique_ptr<BodySource> makeEmbedSource(std::unique_ptr<BodySource> source, EmbedTranslation translation,
                                            std::optional<Usage>& usage) {
    return std::make_unique<EmbedSource>(std::move(source), std::move(translation), usage);
}

std::unique_ptr<BodySource> makeTranslatedSource(std::unique_ptr<BodySource> source, Translation translation,
                                                 Learned learned) {
    return std::make_unique<TranslatedSource>(std::move(source), std::move(translation), learned);
}

} // namespace gatehouse::pipeline
