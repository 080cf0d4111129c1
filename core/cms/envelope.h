// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secure_bytes.h"

// Sealed messages: CMS AuthEnvelopedData (RFC 5083) with AES-256-GCM (RFC 5084) to the X.509 certificates of two or
// more auditors. What seal() makes, `openssl cms -decrypt` opens with any of their keys. All functions are pure and
// safe on any thread; errors never hold content.
namespace gatehouse::cms {

inline constexpr std::size_t kMaxSealedContent = 12UL * 1024UL * 1024UL; // bytes of the content
inline constexpr std::size_t kMaxSealed = 13UL * 1024UL * 1024UL;        // bytes of the message

struct Recipient {
    std::string subject;     // RFC 2253
    std::string fingerprint; // SHA-256 of the certificate, lower-case hex
};

// Who can open what is sealed to these certificates (PEM). invalidInput, with a sentence for the policy's author, when
// there are fewer than two, one occurs twice, or a certificate cannot be sealed to: it needs a key on P-256, P-384 or
// P-521 with the usage key agreement, or an RSA key of 2,048 bits or more with the usage key encipherment. Validity is
// not judged: a company whose certificate ran out over night must not lose its audit.
[[nodiscard]] Result<std::vector<Recipient>> checkRecipients(std::string_view certificatesPem);

// The message is DER. Keys are wrapped by ECDH with the X9.63 KDF over SHA-256, or by RSA-OAEP with SHA-256: OpenSSL's
// own defaults are SHA-1 and PKCS #1 v1.5. invalidInput as above; limit for too much content.
[[nodiscard]] Result<Bytes> seal(ByteView content, std::string_view certificatesPem);

struct OpeningKey {
    SecureBytes privateKeyPem; // of one recipient
    SecureBytes passphrase;    // of an encrypted key; never asked for on a terminal
};

// Check who sent it before: a parser of such messages is worth attacking, and whoever has the certificates can seal.
// invalidInput: not such a message, or the key cannot be read; denied: not for this key, or changed since.
[[nodiscard]] Result<Bytes> open(ByteView sealed, const OpeningKey& key);

} // namespace gatehouse::cms
