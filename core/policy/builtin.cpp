// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin.h"

namespace gatehouse::policy {

// What people may change; `gatehousectl policy init` writes it, so it is written to be read.
const std::string_view kStarterSource = R"json(// A Gatehouse policy. Sections, conditions and actions: docs/policy.md.
// Check it with `gatehousectl policy check FILE`, try it with `gatehousectl policy explain --policy FILE`.
{
    "meta": {"id": "starter"},
    "mode": "enforce", // "monitor" only records what would have happened

    // What happens to text on its way to a destination that is not local, when no rule below matches.
    "default": "allow",

    "providers": {
        // Model servers found on this machine. The listed kinds count as local: nothing leaves the machine.
        "discovery": {"enabled": true, "trust_local": ["ollama", "lmstudio", "llama-server"]}
        // A provider of your own; its key is stored with `gatehousectl providers set-key openai`:
        // , "openai": {"kind": "openai", "base_url": "https://api.openai.com/v1", "trust": "external", "key": "openai"}
    },

    // In this order; the first rule that matches a finding decides it. Local destinations are left alone.
    "rules": [
        {
            "id": "private-keys-stay",
            "when": {"detector": "secret.*.private-key*", "direction": "prompt", "trust": ["approved", "external"]},
            "then": "block",
            "message": "Private keys do not leave this machine. Take the key out of the text."
        },
        {
            "id": "secrets-masked",
            "when": {"class": ["secret", "credential"], "direction": "prompt", "trust": ["approved", "external"]},
            "then": "redact",
            "message": "Tokens and passwords were replaced by placeholders."
        },
        {
            "id": "personal-data-masked",
            "when": {"class": ["pii", "pci", "phi"], "direction": "prompt", "trust": ["approved", "external"]},
            "then": "redact",
            "message": "Personal data was replaced by placeholders."
        },
        {
            "id": "confidential-asks",
            "when": {"class": ["confidential", "custom"], "direction": "prompt", "trust": "external"},
            "then": "warn",
            "message": "This text holds words that your policy marks as confidential."
        },
        {
            "id": "unreadable-asks",
            "when": {"class": "unreadable", "direction": "prompt", "trust": "external"},
            "then": "warn",
            "message": "This could not be read, so it was not checked."
        }
    ],

    // Pages on which pastes, drops, uploads and submits are held until there is a verdict.
    "sites": [
        {"name": "ChatGPT", "hosts": ["chatgpt.com", "chat.openai.com"]},
        {"name": "Claude", "hosts": ["claude.ai"]},
        {"name": "Gemini", "hosts": ["gemini.google.com"]},
        {"name": "Copilot", "hosts": ["copilot.microsoft.com"]},
        {"name": "Perplexity", "hosts": ["www.perplexity.ai"]},
        {"name": "DeepSeek", "hosts": ["chat.deepseek.com"]},
        {"name": "Grok", "hosts": ["grok.com"]},
        {"name": "Le Chat", "hosts": ["chat.mistral.ai"]}
    ],

    "audit": {"content": "sanitised", "durability": "strict", "on_failure": "refuse"},

    // What guarded sites do while the agent does not answer: "closed" holds everything, "open" lets it pass.
    "fail_mode": "closed"
}
)json";

const std::string_view kStrictSource = R"json({
    "meta": {"id": "built-in-strict"},
    "default": "allow",
    "providers": {
        "discovery": {"enabled": true, "trust_local": ["ollama", "lmstudio", "llama-server"]}
    },
    "rules": [
        {
            "id": "findings-stay",
            "when": {"level": "low", "direction": "prompt", "trust": ["approved", "external"]},
            "then": "block",
            "message": "The policy of this machine is broken, so nothing sensitive leaves it. Tell whoever looks after it."
        }
    ],
    "sites": [
        {"name": "ChatGPT", "hosts": ["chatgpt.com", "chat.openai.com"]},
        {"name": "Claude", "hosts": ["claude.ai"]},
        {"name": "Gemini", "hosts": ["gemini.google.com"]},
        {"name": "Copilot", "hosts": ["copilot.microsoft.com"]},
        {"name": "Perplexity", "hosts": ["www.perplexity.ai"]},
        {"name": "DeepSeek", "hosts": ["chat.deepseek.com"]},
        {"name": "Grok", "hosts": ["grok.com"]},
        {"name": "Le Chat", "hosts": ["chat.mistral.ai"]}
    ],
    "audit": {"content": "sanitised", "durability": "strict", "on_failure": "refuse"},
    "fail_mode": "closed"
}
)json";

} // namespace gatehouse::policy
