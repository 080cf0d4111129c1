// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "dialects/chat_codec.h"
#include "dialects/embed_codec.h"
#include "dialects/fitting.h"
#include "pipeline/pipeline.h"
#include "types/usage.h"

// A call whose provider speaks another dialect than the client. Requests are translated after policy changed them;
// answers before they are inspected, so that the guard sees exactly what the client gets.
namespace gatehouse::pipeline {

struct Translation {
    const dialects::ChatCodec& from;          // the provider's
    const dialects::ChatCodec& to;            // the client's
    std::optional<dialects::Framing> arrives; // how the provider's stream is cut; nullopt: one document
    bool leavesAsStream = false;
    int status = 200; // the provider's
    dialects::AnswerContext context;
    dialects::ToolNames toolNames; // as the provider got them
};

// What is learned while an answer is read. Must outlive the source.
struct Learned {
    std::optional<Usage>& usage; // what the provider says about it
    int& status;                 // that of a whole answer: an error, where the answer turns out to be one
};

// The answer of `source` in the client's dialect: frames, or one piece. invalidInput when the answer does not have its
// dialect's form.
std::unique_ptr<BodySource> makeTranslatedSource(std::unique_ptr<BodySource> source, Translation translation,
                                                 Learned learned);

// The same for vectors of texts: always one document. invalidInput also where there is not one vector for each text.
struct EmbedTranslation {
    const dialects::EmbedCodec& from;
    const dialects::EmbedCodec& to;
    dialects::EmbedForm form;
    int status = 200;
    dialects::AnswerContext context;
};
std::unique_ptr<BodySource> makeEmbedSource(std::unique_ptr<BodySource> source, EmbedTranslation translation,
                                            std::optional<Usage>& usage);

} // namespace gatehouse::pipeline
