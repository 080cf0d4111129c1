// SPDX-License-Identifier: Apache-2.0
#include "cms/openssl.h"

#include <algorithm>
#include <array>
#include <limits>

#include <openssl/pem.h>

#include "base/bytes.h"

namespace gatehouse::cms {
namespace {

constexpr std::size_t kMaxCertificates = 32;

// OpenSSL asks the terminal when there is no callback; this one answers with the given passphrase or with nothing.
int passphraseFor(char* buffer, int size, int /*isWriting*/, void* context) {
    const auto* const passphrase = static_cast<const SecureBytes*>(context);
    if (passphrase->empty() || passphrase->size() > static_cast<std::size_t>(size)) {
        return -1;
    }
    std::ranges::copy(passphrase->text(), buffer);
    return static_cast<int>(passphrase->size());
}

} // namespace

BioPtr readerOf(std::string_view bytes) {
    if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
        return nullptr;
    }
    return BioPtr(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

std::vector<CertificatePtr> readCertificates(std::string_view pem) {
    std::vector<CertificatePtr> certificates;
    const BioPtr reader = readerOf(pem);
    while (reader && certificates.size() <= kMaxCertificates) {
        CertificatePtr certificate(PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr));
        if (!certificate) {
            // The end of the text is told apart from a broken certificate by the reason.
            if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) {
                certificates.clear();
            }
            break;
        }
        certificates.push_back(std::move(certificate));
    }
    ERR_clear_error();
    if (certificates.size() > kMaxCertificates) {
        certificates.clear();
    }
    return certificates;
}

KeyPtr readPrivateKey(const SecureBytes& pem, const SecureBytes& passphrase) {
    const BioPtr reader = readerOf(pem.text());
    SecureBytes answer = passphrase;
    return KeyPtr(reader ? PEM_read_bio_PrivateKey(reader.get(), nullptr, &passphraseFor, &answer) : nullptr);
}

std::string fingerprintOf(X509* certificate) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) {
        return {};
    }
    return hexEncode(ByteView(digest.data(), size));
}

std::string subjectOf(X509* certificate) {
    const BioPtr out(BIO_new(BIO_s_mem()));
    if (!out || X509_NAME_print_ex(out.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253) < 0) {
        return {};
    }
    std::string text(static_cast<std::size_t>(BIO_pending(out.get())), '\0');
    const int read = BIO_read(out.get(), text.data(), static_cast<int>(text.size()));
    text.resize(read > 0 ? static_cast<std::size_t>(read) : 0);
    return text;
}

std::string_view keyFault(EVP_PKEY* key) {
    if (key == nullptr) {
        return "the key cannot be read";
    }
    if (EVP_PKEY_is_a(key, "RSA") != 0 || EVP_PKEY_is_a(key, "RSA-PSS") != 0) {
        return EVP_PKEY_get_bits(key) >= 2048 ? "" : "RSA keys need 2048 bits or more";
    }
    if (EVP_PKEY_is_a(key, "EC") != 0) {
        std::array<char, 64> curve{};
        std::size_t size = 0;
        if (EVP_PKEY_get_group_name(key, curve.data(), curve.size(), &size) != 1) {
            return "the key's curve is not a named one";
        }
        const std::string_view name(curve.data(), size);
        const bool counts = name == "prime256v1" || name == "secp384r1" || name == "secp521r1";
        return counts ? "" : "only the curves P-256, P-384 and P-521 count";
    }
    return "only ECDSA and RSA keys can sign such a message";
}

} // namespace gatehouse::cms
