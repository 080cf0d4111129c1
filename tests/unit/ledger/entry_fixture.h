// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ledger/record_codec.h"

namespace gatehouse::test {

// The record of docs/formats/audit-record.md, whose bytes and hash are known answers: do not change it.
inline ledger::Entry exampleEntry() {
    ledger::Entry entry;
    entry.chain.fill(0x11);
    entry.previous.fill(0x22);
    entry.monotonicMs = 5000;
    entry.bootId.fill(0x33);
    AuditRecord& record = entry.record;
    record.kind = RecordKind::intent;
    record.sequence = 7;
    record.timeMs = 1'800'000'000'000;
    record.interaction = "01J00000000000000000000000";
    record.person.name = "ada";
    record.person.uid = 1000;
    record.client = "vscode";
    record.surface = "openai.chat";
    record.destination = {"openai", "gpt-5", "", "", Trust::external};
    record.policyId = "acme";
    record.policySerial = 3;
    record.action = Action::redact;
    record.rule = "cards";
    record.outcome = "sent";
    record.findings = {{"pci.any.card", FindingClass::pci, 1, 0.5}};
    entry.original = Sha256Digest{};
    entry.original->fill(0x44);
    return entry;
}

// Every field set to something that is not its default.
inline ledger::Entry fullEntry() {
    ledger::Entry entry = exampleEntry();
    AuditRecord& record = entry.record;
    record.conversation = "c";
    record.person.groups = {"engineering", "", "on call"};
    record.signIn = "ada@example.com";
    record.process = {true, -5, 99, "/usr/bin/code"};
    record.channel = Channel::paste;
    record.direction = Direction::answer;
    record.site = "chatgpt.com";
    record.destination.region = "eu";
    record.destination.site = "chatgpt.com";
    record.destination.trust = Trust::approved;
    record.reason = "why";
    record.findings.push_back({"pii.us.ssn", FindingClass::pii, 12, 0.0});
    record.documents = {"pdf, 5 bytes, sha256 00, 1 finding", "docx, 6 bytes, sha256 11, 2 findings"};
    record.usage = {1, 2, 3, 4, true};
    record.consent = "notice-3";
    record.cache = "miss";
    record.costUsd = 0.0;
    record.status = 200;
    record.attempts = 2;
    record.latencyMicros = 123456;
    record.overheadMicros = 789;
    entry.sanitised = Sha256Digest{1};
    entry.justification = Sha256Digest{2};
    return entry;
}

} // namespace gatehouse::test
