// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "types/action.h"

namespace gatehouse {

// The human on whose behalf something is sent.
struct Person {
    std::string name;      // sign-in name, or the OS user where nobody signed in
    std::uint32_t uid = 0; // OS user id; meaningful on POSIX only
    std::vector<std::string> groups;
};

// The program that opened the connection, as far as the operating system tells.
struct Process {
    bool isKnown = false;
    std::int64_t pid = 0;
    std::uint64_t startTime = 0; // clock ticks since boot (Linux); tells a reused pid
    std::string executable;      // absolute path; evidence, never authorisation
};

// Where a text would go.
struct Destination {
    std::string provider; // id in policy, "preview", or empty for a web page
    std::string model;    // the provider's own name for it
    std::string region;
    std::string site; // host of the web page, for browser channels
    Trust trust = Trust::external;
};

// What a JSON string (or page text) is for. `other` covers every string that the dialect does not know.
enum class PartKind { text, system, toolCall, toolResult, toolSchema, fileName, metadata, key, opaque, other };

// One piece of text that is inspected and acted on.
struct Part {
    std::string text; // decoded UTF-8
    PartKind kind = PartKind::other;
    std::string role;           // "user", "assistant", … where the dialect has one
    std::string pointer;        // JSON pointer in the request; empty for page text
    bool isImmutable = false;   // signed or encrypted: a finding inside blocks, nothing is changed
    std::size_t tokenBegin = 0; // byte range of the JSON token in the body, quotes included; 0,0 for page text
    std::size_t tokenEnd = 0;
};

// One thing that passes the governor: an SDK call, a chat message, a paste, an answer.
struct Interaction {
    std::string id;           // newId()
    std::string conversation; // scope of placeholders
    Channel channel = Channel::sdk;
    Direction direction = Direction::prompt;
    Person person;
    Process process;
    std::string client;  // name of the client token ("vscode"), or of the browser profile
    std::string surface; // "openai.chat", "page", …
    std::string site;    // host, for browser channels
    std::vector<Part> parts;
};

} // namespace gatehouse
