// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dialects/dialect.h"

// Messages of the Model Context Protocol over streamable HTTP (modelcontextprotocol.io, revision 2025-06-18): one
// JSON-RPC 2.0 message a body or event. Pure; any thread.
namespace gatehouse::dialects {

// "tools/call/NAME" for a call of a tool, the method of any other message, "response" for an answer to the server.
std::string mcpAction(const McpCall& call);

// One tool as its server describes it.
struct McpTool {
    std::string name;
    std::string digest; // SHA-256 hex over all that the server says of it, whatever the order of its keys
};

// The message without the tools that `keeps` refuses; the document itself, byte for byte, when it refuses none or when
// the message lists no tools. invalidInput when it is not strict JSON.
[[nodiscard]] Result<std::string> filterMcpTools(std::string_view document,
                                                 const std::function<bool(const McpTool&)>& keeps);

} // namespace gatehouse::dialects
