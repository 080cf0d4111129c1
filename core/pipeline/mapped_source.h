// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "pipeline/pipeline.h"

namespace gatehouse::pipeline {

// A source whose pieces come of those of another. Nothing is read ahead: a reader that waits lets the other wait.
class MappedSource : public BodySource {
public:
    explicit MappedSource(std::unique_ptr<BodySource> source) : m_source(std::move(source)) {}

    Task<Result<std::optional<std::string>>> next() final {
        while (!m_isOver) {
            auto piece = co_await m_source->next();
            if (!piece) {
                co_return std::unexpected(piece.error());
            }
            m_isOver = !*piece;
            auto out = *piece ? take(std::move(**piece)) : end();
            if (!out) {
                m_isOver = true;
                co_return std::unexpected(out.error());
            }
            if (!out->empty()) {
                co_return std::optional(std::move(*out));
            }
        }
        co_return std::nullopt;
    }

protected:
    // What a piece becomes; empty while there is nothing to give yet.
    virtual Result<std::string> take(std::string piece) = 0;
    // What is left when the other source has ended.
    virtual Result<std::string> end() = 0;

private:
    std::unique_ptr<BodySource> m_source;
    bool m_isOver = false;
};

} // namespace gatehouse::pipeline
