// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/json.h"
#include "dlp/engine.h"
#include "options.h"
#include "verbs.h"

namespace gatehouse::cli {
namespace {

constexpr const char* kHelp =
    "usage: gatehousectl scan [FILE…] [--json] [--min-level low|medium|high]\n"
    "       gatehousectl scan --jsonl [--min-level L]     lines {\"id\",\"text\"} in, {\"id\",\"findings\"} out\n\n"
    "Finds sensitive text in files, or in standard input. Values are never printed. Exit code 1 when something was\n"
    "found (0 with --jsonl), 2 when a file cannot be read.\n";

std::optional<Level> levelFrom(std::string_view word) {
    for (const Level level : {Level::low, Level::medium, Level::high}) {
        if (levelWord(level) == word) {
            return level;
        }
    }
    return std::nullopt;
}

Json toJson(const Finding& finding) {
    return {{"detector", finding.detector},     {"class", findingClassWord(finding.findingClass)},
            {"start", finding.begin},           {"end", finding.end},
            {"confidence", finding.confidence}, {"level", levelWord(finding.level)},
            {"validated", finding.validated}};
}

Json toJson(const std::vector<Finding>& findings) {
    Json list = Json::array();
    for (const Finding& finding : findings) {
        list.push_back(toJson(finding));
    }
    return list;
}

// One line of --jsonl. A line that is wrong gives an error and the stream goes on.
Json scanLine(const std::string& line, const dlp::Engine& engine, dlp::Scratch& scratch) {
    JsonLimits limits;
    limits.maxBytes = 64UL * 1024UL * 1024UL;
    limits.maxString = limits.maxBytes;
    const auto request = parseJson(line, limits);
    if (!request || !request->is_object()) {
        return {{"id", nullptr}, {"error", request ? "not an object" : request.error().what}};
    }
    const Json id = request->contains("id") ? (*request)["id"] : Json(nullptr);
    if (!request->contains("text") || !(*request)["text"].is_string()) {
        return {{"id", id}, {"error", "\"text\" is missing or is no string"}};
    }
    const auto findings = engine.scan((*request)["text"].get_ref<const std::string&>(), scratch);
    if (!findings) {
        return {{"id", id}, {"error", findings.error().what}};
    }
    return {{"id", id}, {"findings", toJson(*findings)}};
}

int scanLines(const dlp::Engine& engine) {
    std::ios::sync_with_stdio(false);
    const dlp::ScratchPtr scratch = engine.makeScratch();
    std::string line;
    while (std::getline(std::cin, line)) {
        if (!line.empty()) {
            std::cout << dumpJson(scanLine(line, engine, *scratch)) << '\n';
            if (std::cin.rdbuf()->in_avail() <= 0) {
                std::cout.flush(); // a caller that waits for each answer gets it
            }
        }
    }
    std::cout.flush();
    return 0;
}

void printFindings(const std::string& name, std::string_view text, const std::vector<Finding>& findings) {
    std::size_t line = 1;
    std::size_t lineStart = 0;
    std::size_t at = 0;
    for (const Finding& finding : findings) {
        for (; at < finding.begin; ++at) {
            if (text[at] == '\n') {
                ++line;
                lineStart = at + 1;
            }
        }
        std::printf("%s:%zu:%zu: %s (%s, %s) %s\n", name.c_str(), line, finding.begin - lineStart + 1,
                    finding.detector.c_str(), std::string(findingClassWord(finding.findingClass)).c_str(),
                    std::string(levelWord(finding.level)).c_str(), finding.why.c_str());
    }
}

std::optional<std::string> readInput(const std::string& name) {
    if (name == "-") {
        return std::string((std::istreambuf_iterator<char>(std::cin)), std::istreambuf_iterator<char>());
    }
    std::ifstream in(name, std::ios::binary);
    if (!in) {
        return std::nullopt;
    }
    return std::string((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
}

int scanFiles(const dlp::Engine& engine, std::vector<std::string> names, bool asJson) {
    const dlp::ScratchPtr scratch = engine.makeScratch();
    if (names.empty()) {
        names.emplace_back("-");
    }
    std::size_t total = 0;
    bool isBroken = false;
    Json files = Json::array();
    for (const std::string& name : names) {
        const auto text = readInput(name);
        if (!text) {
            std::fprintf(stderr, "gatehousectl scan: %s cannot be read\n", name.c_str());
            isBroken = true;
            continue;
        }
        const auto findings = engine.scan(*text, *scratch);
        if (!findings) {
            std::fprintf(stderr, "gatehousectl scan: %s: %s\n", name.c_str(), findings.error().what.c_str());
            isBroken = true;
            continue;
        }
        total += findings->size();
        if (asJson) {
            files.push_back({{"file", name}, {"findings", toJson(*findings)}});
        } else {
            printFindings(name, *text, *findings);
        }
    }
    if (asJson) {
        std::printf("%s\n", dumpJson({{"files", files}, {"total", total}}).c_str());
    } else {
        std::printf("%zu finding%s in %zu file%s\n", total, total == 1 ? "" : "s", names.size(),
                    names.size() == 1 ? "" : "s");
    }
    return isBroken ? 2 : total == 0 ? 0 : 1;
}

} // namespace

int runScan(Arguments arguments) {
    constexpr std::array<std::string_view, 3> kFlags{"--json", "--jsonl", "--help"};
    constexpr std::array<std::string_view, 1> kNamed{"--min-level"};
    const auto options = parseOptions("scan", arguments, kFlags, kNamed);
    if (!options) {
        return 2;
    }
    if (options->has("--help")) {
        std::fputs(kHelp, stdout);
        return 0;
    }
    dlp::EngineOptions engineOptions;
    if (const auto word = options->value("--min-level")) {
        const auto level = levelFrom(*word);
        if (!level) {
            std::fputs("gatehousectl scan: --min-level takes low, medium or high\n", stderr);
            return 2;
        }
        engineOptions.minimum = *level;
    }
    const auto engine = dlp::Engine::compile(engineOptions);
    if (!engine) {
        std::fprintf(stderr, "gatehousectl scan: the detectors cannot be used: %s\n", engine.error().what.c_str());
        return 2;
    }
    if (options->has("--jsonl")) {
        return scanLines(**engine);
    }
    return scanFiles(**engine, options->rest, options->has("--json"));
}

} // namespace gatehouse::cli
