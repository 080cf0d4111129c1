// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "base/json.h"
#include "csv.h"
#include "dlp/registered_data.h"
#include "options.h"
#include "platform/secure_file.h"
#include "verbs.h"

namespace gatehouse::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kHelp =
    "usage: gatehousectl data dictionary FILE --out OUT                one word or phrase a line\n"
    "       gatehousectl data table FILE.csv --keys A,B --out OUT [--together N] [--reach BYTES]\n"
    "       gatehousectl data documents FILE or FOLDER… --out OUT      plain text\n\n"
    "Registers data so that it is recognised wherever it is sent. OUT holds keyed hashes, never the data itself; "
    "still,\n"
    "whoever has it can try out values, so keep it where only those can read it whose machines need it.\n"
    "--keys      columns whose values are looked for, by their names in the first row\n"
    "--together  as many columns of a row must stand near each other (2), the key's own among them\n"
    "--reach     how near: bytes between them (300)\n"
    "--force     replaces OUT\n"
    "Prints what a policy needs to name the file.\n";
constexpr std::size_t kMaxInput = 2UL << 30U;

int problem(const std::string& message) {
    std::fprintf(stderr, "gatehousectl data: %s\n", message.c_str());
    return 2;
}

struct Counted {
    std::uint64_t skipped = 0;
    std::uint64_t firstSkipped = 0; // line
};

Result<std::string> readText(const std::string& path) {
    auto bytes = platform::readFile(path, kMaxInput);
    if (!bytes) {
        return fail(bytes.error().kind, path + ": cannot be read");
    }
    std::string text(textOf(*bytes));
    if (text.find('\0') != std::string::npos) {
        return fail(ErrorKind::invalidInput, path + ": this is no plain text in UTF-8");
    }
    return text;
}

Result<dlp::DataBuilder> fromWords(const std::string& path, Counted& counted) {
    GH_TRY(const std::string text, readText(path));
    dlp::DataBuilder builder = dlp::DataBuilder::dictionary();
    std::uint64_t line = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string_view word = std::string_view(text).substr(at, end - at);
        ++line;
        at = end + 1;
        if (word.find_first_not_of(" \t\r") != std::string_view::npos && !builder.addWord(word)) {
            counted.firstSkipped = counted.skipped++ == 0 ? line : counted.firstSkipped;
        }
    }
    return builder;
}

std::optional<std::size_t> numberOf(const Options& options, std::string_view name, std::size_t usual) {
    const auto word = options.value(name);
    std::size_t number = usual;
    if (word) {
        const auto [end, error] = std::from_chars(word->data(), word->data() + word->size(), number);
        if (error != std::errc() || end != word->data() + word->size()) {
            return std::nullopt;
        }
    }
    return number;
}

Result<dlp::DataBuilder::TableLayout> layoutOf(const Options& options, const std::vector<std::string>& names) {
    dlp::DataBuilder::TableLayout layout;
    layout.isKey.assign(names.size(), false);
    const std::string keys = options.value("--keys").value_or("");
    for (std::size_t at = 0; at < keys.size();) {
        const std::size_t end = std::min(keys.find(',', at), keys.size());
        const std::string name = keys.substr(at, end - at);
        const auto found = std::find(names.begin(), names.end(), name);
        if (found == names.end()) {
            return fail(ErrorKind::invalidInput, "the first row has no column '" + name + "'");
        }
        layout.isKey[static_cast<std::size_t>(found - names.begin())] = true;
        at = end + 1;
    }
    const auto together = numberOf(options, "--together", std::min<std::size_t>(2, names.size()));
    const auto reach = numberOf(options, "--reach", layout.reach);
    if (!together || !reach) {
        return fail(ErrorKind::invalidInput, "--together and --reach take numbers");
    }
    layout.together = *together;
    layout.reach = *reach;
    return layout;
}

Result<dlp::DataBuilder> fromTable(const std::string& path, const Options& options, Counted& counted) {
    if (!options.has("--keys")) {
        return fail(ErrorKind::invalidInput, "--keys says which columns are looked for");
    }
    GH_TRY(const std::string text, readText(path));
    CsvReader reader(text);
    std::vector<std::string> row;
    if (!reader.next(row)) {
        return fail(ErrorKind::invalidInput, path + ": there is no first row with the columns' names");
    }
    GH_TRY(const dlp::DataBuilder::TableLayout layout, layoutOf(options, row));
    GH_TRY(dlp::DataBuilder builder, dlp::DataBuilder::table(layout));
    while (reader.next(row)) {
        if (row.size() > layout.isKey.size()) {
            return fail(ErrorKind::invalidInput,
                        path + ": line " + std::to_string(reader.line()) + " has more cells than the first row");
        }
        if (!builder.addRow(row)) {
            counted.firstSkipped = counted.skipped++ == 0 ? reader.line() : counted.firstSkipped;
        }
    }
    if (reader.isCut()) {
        return fail(ErrorKind::invalidInput, path + ": the file ends inside quotes");
    }
    return builder;
}

