// SPDX-License-Identifier: Apache-2.0
#include "base/rsa_signature.h"

#include <memory>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

namespace gatehouse {
namespace {

constexpr std::size_t kMaxPem = 16UL * 1024UL;

// A key that is encrypted is refused instead of asking somebody at a terminal.
int noPassword(char* /*buffer*/, int /*size*/, int /*isWriting*/, void* /*user*/) {
    return -1;
}

} // namespace

Result<Bytes> signRsaSha256(std::string_view privateKeyPem, std::string_view text) {
    if (privateKeyPem.size() > kMaxPem) {
        return fail(ErrorKind::invalidInput, "the private key is too large");
    }
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
        BIO_new_mem_buf(privateKeyPem.data(), static_cast<int>(privateKeyPem.size())), &BIO_free);
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
        bio == nullptr ? nullptr : PEM_read_bio_PrivateKey(bio.get(), nullptr, &noPassword, nullptr), &EVP_PKEY_free);
    if (key == nullptr || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) {
        return fail(ErrorKind::invalidInput, "there is no RSA private key");
    }
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    std::size_t size = 0;
    const ByteView bytes = bytesOf(text);
    const bool isSized = context != nullptr &&
                         EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
                         EVP_DigestSign(context.get(), nullptr, &size, bytes.data(), bytes.size()) == 1;
    Bytes signature(size);
    if (!isSized || EVP_DigestSign(context.get(), signature.data(), &size, bytes.data(), bytes.size()) != 1) {
        return fail(ErrorKind::internal, "signing failed");
    }
    signature.resize(size);
    return signature;
}

} // namespace gatehouse
