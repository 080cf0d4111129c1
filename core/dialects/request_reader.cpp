// SPDX-License-Identifier: Apache-2.0
#include "dialects/request_reader.h"

#include <algorithm>
#include <array>
#include <map>

#include "dialects/openai_parts.h"

namespace gatehouse::dialects {
namespace {

constexpr std::string_view kModel = "/model";

std::string_view textAt(std::string_view body, JsonRange range) {
    return body.substr(range.begin, range.end - range.begin);
}

Part partOf(JsonString&& string, const Label& label) {
    Part part;
    part.kind = string.isKey ? PartKind::key : label.kind;
    part.isImmutable = !string.isKey && label.isImmutable;
    part.text = std::move(string.text);
    part.pointer = std::move(string.pointer);
    part.tokenBegin = string.begin;
    part.tokenEnd = string.end;
    return part;
}

// A long number may be a card's as well as one in a string. What is found in it refuses the request, because a text in
// its place would be another type than the provider expects.
void addNumbers(std::string_view body, std::vector<JsonNumber>&& numbers, ParsedRequest& request) {
    for (JsonNumber& number : numbers) {
        Part part;
        part.kind = PartKind::other;
        part.isImmutable = true;
        part.text = numberInWords(body, number);
        part.pointer = std::move(number.pointer);
        part.tokenBegin = number.begin;
        part.tokenEnd = number.end;
        request.parts.push_back(std::move(part));
    }
}

// Sets the roles of the parts of each message, which its member "role" may follow.
void setRoles(ParsedRequest& request, const RequestForm& form) {
    std::map<std::string, std::string, std::less<>> roles; // by message index
    for (const Part& part : request.parts) {
        if (part.kind == PartKind::key || !part.pointer.ends_with("/role")) {
            continue;
        }
        const auto segments = pointerSegments(part.pointer);
        if (segments.size() == 3 && segments[0] == form.messages && segments[2] == "role") {
            roles[segments[1]] = part.text;
        }
    }
    for (Part& part : request.parts) {
        const auto segments = pointerSegments(part.pointer);
        if (segments.empty()) {
            continue;
        }
        if (segments[0] != form.messages || segments.size() < 2) {
            part.role = form.roleOf == nullptr ? std::string_view() : form.roleOf(segments[0]);
        } else if (const auto role = roles.find(segments[1]); role != roles.end()) {
            part.role = role->second;
        }
        if (part.kind == PartKind::text) {
            const bool isSystem = part.role == "system" || part.role == "developer";
            const bool isTool = part.role == "tool" || part.role == "function";
            part.kind = isSystem ? PartKind::system : isTool ? PartKind::toolResult : PartKind::text;
        }
    }
}

void setSeed(ParsedRequest& request) {
    for (const Part& part : request.parts) {
        const bool isUser = part.kind == PartKind::text && (part.role == "user" || part.role.empty());
        if (part.kind == PartKind::system || isUser) {
            request.seed += part.text;
            request.seed += '\0';
        }
        if (isUser) {
            return;
        }
    }
}

Result<> readOuterMember(std::string_view body, const JsonString& key, const RequestForm& form,
                         ParsedRequest& request) {
    if (form.hasStreamMember && key.pointer == "/stream") {
        const std::string_view value = textAt(body, memberValue(body, key.end));
        if (value != "true" && value != "false" && value != "null") {
            return fail(ErrorKind::invalidInput, "the member 'stream' is not a boolean");
        }
        request.isStream = value == "true" || (value == "null" && form.streamsByDefault);
    }
    return {};
}

// The model that the URL names is sent in a URL, too: it is inspected like every text, and cannot be changed.
void addAskedModel(ParsedRequest& request, const Asked& asked) {
    Part part;
    part.kind = PartKind::metadata;
    part.text = asked.model;
    part.pointer = kModel;
    part.isImmutable = true;
    request.parts.push_back(std::move(part));
    request.model = asked.model;
}

} // namespace

bool isSignedMember(std::string_view name) {
    constexpr std::array<std::string_view, 6> kSigned{"encrypted_content", "signature",         "thought_signature",
                                                      "thoughtSignature",  "redacted_thinking", "reasoning_encrypted"};
    return std::find(kSigned.begin(), kSigned.end(), name) != kSigned.end();
}

Result<ParsedRequest> readRequest(std::string_view body, const JsonLimits& limits, const Asked& asked,
                                  const RequestForm& form) {
    std::vector<JsonNumber> numbers;
    GH_TRY(std::vector<JsonString> strings, indexJson(body, limits, nullptr, &numbers));
    const std::size_t first = body.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || body[first] != '{') {
        return fail(ErrorKind::invalidInput, "the body is not a JSON object");
    }
    ParsedRequest request;
    request.isStream = form.hasStreamMember ? form.streamsByDefault : asked.isStream;
    request.parts.reserve(strings.size() + 1);
    for (JsonString& string : strings) {
        Label label;
        if (string.isKey) {
            GH_CHECK(readOuterMember(body, string, form, request));
        } else {
            label = form.label(string, pointerSegments(string.pointer));
            if (string.pointer == kModel) {
                // The asked name goes to a provider that takes any model: nothing may be redacted in it.
                request.model = string.text;
                label.isImmutable = true;
            }
        }
        request.hasReferences = request.hasReferences || label.isReference;
        request.parts.push_back(partOf(std::move(string), label));
    }
    addNumbers(body, std::move(numbers), request);
    if (!asked.model.empty()) {
        addAskedModel(request, asked);
    }
    if (request.model.empty()) {
        return fail(ErrorKind::invalidInput, "the member 'model' is missing or not a string");
    }
    setRoles(request, form);
    setSeed(request);
    return request;
}

