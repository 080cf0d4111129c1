// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "cms/authority.h"
#include "database/connection.h"
#include "ledger/batch.h"

// Tokens that admit devices, and the certificates that were issued for them. A token is "ghe_" and 32 random bytes in
// base64url; the database holds its SHA-256 alone.
namespace gatehouse::collector {

struct TokenPlan {
    std::string label;                      // for people
    std::optional<ledger::DeviceId> device; // for this device alone; needed for one that comes with a new key
    std::int64_t uses = 1;
    std::chrono::minutes life{24 * 60};
};
// The token, which is shown this once.
[[nodiscard]] Result<std::string> createToken(Connection& connection, const TokenPlan& plan);

struct TokenInfo {
    std::int64_t id = 0;
    std::string label;
    std::string state; // "open", "used", "expired", "revoked"
    std::int64_t usesLeft = 0;
    std::string expires; // as PostgreSQL writes it, UTC
};
// Newest first.
[[nodiscard]] Result<std::vector<TokenInfo>> listTokens(Connection& connection);
// False when there is no such token.
[[nodiscard]] Result<bool> revokeToken(Connection& connection, std::int64_t id);

enum class EnrolmentVerdict {
    issued,
    unknownToken,
    usedToken,
    expiredToken,
    revokedToken,
    anotherDevice, // the token is another device's
    anotherKey,    // the device is known with another key, and the token does not name it
    revokedDevice,
};
// The word of a refusal on the wire.
std::string_view enrolmentWord(EnrolmentVerdict verdict);

struct EnrolmentAnswer {
    EnrolmentVerdict verdict = EnrolmentVerdict::unknownToken;
    std::string certificatePem; // of issued
};

// One serialisable transaction: uses up one use of the token and issues, or does neither, however many ask at once. Who
// asks again with the same token for the same device and key (the answer was lost) gets the same certificate and uses
// nothing. A device that comes with a new key, by a token of its own, loses the certificates of its old ones. Errors:
// unavailable, internal, denied (the authority cannot issue).
[[nodiscard]] Result<EnrolmentAnswer> enrol(Connection& connection, const cms::Authority& authority,
                                            std::string_view token, const cms::RequestFacts& request,
                                            const ledger::DeviceId& device, WallTime now, std::chrono::seconds life);

// A further certificate for a device that showed a valid one. Its key may be a new one: the old one vouches for it.
[[nodiscard]] Result<std::string> renew(Connection& connection, const cms::Authority& authority,
                                        const cms::RequestFacts& request, const ledger::DeviceId& device, WallTime now,
                                        std::chrono::seconds life);

// A device's name from its 32 hex digits.
[[nodiscard]] Result<ledger::DeviceId> deviceFromHex(std::string_view text);

} // namespace gatehouse::collector
