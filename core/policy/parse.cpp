// SPDX-License-Identifier: Apache-2.0
#include "policy/parse.h"

#include <array>
#include <charconv>

#include "base/json.h"
#include "policy/comments.h"

namespace gatehouse::policy {
namespace {

constexpr JsonLimits kLimits{1024UL * 1024UL, 16, 50'000, 64UL * 1024UL};

// Sections of the format that later versions carry out.
constexpr std::array<std::string_view, 8> kLater{"routes",  "apps",     "budgets", "cache",
                                                 "consent", "identity", "kill",    "examples"};

enum class Mode { enforce, monitor };
std::string_view modeWord(Mode mode) {
    return mode == Mode::enforce ? "enforce" : "monitor";
}
std::optional<Mode> modeFromWord(std::string_view word) {
    return word == "enforce"   ? std::optional(Mode::enforce)
           : word == "monitor" ? std::optional(Mode::monitor)
                               : std::nullopt;
}
std::string_view failModeWord(FailMode mode) {
    return mode == FailMode::closed ? "closed" : "open";
}
std::optional<FailMode> failModeFromWord(std::string_view word) {
    return word == "closed" ? std::optional(FailMode::closed)
           : word == "open" ? std::optional(FailMode::open)
                            : std::nullopt;
}

// "1.2.3" as three numbers; nullopt for anything else.
std::optional<std::array<unsigned, 3>> versionOf(std::string_view text) {
    std::array<unsigned, 3> version{};
    const char* at = text.data();
    const char* const end = at + text.size();
    for (std::size_t i = 0; i < version.size(); ++i) {
        const auto [next, error] = std::from_chars(at, end, version.at(i));
        if (error != std::errc{} || (i < 2 && (next == end || *next != '.')) || (i == 2 && next != end)) {
            return std::nullopt;
        }
        at = next + 1;
    }
    return version;
}

void parseMeta(Reader& root, Document& document) {
    auto meta = root.object("meta");
    if (!meta) {
        root.require("meta", "say at least {\"id\": \"…\"}");
        return;
    }
    meta->require("id", "name the policy");
    document.id = meta->identifier("id").value_or("unnamed");
    document.serial = meta->number("serial", 1, std::uint64_t{1} << 53U).value_or(0);
    document.issued = meta->time("issued");
    document.expires = meta->time("expires");
    if (document.issued && document.expires && *document.expires <= *document.issued) {
        meta->wrong("expires", "must be later than \"issued\"");
    }
    if (const auto minimum = meta->text("min_agent", 32)) {
        const auto needed = versionOf(*minimum);
        if (!needed) {
            meta->wrong("min_agent", "must be a version like \"1.2.0\"");
        } else if (*needed > versionOf(GATEHOUSE_VERSION).value_or(std::array<unsigned, 3>{})) {
            meta->wrong("min_agent", "this policy needs agent " + *minimum + "; this one is " GATEHOUSE_VERSION);
        }
    }
    meta->done();
}

void parseRoot(Reader& root, Document& document) {
    root.text("$schema", 1024); // for editors; it changes nothing
    parseMeta(root, document);
    document.isMonitor = root.word("mode", &modeFromWord, &modeWord, 2).value_or(Mode::enforce) == Mode::monitor;
    document.fallback = root.word("default", &actionFromWord, &actionWord, 7).value_or(Action::allow);
    parseProviders(root, document);
    parseModels(root, document);
    parseMcp(root, document);
    parseRules(root, document);
    parseSites(root, document);
    parseDetectors(root, document);
    parseClasses(root, document);
    parseLimits(root, document);
    parseAudit(root, document);
    parseSync(root, document);
    parsePrices(root, document);
    parseBrowser(root, document);
    parseSecondOpinion(root, document);
    if (const auto mode = root.word("fail_mode", &failModeFromWord, &failModeWord, 2)) {
        document.failMode = *mode;
        document.sections |= 1U << static_cast<unsigned>(Section::failMode);
    }
    if (const auto port = root.number("port", 1, 65535)) {
        document.port = static_cast<std::uint16_t>(*port);
        document.sections |= 1U << static_cast<unsigned>(Section::port);
    }
    for (const std::string_view section : kLater) {
        root.later(section);
    }
    root.done();
}

} // namespace

std::optional<Document> parseDocument(std::string_view source, std::vector<Fault>& faults) {
    if (source.size() > kLimits.maxBytes) {
        faults.push_back({"", 1, 1, "the document is above 1 MiB"});
        return std::nullopt;
    }
    JsonFault place;
    const auto wrong = [&](const Error& error) {
        faults.push_back({"", place.line, place.column, error.what});
        return std::nullopt;
    };
    const auto text = blankComments(source, &place);
    if (!text) {
        return wrong(text.error());
    }
    const auto json = parseJson(*text, kLimits, &place);
    if (!json) {
        return wrong(json.error());
    }
    Faults found;
    Document document;
    Reader root(*json, "", found);
    if (root.isObject()) {
        parseRoot(root, document);
    }
    if (!found.empty()) {
        faults = found.locate(*text);
        return std::nullopt;
    }
    return document;
}

} // namespace gatehouse::policy
