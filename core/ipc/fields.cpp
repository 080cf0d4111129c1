// SPDX-License-Identifier: Apache-2.0
#include "ipc/fields.h"

#include <algorithm>

#include "ipc/messages.h"

namespace gatehouse::ipc {

static bool isIdCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

bool isId(std::string_view text) {
    return text.size() <= kIdLimit && std::ranges::all_of(text, isIdCharacter);
}

Result<std::string> textOf(const Json& body, const char* name, std::size_t limit) {
    const auto member = body.find(name);
    if (member == body.end() || !member->is_string()) {
        return fail(ErrorKind::invalidInput, std::string("no text in '") + name + "'");
    }
    const auto& text = member->get_ref<const std::string&>();
    if (text.size() > limit) {
        return fail(ErrorKind::limit, std::string("'") + name + "' above its cap");
    }
    return text;
}

Result<std::string> optionalText(const Json& body, const char* name, std::size_t limit) {
    return body.contains(name) ? textOf(body, name, limit) : Result<std::string>(std::string());
}

Result<bool> flagOf(const Json& body, const char* name, bool isOptional) {
    const auto member = body.find(name);
    if (member == body.end() && isOptional) {
        return false;
    }
    if (member == body.end() || !member->is_boolean()) {
        return fail(ErrorKind::invalidInput, std::string("no flag in '") + name + "'");
    }
    return member->get<bool>();
}

Result<std::string> idText(const Json& body, const char* name) {
    GH_TRY(std::string text, textOf(body, name, kIdLimit));
    if (!isId(text)) {
        return fail(ErrorKind::invalidInput, std::string("odd bytes in '") + name + "'");
    }
    return text;
}

Json envelope(std::string_view type, std::string_view id) {
    Json json{{"v", kProtocolVersion}, {"type", type}};
    if (!id.empty()) {
        json["id"] = id;
    }
    return json;
}

} // namespace gatehouse::ipc
