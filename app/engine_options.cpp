// SPDX-License-Identifier: Apache-2.0
#include "engine_options.h"

#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "base/crypto.h"
#include "dlp/registered_data.h"
#include "platform/secure_file.h"

namespace gatehouse::app {
namespace {

namespace fs = std::filesystem;

dlp::DataKind kindOf(policy::RegisteredKind kind) {
    return kind == policy::RegisteredKind::table       ? dlp::DataKind::table
           : kind == policy::RegisteredKind::documents ? dlp::DataKind::documents
                                                       : dlp::DataKind::dictionary;
}

// The first place that has the file which policy means: its hash says which one that is.
Result<Bytes> findFile(const policy::DetectorSettings::Data& data, const std::vector<std::string>& folders) {
    const fs::path named(data.file);
    bool hasOther = false;
    const auto take = [&](const fs::path& path) -> std::optional<Bytes> {
        auto bytes = platform::readFile(path.string(), dlp::RegisteredData::kMaxFileBytes);
        if (!bytes) {
            return std::nullopt;
        }
        hasOther = true;
        return sha256Hex(textOf(*bytes)) == data.sha256 ? std::optional<Bytes>(std::move(*bytes)) : std::nullopt;
    };
    if (named.is_absolute()) {
        if (auto bytes = take(named)) {
            return std::move(*bytes);
        }
    } else {
        for (const std::string& folder : folders) {
            if (auto bytes = take(fs::path(folder) / named)) {
                return std::move(*bytes);
            }
        }
    }
    return hasOther ? fail(ErrorKind::corrupt,
                           fmt::format("registered data '{}': {} is not the file that the policy means (its SHA-256 is "
                                       "another one)",
                                       data.id, data.file))
                    : fail(ErrorKind::notFound,
                           fmt::format("registered data '{}': {} is not there or cannot be read", data.id, data.file));
}

Result<dlp::DataSet> load(const policy::DetectorSettings::Data& data, const std::vector<std::string>& folders) {
    GH_TRY(const Bytes bytes, findFile(data, folders));
    auto read = dlp::RegisteredData::read(textOf(bytes));
    if (!read) {
        return fail(ErrorKind::corrupt, fmt::format("registered data '{}': {}", data.id, read.error().what));
    }
    if ((*read)->kind() != kindOf(data.kind)) {
        return fail(ErrorKind::invalidInput,
                    fmt::format("registered data '{}': {} was made for another section", data.id, data.file));
    }
    return dlp::DataSet{data.id, data.findingClass, std::move(*read)};
}

} // namespace

std::vector<std::string> registeredFolders(const std::string& policyFile, const std::string& dataFolder) {
    std::vector<std::string> folders;
    if (!policyFile.empty()) {
        const fs::path parent = fs::path(policyFile).parent_path();
        folders.push_back(parent.empty() ? "." : parent.string());
    }
    if (!dataFolder.empty()) {
        folders.push_back(dataFolder + "/registered");
    }
    folders.emplace_back("/etc/gatehouse/registered");
    return folders;
}

Result<dlp::EngineOptions> engineOptionsOf(const policy::DetectorSettings& settings,
                                           const std::vector<std::string>& folders) {
    dlp::EngineOptions options;
    options.disabled = settings.disabled;
    options.enabled = settings.enabled;
    options.allowed = settings.allowed;
    options.allowedPatterns = settings.allowedPatterns;
    options.allowedHashes = settings.allowedHashes;
    options.sensitivity = settings.sensitivity;
    for (const auto& list : settings.words) {
        options.words.push_back({list.id, list.findingClass, list.words, list.isCaseSensitive});
    }
    for (const auto& pattern : settings.patterns) {
        options.patterns.push_back({pattern.id, pattern.pattern, pattern.findingClass, pattern.isCaseSensitive,
                                    pattern.context, pattern.needsContext});
    }
    for (const auto& data : settings.data) {
        GH_TRY(dlp::DataSet set, load(data, folders));
        options.data.push_back(std::move(set));
    }
    return options;
}

} // namespace gatehouse::app
