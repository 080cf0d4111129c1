// SPDX-License-Identifier: Apache-2.0
#include "pipeline/preview.h"

#include <deque>

namespace gatehouse::pipeline {
namespace {

class PiecesSource final : public BodySource {
public:
    explicit PiecesSource(std::vector<std::string> pieces) : m_pieces(pieces.begin(), pieces.end()) {}
    Task<Result<std::optional<std::string>>> next() override {
        if (m_pieces.empty()) {
            co_return std::nullopt;
        }
        std::string piece = std::move(m_pieces.front());
        m_pieces.pop_front();
        co_return std::optional(std::move(piece));
    }

private:
    std::deque<std::string> m_pieces;
};

} // namespace

std::unique_ptr<BodySource> makePreviewSource(const Request& request, const Candidate& candidate) {
    dialects::PlainAnswer answer;
    answer.id = "preview-" + request.interaction.id;
    answer.model = candidate.target.model;
    answer.created =
        std::chrono::duration_cast<std::chrono::seconds>(request.parts().clock.wall().time_since_epoch()).count();
    answer.text = governance::readableText(request.interaction, candidate.texts.get());
    answer.usage.inputTokens = limits::estimateTokens(answer.text.size());
    answer.usage.outputTokens = answer.usage.inputTokens;
    answer.usage.isEstimated = true;
    answer.framing = request.asked.framing;
    if (!request.parsed.isStream) {
        return std::make_unique<PiecesSource>(std::vector{request.dialect.wholeAnswer(answer)});
    }
    return std::make_unique<PiecesSource>(request.dialect.streamedAnswer(answer));
}

} // namespace gatehouse::pipeline
