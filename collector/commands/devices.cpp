// SPDX-License-Identifier: Apache-2.0
#include "database/devices.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/clock.h"
#include "base/json.h"
#include "commands/commands.h"
#include "database/enrolment.h"
#include "database/epochs.h"

namespace gatehouse::collector {
namespace {

constexpr const char* kUsage =
    "usage: gatehouse-collector device list [--silent MINUTES] [--json] [--config FILE]\n"
    "       gatehouse-collector device revoke|allow|epochs NAME [--config FILE]\n"
    "       gatehouse-collector device clear NAME --reason TEXT [--chain HEX] [--config FILE]\n\n"
    "list    the inventory; with --silent only devices without a heartbeat for so long, and\n"
    "        the exit code is 1 when there is one\n"
    "clear   lets a device whose history contradicts the one here go on, once, behind the last record that both\n"
    "        have: it was rightly restored. What it was before stays. The reason goes into the log; epochs shows what\n"
    "        was allowed\n"
    "revoke  refuses the device from its next request on; allow admits it again\n";

int list(const Options& options) {
    const auto connection = openDatabase(options);
    const auto minutes =
        options.has("--silent") ? readCount(options, "--silent", 15, 10'000'000) : Result<std::int64_t>(0);
    if (!minutes) {
        return complain(minutes.error().what);
    }
    const auto devices = connection ? listDevices(**connection, *minutes) : std::unexpected(connection.error());
    if (!devices) {
        return complain(devices.error().what);
    }
    Json rows = Json::array();
    for (const DeviceInfo& device : *devices) {
        rows.push_back({{"device", device.device},
                        {"revoked", device.isRevoked},
                        {"last_seen", device.lastSeen},
                        {"policy_serial", device.policySerial},
                        {"certificate_ends", device.certificateEnds},
                        {"records", device.records},
                        {"alarms", device.alarms},
                        {"heartbeat", device.heartbeat},
                        {"version", device.version},
                        {"key_protection", device.keyProtection},
                        {"state", device.state},
                        {"waiting", device.waiting},
                        {"clock_ahead_seconds", device.clockAheadSeconds}});
        if (!options.has("--json")) {
            std::printf("%s  %-8s seen %s  policy %lld  %lld records  %lld alarms  %s  %s  %s\n", device.device.c_str(),
                        device.isRevoked ? "revoked" : "admitted", device.lastSeen.c_str(),
                        static_cast<long long>(device.policySerial), static_cast<long long>(device.records),
                        static_cast<long long>(device.alarms), device.version.c_str(), device.keyProtection.c_str(),
                        device.state.c_str());
        }
    }
    if (options.has("--json")) {
        std::printf("%s\n", dumpJson(rows).c_str());
    }
    return options.has("--silent") && !devices->empty() ? 1 : 0;
}

int admit(const Options& options, const std::string& name, bool isRevoked) {
    const auto device = deviceFromHex(name);
    if (!device) {
        return complain(device.error().what);
    }
    const auto connection = openDatabase(options);
    const auto isDone = connection ? setRevoked(**connection, *device, isRevoked) : std::unexpected(connection.error());
    if (!isDone) {
        return complain(isDone.error().what);
    }
    return *isDone ? 0 : complain("there is no such device", 1);
}

std::optional<ledger::ChainId> chainFrom(const Options& options, bool& isWrong) {
    const std::string text = options.value("--chain", "");
    const auto bytes = hexDecode(text);
    ledger::ChainId chain{};
    isWrong = !text.empty() && (!bytes || bytes->size() != chain.size());
    if (text.empty() || isWrong) {
        return std::nullopt;
    }
    std::copy(bytes->begin(), bytes->end(), chain.begin());
    return chain;
}

int clear(const Options& options, const std::string& name) {
    bool isWrong = false;
    const auto chain = chainFrom(options, isWrong);
    const auto device = deviceFromHex(name);
    if (!device || isWrong) {
        return complain(device ? "--chain: 32 hex digits" : device.error().what);
    }
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(SystemClock().wall().time_since_epoch());
    const auto connection = openDatabase(options);
    const auto statement = connection
                               ? allowRestart(**connection, *device, chain, options.value("--reason", ""), now.count())
                               : std::unexpected(connection.error());
    if (!statement) {
        return complain(statement.error().what, statement.error().kind == ErrorKind::notFound ? 1 : 2);
    }
    std::fputs(statement->c_str(), stdout);
    return 0;
}

int showEpochs(const Options& options, const std::string& name) {
    const auto device = deviceFromHex(name);
    if (!device) {
        return complain(device.error().what);
    }
    const auto connection = openDatabase(options);
    const auto epochs = connection ? listEpochs(**connection, *device) : std::unexpected(connection.error());
    if (!epochs) {
        return complain(epochs.error().what);
    }
    Json rows = Json::array();
    for (const EpochInfo& epoch : *epochs) {
        rows.push_back({{"statement", epoch.statement}, {"begun", epoch.begun}, {"behind", epoch.begunBehind}});
    }
    std::printf("%s\n", dumpJson(rows).c_str());
    return 0;
}

} // namespace

int runDevices(Arguments arguments) {
    constexpr std::array<std::string_view, 4> kNamed{"--config", "--silent", "--reason", "--chain"};
    constexpr std::array<std::string_view, 2> kFlags{"--json", "--help"};
    const auto options = parseOptions(arguments, kNamed, kFlags);
    if (!options) {
        return 2;
    }
    const std::string verb = options->rest.empty() ? "" : options->rest[0];
    if (verb == "list" && options->rest.size() == 1) {
        return list(*options);
    }
    if ((verb == "revoke" || verb == "allow") && options->rest.size() == 2) {
        return admit(*options, options->rest[1], verb == "revoke");
    }
    if ((verb == "clear" || verb == "epochs") && options->rest.size() == 2) {
        return verb == "clear" ? clear(*options, options->rest[1]) : showEpochs(*options, options->rest[1]);
    }
    std::fputs(kUsage, options->has("--help") ? stdout : stderr);
    return options->has("--help") ? 0 : 2;
}

} // namespace gatehouse::collector
