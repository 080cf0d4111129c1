// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>

#include "audit/audit_store.h"
#include "audit/erase_request.h"
#include "audit_verbs.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/json.h"
#include "base/time_text.h"
#include "client.h"
#include "identity/identity.h"
#include "options.h"
#include "platform/secure_file.h"

namespace gatehouse::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto kLook = 100ms;
constexpr auto kUntaken = 20s;   // an agent looks each second; one that does not is no agent of this version
constexpr auto kUnfinished = 1h; // a store of many years takes minutes

// nullopt, and said on stderr, when the arguments do not say what to erase.
std::optional<audit::ErasureWish> wishOf(const Options& options) {
    audit::ErasureWish wish;
    wish.person = options.value("--person");
    wish.conversation = options.value("--conversation");
    wish.interaction = options.value("--id");
    if (const auto before = options.value("--before")) {
        const auto time = parseTime(*before);
        if (!time) {
            complainOfAudit("--before takes a time as 2026-11-20 or 2026-11-20T08:00:00Z (UTC)");
            return std::nullopt;
        }
        wish.beforeMs = time->time_since_epoch() / std::chrono::milliseconds(1);
    }
    const bool isChosen = wish.person || wish.conversation || wish.interaction || wish.beforeMs;
    if (!options.rest.empty() || isChosen == options.has("--everything")) {
        complainOfAudit(
            "say what to erase: --person NAME, --conversation ID, --id INTERACTION, --before TIME (all that "
            "is given must hold), or --everything");
        return std::nullopt;
    }
    wish.wisher = identity::currentPerson();
    return wish;
}

Result<audit::ErasureReport> askAgent(const std::string& folder, const audit::ErasureWish& wish) {
    const std::string id = hexEncode(randomBytes(16));
    GH_CHECK(audit::placeErasureRequest(folder, {id, wish}));
    std::chrono::milliseconds waited{0};
    bool isTaken = false;
    while (waited < kUnfinished) {
        std::this_thread::sleep_for(kLook);
        waited += kLook;
        if (auto answer = audit::takeErasureAnswer(folder, id)) {
            return std::move(*answer);
        }
        if (!isTaken && waited >= kUntaken) {
            if (audit::withdrawErasureRequest(folder)) {
                return fail(ErrorKind::unavailable, "the running agent does not answer; nothing was erased");
            }
            isTaken = true;
        }
    }
    return fail(ErrorKind::timedOut,
                "the agent still erases; gatehousectl audit list --outcome content_erased tells more");
}

Result<audit::ErasureReport> eraseNow(const std::string& folder, secrets::SecretStore& secrets,
                                      const audit::ErasureWish& wish) {
    auto report = audit::eraseOffline(folder, secrets, wish, SystemClock());
    if (report || report.error().kind != ErrorKind::conflict) {
        return report;
    }
    return askAgent(folder, wish);
}

void print(const audit::ErasureReport& report, bool isJson) {
    if (isJson) {
        const Json json{{"records", report.records},   {"texts", report.texts},     {"values", report.values},
                        {"sequence", report.sequence}, {"purged", report.isPurged}, {"complete", report.isComplete}};
        std::printf("%s\n", dumpJson(json).c_str());
        return;
    }
    if (report.sequence == 0) {
        std::puts("nothing to erase: no text of such records is kept");
    } else {
        std::printf("erased: %llu texts of %llu records, %llu values of placeholders; record %llu says so\n",
                    static_cast<unsigned long long>(report.texts), static_cast<unsigned long long>(report.records),
                    static_cast<unsigned long long>(report.values), static_cast<unsigned long long>(report.sequence));
    }
    if (!report.isPurged) {
        std::puts("the log could not be purged just now, because somebody reads it; it is when the agent stops");
    }
    if (!report.isComplete) {
        std::puts("the agent stopped before all of it was done; run the same command again");
    }
}

} // namespace

int runAuditErase(std::span<const std::string_view> arguments) {
    constexpr std::array<std::string_view, 2> kFlags{"--json", "--everything"};
    constexpr std::array<std::string_view, 5> kNamed{"--data", "--person", "--conversation", "--id", "--before"};
    const auto options = parseOptions("audit erase", arguments, kFlags, kNamed);
    const auto wish = options ? wishOf(*options) : std::nullopt;
    if (!wish) {
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
    const auto report = eraseNow(*folder, **secrets, *wish);
    if (!report) {
        return complainOfAudit(report.error().what, report.error().kind == ErrorKind::notFound ? 2 : 1);
    }
    print(*report, options->has("--json"));
    return report->isComplete ? 0 : 1;
}

} // namespace gatehouse::cli
