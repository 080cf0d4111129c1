// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/secure_bytes.h"

// Thin, total wrappers over OpenSSL 3. All functions may run on any thread.
namespace gatehouse {

using Sha256Digest = std::array<std::uint8_t, 32>;

// SHA-256 (FIPS 180-4).
Sha256Digest sha256(ByteView data);
// SHA-256 as 64 lower-case hex digits.
std::string sha256Hex(std::string_view data);
// HMAC-SHA-256 (RFC 2104).
Sha256Digest hmacSha256(ByteView key, ByteView data);
// HKDF-SHA-256 (RFC 5869), 32 bytes of output.
SecureBytes hkdfSha256(ByteView key, std::string_view info);
// CSPRNG bytes; ends the process if the system has none, because nothing safe can follow.
Bytes randomBytes(std::size_t count);
void fillRandom(std::uint8_t* data, std::size_t count);
// Compares in time that depends on the lengths only.
bool constantTimeEqual(ByteView a, ByteView b);

// AES-256-GCM (NIST SP 800-38D): 12 bytes of random nonce, ciphertext, 16 bytes of tag. The key must be 32 bytes.
[[nodiscard]] Result<Bytes> aeadSeal(const SecureBytes& key, ByteView plain, ByteView associated);
// Refuses (corrupt) anything that was changed, cut or sealed with another key or other associated data.
[[nodiscard]] Result<SecureBytes> aeadOpen(const SecureBytes& key, ByteView sealed, ByteView associated);

// Seals many short messages under one key, in the form that aeadOpen() reads; the nonces are the caller's counter,
// which must never repeat under this key. One thread at a time.
class AeadSealer final {
public:
    // `key` must be 32 bytes.
    explicit AeadSealer(const SecureBytes& key);
    ~AeadSealer();
    AeadSealer(const AeadSealer&) = delete;
    AeadSealer& operator=(const AeadSealer&) = delete;
    static std::size_t sealedSize(std::size_t plain) { return plain + 28; }
    // Appends to `out`; neither view may lie in it.
    [[nodiscard]] Result<> seal(std::uint64_t counter, ByteView plain, ByteView associated, Bytes& out);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

// A new time-ordered identifier: 26 characters of Crockford base32 (the ULID text form, github.com/ulid/spec).
std::string newId();

} // namespace gatehouse