Result<std::string> composeRequest(std::string_view body, const ParsedRequest& request,
                                   std::span<const std::optional<std::string>> changed, std::string_view model,
                                   std::vector<JsonEdit> edits) {
    if (changed.size() != request.parts.size()) {
        return fail(ErrorKind::internal, "compose: one entry per part expected");
    }
    bool mayDisagree = !edits.empty(); // keys are put in or changed
    for (std::size_t i = 0; i < changed.size(); ++i) {
        const Part& part = request.parts[i];
        const bool isModel = part.pointer == kModel && part.kind != PartKind::key;
        if (part.tokenEnd == 0) {
            if (!isModel && changed[i] && *changed[i] != part.text) {
                return fail(ErrorKind::internal, "compose: a change outside of the body");
            }
        } else if (isModel) {
            if (model != part.text) {
                edits.push_back({part.tokenBegin, part.tokenEnd, quoteJson(model)});
            }
        } else if (changed[i] && *changed[i] != part.text) {
            edits.push_back({part.tokenBegin, part.tokenEnd, quoteJson(*changed[i])});
            mayDisagree = mayDisagree || part.kind == PartKind::key;
        }
    }
    if (edits.empty()) {
        return std::string(body);
    }
    std::string out = applyEdits(body, std::move(edits));
    if (!mayDisagree) {
        return out;
    }
    // A changed key could now equal its neighbour: two readers of such a body might disagree.
    JsonLimits generous;
    generous.maxBytes = out.size() + 1;
    generous.maxString = out.size() + 1;
    GH_CHECK(checkJson(out, generous));
    return out;
}

const Part* findKey(const ParsedRequest& request, std::string_view pointer) {
    const auto found = std::find_if(request.parts.begin(), request.parts.end(), [pointer](const Part& part) {
        return part.kind == PartKind::key && part.pointer == pointer;
    });
    return found == request.parts.end() ? nullptr : &*found;
}

std::string_view memberBytes(std::string_view body, const ParsedRequest& request, std::string_view pointer) {
    const Part* key = findKey(request, pointer);
    return key == nullptr ? std::string_view() : textAt(body, memberValue(body, key->tokenEnd));
}

Result<> needObjects(std::string_view body, const ParsedRequest& request, std::string_view name) {
    const auto wrong = [name] {
        return fail(ErrorKind::invalidInput,
                    "the member '" + std::string(name) + "' is missing, empty or not a list of objects");
    };
    const Part* key = findKey(request, "/" + std::string(name));
    if (key == nullptr) {
        return wrong();
    }
    const std::size_t list = memberBegin(body, key->tokenEnd);
    if (body[list] != '[') {
        return wrong();
    }
    std::size_t at = list + 1;
    for (std::size_t count = 0;; ++count) {
        const JsonRange element = elementValue(body, at);
        if (element.begin == element.end) {
            return count > 0 ? Result<>() : wrong();
        }
        if (body[element.begin] != '{') {
            return wrong();
        }
        at = element.end;
    }
}

} // namespace gatehouse::dialects
