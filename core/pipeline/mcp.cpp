// SPDX-License-Identifier: Apache-2.0
#include "pipeline/mcp.h"

#include <algorithm>

#include "base/crypto.h"
#include "dialects/mcp.h"
#include "pipeline/mapped_source.h"
#include "pipeline/request.h"
#include "pipeline/tool_pins.h"
#include "policy/match.h"

namespace gatehouse::pipeline {
namespace {

constexpr std::size_t kMaxSessions = 1024;
constexpr std::size_t kMaxSessionName = 1024;
constexpr std::size_t kMaxPinned = 4096;
constexpr std::string_view kSessionHeader = "mcp-session-id";

std::string joined(std::string_view first, std::string_view second, std::string_view third = {}) {
    std::string all(first);
    all += '\0';
    all += second;
    all += '\0';
    all += third;
    return all;
}

const std::string* findHeader(const Headers& headers, std::string_view name) {
    const auto found =
        std::find_if(headers.begin(), headers.end(), [&](const auto& each) { return each.first == name; });
    return found == headers.end() ? nullptr : &found->second;
}

class MemoryPins final : public ToolPins {
public:
    State check(std::string_view server, std::string_view version, std::string_view tool,
                std::string_view digest) override {
        if (m_pins.size() >= kMaxPinned) {
            m_pins.clear(); // a server that makes up names must not fill the memory
        }
        const auto [place, isNew] = m_pins.try_emplace(joined(server, version, tool), std::string(digest), false);
        auto& [pinned, hasChanged] = place->second;
        hasChanged = pinned != digest;
        return isNew ? State::first : hasChanged ? State::changed : State::same;
    }
    [[nodiscard]] bool isChanged(std::string_view server, std::string_view version,
                                 std::string_view tool) const override {
        const auto found = m_pins.find(joined(server, version, tool));
        return found != m_pins.end() && found->second.second;
    }

private:
    std::map<std::string, std::pair<std::string, bool>> m_pins; // digest, whether it changed
};

// One tool of a list: whether the client may see it.
bool keepsTool(Request& request, const policy::McpServer& server, const dialects::McpTool& tool,
               std::vector<std::string>& changed) {
    if (!policy::allowsTool(server, tool.name)) {
        return false;
    }
    const auto state = request.shared.pins->check(server.id, server.toolsVersion, tool.name, tool.digest);
    if (state != ToolPins::State::changed) {
        return true;
    }
    changed.push_back(tool.name);
    return server.onChange == policy::ToolChange::report;
}

// Names of tools come from the server: only what can carry no text of its own is told.
std::string tellable(const std::string& name) {
    const bool isPlain = name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
                             return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                    c == '_' || c == '-' || c == '.' || c == '/';
                         });
    return isPlain ? name : "(other)";
}

void noteChanges(Request& request, const std::vector<std::string>& changed) {
    if (changed.empty()) {
        return;
    }
    std::string names;
    for (const std::string& name : changed) {
        if (names.size() < 400) {
            names += (names.empty() ? "" : ", ") + tellable(name);
        }
    }
    request.notice = "tools_changed: " + names;
    std::erase_if(request.upstreamHeaders, [](const auto& each) { return each.first == "x-gatehouse-tools-changed"; });
    request.upstreamHeaders.emplace_back("x-gatehouse-tools-changed", std::move(names));
}

class McpSource final : public MappedSource {
public:
    McpSource(std::unique_ptr<BodySource> source, Request& request, bool isStream)
        : MappedSource(std::move(source))
        , m_request(request)
        , m_reader(isStream ? dialects::makeFrameReader(dialects::Framing::sse) : nullptr) {}

protected:
    Result<std::string> take(std::string piece) override {
        if (m_reader == nullptr) {
            m_document += piece;
            return std::string();
        }
        GH_TRY(const auto frames, m_reader->push(piece));
        std::string out;
        for (const dialects::StreamFrame& frame : frames) {
            GH_TRY(const std::string bytes, filtered(frame));
            out += bytes;
        }
        return out;
    }

    Result<std::string> end() override {
        if (m_reader == nullptr) {
            return filteredDocument(m_document);
        }
        GH_TRY(const auto last, m_reader->finish());
        return last ? filtered(*last) : Result<std::string>(std::string());
    }

private:
    Result<std::string> filtered(const dialects::StreamFrame& frame) {
        if (!frame.data || frame.data->empty()) {
            return frame.raw;
        }
        GH_TRY(const std::string document, filteredDocument(*frame.data));
        return document == *frame.data ? frame.raw : frame.withData(document);
    }

    Result<std::string> filteredDocument(const std::string& document) {
        const policy::McpServer* server = mcpServerOf(m_request);
        if (server == nullptr) {
            return fail(ErrorKind::internal, "the server is not in policy");
        }
        std::vector<std::string> changed;
        GH_TRY(std::string out, dialects::filterMcpTools(document, [&](const dialects::McpTool& tool) {
                   return keepsTool(m_request, *server, tool, changed);
               }));
        m_request.shared.pins->keep();
        noteChanges(m_request, changed);
        return out;
    }

    Request& m_request; // owns what owns this
    std::unique_ptr<dialects::FrameReader> m_reader;
    std::string m_document;
};

} // namespace

std::unique_ptr<ToolPins> makeMemoryPins() {
    return std::make_unique<MemoryPins>();
}

