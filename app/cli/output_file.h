// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace gatehouse::cli {

struct FileCloser {
    void operator()(std::FILE* file) const {
        if (file != stdout && file != stderr) {
            std::fclose(file);
        }
    }
};
using File = std::unique_ptr<std::FILE, FileCloser>;

// Standard output for an empty path, else a new file for its owner only: an export says who wrote what. An existing
// file is not overwritten; null, and errno, on failure.
inline File openOutput(const std::string& path) {
    if (path.empty()) {
        return File(stdout);
    }
    const int handle = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    return File(handle < 0 ? nullptr : ::fdopen(handle, "wb"));
}

} // namespace gatehouse::cli
