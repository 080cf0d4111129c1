// SPDX-License-Identifier: Apache-2.0
#include "pipeline/first_content.h"

#include <algorithm>
#include <deque>

namespace gatehouse::pipeline {
namespace {

constexpr std::size_t kMostHeld = 256UL * 1024UL;

enum class Said { nothing, something, failure };

Said saidBy(const dialects::Dialect& dialect, const dialects::StreamFrame& frame) {
    if (!frame.data) {
        return Said::nothing;
    }
    if (dialect.isEnd(*frame.data)) {
        return Said::something;
    }
    const auto event = dialect.read(*frame.data, false);
    if (!event || event->isError) {
        return Said::failure;
    }
    const bool hasText = std::any_of(event->fields.begin(), event->fields.end(), [](const dialects::TextField& field) {
        return !field.channel.empty() && !field.text.empty();
    });
    const bool hasEnd = event->isComplete || event->isLast || !event->finished.empty();
    return hasText || hasEnd ? Said::something : Said::nothing;
}

// What was read, then what follows.
class HeldSource final : public BodySource {
public:
    HeldSource(std::deque<std::string> pieces, std::unique_ptr<BodySource> rest)
        : m_pieces(std::move(pieces))
        , m_rest(std::move(rest)) {}

    Task<Result<std::optional<std::string>>> next() override {
        if (!m_pieces.empty()) {
            std::string piece = std::move(m_pieces.front());
            m_pieces.pop_front();
            co_return std::optional(std::move(piece));
        }
        co_return co_await m_rest->next();
    }

private:
    std::deque<std::string> m_pieces;
    std::unique_ptr<BodySource> m_rest;
};

} // namespace

Task<Result<bool>> holdUntilContent(Request& request) {
    const auto reader = dialects::makeFrameReader(request.asked.framing);
    std::deque<std::string> pieces;
    std::size_t held = 0;
    Said said = Said::nothing;
    while (said == Said::nothing && held <= kMostHeld) {
        auto piece = co_await request.source->next();
        if (!piece) {
            co_return std::unexpected(piece.error());
        }
        if (!*piece) {
            co_return false; // a stream that ends without a word
        }
        const auto frames = reader->push(**piece);
        held += (*piece)->size();
        pieces.push_back(std::move(**piece));
        if (!frames) {
            co_return false;
        }
        for (const dialects::StreamFrame& frame : *frames) {
            said = said == Said::nothing ? saidBy(request.dialect, frame) : said;
        }
    }
    if (said == Said::failure) {
        co_return false;
    }
    request.source = std::make_unique<HeldSource>(std::move(pieces), std::move(request.source));
    co_return true;
}

} // namespace gatehouse::pipeline
