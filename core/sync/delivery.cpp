// SPDX-License-Identifier: Apache-2.0
#include "sync/delivery.h"

#include <algorithm>
#include <array>

#include "base/json.h"
#include "ledger/receipt.h"

namespace gatehouse::sync {
namespace {

constexpr int kMaxRestarts = 3; // in one round: a collector that contradicts itself must not keep us busy

std::optional<ledger::Head> headFrom(const std::string& body, const ledger::ChainId& chain) {
    const auto json = parseJson(body);
    if (!json || !json->is_object() || !json->contains("sequence") || !(*json)["sequence"].is_number_unsigned() ||
        !json->contains("sha256") || !(*json)["sha256"].is_string()) {
        return std::nullopt;
    }
    ledger::Head head{chain, (*json)["sequence"].get<std::uint64_t>(), {}};
    const auto hash = hexDecode((*json)["sha256"].get_ref<const std::string&>());
    if (!hash || hash->size() != head.hash.size()) {
        return std::nullopt;
    }
    std::copy(hash->begin(), hash->end(), head.hash.begin());
    return head;
}

std::string wordFrom(const std::string& body) {
    const auto json = parseJson(body);
    const bool hasWord = json && json->is_object() && json->contains("error") && (*json)["error"].is_string();
    return hasWord ? (*json)["error"].get<std::string>() : std::string();
}

class Delivery final {
public:
    Delivery(audit::ChainReader& chain, Outbox& outbox, const Device& device, const CutOptions& options,
             const std::string& receiptKeyPem, CollectorLink& link, const KeepReceipt& keepReceipt)
        : m_chain(chain)
        , m_outbox(outbox)
        , m_device(device)
        , m_options(options)
        , m_receiptKeyPem(receiptKeyPem)
        , m_link(link)
        , m_keepReceipt(keepReceipt) {}

    DeliveryReport run() {
        if (const auto done = round(); !done) {
            const bool isElsewhere =
                done.error().kind == ErrorKind::unavailable || done.error().kind == ErrorKind::timedOut;
            stopWith(m_isAsking && isElsewhere ? SyncState::waiting : SyncState::failed, done.error().what);
        }
        m_report.delivered = m_outbox.delivered().value_or(ledger::Head{}).sequence;
        m_report.waiting = m_outbox.waiting().size();
        return m_report;
    }

private:
    Result<> round() {
        if (!m_outbox.delivered() && m_outbox.waiting().empty()) {
            GH_CHECK(askForHead());
        }
        while (!m_isStopped) {
            GH_CHECK(cut(m_chain, m_outbox, m_device, m_options));
            if (m_outbox.waiting().empty()) {
                return {};
            }
            GH_CHECK(send());
        }
        return {};
    }

    // Nothing is remembered here: a new device, or one that lost its outbox, which must not look like a second history.
    Result<> askForHead() {
        const auto begin = m_chain.headAt(0);
        if (!begin) {
            return begin.error().kind == ErrorKind::notFound ? Result<>() : std::unexpected(begin.error());
        }
        m_isAsking = true;
        GH_TRY(const Reply reply, m_link.get("/v1/chains/" + hexEncode(begin->chain)));
        m_isAsking = false;
        if (reply.status != 200) {
            refuse(reply);
            return {};
        }
        const auto head = headFrom(reply.body, begin->chain);
        if (!head) {
            stopWith(SyncState::waiting, "the collector's answer is not understood");
            return {};
        }
        GH_CHECK(goOnBehind(*head));
        return {};
    }

    // True when our chain has this record, and batches begin behind it now.
    Result<bool> goOnBehind(const ledger::Head& head) {
        const auto own = m_chain.headAt(head.sequence);
        if (!own && own.error().kind != ErrorKind::notFound) {
            return std::unexpected(own.error());
        }
        if (!own || *own != head) {
            return false;
        }
        GH_CHECK(m_outbox.restartBehind(head));
        return true;
    }

