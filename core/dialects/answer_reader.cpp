// SPDX-License-Identifier: Apache-2.0
#include "dialects/answer_reader.h"

#include <algorithm>

#include "base/json_tree.h"
#include "dialects/json_edit.h"
#include "dialects/openai_parts.h"
#include "dialects/token_lists.h"

namespace gatehouse::dialects {
namespace {

constexpr JsonLimits kAnswerLimits{64UL * 1024UL * 1024UL, 64, 1'000'000, 16UL * 1024UL * 1024UL};

// Where a model speaks, its dialect labels the strings; a number beside them is said by it, too.
void addNumbers(std::string_view document, const std::vector<JsonNumber>& numbers, FieldLabeler label,
                AnswerDocument& read) {
    for (const JsonNumber& number : numbers) {
        TextField field;
        label(field, pointerSegments(number.pointer), read.dom);
        if (!field.isCopy && field.channel.empty()) {
            continue;
        }
        field = {};
        field.begin = number.begin;
        field.end = number.end;
        field.text = numberInWords(document, number);
        field.isSealed = true;
        read.event.fields.push_back(std::move(field));
    }
    std::sort(read.event.fields.begin(), read.event.fields.end(),
              [](const TextField& a, const TextField& b) { return a.begin < b.begin; });
}

} // namespace

Result<AnswerDocument> readAnswerDocument(std::string_view document, FieldLabeler label, Numbers numbers) {
    GH_TRY(JsonReading reading, readJson(document, kAnswerLimits));
    if (!reading.tree.is_object()) {
        return fail(ErrorKind::invalidInput, "the answer is not a JSON object");
    }
    AnswerDocument read;
    read.event.document = document;
    read.dom = std::move(reading.tree);
    read.event.fields.reserve(reading.strings.size());
    const bool hasTokens = document.find("logprobs") != std::string_view::npos;
    for (JsonString& string : reading.strings) {
        TextField field;
        field.begin = string.begin;
        field.end = string.end;
        field.text = hasTokens ? string.text : std::move(string.text);
        field.isKey = string.isKey;
        if (!field.isKey) {
            label(field, pointerSegments(string.pointer), read.dom);
        }
        read.event.fields.push_back(std::move(field));
    }
    if (numbers == Numbers::inspected && !reading.numbers.empty()) {
        addNumbers(document, reading.numbers, label, read);
    }
    if (hasTokens) {
        findTokenLists(read.event, read.dom, reading.strings);
    }
    return read;
}

std::string documentWithOnly(const AnswerEvent& event, const TextField& field, std::string_view text) {
    std::vector<JsonEdit> edits;
    for (const TextField& other : event.fields) {
        if (!other.channel.empty()) {
            edits.push_back({other.begin, other.end, other.channel == field.channel ? quoteJson(text) : "\"\""});
        }
    }
    return applyEdits(event.document, std::move(edits));
}

} // namespace gatehouse::dialects
