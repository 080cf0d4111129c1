// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "pipeline/pipeline.h"
#include "policy/policy.h"
#include "upstream/upstream.h"

// What messages to servers of tools (MCP) have that calls of models have not: sessions, tools that are pinned, answers
// without a body. They pass the same stages. gw-io thread.
namespace gatehouse::pipeline {

class Request;

// The sessions that servers opened, under names of our own: a server's own name for one reaches no client, and a
// session belongs to the client that opened it. Ends with the process; clients open a new one when theirs is unknown.
class McpSessions final {
public:
    // Our name for it. Above 1024 sessions the one that was used longest ago is forgotten.
    std::string add(std::string_view client, std::string_view server, std::string name);
    // The server's name; nullopt when this client has no such session there.
    std::optional<std::string> find(std::string_view client, std::string_view server, std::string_view ours);
    void remove(std::string_view client, std::string_view server, std::string_view ours);

private:
    struct Session {
        std::string key; // client, server and our name
        std::string name;
    };
    using Place = std::list<Session>::iterator;
    std::list<Session> m_sessions; // the newest use first
    std::map<std::string, Place, std::less<>> m_places;
};

// Adds the one candidate. Refuses servers that policy does not name and tools that it does not allow.
std::optional<Refusal> resolveMcp(Request& request);

// The transfer that carries the request on. notFound when the client's session is unknown.
[[nodiscard]] Result<upstream::Request> mcpRequest(Request& request, const policy::McpServer& server, std::string body);

// Takes over the session and the body of an answer. A refusal when it is no answer of the protocol.
std::optional<Refusal> takeMcpHead(Request& request, upstream::Head& head);

// The messages of `source` without the tools that policy refuses.
std::unique_ptr<BodySource> makeMcpSource(std::unique_ptr<BodySource> source, Request& request, bool isStream);

// The server that the request names; null when policy has none of this name.
const policy::McpServer* mcpServerOf(const Request& request);

} // namespace gatehouse::pipeline
