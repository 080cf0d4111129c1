// SPDX-License-Identifier: Apache-2.0
#include <openssl/rsa.h>

#include "cms/cms.h"
#include "cms/openssl.h"

namespace gatehouse::cms {
namespace {

bool choosePss(CMS_SignerInfo* signer) {
    EVP_PKEY_CTX* const context = CMS_SignerInfo_get0_pkey_ctx(signer);
    return context != nullptr && EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) > 0;
}

Result<Bytes> encode(CMS_ContentInfo* message) {
    unsigned char* data = nullptr;
    const int size = i2d_CMS_ContentInfo(message, &data);
    if (size <= 0) {
        return fail(ErrorKind::internal, "the signed message cannot be encoded");
    }
    Bytes bytes(data, data + size);
    OPENSSL_free(data);
    return bytes;
}

} // namespace

Result<Bytes> sign(std::string_view content, const SigningKey& key) {
    const ErrorQueueGuard guard;
    if (content.empty() || content.size() > kMaxContent) {
        return fail(ErrorKind::limit, "the content to sign must have 1 byte to 2 MiB");
    }
    const std::vector<CertificatePtr> certificates = readCertificates(key.certificatePem);
    if (certificates.empty()) {
        return fail(ErrorKind::invalidInput, "the signer's certificate is not a PEM certificate");
    }
    const KeyPtr privateKey = readPrivateKey(key.privateKeyPem, key.passphrase);
    if (!privateKey) {
        return fail(ErrorKind::invalidInput, "the private key cannot be read: not PEM, or its passphrase is wrong");
    }
    if (const std::string_view fault = keyFault(privateKey.get()); !fault.empty()) {
        return fail(ErrorKind::invalidInput, std::string(fault));
    }
    if (X509_check_private_key(certificates[0].get(), privateKey.get()) != 1) {
        return fail(ErrorKind::invalidInput, "the private key is not that of the certificate");
    }
    constexpr unsigned kFlags = CMS_BINARY | CMS_PARTIAL | CMS_NOSMIMECAP;
    const CmsPtr message(CMS_sign(nullptr, nullptr, nullptr, nullptr, kFlags));
    const bool isRsa = EVP_PKEY_is_a(privateKey.get(), "EC") == 0;
    CMS_SignerInfo* const signer = message ? CMS_add1_signer(message.get(), certificates[0].get(), privateKey.get(),
                                                             EVP_sha256(), kFlags | (isRsa ? CMS_KEY_PARAM : 0U))
                                           : nullptr;
    if (signer == nullptr || (isRsa && !choosePss(signer))) {
        return fail(ErrorKind::invalidInput, "this certificate and key cannot sign");
    }
    for (auto extra = certificates.begin() + 1; extra != certificates.end(); ++extra) {
        if (CMS_add1_cert(message.get(), extra->get()) != 1) {
            return fail(ErrorKind::invalidInput, "an intermediate certificate cannot be added");
        }
    }
    const BioPtr reader = readerOf(content);
    if (!reader || CMS_final(message.get(), reader.get(), nullptr, kFlags) != 1) {
        return fail(ErrorKind::internal, "signing failed");
    }
    return encode(message.get());
}

} // namespace gatehouse::cms
