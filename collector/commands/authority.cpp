// SPDX-License-Identifier: Apache-2.0
#include "cms/authority.h"

#include <array>
#include <cstdio>

#include "base/clock.h"
#include "commands/commands.h"
#include "platform/secure_file.h"

namespace gatehouse::collector {
namespace {

constexpr const char* kUsage =
    "usage: gatehouse-collector ca create FOLDER [--name TEXT] [--days N]\n\n"
    "Makes an authority for devices' certificates: FOLDER/ca.crt and FOLDER/ca.key, for the\n"
    "configuration's \"ca_certificate\" and \"ca_key\". Existing files are left alone.\n";

Result<> create(const Options& options, const std::string& folder) {
    const std::string certificate = folder + "/ca.crt";
    const std::string key = folder + "/ca.key";
    if (platform::fileExists(certificate) || platform::fileExists(key)) {
        return fail(ErrorKind::conflict, "there is an authority in " + folder + " already");
    }
    GH_TRY(const std::int64_t days, readCount(options, "--days", 3650, 36'500));
    const std::string name = options.value("--name", "Gatehouse devices");
    GH_TRY(const cms::MadeAuthority made, cms::makeAuthority(name, SystemClock().wall(), std::chrono::days(days)));
    GH_CHECK(platform::writePrivateFile(key, bytesOf(made.keyPem.text())));
    return platform::writePrivateFile(certificate, bytesOf(made.certificatePem));
}

} // namespace

int runAuthority(Arguments arguments) {
    constexpr std::array<std::string_view, 2> kNamed{"--name", "--days"};
    constexpr std::array<std::string_view, 1> kFlags{"--help"};
    const auto options = parseOptions(arguments, kNamed, kFlags);
    if (!options) {
        return 2;
    }
    if (options->rest.size() != 2 || options->rest[0] != "create") {
        std::fputs(kUsage, options->has("--help") ? stdout : stderr);
        return options->has("--help") ? 0 : 2;
    }
    const auto done = create(*options, options->rest[1]);
    return done ? 0 : complain(done.error().what);
}

} // namespace gatehouse::collector
