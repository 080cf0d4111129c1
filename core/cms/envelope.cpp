// SPDX-License-Identifier: Apache-2.0
#include "cms/envelope.h"

#include <set>

#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "cms/openssl.h"

namespace gatehouse::cms {
namespace {

constexpr unsigned kFlags = CMS_BINARY | CMS_PARTIAL;
constexpr std::size_t kFewestRecipients = 2;

bool isRsa(EVP_PKEY* key) {
    return EVP_PKEY_is_a(key, "RSA") != 0;
}

// Empty when one can seal to this certificate, else why not.
std::string recipientFault(X509* certificate) {
    EVP_PKEY* const key = X509_get0_pubkey(certificate);
    if (key == nullptr || (!isRsa(key) && EVP_PKEY_is_a(key, "EC") == 0)) {
        return "only keys on P-256, P-384 and P-521 and RSA keys can open";
    }
    if (const std::string_view fault = keyFault(key); !fault.empty()) {
        return std::string(fault);
    }
    // All bits are set when the certificate does not limit the usage of its key.
    const std::uint32_t needed = isRsa(key) ? KU_KEY_ENCIPHERMENT : KU_KEY_AGREEMENT;
    if ((X509_get_key_usage(certificate) & needed) == 0) {
        return isRsa(key) ? "its key usage lacks key encipherment" : "its key usage lacks key agreement";
    }
    return {};
}

Result<std::vector<CertificatePtr>> readRecipients(std::string_view pem) {
    std::vector<CertificatePtr> certificates = readCertificates(pem);
    if (certificates.size() < kFewestRecipients) {
        return fail(ErrorKind::invalidInput,
                    certificates.empty() ? "the auditors' certificates are not PEM certificates"
                                         : "two auditors' certificates or more are needed: a lost key must not be the "
                                           "end of the audit");
    }
    std::set<std::string> seen;
    std::size_t number = 0;
    for (const CertificatePtr& certificate : certificates) {
        number += 1;
        std::string fault = recipientFault(certificate.get());
        if (fault.empty() && !seen.insert(fingerprintOf(certificate.get())).second) {
            fault = "it is listed twice";
        }
        if (!fault.empty()) {
            return fail(ErrorKind::invalidInput, "auditor's certificate " + std::to_string(number) + ": " + fault);
        }
    }
    return certificates;
}

bool addRecipient(CMS_ContentInfo* message, X509* certificate) {
    CMS_RecipientInfo* const recipient = CMS_add1_recipient_cert(message, certificate, CMS_KEY_PARAM);
    if (recipient == nullptr) {
        return false;
    }
    EVP_PKEY_CTX* const context = CMS_RecipientInfo_get0_pkey_ctx(recipient);
    if (context == nullptr) {
        return false;
    }
    if (CMS_RecipientInfo_type(recipient) == CMS_RECIPINFO_TRANS) {
        return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) > 0 &&
               EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha256()) > 0;
    }
    return CMS_RecipientInfo_type(recipient) == CMS_RECIPINFO_AGREE &&
           EVP_PKEY_CTX_set_ecdh_kdf_md(context, EVP_sha256()) > 0;
}

Result<CmsPtr> decode(ByteView sealed) {
    if (sealed.size() > kMaxSealed) {
        return fail(ErrorKind::limit, "the sealed message is above 13 MiB");
    }
    const unsigned char* at = sealed.data();
    CmsPtr message(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(sealed.size())));
    if (!message || at != sealed.data() + sealed.size()) {
        return fail(ErrorKind::invalidInput, "not a CMS message");
    }
    // Enveloped without authentication would decrypt to anything.
    if (OBJ_obj2nid(CMS_get0_type(message.get())) != NID_id_smime_ct_authEnvelopedData) {
        return fail(ErrorKind::invalidInput, "a CMS message, but not one that is sealed and authenticated");
    }
    return message;
}

} // namespace

Result<std::vector<Recipient>> checkRecipients(std::string_view certificatesPem) {
    const ErrorQueueGuard guard;
    GH_TRY(const auto certificates, readRecipients(certificatesPem));
    std::vector<Recipient> recipients;
    for (const CertificatePtr& certificate : certificates) {
        recipients.push_back({subjectOf(certificate.get()), fingerprintOf(certificate.get())});
    }
    return recipients;
}

Result<Bytes> seal(ByteView content, std::string_view certificatesPem) {
    const ErrorQueueGuard guard;
    if (content.empty() || content.size() > kMaxSealedContent) {
        return fail(ErrorKind::limit, "the content to seal must have 1 byte to 12 MiB");
    }
    GH_TRY(const auto certificates, readRecipients(certificatesPem));
    const CmsPtr message(CMS_encrypt(nullptr, nullptr, EVP_aes_256_gcm(), kFlags));
    if (!message) {
        return fail(ErrorKind::internal, "sealing cannot begin");
    }
    for (const CertificatePtr& certificate : certificates) {
        if (!addRecipient(message.get(), certificate.get())) {
            return fail(ErrorKind::invalidInput, "an auditor's certificate cannot be sealed to");
        }
    }
    const BioPtr reader = readerOf(textOf(content));
    if (!reader || CMS_final(message.get(), reader.get(), nullptr, kFlags) != 1) {
        return fail(ErrorKind::internal, "sealing failed");
    }
    unsigned char* data = nullptr;
    const int size = i2d_CMS_ContentInfo(message.get(), &data);
    if (size <= 0) {
        return fail(ErrorKind::internal, "the sealed message cannot be encoded");
    }
    Bytes bytes(data, data + size);
    OPENSSL_free(data);
    return bytes;
}

Result<Bytes> open(ByteView sealed, const OpeningKey& key) {
    const ErrorQueueGuard guard;
    GH_TRY(const CmsPtr message, decode(sealed));
    const KeyPtr privateKey = readPrivateKey(key.privateKeyPem, key.passphrase);
    if (!privateKey) {
        return fail(ErrorKind::invalidInput, "the private key cannot be read: not PEM, or its passphrase is wrong");
    }
    const BioPtr out(BIO_new(BIO_s_mem()));
    if (!out || CMS_decrypt(message.get(), privateKey.get(), nullptr, nullptr, out.get(), CMS_BINARY) != 1) {
        return fail(ErrorKind::denied, "not sealed for this key, or changed since it was sealed");
    }
    char* data = nullptr;
    const long size = BIO_get_mem_data(out.get(), &data);
    if (size <= 0 || static_cast<std::size_t>(size) > kMaxSealedContent) {
        return fail(ErrorKind::limit, "the sealed content is empty or above 12 MiB");
    }
    const ByteView plain = bytesOf(std::string_view(data, static_cast<std::size_t>(size)));
    return Bytes(plain.begin(), plain.end());
}

} // namespace gatehouse::cms
