// SPDX-License-Identifier: Apache-2.0
#include "collector_policy.h"

#include "base/crypto.h"
#include "cms/cms.h"
#include "platform/secure_file.h"
#include "policy/policy.h"

namespace gatehouse::app {
namespace {

constexpr std::size_t kMaxBundle = 4UL * 1024UL * 1024UL;
constexpr std::size_t kMaxSigners = 256UL * 1024UL;

std::string pathIn(const std::string& dataFolder) {
    return dataFolder + "/policy/collector.p7";
}

Result<std::shared_ptr<const policy::Policy>> open(std::string_view bundle, const cms::Trust& trust, WallTime now) {
    GH_TRY(const cms::Verified verified, cms::verify(bundle, trust, now));
    GH_TRY(auto compiled, policy::Policy::compile(verified.content));
    return compiled->serial() > 0 ? Result<std::shared_ptr<const policy::Policy>>(std::move(compiled))
                                  : fail(ErrorKind::invalidInput, "a signed policy needs \"serial\" in \"meta\"");
}

} // namespace

std::string heldCollectorPolicy(const std::string& dataFolder) {
    const auto bytes = platform::readFile(pathIn(dataFolder), kMaxBundle);
    return bytes ? sha256Hex(textOf(*bytes)) : std::string();
}

Result<> takeCollectorPolicy(const std::string& dataFolder, const std::string& machineFolder, std::string_view bundle,
                             WallTime now) {
    const auto signers = platform::readFile(machineFolder + "/signers.pem", kMaxSigners);
    if (!signers) {
        return fail(ErrorKind::denied,
                    "signers.pem of the machine's policy folder, which says whose signature counts: " +
                        signers.error().what);
    }
    const cms::Trust trust{std::string(textOf(*signers))};
    GH_TRY(const auto fresh, open(bundle, trust, now));
    const std::string path = pathIn(dataFolder);
    if (const auto kept = platform::readFile(path, kMaxBundle)) {
        const auto before = open(textOf(*kept), trust, now);
        const bool isOlder = before && (*before)->id() == fresh->id() && fresh->serial() < (*before)->serial();
        if (isOlder) {
            return fail(ErrorKind::denied, "its serial " + std::to_string(fresh->serial()) + " is older than " +
                                               std::to_string((*before)->serial()) + ", which holds");
        }
    }
    GH_CHECK(platform::ensurePrivateFolder(dataFolder + "/policy"));
    return platform::writePrivateFile(path, bytesOf(bundle));
}

} // namespace gatehouse::app
