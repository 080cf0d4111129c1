// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/result.h"
#include "base/secure_bytes.h"

namespace gatehouse::cms {

// The key with which a device signs what it sends: ECDSA on P-256 over SHA-256 (signature in DER, RFC 3279 §2.2.3),
// which TPMs and companies' CAs know as well, or Ed25519 (RFC 8032). A public key is its SubjectPublicKeyInfo in DER
// (RFC 5280 §4.1). Const calls are safe on any thread.
class DeviceKey final {
public:
    // A new key on P-256.
    [[nodiscard]] static Result<DeviceKey> generate();
    // PKCS #8 in PEM, not encrypted; invalidInput for other kinds of keys.
    [[nodiscard]] static Result<DeviceKey> fromPem(const SecureBytes& pem);
    DeviceKey(DeviceKey&& other) noexcept;
    DeviceKey& operator=(DeviceKey&& other) noexcept;
    DeviceKey(const DeviceKey&) = delete;
    DeviceKey& operator=(const DeviceKey&) = delete;
    ~DeviceKey();

    [[nodiscard]] Result<SecureBytes> pem() const;
    [[nodiscard]] const Bytes& publicKey() const { return m_publicKey; }
    [[nodiscard]] Result<std::string> publicPem() const;
    [[nodiscard]] Result<Bytes> sign(ByteView message) const;
    // A certificate signing request (PKCS #10, RFC 2986) in PEM for this key, with this common name alone.
    [[nodiscard]] Result<std::string> certificateRequest(std::string_view commonName) const;

private:
    struct State;
    explicit DeviceKey(std::unique_ptr<State> state, Bytes publicKey);
    std::unique_ptr<State> m_state;
    Bytes m_publicKey;
};

// denied when the signature is not by this key over this message; invalidInput when the key is of no kind that signs
// here.
[[nodiscard]] Result<> verifySignature(ByteView publicKey, ByteView message, ByteView signature);

// True when a public key is of a kind that signs here.
bool canSign(ByteView publicKey);

// A public key (SubjectPublicKeyInfo in DER) from its PEM form.
[[nodiscard]] Result<Bytes> publicKeyFromPem(std::string_view pem);

struct CertificateFacts {
    std::string commonName;
    Bytes publicKey;
    WallTime notBefore{};
    WallTime notAfter{};
};
// Of the first certificate of a PEM text.
[[nodiscard]] Result<CertificateFacts> readCertificateFacts(std::string_view pem);

} // namespace gatehouse::cms
