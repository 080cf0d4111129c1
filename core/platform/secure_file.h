// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secure_bytes.h"

// Files that only their owner may read. A symbolic link as the last element of a path is refused everywhere, so that
// nobody can point us elsewhere. Errors carry errno and never the content. All functions block; any thread.
namespace gatehouse::platform {

// Makes the folder (and missing parents) with mode 0700. An existing one must be ours; its mode is tightened to 0700.
// denied when it belongs to somebody else, conflict when something else than a folder is there.
[[nodiscard]] Result<> ensurePrivateFolder(const std::string& path);

// The folder without symbolic links, "." and "..": what SQLite's NOFOLLOW needs. notFound when it does not exist.
[[nodiscard]] Result<std::string> canonicalFolder(const std::string& path);

// True when something (a link counts) is at the path.
bool fileExists(const std::string& path);

// The whole content of a regular file; limit when it holds more than `cap` bytes, notFound when it is not there.
[[nodiscard]] Result<Bytes> readFile(const std::string& path, std::size_t cap);

// The same for a secret: denied unless the file is ours and closed to everybody else.
[[nodiscard]] Result<SecureBytes> readPrivateFile(const std::string& path, std::size_t cap);

// Replaces the file: a new 0600 file beside it, synced, renamed over it, the folder synced. Readers see the old bytes
// or the new ones; a crash leaves one of them.
[[nodiscard]] Result<> writePrivateFile(const std::string& path, ByteView content);

// Removes the file; notFound when it is not there.
[[nodiscard]] Result<> removeFile(const std::string& path);

// Held as long as the object lives; released by the system when the process ends, however it ends.
class LockFile final {
public:
    // conflict when another process (or another LockFile) holds it. The file stays behind, empty of meaning.
    [[nodiscard]] static Result<LockFile> acquire(const std::string& path);
    LockFile(LockFile&& other) noexcept;
    LockFile& operator=(LockFile&& other) noexcept;
    LockFile(const LockFile&) = delete;
    LockFile& operator=(const LockFile&) = delete;
    ~LockFile();

private:
    explicit LockFile(int descriptor) : m_descriptor(descriptor) {}
    int m_descriptor = -1;
};

} // namespace gatehouse::platform
