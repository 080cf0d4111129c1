// SPDX-License-Identifier: Apache-2.0
#include "policy/source_file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

// Not run yet (docs/known-issues.md). Until a file's owner and access list can be judged here, no file counts as
// trusted: a machine with a policy folder falls to the strict default, and nothing is loosened by what cannot be
// checked.
namespace gatehouse::policy {

FileStamp stampOf(const std::string& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (error) {
        return {};
    }
    const auto modified = std::filesystem::last_write_time(path, error).time_since_epoch().count();
    return {1, 1, static_cast<std::uint64_t>(size), static_cast<std::uint64_t>(modified), 0};
}

Result<std::string> readTrustedFile(const std::string& path, std::size_t /*maximum*/) {
    std::error_code error;
    if (!std::filesystem::exists(path, error)) {
        return fail(ErrorKind::notFound, "there is no such file");
    }
    return fail(ErrorKind::denied, "its owner and access list cannot be checked on Windows yet");
}

Result<std::vector<std::string>> listTrustedFolder(const std::string& path, std::size_t /*maximum*/) {
    std::error_code error;
    if (!std::filesystem::exists(path, error)) {
        return fail(ErrorKind::notFound, "there is no such folder");
    }
    return fail(ErrorKind::denied, "its owner and access list cannot be checked on Windows yet");
}

Result<> makePrivateFolder(const std::string& path) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    return error ? fail(ErrorKind::unavailable, "a folder cannot be made", error.value()) : Result<>();
}

Result<> replacePrivateFile(const std::string& path, std::string_view bytes) {
    const std::string draft = path + ".new";
    {
        std::ofstream file(draft, std::ios::binary | std::ios::trunc);
        file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        if (!file.flush()) {
            return fail(ErrorKind::unavailable, "a file cannot be written");
        }
    }
    std::error_code error;
    std::filesystem::rename(draft, path, error);
    return error ? fail(ErrorKind::unavailable, "a file cannot be replaced", error.value()) : Result<>();
}

} // namespace gatehouse::policy
