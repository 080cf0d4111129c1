// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/secure_bytes.h"

// A small certificate authority (RFC 5280) for devices: it issues client certificates for requests (PKCS #10) and
// nothing else. Its key is one that was made here, or an intermediate one of a company's own authority. Const calls are
// safe on any thread.
namespace gatehouse::cms {

struct RequestFacts {
    std::string commonName;
    Bytes publicKey; // SubjectPublicKeyInfo in DER
};
// Of a request in PEM. invalidInput: no request, not signed by its own key, or a key that is neither on P-256 nor
// Ed25519.
[[nodiscard]] Result<RequestFacts> readCertificateRequest(std::string_view pem);

struct IssuedCertificate {
    std::string pem;    // the certificate, then the authority's intermediate ones
    std::string serial; // lower-case hex
    WallTime notBefore{};
    WallTime notAfter{};
};

struct MadeAuthority {
    std::string certificatePem;
    SecureBytes keyPem; // PKCS #8
};
// A root of its own, on P-256, which may issue certificates of ends only.
[[nodiscard]] Result<MadeAuthority> makeAuthority(std::string_view name, WallTime now, std::chrono::days life);

class Authority final {
public:
    // `certificatesPem`: the authority's own certificate first, then those between it and its root. invalidInput, with
    // a sentence for the operator, when it is no authority's certificate or the key is another one's.
    [[nodiscard]] static Result<Authority> open(std::string_view certificatesPem, const SecureBytes& keyPem);
    Authority(Authority&& other) noexcept;
    Authority& operator=(Authority&& other) noexcept;
    Authority(const Authority&) = delete;
    Authority& operator=(const Authority&) = delete;
    ~Authority();

    // A certificate for client authentication with this common name alone; what else the request asks for does not
    // count. It begins five minutes early, for clocks that are behind, and never outlives the authority's own. denied
    // when the authority's own has run out.
    [[nodiscard]] Result<IssuedCertificate> issue(const RequestFacts& request, WallTime now,
                                                  std::chrono::seconds life) const;

private:
    struct State;
    explicit Authority(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace gatehouse::cms
