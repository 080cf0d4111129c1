// SPDX-License-Identifier: Apache-2.0
#include "base/crypto.h"

#include <chrono>
#include <cstdlib>
#include <memory>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

namespace gatehouse {
namespace {

constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kTagSize = 16;

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

int toInt(std::size_t size) {
    return static_cast<int>(size);
}

} // namespace

void wipe(void* data, std::size_t size) {
    OPENSSL_cleanse(data, size);
}

Sha256Digest sha256(ByteView data) {
    Sha256Digest digest{};
    SHA256(data.data(), data.size(), digest.data());
    return digest;
}

std::string sha256Hex(std::string_view data) {
    return hexEncode(sha256(bytesOf(data)));
}

Sha256Digest hmacSha256(ByteView key, ByteView data) {
    Sha256Digest digest{};
    unsigned size = 0;
    HMAC(EVP_sha256(), key.data(), toInt(key.size()), data.data(), data.size(), digest.data(), &size);
    return digest;
}

SecureBytes hkdfSha256(ByteView key, std::string_view info) {
    const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
        EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nullptr), &EVP_PKEY_CTX_free);
    SecureBytes out(std::size_t{32});
    std::size_t size = out.size();
    const ByteView label = bytesOf(info);
    if (context == nullptr || EVP_PKEY_derive_init(context.get()) <= 0 ||
        EVP_PKEY_CTX_set_hkdf_md(context.get(), EVP_sha256()) <= 0 ||
        EVP_PKEY_CTX_set1_hkdf_key(context.get(), key.data(), toInt(key.size())) <= 0 ||
        EVP_PKEY_CTX_add1_hkdf_info(context.get(), label.data(), toInt(label.size())) <= 0 ||
        EVP_PKEY_derive(context.get(), out.data(), &size) <= 0) {
        std::abort(); // only possible when OpenSSL itself is unusable
    }
    return out;
}

void fillRandom(std::uint8_t* data, std::size_t count) {
    if (RAND_bytes(data, toInt(count)) != 1) {
        std::abort();
    }
}

Bytes randomBytes(std::size_t count) {
    Bytes out(count);
    fillRandom(out.data(), count);
    return out;
}

bool constantTimeEqual(ByteView a, ByteView b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

Result<Bytes> aeadSeal(const SecureBytes& key, ByteView plain, ByteView associated) {
    if (key.size() != 32) {
        return fail(ErrorKind::invalidInput, "aead: the key is not 32 bytes");
    }
    Bytes out(kNonceSize + plain.size() + kTagSize);
    fillRandom(out.data(), kNonceSize);
    const CipherContext context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    int written = 0;
    std::uint8_t* const body = out.data() + kNonceSize;
    if (EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.view().data(), out.data()) != 1 ||
        (!associated.empty() &&
         EVP_EncryptUpdate(context.get(), nullptr, &written, associated.data(), toInt(associated.size())) != 1) ||
        EVP_EncryptUpdate(context.get(), body, &written, plain.data(), toInt(plain.size())) != 1 ||
        EVP_EncryptFinal_ex(context.get(), body + plain.size(), &written) != 1 ||
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, toInt(kTagSize), body + plain.size()) != 1) {
        return fail(ErrorKind::internal, "aead: encryption failed");
    }
    return out;
}

Result<SecureBytes> aeadOpen(const SecureBytes& key, ByteView sealed, ByteView associated) {
    if (key.size() != 32 || sealed.size() < kNonceSize + kTagSize) {
        return fail(ErrorKind::corrupt, "aead: wrong size");
    }
    const ByteView body = sealed.subspan(kNonceSize, sealed.size() - kNonceSize - kTagSize);
    Bytes tag(sealed.end() - kTagSize, sealed.end());
    SecureBytes out(body.size());
    const CipherContext context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    int written = 0;
    std::uint8_t last = 0;
    if (EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.view().data(), sealed.data()) != 1 ||
        (!associated.empty() &&
         EVP_DecryptUpdate(context.get(), nullptr, &written, associated.data(), toInt(associated.size())) != 1) ||
        EVP_DecryptUpdate(context.get(), out.data(), &written, body.data(), toInt(body.size())) != 1 ||
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, toInt(kTagSize), tag.data()) != 1 ||
        EVP_DecryptFinal_ex(context.get(), &last, &written) != 1) {
        return fail(ErrorKind::corrupt, "aead: the sealed bytes do not verify");
    }
    return out;
}

std::string newId() {
    constexpr std::string_view kCrockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    auto millis = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
    std::string id(26, '0');
    for (std::size_t i = 10; i-- > 0;) {
        id[i] = kCrockford[millis & 31U];
        millis >>= 5U;
    }
    std::array<std::uint8_t, 16> random{};
    fillRandom(random.data(), random.size());
    for (std::size_t i = 0; i < 16; ++i) {
        id[10 + i] = kCrockford[random[i] & 31U];
    }
    return id;
}

} // namespace gatehouse
