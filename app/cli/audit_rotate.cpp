// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdio>

#include "audit/key_rotation.h"
#include "audit_verbs.h"
#include "base/clock.h"
#include "base/json.h"
#include "client.h"
#include "options.h"

namespace gatehouse::cli {

int runAuditRotateKey(std::span<const std::string_view> arguments) {
    constexpr std::array<std::string_view, 1> kFlags{"--json"};
    constexpr std::array<std::string_view, 1> kNamed{"--data"};
    const auto options = parseOptions("audit rotate-key", arguments, kFlags, kNamed);
    if (!options || !options->rest.empty()) {
        return 2;
    }
    const auto folder = dataFolderOf(*options);
    if (!folder) {
        return complainOfAudit(folder.error().what);
    }
    const auto secrets = secrets::openExistingSecretStore({.dataFolder = *folder});
    if (!secrets) {
        return complainOfAudit(secrets.error().kind == ErrorKind::notFound ? "there is no audit in " + *folder
                                                                           : secrets.error().what);
    }
    const auto report = audit::rotateKey(*folder, **secrets, SystemClock());
    if (!report) {
        const bool isRunning = report.error().kind == ErrorKind::conflict;
        return complainOfAudit(isRunning ? "an agent uses this audit; stop it, then try again" : report.error().what,
                               report.error().kind == ErrorKind::notFound ? 2 : 1);
    }
    if (options->has("--json")) {
        const Json json{{"old_key", report->oldKey}, {"new_key", report->newKey}, {"records", report->records}};
        std::printf("%s\n", dumpJson(json).c_str());
    } else {
        std::printf("the key %s was replaced by %s; %llu records verify under it\n", report->oldKey.c_str(),
                    report->newKey.c_str(), static_cast<unsigned long long>(report->records));
    }
    return 0;
}

} // namespace gatehouse::cli
