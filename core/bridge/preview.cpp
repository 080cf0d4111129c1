// SPDX-License-Identifier: Apache-2.0
#include "bridge/preview.h"

#include <string>
#include <utility>

#include "base/bytes.h"
#include "base/crypto.h"

namespace gatehouse::bridge {

namespace {

std::string digestOf(const std::string& key, const std::string& text) {
    return text.empty() ? std::string() : hexEncode(hmacSha256(bytesOf(key), bytesOf(text)));
}

} // namespace

Task<ipc::ClipNotice> preview(governance::Governor& governor, Sender sender, ipc::Focus focus, Clip clip) {
    ipc::ClipNotice notice;
    notice.key = focus.key;
    const governance::Rules rules = governor.rules();
    const bool isWanted = rules.policy && rules.policy->browser().hasFastPath;
    const bool isFit = clip.isWhole && clip.text.size() <= ipc::kTextLimit && clip.html.size() <= ipc::kTextLimit;
    if (!isWanted || !isFit || clip.text.empty()) {
        co_return notice;
    }
    notice.text = digestOf(focus.key, clip.text);
    notice.html = digestOf(focus.key, clip.html);
    Interaction interaction = interactionOf(sender, focus.host, Channel::paste);
    interaction.parts.push_back(partOf(clip.text, PartKind::text));
    if (!clip.html.empty()) {
        interaction.parts.push_back(partOf(clip.html, PartKind::other));
    }
    const auto findings = co_await governor.inspect(rules, interaction, governance::Reach::elsewhere);
    if (!findings) {
        co_return notice;
    }
    Destination destination;
    destination.site = interaction.site;
    destination.trust = Trust::external;
    const policy::Decision decision = governor.decide(rules, interaction, destination, *findings);
    notice.isAllowed = findings->empty() && decision.label == Action::allow && !decision.isBlocked &&
                       !decision.isLocalOnly && !decision.needsWarning && !decision.needsJustification;
    co_return notice;
}

} // namespace gatehouse::bridge