std::string McpSessions::add(std::string_view client, std::string_view server, std::string name) {
    std::string ours = newId();
    m_sessions.push_front({joined(client, server, ours), std::move(name)});
    m_places[m_sessions.front().key] = m_sessions.begin();
    if (m_sessions.size() > kMaxSessions) {
        m_places.erase(m_sessions.back().key);
        m_sessions.pop_back();
    }
    return ours;
}

std::optional<std::string> McpSessions::find(std::string_view client, std::string_view server, std::string_view ours) {
    const auto found = m_places.find(joined(client, server, ours));
    if (found == m_places.end()) {
        return std::nullopt;
    }
    m_sessions.splice(m_sessions.begin(), m_sessions, found->second);
    return found->second->name;
}

void McpSessions::remove(std::string_view client, std::string_view server, std::string_view ours) {
    const auto found = m_places.find(joined(client, server, ours));
    if (found != m_places.end()) {
        m_sessions.erase(found->second);
        m_places.erase(found);
    }
}

const policy::McpServer* mcpServerOf(const Request& request) {
    const auto& servers = request.rules.policy->mcpServers();
    const auto found = std::find_if(servers.begin(), servers.end(),
                                    [&](const policy::McpServer& server) { return server.id == request.asked.model; });
    return found == servers.end() ? nullptr : &*found;
}

std::optional<Refusal> resolveMcp(Request& request) {
    const policy::McpServer* server = mcpServerOf(request);
    if (server == nullptr) {
        return Refusal{
            RefusalReason::unknownModel, "Policy names no server of tools of this name (section \"mcp\").", {}, {}, {}};
    }
    const dialects::McpCall& call = *request.parsed.rpc;
    if (!call.tool.empty() && !policy::allowsTool(*server, call.tool)) {
        return Refusal{RefusalReason::policyDenied, "Policy does not allow this tool of the server.", {}, {}, {}};
    }
    const bool isChanged =
        !call.tool.empty() && request.shared.pins->isChanged(server->id, server->toolsVersion, call.tool);
    if (isChanged && server->onChange == policy::ToolChange::block) {
        return Refusal{RefusalReason::policyDenied,
                       "This tool is described otherwise than when it was first seen, so it may not be called. Who "
                       "answers for the policy can accept that by another \"tools_version\".",
                       {},
                       {},
                       {}};
    }
    Candidate candidate;
    candidate.target.providerId = "mcp:" + server->id;
    candidate.target.model = request.asked.model;
    candidate.target.trust = server->trust;
    candidate.target.region = server->region;
    candidate.target.baseUrl = server->url;
    candidate.target.kind = "mcp";
    candidate.target.keyName = server->keyName;
    candidate.destination = {candidate.target.providerId, dialects::mcpAction(call), server->region, {}, server->trust};
    candidate.outbound = &request.dialect;
    request.candidates.push_back(std::move(candidate));
    return std::nullopt;
}

Result<upstream::Request> mcpRequest(Request& request, const policy::McpServer& server, std::string body) {
    upstream::Request out;
    out.method = request.head.method;
    out.url = server.url;
    out.headers = {{"accept", out.method == "GET" ? "text/event-stream" : "application/json, text/event-stream"},
                   {"accept-encoding", "identity"},
                   {"user-agent", "gatehouse"}};
    if (out.method == "POST") {
        out.headers.emplace_back("content-type", "application/json");
    }
    if (const std::string* ours = findHeader(request.head.headers, kSessionHeader)) {
        auto name = request.shared.sessions.find(request.client.id, server.id, *ours);
        if (!name) {
            return fail(ErrorKind::notFound, "no such session");
        }
        out.headers.emplace_back(kSessionHeader, std::move(*name));
    }
    for (const Part& part : request.interaction.parts) {
        if (part.pointer.starts_with("header:")) {
            out.headers.emplace_back(part.pointer.substr(7), part.text);
        }
    }
    out.body = std::move(body);
    if (out.method == "GET") {
        out.idleTimeout = out.totalTimeout; // servers may have nothing to say for a long time
    }
    return out;
}

std::optional<Refusal> takeMcpHead(Request& request, upstream::Head& head) {
    const std::string* ours = findHeader(request.head.headers, kSessionHeader);
    const std::string server = mcpServerOf(request)->id;
    const bool isOver = head.status == 404 || (request.head.method == "DELETE" && head.status < 300);
    if (ours != nullptr && isOver) {
        request.shared.sessions.remove(request.client.id, server, *ours);
    }
    const auto found = std::find_if(head.headers.begin(), head.headers.end(),
                                    [](const auto& each) { return each.first == kSessionHeader; });
    if (found != head.headers.end() && head.status < 300 && ours == nullptr) {
        const bool isPlain =
            !found->second.empty() && found->second.size() <= kMaxSessionName &&
            std::all_of(found->second.begin(), found->second.end(), [](char c) { return c > ' ' && c <= '~'; });
        if (!isPlain) {
            return Refusal{RefusalReason::upstreamFailed, "The server's session has an odd name.", {}, {}, {}};
        }
        request.upstreamHeaders.emplace_back(kSessionHeader,
                                             request.shared.sessions.add(request.client.id, server, found->second));
    }
    return std::nullopt;
}

std::unique_ptr<BodySource> makeMcpSource(std::unique_ptr<BodySource> source, Request& request, bool isStream) {
    return std::make_unique<McpSource>(std::move(source), request, isStream);
}

} // namespace gatehouse::pipeline
