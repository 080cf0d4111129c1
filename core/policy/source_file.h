// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// The few file operations of the policy store; one implementation per operating system.
namespace gatehouse::policy {

// What changes when a file was written or replaced: device, inode, size, modification and change time. All zero: no
// file.
using FileStamp = std::array<std::uint64_t, 5>;
FileStamp stampOf(const std::string& path);

// Reads a whole regular file that only its owner or root can have written: owned by root or by the user of this
// process, not writable by group or others, no symbolic link. notFound when there is none; denied, unavailable and
// limit otherwise.
[[nodiscard]] Result<std::string> readTrustedFile(const std::string& path, std::size_t maximum);

// The names of a folder's entries, sorted; at most `maximum`. notFound when there is no folder; denied when others than
// root or the user of this process could put files there.
[[nodiscard]] Result<std::vector<std::string>> listTrustedFolder(const std::string& path, std::size_t maximum);

// Creates the folder and its parents, for the owner only.
[[nodiscard]] Result<> makePrivateFolder(const std::string& path);
// Replaces a file in one step, for the owner only; on disk when it returns.
[[nodiscard]] Result<> replacePrivateFile(const std::string& path, std::string_view bytes);

} // namespace gatehouse::policy
