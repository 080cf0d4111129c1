// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdio>
#include <utility>

#include "engine_options.h"
#include "platform/paths.h"
#include "policy_verbs.h"

namespace gatehouse::cli::policyverbs {
namespace {

bool isBundleName(const std::string& path) {
    return path.ends_with(".p7") || path.ends_with(".p7m") || path.ends_with(".cms");
}

// What only the engine can say: whether it can take the policy's own patterns, and its files of registered data.
void checkDetectors(const std::string& path, const policy::Policy& compiled, std::vector<policy::Fault>& faults) {
    policy::DetectorSettings settings = compiled.detectors();
    const auto data = std::exchange(settings.data, {});
    const auto folders = app::registeredFolders(path, platform::dataFolder().value_or(""));
    for (const policy::DetectorSettings::Data& one : data) {
        settings.data = {one};
        if (const auto loaded = app::engineOptionsOf(settings, folders); !loaded) {
            faults.push_back({"/detectors", 0, 0, loaded.error().what});
        }
    }
    settings.data.clear();
    const dlp::EngineOptions options = app::engineOptionsOf(settings, {}).value_or(dlp::EngineOptions());
    for (std::size_t i = 0; i < options.patterns.size(); ++i) {
        if (const auto checked = dlp::checkPattern(options.patterns[i]); !checked) {
            faults.push_back({"/detectors/patterns/" + std::to_string(i), 0, 0, checked.error().what});
        }
    }
    if (const auto checked = dlp::checkAllowed(options); !checked) {
        faults.push_back({"/detectors", 0, 0, checked.error().what});
    }
}

// One line, or one JSON object, per file; true when it is sound.
bool report(const std::string& path, const Result<std::shared_ptr<const policy::Policy>>& compiled,
            const std::vector<policy::Fault>& faults, bool asJson) {
    if (asJson) {
        Json answer = {{"file", path}, {"ok", compiled.has_value()}, {"faults", faultsAsJson(faults)}};
        if (compiled) {
            answer["id"] = (*compiled)->id();
            answer["serial"] = (*compiled)->serial();
            answer["rules"] = (*compiled)->rules().size();
        }
        std::printf("%s\n", dumpJson(answer).c_str());
    } else if (compiled) {
        std::printf("%s: sound (policy %s, serial %llu, %zu rules)\n", path.c_str(), (*compiled)->id().c_str(),
                    static_cast<unsigned long long>((*compiled)->serial()), (*compiled)->rules().size());
    } else {
        printFaults(path, faults);
    }
    return compiled.has_value();
}

} // namespace

int init(Arguments arguments) {
    constexpr std::array<std::string_view, 1> kFlags{"--force"};
    const auto options = parseOptions("policy init", arguments, kFlags, {});
    if (!options || options->rest.size() > 1) {
        return options ? usageError("init", "one file at most") : 2;
    }
    const std::string_view source = policy::Policy::starterSource();
    if (options->rest.empty()) {
        std::fwrite(source.data(), 1, source.size(), stdout);
        return 0;
    }
    const std::string& path = options->rest[0];
    if (const auto written = writeOutput(path, source, options->has("--force")); !written) {
        return usageError("init", written.error().what);
    }
    std::printf("%s: the starter policy; change it, then: gatehousectl policy check %s\n", path.c_str(), path.c_str());
    return 0;
}

int check(Arguments arguments) {
    constexpr std::array<std::string_view, 1> kFlags{"--json"};
    const auto options = parseOptions("policy check", arguments, kFlags, {});
    if (!options || options->rest.empty()) {
        return options ? usageError("check", "name at least one file (- for standard input)") : 2;
    }
    bool isSound = true;
    for (const std::string& path : options->rest) {
        if (isBundleName(path)) {
            return usageError("check", path + " is a signed bundle: gatehousectl policy verify opens it");
        }
        const auto source = readInput(path);
        if (!source) {
            return usageError("check", source.error().what);
        }
        std::vector<policy::Fault> faults;
        auto compiled = policy::Policy::compile(*source, &faults);
        if (compiled) {
            checkDetectors(path, **compiled, faults);
        }
        if (compiled && !faults.empty()) {
            compiled = fail(ErrorKind::invalidInput, "the engine cannot take it");
        }
        isSound &= report(path, compiled, faults, options->has("--json"));
    }
    return isSound ? 0 : 1;
}

} // namespace gatehouse::cli::policyverbs
