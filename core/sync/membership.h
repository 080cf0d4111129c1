// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/crypto.h"
#include "sync/device.h"

namespace gatehouse::sync {

// What is needed to be let in.
struct MembershipSettings {
    std::string url;
    std::string caPem;
    std::string tokenFile; // empty: people enrol this device
};

// How the device stands with the collector.
struct Standing {
    std::string certificatePem; // empty: none that could be shown
    std::string problem;        // a sentence for people; may come with a certificate that is still good
    bool isElsewhere = false;   // the collector could not be reached: worth another try soon
};

// Keeps the device's certificate good: enrols with the policy's token file when there is none (or it ran out), renews
// it once two thirds of its life are over. A token that was refused is not shown again until the file holds another
// one. One thread; blocks for the keyring and the network.
class Membership final {
public:
    Membership(secrets::SecretStore& secrets, const Clock& clock, const std::atomic<bool>& isCancelled)
        : m_secrets(secrets)
        , m_clock(clock)
        , m_isCancelled(isCancelled) {}

    [[nodiscard]] Result<Standing> prepare(const MembershipSettings& settings);

private:
    [[nodiscard]] Result<Standing> enrolByFile(const MembershipSettings& settings, const std::string& otherwise);
    [[nodiscard]] Standing renewed(const MembershipSettings& settings, const std::string& certificate,
                                   const cms::CertificateFacts& facts);

    secrets::SecretStore& m_secrets;
    const Clock& m_clock;
    const std::atomic<bool>& m_isCancelled;
    std::optional<Sha256Digest> m_refusedToken;
    std::string m_refusal;
};

} // namespace gatehouse::sync
