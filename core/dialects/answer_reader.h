// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "dialects/dialect.h"
#include "dialects/json_view.h"

namespace gatehouse::dialects {

// One answer's document with its strings as fields, each labelled by its dialect.
struct AnswerDocument {
    AnswerEvent event;
    OrderedJson dom;
};

// Sets what a dialect knows of one string: its channel, whether it is a copy, sealed or binary.
using FieldLabeler = void (*)(TextField& field, const Segments& segments, const OrderedJson& dom);

// Whether the long numbers of an answer are inspected: those of vectors are none that anybody is told.
enum class Numbers { inspected, left };

// invalidInput when it is not a strict JSON object. A long number in what a model says becomes a sealed field of its
// own, with the name of its member as context: a text in its place would be another type, so what policy would change
// there blocks.
[[nodiscard]] Result<AnswerDocument> readAnswerDocument(std::string_view document, FieldLabeler label,
                                                        Numbers numbers = Numbers::inspected);

// The document again with every running text empty but that of `field`, which says `text`.
std::string documentWithOnly(const AnswerEvent& event, const TextField& field, std::string_view text);

} // namespace gatehouse::dialects
