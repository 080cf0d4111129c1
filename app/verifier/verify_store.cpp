// SPDX-License-Identifier: Apache-2.0
#include "verify_store.h"

#include <cstdio>
#include <memory>
#include <string_view>

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/json.h"
#include "platform/secure_file.h"
#include "report_text.h"
#include "secrets/secret_store.h"

namespace gatehouse::verifier {
namespace {

// Knows one key and nothing else, and keeps nothing.
class GivenKey final : public secrets::SecretStore {
public:
    explicit GivenKey(SecureBytes key) : m_key(std::move(key)) {}
    Result<SecureBytes> read(std::string_view name) override {
        return name == "database-key" ? Result<SecureBytes>(m_key)
                                      : fail(ErrorKind::notFound, "there is no such secret");
    }
    Result<> write(std::string_view /*name*/, const SecureBytes& /*value*/) override {
        return fail(ErrorKind::denied, "nothing is written here");
    }
    Result<> remove(std::string_view /*name*/) override { return fail(ErrorKind::denied, "nothing is written here"); }
    [[nodiscard]] secrets::KeyProtection protection() const override { return secrets::KeyProtection::file; }

private:
    SecureBytes m_key;
};

Result<SecureBytes> readKey(const std::string& path) {
    constexpr std::size_t kKeyBytes = 32;
    GH_TRY(Bytes content, platform::readFile(path, 4096));
    SecureBytes key{ByteView(content)};
    wipe(content.data(), content.size());
    if (key.size() == kKeyBytes) {
        return key;
    }
    const std::string_view text = key.text();
    auto decoded = base64Decode(text.substr(0, text.find_first_of("\r\n")));
    if (!decoded || decoded->size() != kKeyBytes) {
        return fail(ErrorKind::invalidInput, path + ": a key is 32 bytes, or their base64 text");
    }
    SecureBytes out{ByteView(*decoded)};
    wipe(decoded->data(), decoded->size());
    return out;
}

void printJson(const audit::VerifyReport& report) {
    Json json{{"intact", report.isIntact()},
              {"records", report.records},
              {"erased", report.erased},
              {"head", hexEncode(report.head.hash)},
              {"chain", hexEncode(report.head.chain)},
              {"first_bad", nullptr},
              {"breaches", Json::array()}};
    if (report.fault) {
        json["first_bad"] = {{"sequence", report.fault->sequence}, {"what", report.fault->what}};
    }
    for (const auto& mark : report.breaches) {
        json["breaches"].push_back({{"sequence", mark.sequence}, {"event", mark.event}, {"detail", mark.detail}});
    }
    std::puts(dumpJson(json).c_str());
}

} // namespace

Result<audit::VerifyReport> verifyStore(const std::string& folder, const std::string& keyFile) {
    if (!keyFile.empty()) {
        GH_TRY(SecureBytes key, readKey(keyFile));
        GivenKey secrets(std::move(key));
        return audit::verifyAudit(folder, secrets);
    }
    const auto secrets = secrets::openExistingSecretStore({.dataFolder = folder});
    if (!secrets) {
        return secrets.error().kind == ErrorKind::notFound
                   ? fail(ErrorKind::notFound, folder + " says nowhere where its key is; give --key-file")
                   : std::unexpected(secrets.error());
    }
    return audit::verifyAudit(folder, **secrets);
}

int printStoreReport(const audit::VerifyReport& report, bool isJson) {
    const int code = report.isIntact() ? 0 : 1;
    if (isJson) {
        printJson(report);
        return code;
    }
    if (!printFlaws(report)) {
        std::puts(fmt::format("intact: {} records, head {}", report.records, hexEncode(report.head.hash)).c_str());
    }
    if (report.erased > 0) {
        std::puts(fmt::format("{} texts were erased, as the records say", report.erased).c_str());
    }
    return code;
}

} // namespace gatehouse::verifier
