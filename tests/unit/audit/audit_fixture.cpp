// SPDX-License-Identifier: Apache-2.0
#include "audit_fixture.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "base/crypto.h"

namespace gatehouse::test {
namespace {

Task<> commitInto(audit::Writer& writer, AuditRecord record, audit::Durability durability, Result<std::uint64_t>& out) {
    out = co_await writer.commit(std::move(record), durability);
}

} // namespace

AuditFixture::AuditFixture() {
    auto opened = secrets::openSecretStore({.dataFolder = folder(), .mayUseKeyring = false});
    Q_ASSERT(opened.has_value());
    m_secrets = std::move(*opened);
}

audit::AuditStore& AuditFixture::open(const std::string& vfs) {
    m_store.reset();
    auto opened = audit::openAudit({folder(), *m_secrets, clock, vfs});
    if (!opened) {
        qFatal("the audit did not open: %s", opened.error().what.c_str());
    }
    m_store = std::move(*opened);
    return *m_store;
}

AuditRecord makeIntent(const std::string& interaction) {
    AuditRecord record;
    record.kind = RecordKind::intent;
    record.interaction = interaction;
    record.conversation = "conversation-1";
    record.person = {"ada", 1000, {"engineering"}};
    record.client = "vscode";
    record.surface = "openai.chat";
    record.destination = {"openai", "gpt-5", "us", "", Trust::external};
    record.policyId = "acme";
    record.policySerial = 7;
    record.action = Action::redact;
    record.rule = "cards";
    record.outcome = "sent";
    record.findings = {{"pci.any.card", FindingClass::pci, 2, 0.99}};
    record.originalHash = sha256Hex("original of " + interaction);
    record.originalText = "original of " + interaction;
    record.sanitisedHash = sha256Hex("sanitised of " + interaction);
    record.sanitisedText = "sanitised of " + interaction;
    return record;
}

AuditRecord makeOutcome(const std::string& interaction, const std::string& outcome) {
    AuditRecord record = makeIntent(interaction);
    record.kind = RecordKind::outcome;
    record.outcome = outcome;
    record.status = 200;
    record.costUsd = 0.0;
    record.usage.inputTokens = 12;
    record.originalText.reset();
    record.sanitisedText.reset();
    return record;
}

Result<std::uint64_t> commitNow(audit::Writer& writer, AuditRecord record, audit::Durability durability) {
    Result<std::uint64_t> out;
    asio::io_context context(1);
    asio::co_spawn(context, commitInto(writer, std::move(record), durability, out), asio::detached);
    context.run();
    return out;
}

std::vector<Result<std::uint64_t>> commitAll(audit::Writer& writer, std::vector<AuditRecord> records) {
    std::vector<Result<std::uint64_t>> out(records.size());
    asio::io_context context(1);
    for (std::size_t i = 0; i < records.size(); ++i) {
        asio::co_spawn(context, commitInto(writer, std::move(records[i]), audit::Durability::strict, out[i]),
                       asio::detached);
    }
    context.run();
    return out;
}

} // namespace gatehouse::test
