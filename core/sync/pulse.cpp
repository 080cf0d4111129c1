// SPDX-License-Identifier: Apache-2.0
#include "sync/pulse.h"

#include "base/json.h"
#include "base/log.h"
#include "ledger/heartbeat.h"

namespace gatehouse::sync {
namespace {

std::string cutTo(std::string text, std::size_t size) {
    if (text.size() > size) {
        text.resize(size);
    }
    return text;
}

Result<Bytes> makeHeartbeat(const Device& device, const ledger::Head& head, const PulseFacts& facts) {
    const Bytes& publicKey = device.key.publicKey();
    const Bytes bytes = ledger::encodeHeartbeat({.device = device.id,
                                                 .key = sha256(publicKey),
                                                 .head = head,
                                                 .madeMs = facts.nowMs,
                                                 .policySerial = facts.policySerial,
                                                 .waiting = facts.waiting,
                                                 .version = cutTo(facts.version, ledger::kMaxHeartbeatText),
                                                 .keyProtection = facts.keyProtection,
                                                 .state = facts.state});
    GH_TRY(const Bytes signature, device.key.sign(ledger::heartbeatSigningInput(bytes)));
    return ledger::writeHeartbeat(bytes, publicKey, signature);
}

// The hash of the policy that the collector offers; empty: none, or an answer of another form.
std::string offeredBy(const std::string& body) {
    const auto json = parseJson(body);
    const bool isOffered = json && json->is_object() && json->contains("policy") && (*json)["policy"].is_string();
    return isOffered ? (*json)["policy"].get<std::string>() : std::string();
}

} // namespace

Result<> Pulse::beat(CollectorLink& link, const Device& device, audit::ChainReader& chain, const PulseFacts& facts) {
    GH_TRY(const std::uint64_t newest, chain.newest());
    GH_TRY(const ledger::Head head, chain.headAt(newest));
    GH_TRY(const Bytes heartbeat, makeHeartbeat(device, head, facts));
    GH_TRY(const Reply reply, link.post("/v1/heartbeats", heartbeat));
    if (reply.status != 200) {
        const bool isOut = reply.status == 401 || reply.status == 403;
        return fail(reply.status >= 500 ? ErrorKind::unavailable
                    : isOut             ? ErrorKind::denied
                                        : ErrorKind::invalidInput,
                    isOut
                        ? "the collector does not accept this device: it is revoked, or its certificate does not count"
                        : "the collector does not take the heartbeat (status " + std::to_string(reply.status) + ")");
    }
    const std::string offered = offeredBy(reply.body);
    const std::string held = m_holder.held ? m_holder.held() : std::string();
    if (offered.empty() || offered == held) {
        m_policyProblem.clear();
        return {};
    }
    return offered == m_refused || !m_holder.take ? Result<>() : followPolicy(link, offered);
}

Result<> Pulse::followPolicy(CollectorLink& link, const std::string& offered) {
    const std::string held = m_holder.held ? m_holder.held() : std::string();
    GH_TRY(const Reply reply, link.get("/v1/policy", held.empty() ? std::string() : "\"" + held + "\""));
    if (reply.status != 200) {
        return {}; // 304: it changed back in between; anything else: the next heartbeat asks again
    }
    if (const auto taken = m_holder.take(reply.body); !taken) {
        m_refused = offered;
        m_policyProblem = "the collector's policy does not hold: " + taken.error().what;
        logWarning("sync", "{}", m_policyProblem);
        return {};
    }
    m_refused.clear();
    m_policyProblem.clear();
    logInfo("sync", "the collector's policy was taken over");
    return {};
}

} // namespace gatehouse::sync
