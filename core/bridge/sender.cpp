// SPDX-License-Identifier: Apache-2.0
#include "bridge/sender.h"

#include "base/crypto.h"

namespace gatehouse::bridge {

std::string siteReason(const std::string& host, std::size_t count) {
    std::string reason = host.empty() ? std::string() : "site=" + host;
    if (count > 1) {
        reason += (reason.empty() ? "times=" : ", times=") + std::to_string(count);
    }
    return reason;
}

Part partOf(const std::string& text, PartKind kind) {
    Part part;
    part.text = text;
    part.kind = kind;
    part.role = "user";
    return part;
}

Interaction interactionOf(const Sender& sender, const std::string& host, Channel channel) {
    Interaction interaction;
    interaction.id = newId();
    interaction.conversation = "page/" + sender.profile + "/" + host;
    interaction.channel = channel;
    interaction.direction = Direction::prompt;
    interaction.person = sender.person;
    interaction.process = sender.browser;
    interaction.client = "browser-" + sender.profile;
    interaction.surface = "page";
    interaction.site = host;
    return interaction;
}

} // namespace gatehouse::bridge
