// SPDX-License-Identifier: Apache-2.0
#include "policy/source_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::policy {
namespace {

class Descriptor final {
public:
    explicit Descriptor(int number) : m_number(number) {}
    ~Descriptor() {
        if (m_number >= 0) {
            ::close(m_number);
        }
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return m_number; }
    [[nodiscard]] bool isOpen() const { return m_number >= 0; }

private:
    int m_number;
};

std::unexpected<Error> openFailed(int number) {
    if (number == ENOENT || number == ENOTDIR) {
        return fail(ErrorKind::notFound, "there is no such file", number);
    }
    if (number == ELOOP) {
        return fail(ErrorKind::denied, "it is a symbolic link", number);
    }
    return fail(number == EACCES ? ErrorKind::denied : ErrorKind::unavailable, "it cannot be opened", number);
}

// Who else could have written what was opened.
std::string_view ownershipFault(const struct stat& status) {
    if (status.st_uid != 0 && status.st_uid != ::geteuid()) {
        return "it belongs neither to root nor to this user";
    }
    if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        return "its group or others can write it (chmod go-w)";
    }
    return {};
}

std::uint64_t nanoseconds(const timespec& time) {
    return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000ULL + static_cast<std::uint64_t>(time.tv_nsec);
}

Result<std::string> readAll(int descriptor, std::size_t maximum) {
    std::string bytes;
    std::array<char, 65536> buffer{};
    for (;;) {
        const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return fail(ErrorKind::unavailable, "it cannot be read", errno);
        }
        if (count == 0) {
            return bytes;
        }
        bytes.append(buffer.data(), static_cast<std::size_t>(count));
        if (bytes.size() > maximum) {
            return fail(ErrorKind::limit, "it is above " + std::to_string(maximum) + " bytes");
        }
    }
}

bool writeAll(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return ::fsync(descriptor) == 0;
}

} // namespace

FileStamp stampOf(const std::string& path) {
    struct stat status{};
    if (::lstat(path.c_str(), &status) != 0) {
        return {};
    }
#ifdef __APPLE__
    const timespec& modified = status.st_mtimespec;
    const timespec& changed = status.st_ctimespec;
#else
    const timespec& modified = status.st_mtim;
    const timespec& changed = status.st_ctim;
#endif
    return {static_cast<std::uint64_t>(status.st_dev), static_cast<std::uint64_t>(status.st_ino),
            static_cast<std::uint64_t>(status.st_size), nanoseconds(modified), nanoseconds(changed)};
}

Result<std::string> readTrustedFile(const std::string& path, std::size_t maximum) {
    // Non-blocking, so that a pipe put in the file's place cannot hang the agent before fstat tells what it is.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
    if (!file.isOpen()) {
        return openFailed(errno);
    }
    struct stat status{};
    if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
        return fail(ErrorKind::denied, "it is not a regular file");
    }
    if (const std::string_view fault = ownershipFault(status); !fault.empty()) {
        return fail(ErrorKind::denied, std::string(fault));
    }
    return readAll(file.get(), maximum);
}

Result<std::vector<std::string>> listTrustedFolder(const std::string& path, std::size_t maximum) {
    const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.isOpen()) {
        return openFailed(errno);
    }
    struct stat status{};
    if (::fstat(folder.get(), &status) != 0) {
        return fail(ErrorKind::unavailable, "it cannot be opened", errno);
    }
    if (const std::string_view fault = ownershipFault(status); !fault.empty()) {
        return fail(ErrorKind::denied, std::string(fault));
    }
    std::vector<std::string> names;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(path, error);
         !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        names.push_back(entry->path().filename().string());
        if (names.size() > maximum) {
            return fail(ErrorKind::limit, "it holds more than " + std::to_string(maximum) + " files");
        }
    }
    if (error) {
        return fail(ErrorKind::unavailable, "it cannot be listed", error.value());
    }
    std::sort(names.begin(), names.end());
    return names;
}

Result<> makePrivateFolder(const std::string& path) {
    if (::mkdir(path.c_str(), S_IRWXU) == 0 || errno == EEXIST) {
        return {};
    }
    const std::string parent = std::filesystem::path(path).parent_path().string();
    if (errno != ENOENT || parent.empty() || parent == path) {
        return fail(ErrorKind::unavailable, "a folder cannot be made", errno);
    }
    GH_CHECK(makePrivateFolder(parent));
    return ::mkdir(path.c_str(), S_IRWXU) == 0 || errno == EEXIST
               ? Result<>()
               : fail(ErrorKind::unavailable, "a folder cannot be made", errno);
}

Result<> replacePrivateFile(const std::string& path, std::string_view bytes) {
    const std::string draft = path + ".new";
    ::unlink(draft.c_str()); // what a crash left behind
    {
        const Descriptor file(
            ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR));
        if (!file.isOpen() || !writeAll(file.get(), bytes)) {
            return fail(ErrorKind::unavailable, "a file cannot be written", errno);
        }
    }
    if (std::rename(draft.c_str(), path.c_str()) != 0) {
        return fail(ErrorKind::unavailable, "a file cannot be replaced", errno);
    }
    const Descriptor folder(
        ::open(std::filesystem::path(path).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.isOpen()) {
        ::fsync(folder.get()); // without it a power cut may bring the old file back
    }
    return {};
}

} // namespace gatehouse::policy
