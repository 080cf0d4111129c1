// SPDX-License-Identifier: Apache-2.0
#include "database/devices.h"

#include <array>
#include <cstdio>

#include "base/json.h"
#include "commands/commands.h"
#include "database/enrolment.h"

namespace gatehouse::collector {
namespace {

constexpr const char* kUsage = "usage: gatehouse-collector device list [--json] [--config FILE]\n"
                               "       gatehouse-collector device revoke|allow NAME [--config FILE]\n\n"
                               "revoke  refuses the device from its next request on; allow admits it again\n";

int list(const Options& options) {
    const auto connection = openDatabase(options);
    const auto devices = connection ? listDevices(**connection) : std::unexpected(connection.error());
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
                        {"alarms", device.alarms}});
        if (!options.has("--json")) {
            std::printf("%s  %-8s seen %s  policy %lld  %lld records  %lld alarms\n", device.device.c_str(),
                        device.isRevoked ? "revoked" : "admitted", device.lastSeen.c_str(),
                        static_cast<long long>(device.policySerial), static_cast<long long>(device.records),
                        static_cast<long long>(device.alarms));
        }
    }
    if (options.has("--json")) {
        std::printf("%s\n", dumpJson(rows).c_str());
    }
    return 0;
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

} // namespace

int runDevices(Arguments arguments) {
    constexpr std::array<std::string_view, 1> kNamed{"--config"};
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
    std::fputs(kUsage, options->has("--help") ? stdout : stderr);
    return options->has("--help") ? 0 : 2;
}

} // namespace gatehouse::collector
