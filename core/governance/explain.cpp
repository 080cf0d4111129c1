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

// Of the findings those that led to what happened: a person must see what to take out, not what was replaced anyway.
std::vector<Finding> deciding(const std::vector<Finding>& findings, const policy::Decision& decision) {
    const Action action = decision.isBlocked            ? Action::block
                          : decision.isLocalOnly        ? Action::routeLocal
                          : decision.needsJustification ? Action::justify
                          : decision.needsWarning       ? Action::warn
                                                        : decision.label;
    std::vector<Finding> chosen;
    for (std::size_t i = 0; i < findings.size() && i < decision.findings.size(); ++i) {
        if (decision.findings[i].action == action) {
            chosen.push_back(findings[i]);
        }
    }
    return chosen.empty() ? findings : chosen;
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
        return channel == Channel::sdk ? " Send it from Gatehouse's chat window, which asks for the reason, or take "
                                         "out what was found."
                                       : " Give a reason, or change the text.";
    }
    return decision.needsWarning && channel != Channel::sdk ? " Send it, or change the text." : "";
}

} // namespace

std::string explainDecision(const dlp::Engine* engine, const std::vector<Finding>& findings,
                            const policy::Decision& decision, Channel channel) {
    std::string out(whatHappened(decision, channel));
    if (!findings.empty()) {
        out += " Found: " + listOf(engine, deciding(findings, decision)) + ".";
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
