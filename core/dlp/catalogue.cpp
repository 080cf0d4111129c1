// SPDX-License-Identifier: Apache-2.0
#include "dlp/catalogue.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/json.h"
#include "dlp/catalogue_files.h"

namespace gatehouse::dlp {
namespace {

constexpr std::array<std::string_view, 19> kKeys{"id",     "name",    "class",    "region",      "placeholder",
                                                 "atom",   "pattern", "literal",  "validator",   "confirmed_by",
                                                 "score",  "context", "examples", "near_misses", "needs_context",
                                                 "shapes", "check",   "finder",   "optional"};

std::string text(const Json& row, const char* key) {
    const auto found = row.find(key);
    return found != row.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::vector<std::string> texts(const Json& row, const char* key) {
    std::vector<std::string> out;
    if (const auto found = row.find(key); found != row.end() && found->is_array()) {
        for (const Json& item : *found) {
            if (item.is_string()) {
                out.push_back(item.get<std::string>());
            }
        }
    }
    return out;
}

std::optional<NameKind> finderNamed(std::string_view word) {
    constexpr std::array<std::pair<std::string_view, NameKind>, 5> kFinders{{{"person", NameKind::person},
                                                                             {"address", NameKind::address},
                                                                             {"organisation", NameKind::organisation},
                                                                             {"hidden-text", NameKind::hiddenText},
                                                                             {"turned-text", NameKind::turnedText}}};
    for (const auto& [known, kind] : kFinders) {
        if (known == word) {
            return kind;
        }
    }
    return std::nullopt;
}

// What is wrong with the way in which the row finds and confirms, or nothing.
std::optional<std::string_view> sourceError(const Row& row, const Json& value) {
    const int sources = (row.atom.empty() ? 0 : 1) + (row.pattern.empty() ? 0 : 1) + (row.shapes.empty() ? 0 : 1) +
                        (row.finder ? 1 : 0);
    if (sources != 1) {
        return "exactly one of atom, pattern, shapes and a known finder is needed";
    }
    const auto isKnownAtom =
        std::any_of(atoms().begin(), atoms().end(), [&row](const Atom& atom) { return atom.name == row.atom; });
    if (!row.atom.empty() && !isKnownAtom) {
        return "an unknown atom";
    }
    if (!row.pattern.empty() && text(value, "literal").empty()) {
        return "a pattern hangs on a literal, which is to be named";
    }
    if (row.finder) {
        return std::nullopt;
    }
    if (row.shapes.empty()) {
        return row.validator == nullptr ? std::optional<std::string_view>("an unknown validator") : std::nullopt;
    }
    if (value.contains("check") && row.check == nullptr) {
        return "an unknown check";
    }
    if (row.check == nullptr && !row.needsContext) {
        return "a shape without a check needs context";
    }
    return std::nullopt;
}

Result<Row> parseRow(const Json& value) {
    const std::string id = value.is_object() ? text(value, "id") : std::string();
    const auto wrong = [&id](std::string_view what) {
        return fail(ErrorKind::invalidInput, fmt::format("detector '{}': {}", id, what));
    };
    if (id.empty() || std::count(id.begin(), id.end(), '.') != 2) {
        return wrong("an id has the form class.region.name");
    }
    for (const auto& [key, ignored] : value.items()) {
        if (std::find(kKeys.begin(), kKeys.end(), key) == kKeys.end()) {
            return wrong("an unknown key");
        }
    }
    Row row;
    const auto findingClass = findingClassFromWord(text(value, "class"));
    if (!findingClass) {
        return wrong("an unknown class");
    }
    row.info = {id,
                text(value, "name"),
                *findingClass,
                text(value, "region"),
                text(value, "confirmed_by"),
                text(value, "placeholder")};
    row.atom = text(value, "atom");
    row.pattern = text(value, "pattern");
    row.validator = validatorNamed(text(value, "validator"));
    row.score = value.contains("score") && value["score"].is_number() ? value["score"].get<double>() : 0;
    row.needsContext = value.contains("needs_context") && value["needs_context"] == true;
    row.isOptional = value.contains("optional") && value["optional"] == true;
    row.context = texts(value, "context");
    row.examples = texts(value, "examples");
    row.nearMisses = texts(value, "near_misses");
    row.shapes = texts(value, "shapes");
    row.check = idCheckNamed(text(value, "check"));
    row.finder = finderNamed(text(value, "finder"));
    if (const auto wrongSource = sourceError(row, value)) {
        return wrong(*wrongSource);
    }
    if (row.examples.empty() || row.nearMisses.empty() || row.info.placeholder.empty()) {
        return wrong("examples, near misses and a placeholder are needed");
    }
    return row;
}

} // namespace

const std::vector<Atom>& atoms() {
    static const std::vector<Atom> kAtoms{
        {"digits", "[0-9](?:[ ./()+-]{0,2}[0-9]){6,}"},
        {"email", "[A-Za-z0-9_%+-]@[A-Za-z0-9\\x80-\\xff]"},
        {"iban", "[A-Za-z]{2}[0-9]{2} ?[A-Za-z0-9]{4}"},
        {"dotted-quad", "[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}"},
        {"ipv6", "[0-9A-Fa-f:]{1,5}:[0-9A-Fa-f:]{0,5}:[0-9A-Fa-f]"},
        {"date",
         "(?i)(?:[0-9]{1,4} ?[./-] ?[0-9]{1,2} ?[./-] ?[0-9]{2,4}|[0-9]{4}\\. ?[0-9]{1,2}\\. ?[0-9]{1,2}|"
         "[0-9]{1,2}(?:\\.|er|st|nd|rd|th|\\xc2\\xba)?[ -](?:de |of )?[a-z\\x80-\\xff]{3,24}\\.?,?[ -](?:de |del "
         ")?[0-9]{4}|"
         "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6} [0-9]{1,2}(?:st|nd|rd|th)?,? [0-9]{4}|"
         "[0-9]{4} ?(?:\\xe5\\xb9\\xb4|\\xeb\\x85\\x84) ?[0-9]{1,2} ?(?:\\xe6\\x9c\\x88|\\xec\\x9b\\x94) ?[0-9]{1,2})"},
        {"icd10", "[A-TV-Z][0-9][0-9AB](?:\\.[0-9A-Z]{1,4})?"},
    };
    return kAtoms;
}

std::span<const std::string_view> negativeWords() {
    static constexpr std::array<std::string_view, 34> kWords{
        "order",  "tracking", "invoice", "ticket", "version", "timestamp", "epoch",   "isbn",     "issn",
        "sku",    "price",    "port",    "build",  "commit",  "revision",  "article", "item",     "product",
        "serial", "batch",    "lot",     "parcel", "case",    "reference", "ref",     "quantity", "total",
        "amount", "bytes",    "size",    "offset", "pid",     "uuid",      "seq"};
    return kWords;
}

Result<std::vector<Row>> parseCatalogue(std::string_view document) {
    JsonLimits limits;
    limits.maxBytes = 1024UL * 1024UL;
    limits.maxDepth = 8;
    GH_TRY(const Json rows, parseJson(document, limits));
    if (!rows.is_array()) {
        return fail(ErrorKind::invalidInput, "a catalogue file is an array of detectors");
    }
    std::vector<Row> parsed;
    for (const Json& value : rows) {
        GH_TRY(Row row, parseRow(value));
        parsed.push_back(std::move(row));
    }
    return parsed;
}

Result<std::vector<Row>> builtInCatalogue() {
    std::vector<Row> all;
    for (const std::string_view file : catalogueFiles()) {
        GH_TRY(std::vector<Row> rows, parseCatalogue(file));
        std::move(rows.begin(), rows.end(), std::back_inserter(all));
    }
    return all;
}

} // namespace gatehouse::dlp
