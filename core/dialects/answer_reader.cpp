// SPDX-License-Identifier: Apache-2.0
#include "dialects/answer_reader.h"

#include "dialects/json_edit.h"
#include "dialects/openai_parts.h"

namespace gatehouse::dialects {
namespace {

constexpr JsonLimits kAnswerLimits{64UL * 1024UL * 1024UL, 64, 1'000'000, 16UL * 1024UL * 1024UL};

} // namespace

Result<AnswerDocument> readAnswerDocument(std::string_view document, FieldLabeler label) {
    GH_TRY(std::vector<JsonString> strings, indexJson(document, kAnswerLimits));
    AnswerDocument read;
    read.event.document = document;
    read.dom = OrderedJson::parse(document, nullptr, false);
    if (!read.dom.is_object()) {
        return fail(ErrorKind::invalidInput, "the answer is not a JSON object");
    }
    read.event.fields.reserve(strings.size());
    for (JsonString& string : strings) {
        TextField field;
        field.begin = string.begin;
        field.end = string.end;
        field.text = std::move(string.text);
        field.isKey = string.isKey;
        if (!field.isKey) {
            label(field, pointerSegments(string.pointer), read.dom);
        }
        read.event.fields.push_back(std::move(field));
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
