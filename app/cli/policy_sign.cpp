// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdio>

#include "base/clock.h"
#include "cms/cms.h"
#include "policy_verbs.h"

namespace gatehouse::cli::policyverbs {
namespace {

// A line of standard input without its end.
SecureBytes readPassphrase() {
    std::array<char, 1024> line{};
    if (std::fgets(line.data(), static_cast<int>(line.size()), stdin) == nullptr) {
        return {};
    }
    std::string_view text(line.data());
    text = text.substr(0, text.find_first_of("\r\n"));
    SecureBytes passphrase(text);
    wipe(line.data(), line.size());
    return passphrase;
}

// What the agents would refuse is not worth a signature.
bool isSignable(const std::string& path, const std::string& source) {
    std::vector<policy::Fault> faults;
    const auto compiled = policy::Policy::compile(source, &faults);
    if (!compiled) {
        printFaults(path, faults);
        return false;
    }
    if ((*compiled)->serial() == 0) {
        std::fprintf(stderr, "%s: a signed policy needs \"serial\" in \"meta\", higher than that of the last one\n",
                     path.c_str());
        return false;
    }
    return true;
}

} // namespace

int sign(Arguments arguments) {
    constexpr std::array<std::string_view, 2> kFlags{"--passphrase-stdin", "--force"};
    constexpr std::array<std::string_view, 3> kNamed{"--cert", "--key", "--out"};
    const auto options = parseOptions("policy sign", arguments, kFlags, kNamed);
    if (!options) {
        return 2;
    }
    if (options->rest.size() != 1 || !options->has("--cert") || !options->has("--key") || !options->has("--out")) {
        return usageError("sign", "give FILE --cert CERTIFICATE.pem --key KEY.pem --out BUNDLE.p7");
    }
    const auto source = readInput(options->rest[0]);
    const auto certificate = readInput(*options->value("--cert"));
    auto key = readInput(*options->value("--key"));
    for (const auto* const input : {&source, &certificate, &std::as_const(key)}) {
        if (!*input) {
            return usageError("sign", input->error().what);
        }
    }
    if (!isSignable(options->rest[0], *source)) {
        return 1;
    }
    cms::SigningKey signing{*certificate, SecureBytes(std::string_view(*key)), SecureBytes()};
    wipe(key->data(), key->size());
    if (options->has("--passphrase-stdin")) {
        signing.passphrase = readPassphrase();
    }
    const auto bundle = cms::sign(*source, signing);
    if (!bundle) {
        return usageError("sign", bundle.error().what);
    }
    const std::string out = *options->value("--out");
    if (const auto written = writeOutput(out, textOf(*bundle), options->has("--force")); !written) {
        return usageError("sign", written.error().what);
    }
    std::printf("%s: signed; agents take it from their policy folder beside a signers.pem that lists the certificate\n",
                out.c_str());
    return 0;
}

int verify(Arguments arguments) {
    constexpr std::array<std::string_view, 2> kFlags{"--json", "--force"};
    constexpr std::array<std::string_view, 2> kNamed{"--trust", "--out"};
    const auto options = parseOptions("policy verify", arguments, kFlags, kNamed);
    if (!options) {
        return 2;
    }
    if (options->rest.size() != 1 || !options->has("--trust")) {
        return usageError("verify", "give BUNDLE --trust CERTIFICATES.pem");
    }
    const std::string& path = options->rest[0];
    const auto bundle = readInput(path);
    const auto trust = readInput(*options->value("--trust"));
    if (!bundle || !trust) {
        return usageError("verify", bundle ? trust.error().what : bundle.error().what);
    }
    const auto verified = cms::verify(*bundle, {*trust}, SystemClock().wall());
    std::vector<policy::Fault> faults;
    const auto compiled = verified ? policy::Policy::compile(verified->content, &faults)
                                   : Result<std::shared_ptr<const policy::Policy>>(std::unexpected(verified.error()));
    if (options->has("--json")) {
        Json answer = {{"file", path}, {"ok", compiled.has_value()}, {"faults", faultsAsJson(faults)}};
        if (verified) {
            answer["signer"] = verified->signer;
            answer["fingerprint"] = verified->fingerprint;
        }
        if (compiled) {
            answer["id"] = (*compiled)->id();
            answer["serial"] = (*compiled)->serial();
        } else {
            answer["problem"] = compiled.error().what;
        }
        std::printf("%s\n", dumpJson(answer).c_str());
    }
    if (!compiled) {
        std::fprintf(stderr, "%s: %s\n", path.c_str(), compiled.error().what.c_str());
        return 1;
    }
    if (!options->has("--json")) {
        std::printf("%s: policy %s, serial %llu, signed by %s\n  certificate SHA-256 %s\n", path.c_str(),
                    (*compiled)->id().c_str(), static_cast<unsigned long long>((*compiled)->serial()),
                    verified->signer.c_str(), verified->fingerprint.c_str());
    }
    if (const auto out = options->value("--out")) {
        if (const auto written = writeOutput(*out, verified->content, options->has("--force")); !written) {
            return usageError("verify", written.error().what);
        }
    }
    return 0;
}

} // namespace gatehouse::cli::policyverbs
