// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>

#include "audit/verify.h"
#include "client.h"
#include "dlp/engine.h"
#include "documents/extract.h"
#include "extract/helper_path.h"
#include "options.h"
#include "platform/paths.h"
#include "platform/port_owner.h"
#include "platform/secure_file.h"
#include "policy/store.h"
#include "secrets/secret_store.h"
#include "status_file.h"
#include "verbs.h"

namespace gatehouse::cli {
namespace {

enum class Grade { good, note, problem };

struct Check {
    std::string name;
    Grade grade = Grade::good;
    std::string finding; // what is
    std::string remedy;  // what to do; empty when nothing
};

using Checks = std::vector<Check>;

std::string_view wordOf(Grade grade) {
    return grade == Grade::good ? "ok" : grade == Grade::note ? "note" : "problem";
}

// What the running agent says of the audit's way to the collector.
void checkSync(const Json& status, Checks& checks) {
    const Json sync = status.value("sync", Json::object());
    const std::string state = sync.value("state", std::string("off"));
    if (state != "off") {
        const bool isGood = state == "up to date";
        checks.push_back({"collector",
                          isGood               ? Grade::good
                          : state == "waiting" ? Grade::note
                                               : Grade::problem,
                          fmt::format("{}, {} batches wait", state, sync.value("waiting", 0)),
                          sync.value("problem", std::string())});
    }
}

void checkAgent(const std::string& folder, Checks& checks) {
    const auto running = app::findRunningAgent(folder);
    if (running) {
        const std::string state = running->status.value("state", std::string());
        const std::string problem = running->status.value("problem", std::string());
        checks.push_back({"agent", state == "ready" ? Grade::good : Grade::problem,
                          fmt::format("runs with pid {}, {}", running->pid, state), problem});
        checkSync(running->status, checks);
        return;
    }
    checks.push_back(
        {"agent", Grade::note, "does not run on this data folder", "start it: gatehouse, or gatehousectl serve"});
    constexpr std::uint16_t kPort = 4141;
    if (platform::findPortOwner(kPort)) {
        checks.push_back({"port", Grade::problem,
                          fmt::format("port {} is taken by {}", kPort, platform::describePortOwner(kPort)),
                          "end that program, or set another port in the policy"});
    } else {
        checks.push_back({"port", Grade::good, fmt::format("port {} is free", kPort), ""});
    }
}

void checkChain(const std::string& folder, secrets::SecretStore& secrets, Checks& checks) {
    const auto report = audit::verifyAudit(folder, secrets);
    if (!report) {
        const bool isNew = report.error().kind == ErrorKind::notFound;
        checks.push_back({"audit", isNew ? Grade::note : Grade::problem, isNew ? "none yet" : report.error().what,
                          isNew ? "" : "nothing leaves until it opens; unlock the keyring or restore the folder"});
    } else if (report->isIntact()) {
        checks.push_back({"audit", Grade::good, fmt::format("intact, {} records", report->records), ""});
    } else {
        checks.push_back({"audit", Grade::problem, "its history is not complete, or was changed",
                          "gatehousectl audit verify names the record; keep the data folder as evidence"});
    }
}

void checkStore(const std::string& folder, Checks& checks) {
    if (!platform::fileExists(folder)) {
        checks.push_back({"audit", Grade::note, "no data folder yet; the first start makes it", ""});
        return;
    }
    const char* const keyring = std::getenv("GATEHOUSE_KEYRING");
    const auto store =
        secrets::openExistingSecretStore({folder, keyring == nullptr || std::string_view(keyring) != "off"});
    if (!store) {
        const bool isNew = store.error().kind == ErrorKind::notFound;
        checks.push_back({"key", isNew ? Grade::note : Grade::problem,
                          isNew ? "no keys yet; the first start makes them" : store.error().what,
                          isNew ? "" : "unlock the keyring, or restore <data>/secrets.json"});
        return;
    }
    const bool isFile = (*store)->protection() == secrets::KeyProtection::file;
    checks.push_back(
        {"key", isFile ? Grade::note : Grade::good,
         isFile ? "the audit's key lies in an owner-only file (key_protection=file)"
                : "the audit's key lies in the keyring",
         isFile ? "no keyring could be reached when the audit was made; a new data folder would use one" : ""});
    checkChain(folder, **store, checks);
}

// A registry of client tokens that made no sense was set aside at a start; what it held is refused since.
void checkTokens(const std::string& folder, Checks& checks) {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
        if (entry.path().filename().string().starts_with("clients.json.damaged-")) {
            checks.push_back({"tokens", Grade::problem,
                              "the client tokens were damaged and set aside; none of them holds",
                              "gatehousectl token issue NAME for each client, then remove " + entry.path().string()});
            return;
        }
    }
}

void checkPolicy(const std::string& folder, Checks& checks) {
    if (const auto running = app::findRunningAgent(folder)) {
        // It may have been started with a policy of its own.
        const Json policy = running->status.value("policy", Json::object());
        const std::string problem = policy.value("problem", std::string());
        checks.push_back(
            {"policy", problem.empty() ? Grade::good : Grade::problem,
             fmt::format("{}, serial {}, holds in the running agent{}{}", policy.value("id", std::string()),
                         policy.value("serial", std::uint64_t{0}), problem.empty() ? "" : ": ", problem),
             !problem.empty() ? "gatehousectl policy check FILE names line and column" : ""});
        return;
    }
    policy::StoreOptions options;
    options.dataFolder = folder;
    options.isReadOnly = true;
    if (const auto config = platform::configFolder()) {
        options.userFile = *config + "/policy.json";
    }
    const SystemClock clock;
    const policy::PolicyStore store(options, clock);
    const auto policies = store.current();
    const std::string& problem = policies->problem();
    checks.push_back({"policy", problem.empty() ? Grade::good : Grade::problem,
                      problem.empty()
                          ? fmt::format("{}, serial {}", policies->primary().id(), policies->primary().serial())
                          : problem,
                      problem.empty() ? "" : "gatehousectl policy check FILE names line and column"});
}

void checkDetectors(Checks& checks) {
    const auto engine = dlp::Engine::compile({});
    checks.push_back({"detectors", engine ? Grade::good : Grade::problem,
                      engine ? fmt::format("{} detectors, each finds its own examples", (*engine)->catalogue().size())
                             : engine.error().what,
                      engine ? "" : "reinstall Gatehouse; if it stays, report the processor and version"});
}

// Reads a small text by way of the helper, as an attached document would be.
void checkDocuments(Checks& checks) {
    const auto extractor = documents::makeExtractor({.helper = extractHelperPath()});
    const documents::Extraction read = extractor->extract("a text", "", std::chrono::seconds(20));
    if (read.pieces.size() == 1 && read.pieces[0].text == "a text") {
        checks.push_back({"documents", Grade::good, "attached documents can be read", ""});
        return;
    }
    checks.push_back(
        {"documents", Grade::problem,
         "attached documents cannot be read, so each counts as unreadable: " + std::string(read.unreadable()),
         "install gatehouse-extract beside this program; it needs a kernel with seccomp"});
}

void checkBrowsers(Checks& checks) {
    constexpr std::array<const char*, 4> kFolders{
        "/etc/chromium/native-messaging-hosts", "/etc/opt/chrome/native-messaging-hosts",
        "/etc/opt/edge/native-messaging-hosts", "/usr/lib/mozilla/native-messaging-hosts"};
    std::string found;
    for (const char* const folder : kFolders) {
        if (platform::fileExists(std::string(folder) + "/com.gatehouse.agent.json")) {
            found += found.empty() ? folder : std::string(", ") + folder;
        }
    }
    checks.push_back({"browsers", found.empty() ? Grade::note : Grade::good,
                      found.empty() ? "the native host is registered with no browser of this machine"
                                    : "the native host is registered in " + found,
                      found.empty() ? "the package installs it; docs/formats/native-message.md has the manifest" : ""});
}

} // namespace

