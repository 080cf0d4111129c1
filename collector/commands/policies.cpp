// SPDX-License-Identifier: Apache-2.0
#include "database/policies.h"

#include <array>
#include <cstdio>

#include "base/clock.h"
#include "commands/commands.h"
#include "platform/secure_file.h"

namespace gatehouse::collector {
namespace {

constexpr const char* kUsage =
    "usage: gatehouse-collector policy publish BUNDLE [--config FILE]\n\n"
    "Gives devices this policy from their next heartbeat on. BUNDLE is signed (gatehousectl policy sign, or openssl "
    "cms)\n"
    "by one of the configuration's \"policy_signers\"; its serial is higher than that of every one before.\n";
constexpr std::size_t kMaxBundle = 4UL * 1024UL * 1024UL;
constexpr std::size_t kMaxSigners = 256UL * 1024UL;

Result<PublishedPolicy> publish(const Options& options, const std::string& path) {
    GH_TRY(const Config config, readConfig(options.value("--config", kDefaultConfig)));
    if (config.policySigners.empty()) {
        return fail(ErrorKind::invalidInput, "the configuration has no \"policy_signers\"");
    }
    GH_TRY(const Bytes signers, platform::readFile(config.policySigners, kMaxSigners));
    GH_TRY(const Bytes bundle, platform::readFile(path, kMaxBundle));
    GH_TRY(const auto connection, openDatabase(options));
    return publishPolicy(*connection, textOf(bundle), std::string(textOf(signers)), SystemClock().wall());
}

} // namespace

int runPolicies(Arguments arguments) {
    constexpr std::array<std::string_view, 1> kNamed{"--config"};
    constexpr std::array<std::string_view, 1> kFlags{"--help"};
    const auto options = parseOptions(arguments, kNamed, kFlags);
    if (!options) {
        return 2;
    }
    if (options->rest.size() != 2 || options->rest[0] != "publish") {
        std::fputs(kUsage, options->has("--help") ? stdout : stderr);
        return options->has("--help") ? 0 : 2;
    }
    const auto published = publish(*options, options->rest[1]);
    if (!published) {
        return complain(published.error().what, published.error().kind == ErrorKind::denied ? 1 : 2);
    }
    std::printf("%s serial %lld, signed by %s, is published\n", published->id.c_str(),
                static_cast<long long>(published->serial), published->signer.c_str());
    return 0;
}

} // namespace gatehouse::collector
