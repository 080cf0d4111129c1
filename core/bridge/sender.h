// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "types/interaction.h"

namespace gatehouse::bridge {

// Who asks, the same for all verdicts of a session.
struct Sender {
    Person person;
    Process browser;     // evidence: the parent of the native host
    std::string profile; // random id of the browser profile
};

// A new interaction with the site at `host`, without parts. All of a profile's with one site are one conversation.
Interaction interactionOf(const Sender& sender, const std::string& host, Channel channel);
// Where something happened and how often, for the reason of an event: "site=chatgpt.com, times=3".
std::string siteReason(const std::string& host, std::size_t count);
Part partOf(const std::string& text, PartKind kind);

} // namespace gatehouse::bridge
