// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "verify_batches.h"
#include "verify_export.h"
#include "verify_store.h"

// gatehouse-verify: checks an audit without the product: an export, a data folder, or the sealed batches that a
// collector holds. For auditors; it links no window, no gateway and no agent.
namespace {

namespace fs = std::filesystem;
namespace verifier = gatehouse::verifier;

constexpr const char* kUsage =
    "usage: gatehouse-verify [--head SHA256] [--json] EXPORT\n"
    "       gatehouse-verify [--key-file FILE] [--json] DATA-FOLDER\n"
    "       gatehouse-verify [--head SHA256] [--signer SHA256]... [--json] BATCH... | FOLDER-OF-BATCHES\n\n"
    "EXPORT       what gatehousectl audit export --format jsonl wrote; - for standard input\n"
    "DATA-FOLDER  of an agent, or a copy of one; the key is where its secrets.json says, or in FILE\n"
    "BATCH        of one device, as a collector or a carrier holds them; they stay sealed\n"
    "--head       the hash of a record that is known from elsewhere and must be there\n"
    "--signer     the SHA-256 of a device's public key; no other may have signed\n"
    "--json       the report as one JSON object\n\n"
    "Exit codes: 0 intact, 1 not intact (the first bad record is named), 2 it cannot be read or is nothing of these.\n";

struct Options {
    std::vector<std::string> paths;
    std::vector<std::string> signers;
    std::string head;
    std::string keyFile;
    bool isJson = false;
};

std::optional<Options> parse(const std::vector<std::string_view>& words) {
    Options options;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string_view word = words[i];
        const bool hasNext = i + 1 < words.size();
        if (word == "--json") {
            options.isJson = true;
        } else if (word == "--head" && hasNext) {
            options.head = words[++i];
        } else if (word == "--key-file" && hasNext) {
            options.keyFile = words[++i];
        } else if (word == "--signer" && hasNext) {
            options.signers.emplace_back(words[++i]);
        } else if (word == "-" || !word.starts_with('-')) {
            options.paths.emplace_back(word);
        } else {
            return std::nullopt;
        }
    }
    return options.paths.empty() ? std::nullopt : std::optional(std::move(options));
}

int complain(const gatehouse::Error& error) {
    std::fprintf(stderr, "gatehouse-verify: %s\n", error.what.c_str());
    return 2;
}

std::vector<std::string> filesIn(const std::string& folder) {
    std::vector<std::string> files;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        if (entry->is_regular_file() && entry->path().extension() == ".ghb") {
            files.push_back(entry->path().string());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

int verify(const Options& options) {
    const std::string& first = options.paths.front();
    std::error_code ignored;
    const bool isFolder = fs::is_directory(first, ignored);
    if (options.paths.size() == 1 && isFolder && fs::exists(fs::path(first) / "audit.db", ignored)) {
        const auto report = verifier::verifyStore(first, options.keyFile);
        return report ? verifier::printStoreReport(*report, options.isJson) : complain(report.error());
    }
    if (isFolder || options.paths.size() > 1 || verifier::isBatchFile(first)) {
        const auto files = isFolder && options.paths.size() == 1 ? filesIn(first) : options.paths;
        const auto report = verifier::verifyBatches(files, options.signers, options.head);
        return report ? verifier::printBatchesReport(*report, options.isJson) : complain(report.error());
    }
    const auto report = verifier::verifyExport(first, options.head);
    return report ? verifier::printExportReport(*report, options.isJson) : complain(report.error());
}

} // namespace

int main(int count, char** words) {
    const std::vector<std::string_view> given(words + 1, words + count);
    if (std::any_of(given.begin(), given.end(),
                    [](std::string_view word) { return word == "--help" || word == "-h"; })) {
        std::fputs(kUsage, stdout);
        return 0;
    }
    const auto options = parse(given);
    if (!options) {
        std::fputs(kUsage, stderr);
        return 2;
    }
    return verify(*options);
}
