// SPDX-License-Identifier: Apache-2.0
#include "gui/support/sample_rows.h"

#include <array>

namespace gatehouse::test {
namespace {

using namespace Qt::StringLiterals;

struct Sample {
    Action action;
    Channel channel;
    const char* client;
    const char* site;
    const char* provider;
    const char* model;
    const char* rule;
    const char* outcome;
};

constexpr std::array<Sample, 7> kSamples{{
    {Action::block, Channel::paste, "Chromium", "chatgpt.com", "", "", "no-keys-outside", "refused"},
    {Action::redact, Channel::chat, "gatehouse-chat", "", "openai", "gpt-4o", "redact-payment", "completed"},
    {Action::allow, Channel::sdk, "vscode", "", "desk", "qwen2.5-coder", "", "completed"},
    {Action::routeLocal, Channel::sdk, "notes", "", "desk", "llama-3.2", "health-stays-here", "completed"},
    {Action::justify, Channel::chat, "gatehouse-chat", "", "openai", "gpt-4o", "ask-why-customers", "completed"},
    {Action::warn, Channel::sdk, "scripts", "", "anthropic", "claude-sonnet", "warn-names", "completed"},
    {Action::log, Channel::upload, "Firefox", "claude.ai", "", "", "note-addresses", "sent"},
}};

} // namespace

std::vector<ui::DecisionRow> sampleRows() {
    std::vector<ui::DecisionRow> rows;
    quint64 sequence = 900;
    for (const Sample& sample : kSamples) {
        ui::DecisionRow row;
        row.sequence = sequence--;
        row.time = QDateTime(QDate(2026, 11, 20), QTime(14, 3)).addSecs(-static_cast<qint64>(rows.size()) * 734);
        row.interaction = u"01JD%1"_s.arg(row.sequence);
        row.channel = sample.channel;
        row.client = QString::fromLatin1(sample.client);
        row.program = u"/usr/bin/"_s + row.client;
        row.site = QString::fromLatin1(sample.site);
        row.provider = QString::fromLatin1(sample.provider);
        row.model = QString::fromLatin1(sample.model);
        row.action = sample.action;
        row.rule = QString::fromLatin1(sample.rule);
        row.outcome = QString::fromLatin1(sample.outcome);
        row.policyId = u"acme"_s;
        row.policySerial = 12;
        row.latencyMicros = 812'000;
        if (sample.action == Action::redact) {
            row.findings = {{u"pci.any.card"_s, FindingClass::pci, 1}, {u"pii.any.email"_s, FindingClass::pii, 2}};
            row.costUsd = 0.0031;
        } else if (sample.action != Action::allow) {
            row.findings = {{u"secret.aws.access-key"_s, FindingClass::secret, 1}};
        }
        rows.push_back(row);
    }
    return rows;
}

} // namespace gatehouse::test
