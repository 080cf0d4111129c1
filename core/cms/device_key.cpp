// SPDX-License-Identifier: Apache-2.0
#include "cms/device_key.h"

#include <array>
#include <optional>
#include <string_view>

#include <openssl/ec.h>
#include <openssl/pem.h>

#include "cms/openssl.h"

namespace gatehouse::cms {
namespace {

using RequestPtr = std::unique_ptr<X509_REQ, Releaser<&X509_REQ_free>>;
using NamePtr = std::unique_ptr<X509_NAME, Releaser<&X509_NAME_free>>;
using DigestPtr = std::unique_ptr<EVP_MD_CTX, Releaser<&EVP_MD_CTX_free>>;

constexpr std::size_t kMaxPublicKey = 512;
constexpr std::size_t kMaxSignature = 256;

// Ed25519 hashes by itself and takes no digest.
bool isEd25519(EVP_PKEY* key) {
    return EVP_PKEY_is_a(key, "ED25519") != 0;
}

bool signsHere(EVP_PKEY* key) {
    if (key == nullptr) {
        return false;
    }
    std::array<char, 64> curve{};
    std::size_t size = 0;
    return isEd25519(key) ||
           (EVP_PKEY_is_a(key, "EC") != 0 && EVP_PKEY_get_group_name(key, curve.data(), curve.size(), &size) == 1 &&
            std::string_view(curve.data(), size) == "prime256v1");
}

const EVP_MD* digestOf(EVP_PKEY* key) {
    return isEd25519(key) ? nullptr : EVP_sha256();
}

std::optional<WallTime> timeOf(const ASN1_TIME* time) {
    // Compared with the begin of the epoch, so that no function of the time zone is needed.
    const std::unique_ptr<ASN1_TIME, Releaser<&ASN1_TIME_free>> epoch(ASN1_TIME_set(nullptr, 0));
    int days = 0;
    int seconds = 0;
    if (!epoch || ASN1_TIME_diff(&days, &seconds, epoch.get(), time) != 1) {
        return std::nullopt;
    }
    return WallTime(std::chrono::days(days) + std::chrono::seconds(seconds));
}

Result<Bytes> publicKeyOf(EVP_PKEY* key) {
    unsigned char* data = nullptr;
    const int size = i2d_PUBKEY(key, &data);
    if (size <= 0) {
        return fail(ErrorKind::internal, "the device's public key cannot be encoded");
    }
    Bytes bytes(data, data + size);
    OPENSSL_free(data);
    return bytes;
}

} // namespace

struct DeviceKey::State {
    KeyPtr key;
};

DeviceKey::DeviceKey(std::unique_ptr<State> state, Bytes publicKey)
    : m_state(std::move(state))
    , m_publicKey(std::move(publicKey)) {}
DeviceKey::DeviceKey(DeviceKey&& other) noexcept = default;
DeviceKey& DeviceKey::operator=(DeviceKey&& other) noexcept = default;
DeviceKey::~DeviceKey() = default;

Result<DeviceKey> DeviceKey::generate() {
    const ErrorQueueGuard guard;
    KeyPtr key(EVP_EC_gen("P-256"));
    if (!key) {
        return fail(ErrorKind::internal, "the device's key cannot be made");
    }
    GH_TRY(Bytes publicKey, publicKeyOf(key.get()));
    return DeviceKey(std::make_unique<State>(State{std::move(key)}), std::move(publicKey));
}

Result<DeviceKey> DeviceKey::fromPem(const SecureBytes& pem) {
    const ErrorQueueGuard guard;
    KeyPtr key = readPrivateKey(pem, SecureBytes());
    if (!signsHere(key.get())) {
        return fail(ErrorKind::invalidInput, "the device's key is neither on P-256 nor Ed25519");
    }
    GH_TRY(Bytes publicKey, publicKeyOf(key.get()));
    return DeviceKey(std::make_unique<State>(State{std::move(key)}), std::move(publicKey));
}

Result<SecureBytes> DeviceKey::pem() const {
    const ErrorQueueGuard guard;
    const BioPtr out(BIO_new(BIO_s_secmem()));
    char* data = nullptr;
    if (!out ||
        PEM_write_bio_PKCS8PrivateKey(out.get(), m_state->key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
        return fail(ErrorKind::internal, "the device's key cannot be written");
    }
    const long size = BIO_get_mem_data(out.get(), &data);
    return SecureBytes(std::string_view(data, size > 0 ? static_cast<std::size_t>(size) : 0));
}

Result<Bytes> DeviceKey::sign(ByteView message) const {
    const ErrorQueueGuard guard;
    EVP_PKEY* const key = m_state->key.get();
    const DigestPtr context(EVP_MD_CTX_new());
    std::size_t size = kMaxSignature;
    Bytes signature(size);
    if (!context || EVP_DigestSignInit(context.get(), nullptr, digestOf(key), nullptr, key) != 1 ||
        EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) != 1) {
        return fail(ErrorKind::internal, "the device's key cannot sign");
    }
    signature.resize(size);
    return signature;
}

Result<std::string> DeviceKey::certificateRequest(std::string_view commonName) const {
    const ErrorQueueGuard guard;
    EVP_PKEY* const key = m_state->key.get();
    const RequestPtr request(X509_REQ_new());
    const NamePtr name(X509_NAME_new());
    const BioPtr out(BIO_new(BIO_s_mem()));
    if (!request || !name || !out ||
        X509_NAME_add_entry_by_NID(name.get(), NID_commonName, MBSTRING_UTF8, ByteView(bytesOf(commonName)).data(),
                                   static_cast<int>(commonName.size()), -1, 0) != 1 ||
        X509_REQ_set_subject_name(request.get(), name.get()) != 1 || X509_REQ_set_pubkey(request.get(), key) != 1 ||
        X509_REQ_sign(request.get(), key, digestOf(key)) == 0 ||
        PEM_write_bio_X509_REQ(out.get(), request.get()) != 1) {
        return fail(ErrorKind::internal, "the certificate request cannot be made");
    }
    char* data = nullptr;
    const long size = BIO_get_mem_data(out.get(), &data);
    return std::string(data, size > 0 ? static_cast<std::size_t>(size) : 0);
}

Result<std::string> DeviceKey::publicPem() const {
    const ErrorQueueGuard guard;
    const BioPtr out(BIO_new(BIO_s_mem()));
    char* data = nullptr;
    if (!out || PEM_write_bio_PUBKEY(out.get(), m_state->key.get()) != 1) {
        return fail(ErrorKind::internal, "the public key cannot be written");
    }
    const long size = BIO_get_mem_data(out.get(), &data);
    return std::string(data, size > 0 ? static_cast<std::size_t>(size) : 0);
}

bool canSign(ByteView publicKey) {
    const ErrorQueueGuard guard;
    if (publicKey.size() > kMaxPublicKey) {
        return false;
    }
    const unsigned char* at = publicKey.data();
    const KeyPtr key(d2i_PUBKEY(nullptr, &at, static_cast<long>(publicKey.size())));
    return signsHere(key.get());
}

Result<Bytes> publicKeyFromPem(std::string_view pem) {
    const ErrorQueueGuard guard;
    const BioPtr reader = readerOf(pem);
    const KeyPtr key(reader ? PEM_read_bio_PUBKEY(reader.get(), nullptr, nullptr, nullptr) : nullptr);
    if (!key) {
        return fail(ErrorKind::invalidInput, "not a public key in PEM");
    }
    return publicKeyOf(key.get());
}

Result<CertificateFacts> readCertificateFacts(std::string_view pem) {
    const ErrorQueueGuard guard;
    const auto certificates = readCertificates(pem);
    EVP_PKEY* const key = certificates.empty() ? nullptr : X509_get0_pubkey(certificates.front().get());
    if (key == nullptr) {
        return fail(ErrorKind::invalidInput, "not a certificate in PEM");
    }
    CertificateFacts facts;
    GH_TRY(facts.publicKey, publicKeyOf(key));
    std::array<char, 128> name{};
    const int size = X509_NAME_get_text_by_NID(X509_get_subject_name(certificates.front().get()), NID_commonName,
                                               name.data(), static_cast<int>(name.size()));
    facts.commonName.assign(name.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    const auto from = timeOf(X509_get0_notBefore(certificates.front().get()));
    const auto to = timeOf(X509_get0_notAfter(certificates.front().get()));
    if (!from || !to) {
        return fail(ErrorKind::invalidInput, "the certificate's validity cannot be read");
    }
    facts.notBefore = *from;
    facts.notAfter = *to;
    return facts;
}

Result<> verifySignature(ByteView publicKey, ByteView message, ByteView signature) {
    const ErrorQueueGuard guard;
    if (publicKey.size() > kMaxPublicKey || signature.size() > kMaxSignature) {
        return fail(ErrorKind::invalidInput, "the public key or the signature is too long");
    }
    const unsigned char* at = publicKey.data();
    const KeyPtr key(d2i_PUBKEY(nullptr, &at, static_cast<long>(publicKey.size())));
    if (!signsHere(key.get()) || at != publicKey.data() + publicKey.size()) {
        return fail(ErrorKind::invalidInput, "the public key is neither on P-256 nor Ed25519");
    }
    const DigestPtr context(EVP_MD_CTX_new());
    if (!context || EVP_DigestVerifyInit(context.get(), nullptr, digestOf(key.get()), nullptr, key.get()) != 1) {
        return fail(ErrorKind::internal, "a signature cannot be checked");
    }
    if (EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) != 1) {
        return fail(ErrorKind::denied, "the signature is not by this key, or what it signs was changed");
    }
    return {};
}

} // namespace gatehouse::cms
