// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "policy/match.h"
#include "policy/parse.h"
#include "policy/provider_kinds.h"

namespace gatehouse::policy {
namespace {

constexpr std::array<std::string_view, 3> kDiscovered{"ollama", "lmstudio", "llama-server"};

bool isOneOf(std::span<const std::string_view> words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

std::string listOf(std::span<const std::string_view> words) {
    std::string all;
    for (const std::string_view word : words) {
        all += (all.empty() ? "" : ", ") + std::string(word);
    }
    return all;
}

const ProviderKind* findKind(std::string_view name) {
    const auto* const found = std::find_if(kProviderKinds.begin(), kProviderKinds.end(),
                                           [name](const ProviderKind& kind) { return kind.name == name; });
    return found == kProviderKinds.end() ? nullptr : found;
}

std::string kindList() {
    std::string all;
    for (const ProviderKind& kind : kProviderKinds) {
        all += (all.empty() ? "" : ", ") + std::string(kind.name);
    }
    return all;
}

// Plain HTTP is for the machine itself only; names that resolve elsewhere could be pointed at another host.
bool isLoopbackHost(std::string_view host) {
    return host == "localhost" || host == "[::1]" ||
           (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos);
}

// Why a base URL cannot be used; empty when it can.
std::string_view urlFault(std::string_view url) {
    const bool isSecure = url.starts_with("https://");
    if (!isSecure && !url.starts_with("http://")) {
        return "must begin with https:// (or http:// for this machine)";
    }
    const bool hasOddByte = std::any_of(url.begin(), url.end(), [](char c) { return c <= 0x20 || c >= 0x7F; });
    if (hasOddByte || url.find_first_of("?#@\\") != std::string_view::npos) {
        return "must be a plain URL without user name, query or fragment";
    }
    url.remove_prefix(isSecure ? 8 : 7);
    const std::string_view authority = url.substr(0, url.find('/'));
    const std::size_t colon = authority.starts_with('[') ? authority.find("]:") : authority.find(':');
    const std::size_t hostSize = authority.starts_with('[') && colon != std::string_view::npos ? colon + 1 : colon;
    const std::string_view host = authority.substr(0, hostSize);
    if (host.empty()) {
        return "has no host";
    }
    if (!isSecure && !isLoopbackHost(host)) {
        return "plain http is for this machine only (127.0.0.1, [::1], localhost); use https";
    }
    return {};
}

void readAddress(Reader& reader, ProviderEntry& entry) {
    const auto url = reader.text("base_url", 2048);
    if (entry.kind == "preview") {
        if (url) {
            reader.wrong("base_url", "the preview calls nobody and has no address");
        }
        return;
    }
    const ProviderKind* kind = findKind(entry.kind);
    if (kind == nullptr || !kind->hasAddress) {
        reader.require("base_url", "where the server is, with /v1 where it has it");
    }
    if (!url) {
        return;
    }
    if (const std::string_view fault = urlFault(*url); !fault.empty()) {
        reader.wrong("base_url", std::string(fault));
    }
    entry.baseUrl = *url;
    while (entry.baseUrl.ends_with('/')) {
        entry.baseUrl.pop_back();
    }
}

ProviderEntry readProvider(Reader& reader, std::string id) {
    ProviderEntry entry;
    entry.id = std::move(id);
    if (const auto kind = reader.text("kind", 64)) {
        if (findKind(*kind) == nullptr) {
            reader.wrong("kind", inQuotes(*kind) + " is none of " + kindList());
        }
        entry.kind = *kind;
    }
    if ((entry.id == "preview") != (entry.kind == "preview")) {
        reader.faults().add(reader.pointer(), "the id \"preview\" and the kind \"preview\" go together");
    }
    readAddress(reader, entry);
    reader.require("trust", "local, approved or external");
    entry.trust = reader.word("trust", &trustFromWord, &trustWord, 3).value_or(Trust::external);
    entry.region = reader.text("region", 64).value_or("");
    entry.keyName = reader.identifier("key").value_or("");
    for (Text& model : reader.list("models")) {
        entry.models.push_back(std::move(model.text));
    }
    if (entry.models.empty()) {
        entry.models.emplace_back("*");
    }
    reader.done();
    return entry;
}

void readDiscovery(Reader& providers, Document& document) {
    auto reader = providers.object("discovery");
    if (!reader) {
        return;
    }
    document.sections |= 1U << static_cast<unsigned>(Section::discovery);
    document.discovery.isEnabled = reader->flag("enabled").value_or(true);
    // An empty list is a statement here: nothing that is found counts as local.
    for (const auto& [value, pointer] : reader->array("trust_local")) {
        if (!value->is_string() || !isOneOf(kDiscovered, value->get_ref<const std::string&>())) {
            reader->faults().add(pointer, "must be one of " + listOf(kDiscovered));
        } else {
            document.discovery.trustedLocal.push_back(value->get<std::string>());
        }
    }
    reader->done();
}

std::string_view toolChangeWord(ToolChange change) {
    return change == ToolChange::report ? "report" : "block";
}
std::optional<ToolChange> toolChangeFromWord(std::string_view word) {
    return word == "report"  ? std::optional(ToolChange::report)
           : word == "block" ? std::optional(ToolChange::block)
                             : std::nullopt;
}

McpServer readMcpServer(Reader& reader, std::string id) {
    McpServer server;
    server.id = std::move(id);
    reader.require("url", "where the server's endpoint is");
    if (const auto url = reader.text("url", 2048)) {
        if (const std::string_view fault = urlFault(*url); !fault.empty()) {
            reader.wrong("url", std::string(fault));
        }
        server.url = *url;
    }
    reader.require("trust", "local, approved or external");
    server.trust = reader.word("trust", &trustFromWord, &trustWord, 3).value_or(Trust::external);
    server.region = reader.text("region", 64).value_or("");
    server.keyName = reader.identifier("key").value_or("");
    for (Text& tool : reader.list("tools")) {
        server.tools.push_back(std::move(tool.text));
    }
    if (server.tools.empty()) {
        server.tools.emplace_back("*");
    }
    server.onChange = reader.word("on_change", &toolChangeFromWord, &toolChangeWord, 2).value_or(ToolChange::block);
    server.toolsVersion = reader.text("tools_version", 64).value_or("");
    reader.done();
    return server;
}

} // namespace

void parseMcp(Reader& root, Document& document) {
    const Json* const value = root.find("mcp");
    auto servers = root.object("mcp");
    if (!servers || value == nullptr) {
        return;
    }
    document.sections |= 1U << static_cast<unsigned>(Section::mcp);
    for (const auto& [id, entry] : value->items()) {
        if (!isIdentifier(id)) {
            root.faults().add(servers->pointerOf(id),
                              inQuotes(id) + " is not an id: lower-case letters, digits, \".\", \"_\" and \"-\" only",
                              Faults::At::key);
        } else if (auto reader = servers->object(id)) {
            document.mcpServers.push_back(readMcpServer(*reader, id));
        }
    }
}

void parseProviders(Reader& root, Document& document) {
    const Json* const value = root.find("providers");
    auto providers = root.object("providers");
    if (!providers || value == nullptr) {
        return;
    }
    document.sections |= 1U << static_cast<unsigned>(Section::providers);
    readDiscovery(*providers, document);
    for (const auto& [id, entry] : value->items()) {
        if (id == "discovery") {
            continue;
        }
        if (!isIdentifier(id)) {
            root.faults().add(providers->pointerOf(id),
                              inQuotes(id) + " is not an id: lower-case letters, digits, \".\", \"_\" and \"-\" only",
                              Faults::At::key);
            continue;
        }
        if (auto reader = providers->object(id)) {
            document.providers.push_back(readProvider(*reader, id));
        }
    }
}

void parseModels(Reader& root, Document& document) {
    const Json* const value = root.find("models");
    auto models = root.object("models");
    if (!models || value == nullptr) {
        return;
    }
    document.sections |= 1U << static_cast<unsigned>(Section::models);
    for (const auto& [alias, unused] : value->items()) {
        const auto target = models->text(alias);
        if (alias.empty() || alias.size() > 128) {
            models->wrong(alias, "an alias has 1 to 128 bytes");
        }
        if (!target) {
            continue;
        }
        const ModelName name = splitModelName(*target);
        const bool isDeclared =
            std::any_of(document.providers.begin(), document.providers.end(),
                        [&](const ProviderEntry& provider) { return provider.id == name.provider; });
        if (name.provider.empty() || name.model.empty()) {
            models->wrong(alias, "must be \"provider/model\"");
        } else if (!isDeclared && name.provider != "preview" && !isOneOf(kDiscovered, name.provider)) {
            models->wrong(alias, "there is no provider " + inQuotes(name.provider) + " in \"providers\"");
        }
        document.modelAliases[alias] = *target;
    }
}

} // namespace gatehouse::policy
