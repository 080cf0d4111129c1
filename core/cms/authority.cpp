// SPDX-License-Identifier: Apache-2.0
#include "cms/authority.h"

#include <algorithm>
#include <array>
#include <vector>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/crypto.h"
#include "cms/device_key.h"
#include "cms/openssl.h"

namespace gatehouse::cms {
namespace {

using RequestPtr = std::unique_ptr<X509_REQ, Releaser<&X509_REQ_free>>;
using NamePtr = std::unique_ptr<X509_NAME, Releaser<&X509_NAME_free>>;
using NumberPtr = std::unique_ptr<BIGNUM, Releaser<&BN_free>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, Releaser<&X509_EXTENSION_free>>;

constexpr std::size_t kMaxRequest = 16UL * 1024UL;
constexpr std::size_t kSerialBytes = 16;
constexpr std::chrono::minutes kEarly{5};
constexpr long kVersion3 = 2;

struct Wanted {
    int id;
    const char* value;
};
constexpr std::array<Wanted, 5> kOfDevice{{{NID_basic_constraints, "critical,CA:FALSE"},
                                           {NID_key_usage, "critical,digitalSignature"},
                                           {NID_ext_key_usage, "clientAuth"},
                                           {NID_subject_key_identifier, "hash"},
                                           {NID_authority_key_identifier, "keyid"}}};
constexpr std::array<Wanted, 3> kOfAuthority{{{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                                              {NID_key_usage, "critical,keyCertSign,cRLSign"},
                                              {NID_subject_key_identifier, "hash"}}};

std::unexpected<Error> cannotIssue() {
    return fail(ErrorKind::internal, "the certificate cannot be made");
}

const EVP_MD* digestFor(EVP_PKEY* key) {
    return EVP_PKEY_is_a(key, "ED25519") != 0 ? nullptr : EVP_sha256();
}

bool setTime(ASN1_TIME* out, WallTime time) {
    return ASN1_TIME_set(out, std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count()) !=
           nullptr;
}

template <std::size_t size>
bool addExtensions(X509* certificate, X509* issuer, const std::array<Wanted, size>& wanted) {
    X509V3_CTX context{};
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    return std::all_of(wanted.begin(), wanted.end(), [&](const Wanted& each) {
        const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, each.id, each.value));
        return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
    });
}

// A serial of 127 random bits: positive, as RFC 5280 §4.1.2.2 asks.
bool setSerial(X509* certificate, std::string& hex) {
    Bytes serial = randomBytes(kSerialBytes);
    serial.front() = static_cast<std::uint8_t>((serial.front() & 0x7fU) | 0x40U); // its form has all 16 bytes
    const NumberPtr number(BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr));
    hex = hexEncode(serial);
    return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool setSubject(X509* certificate, std::string_view commonName) {
    const NamePtr name(X509_NAME_new());
    return name &&
           X509_NAME_add_entry_by_NID(name.get(), NID_commonName, MBSTRING_UTF8, bytesOf(commonName).data(),
                                      static_cast<int>(commonName.size()), -1, 0) == 1 &&
           X509_set_subject_name(certificate, name.get()) == 1;
}

// Everything but the issuer's name, extensions and signature.
CertificatePtr begin(std::string_view commonName, EVP_PKEY* publicKey, WallTime from, WallTime to,
                     std::string& serial) {
    CertificatePtr certificate(X509_new());
    const bool isGood =
        certificate && X509_set_version(certificate.get(), kVersion3) == 1 && setSerial(certificate.get(), serial) &&
        setSubject(certificate.get(), commonName) && setTime(X509_getm_notBefore(certificate.get()), from) &&
        setTime(X509_getm_notAfter(certificate.get()), to) && X509_set_pubkey(certificate.get(), publicKey) == 1;
    return isGood ? std::move(certificate) : nullptr;
}

std::string pemOf(X509* certificate) {
    const BioPtr out(BIO_new(BIO_s_mem()));
    char* data = nullptr;
    if (!out || PEM_write_bio_X509(out.get(), certificate) != 1) {
        return {};
    }
    const long size = BIO_get_mem_data(out.get(), &data);
    return {data, size > 0 ? static_cast<std::size_t>(size) : 0};
}

bool isRoot(X509* certificate) {
    return X509_check_issued(certificate, certificate) == X509_V_OK;
}

} // namespace

