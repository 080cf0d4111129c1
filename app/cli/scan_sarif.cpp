// SPDX-License-Identifier: Apache-2.0
#include "scan_sarif.h"

#include <cctype>
#include <map>

#include <fmt/format.h>

namespace gatehouse::cli {
namespace {

// RFC 3986, a relative reference: what is not unreserved or a slash is percent-encoded, byte by byte.
std::string uriOf(const std::string& path) {
    std::string out;
    for (const char c : path) {
        const auto byte = static_cast<unsigned char>(c);
        const bool isPlain =
            byte < 0x80 && (std::isalnum(byte) != 0 || std::string_view("-._~/").find(c) != std::string_view::npos);
        out += isPlain ? std::string(1, c) : fmt::format("%{:02X}", byte);
    }
    return path.starts_with('/') ? "file://" + out : out;
}

const char* levelOf(Level level) {
    return level == Level::high ? "error" : level == Level::medium ? "warning" : "note";
}

Json ruleOf(const dlp::DetectorInfo& detector) {
    return {
        {"id", detector.id},
        {"name", detector.name},
        {"shortDescription", {{"text", detector.name}}},
        {"fullDescription",
         {{"text", detector.name + (detector.confirmedBy.empty() ? "" : ", confirmed by: " + detector.confirmedBy)}}},
        {"properties", {{"tags", {"security", findingClassWord(detector.findingClass)}}, {"region", detector.region}}}};
}

Json resultOf(const ScannedFile& file, const PlacedFinding& placed, std::size_t rule) {
    const Finding& finding = placed.finding;
    const std::string what = std::string(findingClassWord(finding.findingClass)) + ": " + finding.detector +
                             (finding.why.empty() ? "" : " (" + finding.why + ")");
    Json location{{"physicalLocation", {{"artifactLocation", {{"uri", uriOf(file.path)}}}}}};
    if (placed.piece.empty()) {
        location["physicalLocation"]["region"] = {
            {"startLine", placed.line},    {"startColumn", placed.columnChars},
            {"endLine", placed.endLine},   {"endColumn", placed.endColumnChars},
            {"byteOffset", finding.begin}, {"byteLength", finding.end - finding.begin}};
    } else { // a region would be one of the file's own bytes
        location["logicalLocations"] = {{{"fullyQualifiedName", placed.piece}}};
    }
    return {{"ruleId", finding.detector},      {"ruleIndex", rule},
            {"level", levelOf(finding.level)}, {"rank", finding.confidence * 100.0},
            {"message", {{"text", what}}},     {"locations", Json::array({std::move(location)})}};
}

Json noteOf(const ScannedFile& file, const char* level, const std::string& text) {
    return {{"level", level},
            {"message", {{"text", file.path + ": " + text}}},
            {"locations", {{{"physicalLocation", {{"artifactLocation", {{"uri", uriOf(file.path)}}}}}}}}};
}

} // namespace

Json sarifOf(const std::vector<ScannedFile>& files, const dlp::Engine& engine, std::string_view version) {
    Json rules = Json::array();
    Json results = Json::array();
    Json notes = Json::array();
    std::map<std::string, std::size_t> known;
    bool isWhole = true;
    for (const ScannedFile& file : files) {
        for (const documents::Gap& gap : file.gaps) {
            notes.push_back(noteOf(file, "note", gap.name + ": " + gap.reason));
        }
        if (!file.problem.empty()) {
            notes.push_back(noteOf(file, "error", file.problem));
            isWhole = false;
        }
        for (const PlacedFinding& placed : file.findings) {
            const auto [rule, isNew] = known.emplace(placed.finding.detector, known.size());
            if (isNew) {
                rules.push_back(ruleOf(engine.detector(placed.finding.detector)));
            }
            results.push_back(resultOf(file, placed, rule->second));
        }
    }
    Json run{
        {"tool",
         {{"driver",
           {{"name", "Gatehouse"}, {"version", version}, {"semanticVersion", version}, {"rules", std::move(rules)}}}}},
        {"columnKind", "unicodeCodePoints"},
        {"invocations", {{{"executionSuccessful", isWhole}, {"toolExecutionNotifications", std::move(notes)}}}},
        {"results", std::move(results)}};
    return {{"$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"},
            {"version", "2.1.0"},
            {"runs", Json::array({std::move(run)})}};
}

} // namespace gatehouse::cli
