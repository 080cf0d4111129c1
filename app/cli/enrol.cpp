// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <atomic>
#include <cstdio>
#include <string>

#include <fmt/chrono.h>

#include "client.h"
#include "options.h"
#include "platform/secure_file.h"
#include "policy_verbs.h"
#include "secrets/secret_store.h"
#include "sync/enrolment.h"
#include "verbs.h"

namespace gatehouse::cli {
namespace {

constexpr const char* kUsage =
    "usage: gatehousectl enrol --token TOKEN|- [--url URL] [--ca FILE] [--data DIR] [--policy FILE] [--machine DIR]\n\n"
    "Gets this device's certificate from the collector. The token comes from IT (\"-\" reads it from standard input,\n"
    "where no history keeps it); address and authority are the policy's (sync.url, sync.ca) unless given.\n";
constexpr std::size_t kMaxCertificates = 128UL * 1024UL;

int complain(const std::string& message, int code) {
    std::fprintf(stderr, "gatehousectl enrol: %s\n", message.c_str());
    return code;
}

struct Address {
    std::string url;
    std::string caPem;
    bool isFromPolicy = false;
};

Result<Address> addressOf(const Options& options) {
    const SystemClock clock;
    const policy::PolicyStore store(policyverbs::storeOptions(options), clock);
    const auto& sync = store.current()->sync();
    Address address;
    if (sync) {
        address = {sync->url, sync->caPem, !sync->url.empty()};
    }
    if (const auto url = options.value("--url")) {
        address = {*url, *url == address.url ? address.caPem : std::string(), *url == address.url};
    }
    if (const auto file = options.value("--ca")) {
        GH_TRY(const Bytes pem, platform::readFile(*file, kMaxCertificates));
        address.caPem = std::string(textOf(pem));
    }
    if (!address.url.starts_with("https://")) {
        return fail(ErrorKind::invalidInput, address.url.empty() ? "the policy names no collector: give --url https://…"
                                                                 : "the collector's address must begin with https://");
    }
    while (address.url.ends_with('/')) {
        address.url.pop_back();
    }
    return address;
}

Result<std::string> tokenOf(const Options& options) {
    const std::string given = options.value("--token").value_or("");
    if (given != "-") {
        return sync::readToken(given);
    }
    GH_TRY(const std::string text, policyverbs::readInput("-"));
    return sync::readToken(text);
}

Result<WallTime> enrolDevice(const Options& options, const Address& address, const std::string& token) {
    GH_TRY(const std::string folder, dataFolderOf(options));
    GH_CHECK(platform::ensurePrivateFolder(folder));
    GH_TRY(const auto secrets, secrets::openSecretStore({.dataFolder = folder}));
    GH_TRY(const sync::Device device, sync::obtainDevice(*secrets));
    const std::atomic<bool> isCancelled{false};
    GH_TRY(const auto link, sync::makeCollectorLink({address.url, address.caPem, {}, {}}, isCancelled));
    GH_CHECK(sync::enrol(*secrets, device, token, *link));
    GH_TRY(const std::string certificate, sync::readCertificate(*secrets));
    GH_TRY(const cms::CertificateFacts facts, cms::readCertificateFacts(certificate));
    return facts.notAfter;
}

} // namespace

int runEnrol(Arguments arguments) {
    constexpr std::array<std::string_view, 1> kFlags{"--help"};
    constexpr std::array<std::string_view, 6> kNamed{"--token", "--url", "--ca", "--data", "--policy", "--machine"};
    const auto options = parseOptions("enrol", arguments, kFlags, kNamed);
    if (!options) {
        return 2;
    }
    if (options->has("--help") || !options->rest.empty() || !options->has("--token")) {
        std::fputs(kUsage, options->has("--help") ? stdout : stderr);
        return options->has("--help") ? 0 : 2;
    }
    const auto address = addressOf(*options);
    const auto token = tokenOf(*options);
    if (!address || !token) {
        return complain(address ? token.error().what : address.error().what, 2);
    }
    const auto until = enrolDevice(*options, *address, *token);
    if (!until) {
        return complain(until.error().what, until.error().kind == ErrorKind::denied ? 1 : 2);
    }
    std::printf(
        "enrolled until %s; the agent renews the certificate by itself\n",
        fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(std::chrono::system_clock::to_time_t(*until))).c_str());
    if (!address->isFromPolicy) {
        std::puts("the policy does not name this collector yet: nothing is sent before its section \"sync\" does");
    }
    return 0;
}

} // namespace gatehouse::cli
