// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <set>

#include "base/bytes.h"
#include "base/utf8.h"
#include "dialects/multipart.h"
#include "dialects/openai_media.h"

namespace gatehouse::dialects {
namespace {

constexpr std::string_view kModel = "model";
constexpr std::string_view kModelPointer = "/model";

bool isPrompt(std::string_view name) {
    return name == "prompt" || name == "input" || name == "instructions";
}

PartKind kindOf(std::string_view name) {
    constexpr std::array<std::string_view, 8> kMetadata{kModel,   "user", "response_format", "language",
                                                        "stream", "size", "quality",         "background"};
    const bool isMetadata = std::find(kMetadata.begin(), kMetadata.end(), name) != kMetadata.end();
    return isPrompt(name) ? PartKind::text : isMetadata ? PartKind::metadata : PartKind::other;
}

Part partOf(PartKind kind, std::string text, std::string pointer, JsonRange at) {
    Part part;
    part.kind = kind;
    part.text = std::move(text);
    part.pointer = std::move(pointer);
    part.tokenBegin = at.begin;
    part.tokenEnd = at.end;
    return part;
}

// What would reach the provider as bytes that are no text.
bool isFile(const FormField& field, std::string_view content) {
    return field.fileName.has_value() || !isUtf8(content);
}

void addFile(const FormField& field, std::string_view content, const std::string& place, ParsedRequest& request) {
    if (field.fileName) {
        request.parts.push_back(partOf(PartKind::fileName, *field.fileName, place + "/filename", field.fileNameAt));
    }
    Part file = partOf(PartKind::opaque, base64Encode(bytesOf(content)), place + "/data", field.content);
    file.role = "user";
    request.parts.push_back(std::move(file));
}

void addText(const FormField& field, std::string_view content, ParsedRequest& request) {
    Part part = partOf(kindOf(field.name), std::string(content), "/" + field.name, field.content);
    if (isPrompt(field.name)) {
        part.role = "user";
        request.seed += part.text + '\0';
    } else if (field.name == kModel) {
        part.isImmutable = true; // as in JSON: the asked name may go to a provider that takes any model
        request.model = part.text;
    } else if (field.name == "stream") {
        request.isStream = part.text == "true";
    } else if (field.name == "file_id") {
        request.hasReferences = true;
    }
    request.parts.push_back(std::move(part));
}

Result<> addField(std::string_view body, const FormField& field, std::size_t index, ParsedRequest& request) {
    request.parts.push_back(partOf(PartKind::key, field.name, "/" + field.name, field.nameAt));
    if (field.fileName && !isUtf8(*field.fileName)) {
        return fail(ErrorKind::invalidInput, "a file's name is not UTF-8");
    }
    const std::string place = "/" + field.name + "/" + std::to_string(index);
    if (!field.mediaType.empty()) {
        Part type = partOf(PartKind::metadata, field.mediaType, place + "/type", {});
        type.isImmutable = true;
        request.parts.push_back(std::move(type));
    }
    const std::string_view content = body.substr(field.content.begin, field.content.end - field.content.begin);
    if (isFile(field, content)) {
        addFile(field, content, place, request);
    } else {
        addText(field, content, request);
    }
    return {};
}

FormLimits limitsOf(const JsonLimits& limits) {
    FormLimits form;
    form.maxBytes = limits.maxBytes;
    return form;
}

// Found again in the body that it was read from.
std::string boundaryIn(std::string_view body) {
    const std::size_t end = std::min(body.find("\r\n"), body.size());
    return std::string(body.substr(std::min<std::size_t>(2, end), end - std::min<std::size_t>(2, end)));
}

// The name of a part's field, or what it changes into, must stay what it is to every reader.
bool mayStand(const Part& part, std::string_view text) {
    return part.kind == PartKind::key || part.kind == PartKind::fileName ? isFormName(text) : true;
}

} // namespace

Result<ParsedRequest> readFormRequest(std::string_view body, const JsonLimits& limits, const Asked& asked) {
    GH_TRY(const Form form, readForm(body, asked.boundary, limitsOf(limits)));
    ParsedRequest request;
    request.wantsUsage = true;
    std::set<std::string, std::less<>> names;
    for (std::size_t i = 0; i < form.fields.size(); ++i) {
        const FormField& field = form.fields[i];
        // Of two fields of one name readers take the first, the last or both; lists say so in their name.
        if (!names.insert(field.name).second && !field.name.ends_with("[]")) {
            return fail(ErrorKind::invalidInput, "a field of the form is given twice");
        }
        GH_CHECK(addField(body, field, i, request));
    }
    if (!asked.model.empty()) {
        Part part = partOf(PartKind::metadata, asked.model, std::string(kModelPointer), {});
        part.isImmutable = true;
        request.parts.push_back(std::move(part));
        request.model = asked.model;
    }
    if (request.model.empty()) {
        return fail(ErrorKind::invalidInput, "the field 'model' is missing");
    }
    return request;
}

Result<std::string> composeFormRequest(std::string_view body, const ParsedRequest& request,
                                       std::span<const std::optional<std::string>> changed, std::string_view model) {
    if (changed.size() != request.parts.size()) {
        return fail(ErrorKind::internal, "compose: one entry per part expected");
    }
    const std::string boundary = boundaryIn(body);
    FormLimits limits;
    limits.maxBytes = body.size();
    GH_TRY(const Form form, readForm(body, boundary, limits));
    std::vector<JsonEdit> edits;
    bool hasModel = false;
    for (std::size_t i = 0; i < changed.size(); ++i) {
        const Part& part = request.parts[i];
        const bool isModel = part.pointer == kModelPointer && part.kind != PartKind::key && part.tokenEnd != 0;
        if (isModel) {
            hasModel = true;
            edits.push_back({part.tokenBegin, part.tokenEnd, std::string(model)});
            continue;
        }
        if (!changed[i] || *changed[i] == part.text) {
            continue;
        }
        if (part.kind == PartKind::opaque || part.tokenEnd == 0 || !mayStand(part, *changed[i])) {
            return fail(ErrorKind::internal, "compose: a change of what cannot be changed");
        }
        edits.push_back({part.tokenBegin, part.tokenEnd, *changed[i]});
    }
    std::vector<std::pair<std::string, std::string>> more;
    if (!hasModel) {
        more.emplace_back(kModel, model); // the path named it
    }
    return writeForm(body, form, std::move(edits), more);
}

} // namespace gatehouse::dialects
