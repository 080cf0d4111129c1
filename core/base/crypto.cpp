// SPDX-License-Identifier: Apache-2.0
#include "base/crypto.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <memory>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

namespace gatehouse {
namespace {

constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kTagSize = 16;

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

// Fetched once: each implicit fetch of OpenSSL 3 takes locks and walks its providers.
const EVP_MD* sha256Method() {
    static const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> kMethod(EVP_MD_fetch(nullptr, "SHA256", nullptr),
                                                                         &EVP_MD_free);
    return kMethod.get();
}

int toInt(std::size_t size) {
    return static_cast<int>(size);
}

} // namespace

void wipe(void* data, std::size_t size) {
    OPENSSL_cleanse(data, size);
}

Sha256Digest sha256(ByteView data) {
    Sha256Digest digest{};
    if (EVP_Digest(data.data(), data.size(), digest.data(), nullptr, sha256Method(), nullptr) != 1) {
        std::abort(); // only possible when OpenSSL itself is unusable
    }
    return digest;
}

std::string sha256Hex(std::string_view data) {
    return hexEncode(sha256(bytesOf(data)));
}

// By its definition: the one-shot functions of OpenSSL 3 look their algorithm up anew each time.
Sha256Digest hmacSha256(ByteView key, ByteView data) {
    constexpr std::size_t kBlock = 64;
    std::array<std::uint8_t, kBlock> block{};
    const Sha256Digest shortened = key.size() > kBlock ? sha256(key) : Sha256Digest{};
    const ByteView used = key.size() > kBlock ? ByteView(shortened) : key;
    std::copy(used.begin(), used.end(), block.begin());
    const auto padded = [&block](std::uint8_t with, ByteView rest) {
        SecureBytes input(kBlock + rest.size());
        std::transform(block.begin(), block.end(), input.data(),
                       [with](std::uint8_t byte) { return static_cast<std::uint8_t>(byte ^ with); });
        std::copy(rest.begin(), rest.end(), input.data() + kBlock);
        return sha256(input.view());
    };
    const Sha256Digest inner = padded(0x36, data);
    const Sha256Digest mac = padded(0x5C, inner);
    wipe(block.data(), block.size());
    return mac;
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

struct AeadSealer::State {
    CipherContext context{EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free};
    bool isUsable = false;
};

AeadSealer::AeadSealer(const SecureBytes& key) : m_state(std::make_unique<State>()) {
    m_state->isUsable = key.size() == 32 && EVP_EncryptInit_ex(m_state->context.get(), EVP_aes_256_gcm(), nullptr,
                                                               key.view().data(), nullptr) == 1;
}

AeadSealer::~AeadSealer() = default;

Result<> AeadSealer::seal(std::uint64_t counter, ByteView plain, ByteView associated, Bytes& out) {
    const std::size_t begin = out.size();
    out.resize(begin + sealedSize(plain.size()));
    std::uint8_t* const nonce = out.data() + begin;
    std::uint8_t* const body = nonce + kNonceSize;
    for (std::size_t i = 0; i < 8; ++i) {
        nonce[kNonceSize - 1 - i] = static_cast<std::uint8_t>(counter >> (8 * i));
    }
    EVP_CIPHER_CTX* const context = m_state->context.get();
    int written = 0;
    if (!m_state->isUsable || EVP_EncryptInit_ex(context, nullptr, nullptr, nullptr, nonce) != 1 ||
        (!associated.empty() &&
         EVP_EncryptUpdate(context, nullptr, &written, associated.data(), toInt(associated.size())) != 1) ||
        EVP_EncryptUpdate(context, body, &written, plain.data(), toInt(plain.size())) != 1 ||
        EVP_EncryptFinal_ex(context, body + plain.size(), &written) != 1 ||
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, toInt(kTagSize), body + plain.size()) != 1) {
        return fail(ErrorKind::internal, "aead: encryption failed");
    }
    return {};
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
