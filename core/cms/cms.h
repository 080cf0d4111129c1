// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/secure_bytes.h"

// Signed messages: CMS SignedData (RFC 5652) with the content inside, signed once, by ECDSA on P-256, P-384 or P-521,
// or by RSA-PSS with 2048 bits or more, over SHA-256 or longer. What IT signs with `openssl cms -sign -nodetach
// -binary` opens here, and what sign() makes opens there. All functions are pure and safe on any thread; errors never
// hold content. Commands for both directions: docs/policy.md, "Signed bundles".
namespace gatehouse::cms {

inline constexpr std::size_t kMaxMessage = 4UL * 1024UL * 1024UL; // bytes of a message in any of its forms
inline constexpr std::size_t kMaxContent = 2UL * 1024UL * 1024UL; // bytes of the content inside

// Whose signature counts. A signer's certificate that is listed itself is trusted as it is. One that was issued by a
// listed CA counts only if it carries the extended key usage "code signing": a company's CA also issues to every
// employee and server.
struct Trust {
    std::string certificatesPem; // one or more certificates, PEM
};

struct Verified {
    std::string content;
    std::string signer;      // subject of the signer's certificate, RFC 2253
    std::string fingerprint; // SHA-256 of that certificate, lower-case hex
};

// Checks signature, algorithms, certificate chain and validity at `now`, and gives the content. The message may be DER,
// PEM or S/MIME (the default form of `openssl cms`). invalidInput: not such a message; denied: not signed by whom
// `trust` names, or not in a way that counts; limit: too large.
[[nodiscard]] Result<Verified> verify(std::string_view message, const Trust& trust, WallTime now);

struct SigningKey {
    std::string certificatePem; // the signer's certificate, then any intermediate ones to send along
    SecureBytes privateKeyPem;  // PKCS#8 or the traditional forms
    SecureBytes passphrase;     // of an encrypted key; never asked for on a terminal
};

// Signs content; the message is DER. invalidInput when key and certificate do not fit or their kind does not count.
[[nodiscard]] Result<Bytes> sign(std::string_view content, const SigningKey& key);

} // namespace gatehouse::cms
