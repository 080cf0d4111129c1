// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QString>
#include <optional>
#include <vector>

#include "chat/chat_stream.h"
#include "text/problem_words.h"

namespace gatehouse::ui {

enum class TurnState {
    waiting, // sent, no byte of the answer yet
    asking,  // refused for now: the person is asked
    answering,
    done,
    stopped, // by the person; what came so far belongs to the conversation
    failed,  // not part of the conversation that later turns send
};

// One question and its answer, with what the agent did about it.
struct Turn {
    QString asked;
    QString answered;
    QString askedModel;
    TurnState state = TurnState::waiting;
    AnswerHead head;
    std::vector<FindingCount> replaced; // new in this turn
    std::vector<FindingCount> found;    // in everything that this turn sent
    std::optional<QString> sentText;
    text::Notice notice;
    bool isTextBack = false; // the asked text was put back into the input
};

// What a person and a model said to each other. A value that outlives its window; it is never written to disk here.
struct Conversation {
    QString id;    // of placeholders: x-gatehouse-conversation
    QString draft; // what stands in the input
    QString model; // the model chosen last
    std::vector<Turn> turns;

    static Conversation make();
    // The body of a streamed chat completion: the turns before, then `asked`. Stable bytes for equal content.
    [[nodiscard]] QByteArray requestBody(const QString& asked, const QString& askedModel) const;
    // What `found` has more than the turns before turn `index` had: values that this turn brought.
    [[nodiscard]] std::vector<FindingCount> newFindings(std::size_t index,
                                                        const std::vector<FindingCount>& found) const;
};

} // namespace gatehouse::ui
