// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "ledger/batch.h"
#include "platform/secure_file.h"

namespace gatehouse::sync {

// Batches that are cut and not delivered yet: files in <data>/outbox, each written and synced before anybody sends it,
// and never written again, so that a retry sends the same bytes. Beside them state.json: up to where the chain was
// delivered. Losing the folder loses no record: the chain keeps them all, and they are cut once more. One process at a
// time (a lock); one thread at a time. Format: docs/formats/outbox.md.
class Outbox final {
public:
    struct Waiting {
        std::string name; // of the file
        std::uint64_t from = 0;
        std::uint64_t to = 0;
        std::uint64_t bytes = 0;
    };

    // Makes the folder. A file that is damaged, or does not follow the one before it, goes together with all behind
    // it: their records will be cut anew. conflict while another process works here.
    [[nodiscard]] static Result<Outbox> open(const std::string& dataFolder);

    [[nodiscard]] const std::vector<Waiting>& waiting() const { return m_waiting; }
    [[nodiscard]] std::uint64_t bytes() const;
    // Up to where the chain was delivered; nullopt before the first delivery and after the state was lost.
    [[nodiscard]] const std::optional<ledger::Head>& delivered() const { return m_delivered; }
    // What the next batch follows: the newest batch that waits, else what was delivered; nullopt: the begin of a chain.
    [[nodiscard]] std::optional<ledger::Head> newest() const;
    // Ends of the newest batches, delivered (the last hundred) and waiting, oldest first: where a chain that was set
    // back may still agree with what was sent.
    [[nodiscard]] std::vector<ledger::Head> ends() const;
    [[nodiscard]] const std::optional<Sha256Digest>& lastReceipt() const { return m_lastReceipt; }

    // Keeps a batch; durable when it returns. invalidInput when it does not follow newest().
    [[nodiscard]] Result<> put(ByteView batch);
    [[nodiscard]] Result<Bytes> read(const Waiting& waiting) const;
    // Everything up to record `to`, where a waiting batch ends, has arrived: its files go. notFound when none ends
    // there.
    [[nodiscard]] Result<> markDelivered(std::uint64_t to, const std::optional<Sha256Digest>& receipt);
    // What was delivered is known better elsewhere (the collector said so): goes on behind `head`; what waits is
    // dropped and cut anew.
    [[nodiscard]] Result<> restartBehind(const ledger::Head& head);

private:
    Outbox(std::string folder, platform::LockFile lock) : m_folder(std::move(folder)), m_lock(std::move(lock)) {}
    [[nodiscard]] Result<> load();
    [[nodiscard]] Result<> loadState();
    [[nodiscard]] Result<> loadFiles();
    [[nodiscard]] Result<> saveState() const;
    void moveTo(const ledger::Head& delivered);

    std::string m_folder;
    platform::LockFile m_lock;
    std::vector<Waiting> m_waiting;
    std::vector<ledger::Head> m_heads; // of the waiting batches
    std::optional<ledger::Head> m_delivered;
    std::vector<ledger::Head> m_history; // ends of delivered batches before m_delivered, of the same chain
    std::optional<Sha256Digest> m_lastReceipt;
};

} // namespace gatehouse::sync
