// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "dialects/chat.h"

// What vendors want of names and schemas, where a request comes from a dialect that allows more. Pure.
namespace gatehouse::dialects {

// Names of tools as every vendor takes them: a letter or "_", then letters, digits, "_" and "-", 64 in all. Others
// become "prefix_hash" on the way out, always the same, so that the turns of a conversation agree, and their own again
// on the way back.
class ToolNames final {
public:
    void fit(ChatRequest& request);
    // The client's name for one that was changed; any other as it is.
    [[nodiscard]] std::string clientName(const std::string& name) const;

private:
    void fitName(std::string& name);
    std::map<std::string, std::string, std::less<>> m_clientNames; // by what left
};

// True when OpenAI takes the schema as a strict one: each object is closed, and all of its properties are required.
bool isStrictSchema(const OrderedJson& schema);

// The schema as Anthropic takes it for structured output: each object is closed, and there are no limits of numbers and
// lengths. `isNarrower` is set when an object was closed that was open, `isWider` when a limit was left out.
OrderedJson closedSchema(const OrderedJson& schema, bool& isNarrower, bool& isWider);

} // namespace gatehouse::dialects
