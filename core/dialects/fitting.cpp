// SPDX-License-Identifier: Apache-2.0
#include "dialects/fitting.h"

#include <algorithm>
#include <array>

#include "base/crypto.h"
#include "dialects/json_view.h"

namespace gatehouse::dialects {
namespace {

constexpr std::size_t kMaxName = 64;
constexpr std::size_t kHashDigits = 8;

bool isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool isNameByte(char c) {
    return isLetter(c) || (c >= '0' && c <= '9') || c == '-';
}

bool isFitting(std::string_view name) {
    return name.empty() ||
           (name.size() <= kMaxName && isLetter(name.front()) && std::all_of(name.begin(), name.end(), isNameByte));
}

bool isRequired(const OrderedJson& schema, const std::string& name) {
    const OrderedJson& required = memberOf(schema, "required");
    return required.is_array() && std::find(required.begin(), required.end(), name) != required.end();
}

bool isObjectSchema(const OrderedJson& schema) {
    const OrderedJson& type = memberOf(schema, "type");
    const bool isListed = type.is_array() && std::find(type.begin(), type.end(), "object") != type.end();
    return type == "object" || isListed || schema.contains("properties");
}

// Closed, each property required and strict itself.
bool isStrictObject(const OrderedJson& schema) {
    const OrderedJson& more = memberOf(schema, "additionalProperties");
    if (!more.is_boolean() || more.get<bool>()) {
        return false;
    }
    const OrderedJson& properties = memberOf(schema, "properties");
    if (!properties.is_object()) {
        return true;
    }
    for (const auto& [name, value] : properties.items()) {
        if (!isRequired(schema, name) || !isStrictSchema(value)) {
            return false;
        }
    }
    return true;
}

} // namespace

void ToolNames::fitName(std::string& name) {
    if (isFitting(name)) {
        return;
    }
    std::string fitting = name.substr(0, kMaxName - kHashDigits - 1);
    std::replace_if(fitting.begin(), fitting.end(), [](char c) { return !isNameByte(c); }, '_');
    if (!isLetter(fitting.front())) {
        fitting.front() = '_';
    }
    fitting += '_' + sha256Hex(name).substr(0, kHashDigits);
    m_clientNames.insert_or_assign(fitting, std::exchange(name, fitting));
}

void ToolNames::fit(ChatRequest& request) {
    for (ChatTool& tool : request.tools) {
        fitName(tool.name);
    }
    fitName(request.toolName);
    for (ChatMessage& message : request.messages) {
        for (ChatBlock& block : message.blocks) {
            if (block.kind == BlockKind::toolCall || block.kind == BlockKind::toolResult) {
                fitName(block.name);
            }
        }
    }
}

std::string ToolNames::clientName(const std::string& name) const {
    const auto found = m_clientNames.find(name);
    return found == m_clientNames.end() ? name : found->second;
}

bool isStrictSchema(const OrderedJson& schema) {
    if (schema.is_array()) {
        return std::all_of(schema.begin(), schema.end(), isStrictSchema);
    }
    if (!schema.is_object()) {
        return true;
    }
    if (isObjectSchema(schema) && !isStrictObject(schema)) {
        return false;
    }
    for (const char* const holder : {"$defs", "definitions"}) {
        const OrderedJson& definitions = memberOf(schema, holder);
        if (definitions.is_object() && !std::all_of(definitions.begin(), definitions.end(), isStrictSchema)) {
            return false;
        }
    }
    return isStrictSchema(memberOf(schema, "items")) && isStrictSchema(memberOf(schema, "anyOf"));
}

OrderedJson closedSchema(const OrderedJson& schema, bool& isNarrower, bool& isWider) {
    constexpr std::array<std::string_view, 9> kLimits{"minimum",          "maximum",    "exclusiveMinimum",
                                                      "exclusiveMaximum", "multipleOf", "minLength",
                                                      "maxLength",        "maxItems",   "uniqueItems"};
    if (schema.is_array()) {
        OrderedJson out = OrderedJson::array();
        for (const OrderedJson& each : schema) {
            out.push_back(closedSchema(each, isNarrower, isWider));
        }
        return out;
    }
    if (!schema.is_object()) {
        return schema;
    }
    OrderedJson out = OrderedJson::object();
    for (const auto& [name, value] : schema.items()) {
        const bool isLimit = std::find(kLimits.begin(), kLimits.end(), name) != kLimits.end() && !value.is_object();
        if (isLimit) {
            isWider = true;
            continue;
        }
        const bool holdsSchemas = name == "properties" || name == "$defs" || name == "definitions";
        if (holdsSchemas && value.is_object()) {
            for (const auto& [key, each] : value.items()) {
                out[name][key] = closedSchema(each, isNarrower, isWider);
            }
            continue;
        }
        const bool isData =
            name == "enum" || name == "const" || name == "default" || name == "examples" || name == "required";
        out[name] = isData ? value : closedSchema(value, isNarrower, isWider);
    }
    const bool isClosed =
        memberOf(out, "additionalProperties").is_boolean() && !out["additionalProperties"].get<bool>();
    if (isObjectSchema(out) && !isClosed) {
        out["additionalProperties"] = false;
        isNarrower = true;
    }
    return out;
}

} // namespace gatehouse::dialects
