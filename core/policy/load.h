// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "policy/high_water.h"
#include "policy/store.h"

namespace gatehouse::policy {

// Where the bundle that the collector distributes lies; empty without a data folder. It is verified like those of the
// machine's folder, by the signers.pem there.
inline std::string collectorBundle(const std::string& dataFolder) {
    return dataFolder.empty() ? std::string() : dataFolder + "/policy/collector.p7";
}

// Turns sources into policies: reads, verifies, compiles, checks serial and dates, falls back.
class Loader final {
public:
    Loader(const StoreOptions& options, HighWater& highWater, WallTime now);

    // All sources in the order of their layers; empty when there is none.
    [[nodiscard]] std::vector<SourceReport> loadAll();
    // When the answer may change without a file changing: the next expiry or begin of validity.
    [[nodiscard]] std::optional<WallTime> nextChange() const { return m_nextChange; }

private:
    struct Opened {
        std::shared_ptr<const Policy> policy;
        std::string bytes; // as read
        std::string hash;  // of the document, without its signature
        std::string signer;
    };
    [[nodiscard]] SourceReport loadSource(SourceKind kind, const std::string& path);
    [[nodiscard]] Result<Opened> open(std::string bytes, const std::string& path, WallTime signedAt,
                                      std::vector<Fault>& faults) const;
    [[nodiscard]] Result<> checkDates(const Policy& policy);
    void fallBack(SourceReport& report, const Error& why);
    void noteChange(WallTime time);

    const StoreOptions& m_options;
    HighWater& m_highWater;
    WallTime m_now;
    std::optional<WallTime> m_nextChange;
};

} // namespace gatehouse::policy
