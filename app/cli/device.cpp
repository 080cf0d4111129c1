// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdio>
#include <string>

#include "client.h"
#include "options.h"
#include "platform/secure_file.h"
#include "secrets/secret_store.h"
#include "sync/device.h"
#include "verbs.h"

namespace gatehouse::cli {
namespace {

constexpr const char* kUsage =
    "usage: gatehousectl device show|request [--data DIR]\n"
    "       gatehousectl device certificate FILE [--data DIR]\n\n"
    "show         this device's name towards the collector and the hash of its key\n"
    "request      a certificate signing request (PKCS #10) for whoever issues the devices' certificates\n"
    "certificate  keeps the certificate that was issued for it (PEM, intermediate ones behind it)\n";
constexpr std::size_t kMaxCertificates = 60UL * 1024UL;

int complain(const std::string& message, int code = 2) {
    std::fprintf(stderr, "gatehousectl device: %s\n", message.c_str());
    return code;
}

int show(secrets::SecretStore& store, const sync::Device& device) {
    std::printf("device       %s\nkey          %s\ncertificate  %s\n", hexEncode(device.id).c_str(),
                hexEncode(sha256(device.key.publicKey())).c_str(),
                sync::readCertificate(store)
                    ? "there"
                    : "none yet; gatehousectl enrol --token TOKEN, or gatehousectl device request");
    return 0;
}

int keep(secrets::SecretStore& store, const sync::Device& device, const std::string& path) {
    const auto pem = platform::readFile(path, kMaxCertificates);
    if (!pem) {
        return complain(pem.error().what);
    }
    if (const auto kept = sync::keepCertificate(store, device, textOf(*pem)); !kept) {
        return complain(kept.error().what, 1);
    }
    std::puts("kept; a running agent uses it within some seconds");
    return 0;
}

} // namespace

int runDevice(Arguments arguments) {
    constexpr std::array<std::string_view, 1> kFlags{"--help"};
    constexpr std::array<std::string_view, 1> kNamed{"--data"};
    const auto options = parseOptions("device", arguments, kFlags, kNamed);
    if (!options) {
        return 2;
    }
    const std::string verb = options->rest.empty() ? "" : options->rest[0];
    const std::size_t operands = verb == "certificate" ? 2 : 1;
    const bool isKnown = verb == "show" || verb == "request" || verb == "certificate";
    if (!isKnown || options->rest.size() != operands) {
        std::fputs(kUsage, options->has("--help") ? stdout : stderr);
        return options->has("--help") ? 0 : 2;
    }
    const auto folder = dataFolderOf(*options);
    auto store = folder ? secrets::openExistingSecretStore({.dataFolder = *folder}) : std::unexpected(folder.error());
    if (!store) {
        return complain(store.error().kind == ErrorKind::notFound ? "the agent has not run here yet"
                                                                  : store.error().what);
    }
    const auto device = sync::obtainDevice(**store);
    if (!device) {
        return complain(device.error().what);
    }
    if (verb == "certificate") {
        return keep(**store, *device, options->rest[1]);
    }
    if (verb == "show") {
        return show(**store, *device);
    }
    const auto request = device->key.certificateRequest(hexEncode(device->id));
    if (!request) {
        return complain(request.error().what);
    }
    std::fputs(request->c_str(), stdout);
    return 0;
}

} // namespace gatehouse::cli
