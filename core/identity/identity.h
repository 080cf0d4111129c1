// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/secure_bytes.h"
#include "types/interaction.h"

// Who is calling: the client token, the OS user and process behind a loopback connection, the person. gw-io thread.
namespace gatehouse::identity {

struct ClientInfo {
    std::string id;
    std::string name; // "vscode", "gatehouse-chat"
    WallTime created;
    std::optional<WallTime> expires;
    bool isRevoked = false;
};

// The registry of client tokens ("ghc_" and 43 base64url characters). Kept as SHA-256 hashes in <data>/clients.json,
// 0600.
class ClientTokens {
public:
    // Opens the registry of a data folder, an empty one where there is none; corrupt when the file makes no sense.
    [[nodiscard]] static Result<std::unique_ptr<ClientTokens>> open(const std::string& dataFolder, const Clock& clock);
    // As open(), but a file that makes no sense is set aside as clients.json.damaged-<milliseconds since 1970> and
    // said in the log: no token of it holds any more, and the agent's other doors stay open.
    [[nodiscard]] static Result<std::unique_ptr<ClientTokens>> openOrBegin(const std::string& dataFolder,
                                                                           const Clock& clock);
    virtual ~ClientTokens() = default;
    // Makes a token; this is the only time that its text exists.
    [[nodiscard]] virtual Result<SecureBytes> issue(std::string_view name,
                                                    std::optional<std::chrono::seconds> lifetime) = 0;
    // Constant-time look-up. denied when unknown, expired or revoked.
    [[nodiscard]] virtual Result<ClientInfo> verify(std::string_view token) const = 0;
    [[nodiscard]] virtual std::vector<ClientInfo> list() const = 0;
    [[nodiscard]] virtual Result<> revoke(std::string_view idOrName) = 0;
};

struct LoopbackPeer {
    std::string address; // "127.0.0.1" or "::1"
    std::uint16_t port = 0;
    std::uint16_t localPort = 0;
};

struct PeerOwner {
    bool isUserKnown = false;
    std::uint32_t uid = 0;
    Process process;
};

// Finds the owner of the other end of a loopback connection (Linux: sock_diag, then /proc). An unknown owner is not an
// error; a wrong one is never given.
class PeerLookup {
public:
    static std::unique_ptr<PeerLookup> create();
    virtual ~PeerLookup() = default;
    virtual PeerOwner find(const LoopbackPeer& peer) = 0;
};

// The OS user that this agent runs for.
Person currentPerson();

} // namespace gatehouse::identity