    Result<> send() {
        while (!m_isStopped && !m_outbox.waiting().empty()) {
            const Outbox::Waiting waiting = m_outbox.waiting().front();
            GH_TRY(const Bytes batch, m_outbox.read(waiting));
            m_isAsking = true;
            GH_TRY(const Reply reply, m_link.post("/v1/batches", batch));
            m_isAsking = false;
            if (reply.status == 200) {
                GH_CHECK(takeReceipt(reply.body, batch));
            } else if (reply.status == 409) {
                GH_TRY(const bool isRestarted, resolve(reply, batch));
                if (isRestarted) {
                    return {}; // cut anew
                }
            } else {
                refuse(reply);
            }
        }
        return {};
    }

    Result<> takeReceipt(const std::string& body, const Bytes& batch) {
        GH_TRY(const ledger::BatchParts parts, ledger::readBatch(batch));
        const auto signedReceipt = ledger::readReceipt(bytesOf(body));
        const ledger::BatchHeader& header = parts.header;
        const bool isForIt = signedReceipt && signedReceipt->receipt.device == header.device &&
                             signedReceipt->receipt.chain == header.chain && signedReceipt->receipt.to == header.to &&
                             signedReceipt->receipt.head == header.head;
        if (!isForIt || !isSigned(*signedReceipt)) {
            stopWith(SyncState::conflict, "the collector's receipt is not one for the batch that was sent");
            return {};
        }
        if (m_keepReceipt) {
            GH_CHECK(m_keepReceipt(signedReceipt->bytes));
        }
        return m_outbox.markDelivered(header.to, sha256(signedReceipt->bytes));
    }

    [[nodiscard]] bool isSigned(const ledger::SignedReceipt& receipt) const {
        if (m_receiptKeyPem.empty()) {
            return true;
        }
        const auto key = cms::publicKeyFromPem(m_receiptKeyPem);
        return key && cms::verifySignature(*key, ledger::receiptSigningInput(receipt.bytes), receipt.signature);
    }

    // True when the outbox begins anew behind what the collector has.
    Result<bool> resolve(const Reply& reply, const Bytes& batch) {
        GH_TRY(const ledger::BatchParts parts, ledger::readBatch(batch));
        const auto head = headFrom(reply.body, parts.header.chain);
        if (wordFrom(reply.body) == "gap" && head && m_restarts < kMaxRestarts) {
            m_restarts += 1;
            GH_TRY(const bool isRestarted, goOnBehind(*head));
            if (isRestarted) {
                return true;
            }
        }
        stopWith(SyncState::conflict,
                 "the collector holds another history of this device's audit: it was restored from "
                 "a copy, or its copy runs elsewhere");
        return false;
    }

    void refuse(const Reply& reply) {
        m_report.retryAfterSeconds = reply.retryAfterSeconds;
        const std::string word = wordFrom(reply.body);
        if (reply.status == 401 || reply.status == 403) {
            stopWith(SyncState::notEnrolled, word == "revoked"
                                                 ? "the collector has revoked this device"
                                                 : "the collector does not accept this device's certificate");
        } else if (reply.status == 400 || reply.status == 413) {
            stopWith(SyncState::conflict, "the collector does not take a batch of this device");
        } else {
            stopWith(SyncState::waiting,
                     "the collector cannot take batches now (status " + std::to_string(reply.status) + ")");
        }
    }

    void stopWith(SyncState state, std::string problem) {
        m_isStopped = true;
        m_report.state = state;
        m_report.problem = std::move(problem);
    }

    audit::ChainReader& m_chain;
    Outbox& m_outbox;
    const Device& m_device;
    const CutOptions& m_options;
    const std::string& m_receiptKeyPem;
    CollectorLink& m_link;
    const KeepReceipt& m_keepReceipt;
    DeliveryReport m_report;
    int m_restarts = 0;
    bool m_isAsking = false; // the collector: an error is its own
    bool m_isStopped = false;
};

} // namespace

std::string_view syncStateWord(SyncState state) {
    constexpr std::array<std::string_view, 6> kWords{"off",     "not enrolled", "up to date",
                                                     "waiting", "conflict",     "failed"};
    return kWords.at(static_cast<std::size_t>(state));
}

DeliveryReport deliver(audit::ChainReader& chain, Outbox& outbox, const Device& device, const CutOptions& options,
                       const std::string& receiptKeyPem, CollectorLink& link, const KeepReceipt& keepReceipt) {
    return Delivery(chain, outbox, device, options, receiptKeyPem, link, keepReceipt).run();
}

} // namespace gatehouse::sync
