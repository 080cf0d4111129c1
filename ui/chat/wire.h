// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QString>
#include <optional>
#include <vector>

#include "ports/agent_port.h"

// The gateway's JSON as the chat window reads it. Tolerant of what it does not know; pure, so that it can be fuzzed.
namespace gatehouse::ui {

// One entry of GET /v1/models.
struct ModelChoice {
    QString id;
    QString provider; // "owned_by"
    bool isPreview = false;
    bool isLocal = false;
};
// nullopt when it is not a list of models.
std::optional<std::vector<ModelChoice>> parseModels(const QByteArray& json);

// The body of a refusal in OpenAI's form, also inside a stream.
struct ErrorBody {
    QString code;
    QString message;
};
std::optional<ErrorBody> parseError(const QByteArray& json);

// One piece of a streamed answer, or a whole one that was not streamed.
struct AnswerPiece {
    QString text;
    bool isLast = false;            // a finish_reason came
    bool isFiltered = false;        // finish_reason "content_filter"
    std::optional<ErrorBody> error; // the stream ends with it
};
// nullopt when it is not such a piece.
std::optional<AnswerPiece> parsePiece(const QByteArray& json);

// GET /gatehouse/v1/interactions/{id}.
struct InteractionView {
    std::vector<FindingCount> findings;
    std::optional<QString> sentText; // what left, where policy keeps it
    std::optional<double> costUsd;
    QString decision;
    QString rule;
};
std::optional<InteractionView> parseInteraction(const QByteArray& json);

} // namespace gatehouse::ui
