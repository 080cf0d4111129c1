// SPDX-License-Identifier: Apache-2.0
#include "governance/describe.h"

namespace gatehouse::governance {
namespace {

// "2 × Payment card number, 1 × E-mail address".
std::string listOf(const dlp::Engine* engine, const std::vector<Finding>& findings) {
    std::string out;
    for (const FindingSummary& summary : summarise(findings)) {
        const std::string name = engine == nullptr ? std::string() : engine->detector(summary.detector).name;
        out += out.empty() ? "" : ", ";
        out += std::to_string(summary.count) + " × " + (name.empty() ? summary.detector : name);
    }
    return out;
}

std::string_view whatHappened(const policy::Decision& decision, Channel channel) {
    const bool asks = channel != Channel::sdk;
    if (decision.isBlocked) {
        return "This was not sent.";
    }
    if (decision.isLocalOnly) {
        return "This may only go to a model on this computer.";
    }
    if (decision.needsJustification) {
        return "This is sent only with a reason.";
    }
    if (decision.needsWarning) {
        return asks ? "Please look at this before it is sent." : "This was sent, with a warning.";
    }
    if (decision.label == Action::redact) {
        return "Sensitive values were replaced before sending.";
    }
    return "This was sent.";
}

std::string_view whatToDo(const policy::Decision& decision, Channel channel) {
    if (decision.isBlocked) {
        return " Remove what was found, then try again.";
    }
    if (decision.isLocalOnly) {
        return " Choose a local model, or remove what was found.";
    }
    if (decision.needsJustification) {
        return channel == Channel::sdk ? " Give the reason in Gatehouse's window (by the interaction's id), then send "
                                         "the same request again."
                                       : " Give a reason, or change the text.";
    }
    return decision.needsWarning && channel != Channel::sdk ? " Send it, or change the text." : "";
}

} // namespace

std::string explainDecision(const dlp::Engine* engine, const std::vector<Finding>& findings,
                            const policy::Decision& decision, Channel channel) {
    std::string out(whatHappened(decision, channel));
    if (!findings.empty()) {
        out += " Found: " + listOf(engine, findings) + ".";
    }
    if (!decision.rule.empty()) {
        out += " Rule: " + decision.rule + ".";
    }
    if (!decision.message.empty()) {
        out += " " + decision.message;
    }
    out += whatToDo(decision, channel);
    return out;
}

} // namespace gatehouse::governance
