// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dialects/json_edit.h"

// Bodies of multipart/form-data (RFC 7578, RFC 2046 §5.1), read strictly: what two readers might understand in two ways
// is refused, and there is no byte that is in no field. Pure; any thread.
namespace gatehouse::dialects {

struct FormLimits {
    std::size_t maxBytes = 8UL * 1024UL * 1024UL;
    std::size_t maxFields = 256;
    std::size_t maxHead = 4096; // bytes of one field's headers
};

// One field: ranges are of the body.
struct FormField {
    std::string name; // letters, digits, "_", "-", ".", "[", "]"
    JsonRange nameAt;
    std::optional<std::string> fileName;
    JsonRange fileNameAt;
    std::string mediaType; // as written; empty when the field says none
    JsonRange delimiter;   // "--" and the boundary, without its line ends
    JsonRange content;
};

struct Form {
    std::vector<FormField> fields;
    JsonRange end; // the last delimiter: "--" and the boundary, without the "--" behind
};

// The boundary that a Content-Type names; nullopt for any other type, or one that is not well-formed.
std::optional<std::string> formBoundary(std::string_view contentType);

// invalidInput or limit with words for the caller, never with text of the body.
[[nodiscard]] Result<Form> readForm(std::string_view body, std::string_view boundary, const FormLimits& limits);

// True for what may stand in a quoted name of a field's head: no quote, no backslash, no control character.
bool isFormName(std::string_view text);

// The body with `edits` made (their ranges are of `body`), `more` as further fields, and boundaries of our own: the
// client's is a text of its choice that says nothing to a provider. limit when no boundary can be found that is not in
// the contents.
[[nodiscard]] Result<std::string> writeForm(std::string_view body, const Form& form, std::vector<JsonEdit> edits,
                                            const std::vector<std::pair<std::string, std::string>>& more);

// The Content-Type of a body that writeForm() wrote.
std::string formMediaType(std::string_view body);

} // namespace gatehouse::dialects
