// SPDX-License-Identifier: Apache-2.0
#include "pipeline/stages.h"

namespace gatehouse::pipeline {
namespace {

// The chat window's own token (app/agent.h). Its name cannot be taken by others: the agent makes it anew at each start.
constexpr std::string_view kChatClient = "gatehouse-chat";

} // namespace

Task<Step> identify(Request& request) {
    request.interaction.client = request.client.name;
    request.interaction.channel = request.client.name == kChatClient ? Channel::chat : Channel::sdk;
    request.interaction.process = request.owner.process;
    co_return proceed();
}

} // namespace gatehouse::pipeline