Result<RequestFacts> readCertificateRequest(std::string_view pem) {
    const ErrorQueueGuard guard;
    const BioPtr reader = pem.size() <= kMaxRequest ? readerOf(pem) : nullptr;
    const RequestPtr request(reader ? PEM_read_bio_X509_REQ(reader.get(), nullptr, nullptr, nullptr) : nullptr);
    EVP_PKEY* const key = request ? X509_REQ_get0_pubkey(request.get()) : nullptr;
    if (key == nullptr || X509_REQ_verify(request.get(), key) != 1) {
        return fail(ErrorKind::invalidInput, "not a certificate request in PEM, signed by its own key");
    }
    unsigned char* data = nullptr;
    const int length = i2d_PUBKEY(key, &data);
    if (length <= 0) {
        return fail(ErrorKind::internal, "the request's key cannot be encoded");
    }
    RequestFacts facts{{}, Bytes(data, data + length)};
    OPENSSL_free(data);
    if (!canSign(facts.publicKey)) {
        return fail(ErrorKind::invalidInput, "the request's key is neither on P-256 nor Ed25519");
    }
    std::array<char, 128> name{};
    const int size = X509_NAME_get_text_by_NID(X509_REQ_get_subject_name(request.get()), NID_commonName, name.data(),
                                               static_cast<int>(name.size()));
    facts.commonName.assign(name.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    return facts;
}

Result<MadeAuthority> makeAuthority(std::string_view name, WallTime now, std::chrono::days life) {
    const ErrorQueueGuard guard;
    GH_TRY(const DeviceKey made, DeviceKey::generate());
    GH_TRY(SecureBytes keyPem, made.pem());
    const KeyPtr key = readPrivateKey(keyPem, SecureBytes());
    std::string serial;
    const CertificatePtr certificate = key ? begin(name, key.get(), now - kEarly, now + life, serial) : nullptr;
    if (!certificate || X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get())) != 1 ||
        !addExtensions(certificate.get(), certificate.get(), kOfAuthority) ||
        X509_sign(certificate.get(), key.get(), digestFor(key.get())) == 0) {
        return cannotIssue();
    }
    return MadeAuthority{pemOf(certificate.get()), std::move(keyPem)};
}

struct Authority::State {
    CertificatePtr certificate;
    KeyPtr key;
    std::string between; // PEM of what stands between a device's certificate and the root
    WallTime notAfter{};
};

Authority::Authority(std::unique_ptr<State> state) : m_state(std::move(state)) {}
Authority::Authority(Authority&& other) noexcept = default;
Authority& Authority::operator=(Authority&& other) noexcept = default;
Authority::~Authority() = default;

Result<Authority> Authority::open(std::string_view certificatesPem, const SecureBytes& keyPem) {
    const ErrorQueueGuard guard;
    auto certificates = readCertificates(certificatesPem);
    KeyPtr key = readPrivateKey(keyPem, SecureBytes());
    if (certificates.empty() || !key) {
        return fail(ErrorKind::invalidInput, certificates.empty() ? "the authority's certificate cannot be read"
                                                                  : "the authority's key cannot be read");
    }
    X509* const own = certificates.front().get();
    if (X509_check_ca(own) != 1 || (X509_get_key_usage(own) & KU_KEY_CERT_SIGN) == 0) {
        return fail(ErrorKind::invalidInput, "the authority's certificate may not issue others: it needs CA:TRUE, and "
                                             "keyCertSign where it has key usages");
    }
    if (X509_check_private_key(own, key.get()) != 1) {
        return fail(ErrorKind::invalidInput, "the authority's key does not belong to its certificate");
    }
    GH_TRY(const CertificateFacts facts, readCertificateFacts(certificatesPem));
    std::string between;
    for (const CertificatePtr& each : certificates) {
        between += isRoot(each.get()) ? std::string() : pemOf(each.get());
    }
    return Authority(std::make_unique<State>(
        State{std::move(certificates.front()), std::move(key), std::move(between), facts.notAfter}));
}

Result<IssuedCertificate> Authority::issue(const RequestFacts& request, WallTime now, std::chrono::seconds life) const {
    const ErrorQueueGuard guard;
    if (m_state->notAfter <= now) {
        return fail(ErrorKind::denied, "the authority's own certificate has run out");
    }
    const unsigned char* at = request.publicKey.data();
    const KeyPtr publicKey(d2i_PUBKEY(nullptr, &at, static_cast<long>(request.publicKey.size())));
    IssuedCertificate issued;
    issued.notBefore = std::chrono::floor<std::chrono::seconds>(now) - kEarly;
    issued.notAfter = std::min<WallTime>(std::chrono::floor<std::chrono::seconds>(now) + life, m_state->notAfter);
    const CertificatePtr certificate =
        publicKey ? begin(request.commonName, publicKey.get(), issued.notBefore, issued.notAfter, issued.serial)
                  : nullptr;
    if (!certificate ||
        X509_set_issuer_name(certificate.get(), X509_get_subject_name(m_state->certificate.get())) != 1 ||
        !addExtensions(certificate.get(), m_state->certificate.get(), kOfDevice) ||
        X509_sign(certificate.get(), m_state->key.get(), digestFor(m_state->key.get())) == 0) {
        return cannotIssue();
    }
    issued.pem = pemOf(certificate.get()) + m_state->between;
    return issued;
}

} // namespace gatehouse::cms