int runDoctor(Arguments arguments) {
    constexpr std::array<std::string_view, 2> kFlags{"--json", "--help"};
    constexpr std::array<std::string_view, 1> kNamed{"--data"};
    const auto options = parseOptions("doctor", arguments, kFlags, kNamed);
    if (!options || !options->rest.empty()) {
        return 2;
    }
    if (options->has("--help")) {
        std::puts(
            "usage: gatehousectl doctor [--json] [--data DIR]\n\nChecks this installation and says what to do. Changes "
            "nothing. Exit code 1 when there is a problem.");
        return 0;
    }
    const auto folder = dataFolderOf(*options);
    if (!folder) {
        std::fprintf(stderr, "gatehousectl doctor: %s\n", folder.error().what.c_str());
        return 2;
    }
    Checks checks;
    checkAgent(*folder, checks);
    checkStore(*folder, checks);
    checkTokens(*folder, checks);
    checkPolicy(*folder, checks);
    checkDetectors(checks);
    checkDocuments(checks);
    checkBrowsers(checks);
    bool hasProblem = false;
    Json list = Json::array();
    for (const Check& check : checks) {
        hasProblem = hasProblem || check.grade == Grade::problem;
        if (options->has("--json")) {
            list.push_back({{"check", check.name},
                            {"grade", wordOf(check.grade)},
                            {"finding", check.finding},
                            {"remedy", check.remedy}});
            continue;
        }
        std::printf("%-8s %-10s %s\n", std::string(wordOf(check.grade)).c_str(), check.name.c_str(),
                    check.finding.c_str());
        if (!check.remedy.empty()) {
            std::printf("%-20s→ %s\n", "", check.remedy.c_str());
        }
    }
    if (options->has("--json")) {
        std::printf("%s\n", dumpJson(list).c_str());
    } else {
        std::puts(hasProblem ? "There are problems." : "All is well.");
    }
    return hasProblem ? 1 : 0;
}

} // namespace gatehouse::cli
