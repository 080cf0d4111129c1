// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdio>

#include "base/json.h"
#include "dlp/engine.h"
#include "options.h"
#include "verbs.h"

namespace gatehouse::cli {

int runDetectors(Arguments arguments) {
    constexpr std::array<std::string_view, 2> kFlags{"--json", "--help"};
    const auto options = parseOptions("detectors", arguments, kFlags, {});
    if (!options) {
        return 2;
    }
    if (!options->rest.empty()) {
        std::fputs("gatehousectl detectors: it takes no names; gatehousectl detectors --help tells more\n", stderr);
        return 2;
    }
    if (options->has("--help")) {
        std::puts("usage: gatehousectl detectors [--json]\n\nLists what is looked for and what confirms it.");
        return 0;
    }
    const auto engine = dlp::Engine::compile({});
    if (!engine) {
        std::fprintf(stderr, "gatehousectl detectors: %s\n", engine.error().what.c_str());
        return 2;
    }
    Json list = Json::array();
    for (const dlp::DetectorInfo& detector : (*engine)->catalogue()) {
        if (options->has("--json")) {
            list.push_back({{"id", detector.id},
                            {"name", detector.name},
                            {"class", findingClassWord(detector.findingClass)},
                            {"region", detector.region},
                            {"confirmed_by", detector.confirmedBy}});
        } else {
            std::printf("%-28s %-11s %-7s %s\n", detector.id.c_str(),
                        std::string(findingClassWord(detector.findingClass)).c_str(), detector.region.c_str(),
                        detector.confirmedBy.c_str());
        }
    }
    if (options->has("--json")) {
        std::printf("%s\n", dumpJson(list).c_str());
    }
    return 0;
}

} // namespace gatehouse::cli
