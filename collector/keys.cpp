// SPDX-License-Identifier: Apache-2.0
#include "keys.h"

#include "cms/signed_note.h"
#include "platform/secure_file.h"

namespace gatehouse::collector {
namespace {

constexpr std::size_t kMaxFile = 64UL * 1024UL;

Result<Bytes> readFor(std::string_view member, const std::string& path) {
    auto bytes = platform::readFile(path, kMaxFile);
    return bytes ? std::move(bytes)
                 : fail(bytes.error().kind,
                        "the file of \"" + std::string(member) + "\" cannot be read: " + bytes.error().what);
}

} // namespace

Result<cms::DeviceKey> openReceiptKey(const Config& config) {
    GH_TRY(const Bytes pem, readFor("receipt_key", config.receiptKey));
    return cms::DeviceKey::fromPem(SecureBytes(ByteView(pem)));
}

Result<std::optional<cms::Authority>> openAuthority(const Config& config) {
    if (config.caCertificate.empty()) {
        return std::nullopt;
    }
    GH_TRY(const Bytes certificates, readFor("ca_certificate", config.caCertificate));
    GH_TRY(const Bytes key, readFor("ca_key", config.caKey));
    GH_TRY(cms::Authority authority, cms::Authority::open(textOf(certificates), SecureBytes(ByteView(key))));
    return authority;
}

Result<std::unique_ptr<ObjectStore>> openObjects(const Config& config) {
    if (config.objects.url.empty()) {
        return nullptr;
    }
    ObjectOptions options{.url = config.objects.url,
                          .region = config.objects.region,
                          .mode = config.objects.isCompliance ? LockMode::compliance : LockMode::governance,
                          .retention = config.objects.retention};
    GH_TRY(const Bytes key, readFor("key", config.objects.keyFile));
    options.key = textOf(key);
    if (!config.objects.authority.empty()) {
        GH_TRY(const Bytes authority, readFor("ca", config.objects.authority));
        options.caPem = textOf(authority);
    }
    return ObjectStore::open(std::move(options));
}

Result<std::optional<LogKey>> openLogKey(const Config& config) {
    if (config.logKey.empty()) {
        return std::nullopt;
    }
    GH_TRY(const Bytes pem, readFor("log_key", config.logKey));
    GH_TRY(cms::DeviceKey key, cms::DeviceKey::fromPem(SecureBytes(ByteView(pem))));
    if (const auto name = cms::verifierKeyOf(config.logOrigin, key); !name) {
        return fail(ErrorKind::invalidInput, "\"log_key\" and \"log_origin\": " + name.error().what);
    }
    return LogKey{config.logOrigin, std::move(key)};
}

} // namespace gatehouse::collector
