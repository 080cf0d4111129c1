// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/dialect.h"
#include "dialects/json_edit.h"

// What all requests in JSON have in common: every string becomes a part, with the label that its dialect gives it.
namespace gatehouse::dialects {

// What a dialect says about one string of a request that is no key.
struct Label {
    PartKind kind = PartKind::other;
    bool isImmutable = false; // signed, encrypted, or a name that must stay
    bool isReference = false; // the provider would fetch or look up what it names
};

// How the requests of one dialect are read.
struct RequestForm {
    Label (*label)(const JsonString& string, const std::vector<std::string>& segments) = nullptr;
    // Members that hold messages with a "role" ("messages"); their parts get the role.
    std::string_view messages;
    // The role of parts outside of messages, by their first segment; null: none.
    std::string_view (*roleOf)(std::string_view first) = nullptr;
    bool streamsByDefault = false;
    bool hasStreamMember = true; // "stream"; false: the URL chooses
};

// Reads a body whose outer value is an object. Without a model in the body, the one of `asked` becomes a part (pointer
// "/model", without a place in the body). invalidInput when there is neither.
[[nodiscard]] Result<ParsedRequest> readRequest(std::string_view body, const JsonLimits& limits, const Asked& asked,
                                                const RequestForm& form);

// Dialect::compose() for all: `edits` are the dialect's own, made before.
[[nodiscard]] Result<std::string> composeRequest(std::string_view body, const ParsedRequest& request,
                                                 std::span<const std::optional<std::string>> changed,
                                                 std::string_view model, std::vector<JsonEdit> edits = {});

// The part of the member with this pointer that is its key; null when there is none.
const Part* findKey(const ParsedRequest& request, std::string_view pointer);

// The raw bytes of the value of a member of the outer object; empty when there is none.
std::string_view memberBytes(std::string_view body, const ParsedRequest& request, std::string_view pointer);

// invalidInput unless the member `name` is a list of at least one object.
[[nodiscard]] Result<> needObjects(std::string_view body, const ParsedRequest& request, std::string_view name);

// Members whose strings a provider signed or encrypted: they must go back as they came.
bool isSignedMember(std::string_view name);

} // namespace gatehouse::dialects
