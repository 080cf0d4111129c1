// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "policy/parse.h"

namespace gatehouse::policy {
namespace {

constexpr std::uint64_t kMiB = 1024ULL * 1024ULL;

std::string lowered(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

// "chatgpt.com", "*.example.com", "localhost": labels of letters, digits and hyphens; a star only as the first label.
bool isHostPattern(std::string_view host) {
    if (host.starts_with("*.")) {
        host.remove_prefix(2);
    }
    const bool isPlain = std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    });
    return isPlain && !host.empty() && host.front() != '.' && host.back() != '.' &&
           host.find("..") == std::string_view::npos;
}

// "pci.any.card" or a prefix that ends in ".*", as dlp takes them.
bool isDetectorPattern(std::string_view detector) {
    if (detector.ends_with(".*")) {
        detector.remove_suffix(2);
    }
    return isIdentifier(detector);
}

DetectorSettings::Words readWordList(Reader& reader) {
    DetectorSettings::Words words;
    reader.require("id", "the detector is then custom.policy.<id>");
    reader.require("words", "what to look for");
    words.id = reader.identifier("id").value_or("");
    words.findingClass =
        reader.word("class", &findingClassFromWord, &findingClassWord, 14).value_or(FindingClass::custom);
    for (Text& word : reader.list("words")) {
        words.words.push_back(std::move(word.text));
    }
    words.isCaseSensitive = reader.flag("case_sensitive").value_or(false);
    reader.done();
    return words;
}

DetectorSettings::Pattern readPattern(Reader& reader) {
    DetectorSettings::Pattern pattern;
    reader.require("id", "the detector is then custom.policy.<id>");
    reader.require("pattern", "what to look for");
    pattern.id = reader.identifier("id").value_or("");
    pattern.findingClass = reader.word("class", &findingClassFromWord, &findingClassWord, kFindingClassCount)
                               .value_or(FindingClass::custom);
    pattern.pattern = reader.text("pattern", 1024).value_or("");
    pattern.isCaseSensitive = reader.flag("case_sensitive").value_or(true);
    for (Text& word : reader.list("context", 64)) {
        pattern.context.push_back(lowered(std::move(word.text)));
    }
    pattern.needsContext = reader.flag("needs_context").value_or(false);
    if (pattern.needsContext && pattern.context.empty()) {
        reader.wrong("needs_context", "needs words in \"context\"");
    }
    reader.done();
    return pattern;
}

bool isSha256(std::string_view text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

DetectorSettings::Data readData(Reader& reader, RegisteredKind kind) {
    DetectorSettings::Data data;
    data.kind = kind;
    reader.require("id", "the detector is then custom.policy.<id>");
    reader.require("file", "made by: gatehousectl data");
    reader.require("sha256", "of the file; gatehousectl data says it");
    data.id = reader.identifier("id").value_or("");
    const FindingClass usual = kind == RegisteredKind::table       ? FindingClass::pii
                               : kind == RegisteredKind::documents ? FindingClass::confidential
                                                                   : FindingClass::custom;
    data.findingClass =
        reader.word("class", &findingClassFromWord, &findingClassWord, kFindingClassCount).value_or(usual);
    data.file = reader.text("file", 1024).value_or("");
    data.sha256 = reader.text("sha256", 64).value_or("");
    if (!data.sha256.empty() && !isSha256(data.sha256)) {
        reader.wrong("sha256", "a SHA-256 has 64 lower-case hex digits");
    }
    reader.done();
    return data;
}

enum class Dial { low, normal, high };
std::string_view dialWord(Dial dial) {
    return dial == Dial::low ? "low" : dial == Dial::normal ? "normal" : "high";
}

std::string_view contentWord(AuditContent content) {
    return content == AuditContent::none ? "none" : content == AuditContent::sanitised ? "sanitised" : "full";
}
std::string_view durabilityWord(Durability durability) {
    return durability == Durability::strict ? "strict" : "balanced";
}
std::string_view onFailureWord(OnAuditFailure onFailure) {
    return onFailure == OnAuditFailure::refuse ? "refuse" : "local-only";
}
template <class Enum, std::string_view (*spell)(Enum), std::size_t count>
std::optional<Enum> fromWord(std::string_view word) {
    for (std::size_t i = 0; i < count; ++i) {
        if (spell(static_cast<Enum>(i)) == word) {
            return static_cast<Enum>(i);
        }
    }
    return std::nullopt;
}

} // namespace

static std::vector<std::string> readPaths(Reader& reader, std::string_view key) {
    std::vector<std::string> paths;
    for (Text& path : reader.list(key, 256)) {
        if (!path.text.starts_with('/')) {
            reader.faults().add(path.pointer, inQuotes(path.text) + " is not a path: it begins with no \"/\"");
        }
        paths.push_back(std::move(path.text));
    }
    return paths;
}

std::vector<std::string> readHosts(Reader& reader, std::string_view key) {
    std::vector<std::string> hosts;
    for (Text& host : reader.list(key, 253)) {
        host.text = lowered(std::move(host.text));
        if (!isHostPattern(host.text)) {
            reader.faults().add(host.pointer, inQuotes(host.text) + " is not a host name or \"*.\" and a host name");
        }
        hosts.push_back(std::move(host.text));
    }
    return hosts;
}

static SiteShape readShape(Reader& reader) {
    SiteShape shape;
    shape.composer = reader.text("composer", 512).value_or("");
    shape.send = reader.text("send", 512).value_or("");
    shape.prompts = readPaths(reader, "prompts");
    shape.quiet = readPaths(reader, "quiet");
    shape.paths = readPaths(reader, "paths");
    shape.helpers = readHosts(reader, "helpers");
    return shape;
}

void parseSites(Reader& root, Document& document) {
    std::set<std::string> seen;
    for (const auto& [value, pointer] : root.array("sites")) {
        Reader reader(*value, pointer, root.faults());
        if (!reader.isObject()) {
            continue;
        }
        Site site;
        reader.require("hosts", "the site's host names");
        for (Text& host : reader.list("hosts", 253)) {
            host.text = lowered(std::move(host.text));
            if (!isHostPattern(host.text)) {
                root.faults().add(host.pointer, inQuotes(host.text) + " is not a host name or \"*.\" and a host name");
            } else if (!seen.insert(host.text).second) {
                root.faults().add(host.pointer, "another site has the host " + inQuotes(host.text));
            }
            site.hosts.push_back(std::move(host.text));
        }
        site.name = reader.text("name", 64).value_or(site.hosts.empty() ? "" : site.hosts.front());
        site.isGuarded = reader.flag("guarded").value_or(true);
        site.shape = readShape(reader);
        reader.done();
        document.sites.push_back(std::move(site));
    }
}

static void parsePatterns(Reader& reader, std::set<std::string>& ids, DetectorSettings& detectors) {
    for (const auto& [value, pointer] : reader.array("patterns")) {
        Reader one(*value, pointer, reader.faults());
        if (!one.isObject()) {
            continue;
        }
        DetectorSettings::Pattern pattern = readPattern(one);
        if (!pattern.id.empty() && !ids.insert(pattern.id).second) {
            one.wrong("id", "another list or pattern has the id " + inQuotes(pattern.id));
        }
        detectors.patterns.push_back(std::move(pattern));
    }
}

static void parseData(Reader& reader, std::string_view key, RegisteredKind kind, std::set<std::string>& ids,
                      DetectorSettings& detectors) {
    for (const auto& [value, pointer] : reader.array(key)) {
        Reader one(*value, pointer, reader.faults());
        if (!one.isObject()) {
            continue;
        }
        DetectorSettings::Data data = readData(one, kind);
        if (!data.id.empty() && !ids.insert(data.id).second) {
            one.wrong("id", "another list, pattern or file has the id " + inQuotes(data.id));
        }
        detectors.data.push_back(std::move(data));
    }
}

void parseClasses(Reader& root, Document& document) {
    constexpr double kStep = 1.5; // what a word of context behind a value is worth
    auto reader = root.object("classes");
    if (!reader) {
        return;
    }
    for (std::size_t i = 0; i < kFindingClassCount; ++i) {
        auto one = reader->object(findingClassWord(static_cast<FindingClass>(i)));
        if (!one) {
            continue;
        }
        one->require("sensitivity", "low, normal or high");
        const auto dial = one->word("sensitivity", &fromWord<Dial, &dialWord, 3>, &dialWord, 3).value_or(Dial::normal);
        document.detectors.sensitivity.at(i) = dial == Dial::low ? -kStep : dial == Dial::high ? kStep : 0;
        one->done();
    }
    reader->done();
}

void parseDetectors(Reader& root, Document& document) {
    auto reader = root.object("detectors");
    if (!reader) {
        return;
    }
    for (Text& detector : reader->list("disable", 64)) {
        if (!isDetectorPattern(detector.text)) {
            root.faults().add(detector.pointer,
                              inQuotes(detector.text) + " is not a detector's id, or a prefix and \".*\"");
        }
        document.detectors.disabled.push_back(std::move(detector.text));
    }
    for (Text& detector : reader->list("enable", 64)) {
        if (!isDetectorPattern(detector.text)) {
            root.faults().add(detector.pointer,
                              inQuotes(detector.text) + " is not a detector's id, or a prefix and \".*\"");
        }
        document.detectors.enabled.push_back(std::move(detector.text));
    }
    for (Text& pattern : reader->list("allow_patterns", 1024)) {
        document.detectors.allowedPatterns.push_back(std::move(pattern.text));
    }
    for (Text& hash : reader->list("allow_hashes", 64)) {
        if (!isSha256(hash.text)) {
            root.faults().add(hash.pointer, "a hash is a SHA-256 of 64 lower-case hex digits");
        }
        document.detectors.allowedHashes.push_back(std::move(hash.text));
    }
    for (Text& value : reader->list("allow", 1024)) {
        document.detectors.allowed.push_back(std::move(value.text));
    }
    std::set<std::string> ids;
    for (const auto& [value, pointer] : reader->array("words")) {
        Reader list(*value, pointer, root.faults());
        if (!list.isObject()) {
            continue;
        }
        DetectorSettings::Words words = readWordList(list);
        if (!words.id.empty() && !ids.insert(words.id).second) {
            list.wrong("id", "another word list has the id " + inQuotes(words.id));
        }
        document.detectors.words.push_back(std::move(words));
    }
    parsePatterns(*reader, ids, document.detectors);
    parseData(*reader, "dictionaries", RegisteredKind::dictionary, ids, document.detectors);
    parseData(*reader, "exact_data", RegisteredKind::table, ids, document.detectors);
    parseData(*reader, "fingerprints", RegisteredKind::documents, ids, document.detectors);
    reader->done();
}

void parseLimits(Reader& root, Document& document) {
    auto reader = root.object("limits");
    if (!reader) {
        return;
    }
    document.sections |= 1U << static_cast<unsigned>(Section::limits);
    Limits& limits = document.limits;
    limits.bodyBytes = reader->number("body_bytes", 1024, 256 * kMiB).value_or(limits.bodyBytes);
    limits.answerBytes = reader->number("answer_bytes", 1024, 1024 * kMiB).value_or(limits.answerBytes);
    limits.connections = reader->number("connections", 1, 10'000).value_or(limits.connections);
    limits.connectionsPerClient =
        reader->number("connections_per_client", 1, 10'000).value_or(limits.connectionsPerClient);
    limits.requestsPerMinute = static_cast<std::uint32_t>(
        reader->number("requests_per_minute", 0, 1'000'000).value_or(limits.requestsPerMinute));
    reader->done();
}

void parseAudit(Reader& root, Document& document) {
    auto reader = root.object("audit");
    if (!reader) {
        return;
    }
    document.sections |= 1U << static_cast<unsigned>(Section::audit);
    AuditSettings& audit = document.audit;
    audit.content =
        reader->word("content", &fromWord<AuditContent, &contentWord, 3>, &contentWord, 3).value_or(audit.content);
    audit.durability = reader->word("durability", &fromWord<Durability, &durabilityWord, 2>, &durabilityWord, 2)
                           .value_or(audit.durability);
    audit.onFailure = reader->word("on_failure", &fromWord<OnAuditFailure, &onFailureWord, 2>, &onFailureWord, 2)
                          .value_or(audit.onFailure);
    if (auto retention = reader->object("retention")) {
        audit.retentionDays = static_cast<std::uint32_t>(retention->number("days", 1, 36'500).value_or(0));
        audit.retentionMegabytes = static_cast<std::uint32_t>(retention->number("megabytes", 1, 1'048'576).value_or(0));
        retention->done();
    }
    reader->done();
}

} // namespace gatehouse::policy
