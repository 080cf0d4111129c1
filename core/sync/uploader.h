// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "sync/delivery.h"
#include "sync/pulse.h"

// The audit on its way to the collector. The thread "sync" owns the outbox; it blocks on the disk, the keyring and the
// network, and delays nothing else. docs/architecture.md, docs/collector.md.
namespace gatehouse::sync {

struct UploadSettings {
    std::string url;
    std::string caPem;
    std::string receiptKeyPem;
    std::string auditorsPem;
    std::string enrolmentTokenFile;
    std::string logKey; // empty: the collector's log is not followed
    bool hasTexts = false;
    std::vector<ledger::ClearField> clear{}; // what the collector may read of each record
    std::chrono::seconds interval{900};
    std::chrono::seconds heartbeat{60};
    std::uint64_t spoolBytes = 0;
    std::uint64_t policySerial = 0;
};

struct UploaderParts {
    std::string dataFolder;
    std::string version; // of the agent
    PolicyHolder policyHolder;
    secrets::SecretStore& secrets; // outlives the uploader, as the clock
    const Clock& clock;
    // What the policy says now; nullopt when nothing is to be sent. Called on the thread "sync".
    std::function<std::optional<UploadSettings>()> settings;
    // Called on the thread "sync" after each round: hand over and return.
    std::function<void(const DeliveryReport&)> report;
};

class Uploader {
public:
    // Starts the thread. Heartbeats go before each round and between rounds, as long as the collector is reached. The
    // first round comes after a random part of the interval (at most ten minutes), so that a fleet that starts in the
    // morning does not knock at once; rounds that failed come again after 2 s, doubling to 15 minutes, each time a
    // random part of it.
    [[nodiscard]] static std::unique_ptr<Uploader> start(UploaderParts parts);
    // Ends a running transfer and joins the thread.
    virtual ~Uploader() = default;
};

} // namespace gatehouse::sync
