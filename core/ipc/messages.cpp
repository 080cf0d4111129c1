// SPDX-License-Identifier: Apache-2.0
#include "ipc/messages.h"

#include <algorithm>
#include <array>
#include <limits>

#include "base/bytes.h"
#include "ipc/fields.h"
#include "ipc/framing.h"

namespace gatehouse::ipc {

namespace {

// Flat messages of few fields: anything deeper or wider is not ours.
constexpr JsonLimits kLimits{.maxBytes = kFrameLimit, .maxDepth = 6, .maxNodes = 512, .maxString = kFrameLimit};

constexpr std::array<std::string_view, 15> kEventWords{
    "inserted",         // the page took the text
    "not_inserted",     // the editor refused it; the person was told
    "held_down",        // blocked because the agent was missing
    "passed_down",      // let through because the agent was missing and policy says open
    "held_timeout",     // blocked because no verdict came in time
    "held_reload",      // blocked by a script of an older extension version
    "held_size",        // blocked because the text was above the cap
    "page_interfered",  // the page removed our notice, or got in the way of our script in it
    "submitted",        // the page was let send what the person wrote
    "request_refused",  // a request of the page was refused
    "unlisted_ai",      // the page looks like an AI site that no list names
    "unlisted_refused", // the same, and its request was refused
    "local_chat",       // the person took a held text to the chat with a local model
    "voice_unseen",     // the page listens to the person, which nobody can look into
    "upload_unseen"     // the page sent bytes that the browser does not show
};

// What a `verdict` asks about: texts that a page is about to get, or is about to send.
constexpr std::array<Channel, 4> kTextChannels{Channel::paste, Channel::drop, Channel::submit, Channel::network};

template <class Value>
void tell(Json& json, const char* name, const Value& value) {
    if (!value.empty()) {
        json[name] = value;
    }
}

Json siteJson(const PolicyNotice::Site& site) {
    Json json{{"hosts", site.hosts}, {"guarded", site.isGuarded}};
    tell(json, "name", site.name);
    tell(json, "composer", site.composer);
    tell(json, "send", site.send);
    tell(json, "prompts", site.prompts);
    tell(json, "quiet", site.quiet);
    tell(json, "helpers", site.helpers);
    tell(json, "paths", site.paths);
    return json;
}

Json noticeJson(const PolicyNotice& policy) {
    Json sites = Json::array();
    for (const auto& site : policy.sites) {
        sites.push_back(siteJson(site));
    }
    return {{"revision", policy.revision}, {"failMode", policy.isFailClosed ? "closed" : "open"},
            {"answers", policy.answers},   {"unlisted", policy.unlisted},
            {"aiHosts", policy.aiHosts},   {"fastPath", policy.hasFastPath},
            {"patience", policy.patience}, {"sites", std::move(sites)}};
}

} // namespace

Result<Message> parseMessage(std::string_view document) {
    GH_TRY(Json body, parseJson(document, kLimits));
    if (!body.is_object()) {
        return fail(ErrorKind::invalidInput, "message is not an object");
    }
    const auto version = body.find("v");
    if (version == body.end() || !version->is_number_integer() || *version != kProtocolVersion) {
        return fail(ErrorKind::invalidInput, "protocol version is not 1");
    }
    GH_TRY(std::string type, idText(body, "type"));
    std::string id;
    if (body.contains("id")) {
        GH_TRY(id, idText(body, "id"));
    }
    return Message{std::move(type), std::move(id), std::move(body)};
}

std::string idOf(std::string_view document) {
    const auto body = parseJson(document, kLimits);
    if (!body || !body->is_object()) {
        return {};
    }
    return idText(*body, "id").value_or(std::string());
}

Result<Attach> parseAttach(const Json& body) {
    GH_TRY(std::string origin, textOf(body, "origin", 128));
    GH_TRY(std::string version, optionalText(body, "hostVersion", kWordLimit));
    return Attach{std::move(origin), std::move(version)};
}

std::string attachMessage(const Attach& attach) {
    Json json = envelope("attach", {});
    json["origin"] = attach.origin;
    json["hostVersion"] = attach.hostVersion;
    return dumpJson(json);
}

Result<Hello> parseHello(const Json& body) {
    Hello hello;
    GH_TRY(hello.extensionVersion, textOf(body, "extensionVersion", kWordLimit));
    GH_TRY(hello.browser, idText(body, "browser"));
    GH_TRY(hello.browserVersion, optionalText(body, "browserVersion", kWordLimit));
    GH_TRY(hello.profile, idText(body, "profile"));
    GH_TRY(hello.isIncognito, flagOf(body, "incognito", true));
    return hello;
}

Result<VerdictRequest> parseVerdict(const Json& body) {
    VerdictRequest request;
    GH_TRY(const std::string kind, textOf(body, "kind", kWordLimit));
    const auto channel = channelFromWord(kind);
    if (!channel || std::ranges::find(kTextChannels, *channel) == kTextChannels.end()) {
        return fail(ErrorKind::invalidInput, "unknown kind of verdict");
    }
    request.channel = *channel;
    GH_TRY(const std::string origin, textOf(body, "origin", 512));
    GH_TRY(request.host, hostOfOrigin(origin));
    GH_TRY(const std::string top, optionalText(body, "topOrigin", 512));
    request.topHost = hostOfOrigin(top).value_or(std::string());
    GH_TRY(request.text, textOf(body, "text", kTextLimit));
    if (body.contains("html")) {
        GH_TRY(request.html, textOf(body, "html", kTextLimit));
    }
    return request;
}

Result<FileBegin> parseFileBegin(const Json& body) {
    FileBegin begin;
    GH_TRY(begin.file, idText(body, "file"));
    GH_TRY(const std::string origin, textOf(body, "origin", 512));
    GH_TRY(begin.host, hostOfOrigin(origin));
    GH_TRY(const std::string top, optionalText(body, "topOrigin", 512));
    begin.topHost = hostOfOrigin(top).value_or(std::string());
    GH_TRY(begin.name, textOf(body, "name", 1024));
    GH_TRY(begin.mime, optionalText(body, "mime", 256));
    const auto size = body.find("size");
    if (begin.file.empty() || size == body.end() || !size->is_number_unsigned()) {
        return fail(ErrorKind::invalidInput, "a file without name or size");
    }
    begin.size = size->get<std::uint64_t>();
    return begin;
}

Result<FileChunk> parseFileChunk(const Json& body) {
    FileChunk chunk;
    GH_TRY(chunk.file, idText(body, "file"));
    const auto sequence = body.find("seq");
    if (sequence == body.end() || !sequence->is_number_unsigned()) {
        return fail(ErrorKind::invalidInput, "a chunk without its number");
    }
    chunk.sequence = sequence->get<std::uint64_t>();
    GH_TRY(const std::string data, textOf(body, "data", kFrameLimit));
    GH_TRY(const Bytes bytes, base64Decode(data));
    if (bytes.empty() || bytes.size() > kChunkLimit) {
        return fail(ErrorKind::limit, "a chunk that is empty or above its cap");
    }
    chunk.bytes.assign(bytes.begin(), bytes.end());
    return chunk;
}

Result<std::string> parseFileName(const Json& body) {
    return idText(body, "file");
}

std::string fileReply(std::string_view id, bool isEnough) {
    Json json = envelope("file_ok", id);
    json["enough"] = isEnough;
    return dumpJson(json);
}

Result<AnswerRequest> parseAnswer(const Json& body) {
    AnswerRequest answer;
    GH_TRY(answer.interaction, idText(body, "interaction"));
    GH_TRY(answer.isProceeding, flagOf(body, "proceed", false));
    GH_TRY(answer.justification, optionalText(body, "justification", kJustificationLimit));
    GH_TRY(answer.isRedacting, flagOf(body, "redact", true));
    return answer;
}

Result<EventReport> parseEvent(const Json& body) {
    EventReport report;
    GH_TRY(report.what, textOf(body, "what", kWordLimit));
    if (std::ranges::find(kEventWords, report.what) == kEventWords.end()) {
        return fail(ErrorKind::invalidInput, "unknown event");
    }
    if (body.contains("origin")) {
        GH_TRY(const std::string origin, textOf(body, "origin", 512));
        GH_TRY(report.host, hostOfOrigin(origin));
    }
    if (body.contains("interaction")) {
        GH_TRY(report.interaction, idText(body, "interaction"));
    }
    if (const auto count = body.find("count"); count != body.end()) {
        if (!count->is_number_unsigned() || *count > std::numeric_limits<std::uint16_t>::max()) {
            return fail(ErrorKind::invalidInput, "odd count of events");
        }
        report.count = count->get<std::uint32_t>();
    }
    return report;
}

std::string helloReply(std::string_view id, std::string_view agentVersion, const PolicyNotice& policy) {
    Json json = envelope("hello_ok", id);
    json["agent"] = "up";
    json["agentVersion"] = agentVersion;
    json["policy"] = noticeJson(policy);
    json["limits"] = {
        {"frame", kFrameLimit}, {"text", kTextLimit}, {"justification", kJustificationLimit}, {"chunk", kChunkLimit}};
    return dumpJson(json);
}

std::string policyPush(const PolicyNotice& policy) {
    Json json = envelope("push", {});
    json["what"] = "policy";
    json["policy"] = noticeJson(policy);
    return dumpJson(json);
}

std::string verdictReply(std::string_view id, const VerdictReply& reply) {
    Json json = envelope("verdict_ok", id);
    json["action"] = actionWord(reply.action);
    json["interaction"] = reply.interaction;
    json["rule"] = reply.rule;
    json["message"] = reply.message;
    if (!reply.reason.empty()) {
        json["reason"] = reply.reason;
    }
    Json findings = Json::array();
    for (const auto& found : reply.findings) {
        findings.push_back({{"detector", found.detector},
                            {"name", found.name},
                            {"class", found.findingClass},
                            {"count", found.count}});
    }
    json["findings"] = std::move(findings);
    if (reply.action == Action::redact) {
        Json spans = Json::array();
        for (const auto& span : reply.spans) {
            spans.push_back(Json::array({span.begin, span.end, span.text}));
        }
        json["spans"] = std::move(spans);
    }
    json["html"] = reply.keepsHtml ? "keep" : "drop";
    return dumpJson(json);
}

std::string errorReply(std::string_view id, std::string_view word, std::string_view sentence) {
    Json json = envelope("error", id);
    json["error"] = word;
    json["message"] = sentence;
    return dumpJson(json);
}

std::string pongReply(std::string_view id) {
    return dumpJson(envelope("pong", id));
}

std::string agentDownNotice() {
    Json json = envelope("status", {});
    json["agent"] = "down";
    return dumpJson(json);
}

Result<std::string> hostOfOrigin(std::string_view origin) {
    constexpr std::string_view kScheme = "https://";
    if (!origin.starts_with(kScheme)) {
        return fail(ErrorKind::invalidInput, "origin is not https");
    }
    std::string_view rest = origin.substr(kScheme.size());
    if (const auto colon = rest.find(':'); colon != std::string_view::npos) {
        const std::string_view port = rest.substr(colon + 1);
        const bool isPort =
            !port.empty() && port.size() <= 5 && std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; });
        if (!isPort) {
            return fail(ErrorKind::invalidInput, "origin has an odd port");
        }
        rest = rest.substr(0, colon);
    }
    std::string host;
    for (const char c : rest) {
        const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        const bool isAllowed =
            (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9') || lower == '-' || lower == '.';
        if (!isAllowed) {
            return fail(ErrorKind::invalidInput, "origin has odd bytes in its host");
        }
        host.push_back(lower);
    }
    if (host.empty() || host.size() > 253 || host.front() == '.' || host.back() == '.') {
        return fail(ErrorKind::invalidInput, "origin has no usable host");
    }
    return host;
}

} // namespace gatehouse::ipc