Result<dlp::DataBuilder> fromDocuments(const std::vector<std::string>& paths, Counted& counted) {
    std::vector<std::string> files;
    for (const std::string& path : paths) {
        std::error_code error;
        if (!fs::is_directory(path, error)) {
            files.push_back(path);
            continue;
        }
        for (fs::recursive_directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error)) {
            if (entry->is_regular_file()) {
                files.push_back(entry->path().string());
            }
        }
        if (error) {
            return fail(ErrorKind::unavailable, path + ": " + error.message());
        }
    }
    std::sort(files.begin(), files.end());
    dlp::DataBuilder builder = dlp::DataBuilder::documents();
    for (const std::string& file : files) {
        const auto text = readText(file);
        if (!text) {
            std::fprintf(stderr, "gatehousectl data: %s\n", text.error().what.c_str());
        }
        counted.skipped += text && builder.addDocument(*text) ? 0U : 1U;
    }
    return builder;
}

void report(const std::string& kind, const std::string& out, const std::string& file, std::uint64_t entries,
            const Counted& counted) {
    const char* const what = kind == "dictionary" ? "words" : kind == "table" ? "rows" : "documents";
    const char* const section = kind == "dictionary" ? "dictionaries" : kind == "table" ? "exact_data" : "fingerprints";
    std::printf("%s: %llu %s, %zu bytes\n", out.c_str(), static_cast<unsigned long long>(entries), what, file.size());
    if (counted.skipped > 0) {
        std::printf("%llu left out: %s", static_cast<unsigned long long>(counted.skipped),
                    kind == "documents" ? "no text, or fewer than 8 words\n"
                                        : "nothing in them that could be looked for");
        if (counted.firstSkipped > 0) {
            std::printf(" (the first in line %llu)\n", static_cast<unsigned long long>(counted.firstSkipped));
        }
    }
    const std::string name = fs::path(out).filename().string();
    const Json line = {
        {section,
         Json::array({{{"id", fs::path(name).stem().string()}, {"file", name}, {"sha256", sha256Hex(file)}}})}};
    std::printf("\nIn the policy, section \"detectors\":\n%s\n", dumpJson(line).c_str());
    std::printf("The file belongs beside the policy, or into /etc/gatehouse/registered.\n");
}

} // namespace

int runData(Arguments arguments) {
    constexpr std::array<std::string_view, 2> kFlags{"--help", "--force"};
    constexpr std::array<std::string_view, 4> kNamed{"--out", "--keys", "--together", "--reach"};
    const auto options = parseOptions("data", arguments, kFlags, kNamed);
    if (!options) {
        return 2;
    }
    if (options->has("--help")) {
        std::fputs(kHelp, stdout);
        return 0;
    }
    const std::string kind = options->rest.empty() ? "" : options->rest.front();
    const std::vector<std::string> inputs(options->rest.begin() + (options->rest.empty() ? 0 : 1), options->rest.end());
    const bool takesOne = kind == "dictionary" || kind == "table";
    if ((!takesOne && kind != "documents") || inputs.empty() || (takesOne && inputs.size() > 1)) {
        return problem("say dictionary, table or documents, and what to read; --help tells more");
    }
    const auto out = options->value("--out");
    if (!out || (!options->has("--force") && platform::fileExists(*out))) {
        return problem(out ? *out + " is there already; --force replaces it" : "--out says where the file goes");
    }
    Counted counted;
    auto builder = kind == "dictionary" ? fromWords(inputs.front(), counted)
                   : kind == "table"    ? fromTable(inputs.front(), *options, counted)
                                        : fromDocuments(inputs, counted);
    if (!builder) {
        return problem(builder.error().what);
    }
    const auto file = builder->finish();
    if (!file) {
        return problem(file.error().what);
    }
    if (const auto written = platform::writePrivateFile(*out, bytesOf(*file)); !written) {
        return problem(*out + ": cannot be written");
    }
    report(kind, *out, *file, builder->entries(), counted);
    return 0;
}

} // namespace gatehouse::cli
