// SPDX-License-Identifier: Apache-2.0
// Any bytes as a message of MCP, in both directions: a request with nothing to change stays as it is, a list of tools
// loses those that are refused and nothing else, and what comes out is read again.
#include <cstdint>
#include <string>
#include <string_view>

#include "chosen_dialect.h"
#include "dialects/mcp.h"

using namespace gatehouse;
using namespace gatehouse::dialects;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    Asked asked;
    asked.model = "server";
    if (const auto request = mcp().parse(bytes, {}, asked)) {
        fuzz::require(request->rpc.has_value());
        const std::vector<std::optional<std::string>> nothing(request->parts.size());
        const auto body = mcp().compose(bytes, *request, nothing, request->model);
        fuzz::require(body.has_value() && *body == bytes);
        static_cast<void>(mcpAction(*request->rpc));
    }
    const auto event = mcp().read(bytes, true);
    const auto all = filterMcpTools(bytes, [](const McpTool&) { return true; });
    fuzz::require(!all || *all == bytes);
    std::size_t seen = 0;
    const auto half = filterMcpTools(bytes, [&seen](const McpTool&) { return ++seen % 2 == 0; });
    fuzz::require(all.has_value() == half.has_value());
    if (half && event) {
        fuzz::require(checkJson(*half).has_value());
        std::size_t left = 0;
        const auto rest = filterMcpTools(*half, [&left](const McpTool&) { return ++left > 0; });
        fuzz::require(rest.has_value() && left == seen / 2);
    }
    return 0;
}
