// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/log.h"
#include "platform/secure_file.h"

namespace gatehouse::platform {
namespace {

std::unexpected<Error> failErrno(std::string_view act, const std::string& path, int code) {
    ErrorKind kind = ErrorKind::unavailable;
    if (code == ENOENT) {
        kind = ErrorKind::notFound;
    } else if (code == EACCES || code == EPERM || code == ELOOP) {
        kind = ErrorKind::denied; // ELOOP is what O_NOFOLLOW says of a symbolic link
    } else if (code == EEXIST || code == ENOTDIR || code == EISDIR) {
        kind = ErrorKind::conflict;
    }
    return fail(kind, std::string(act) + " " + path + " failed", code);
}

class Descriptor final {
public:
    explicit Descriptor(int value) : m_value(value) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (m_value >= 0) {
            ::close(m_value);
        }
    }
    [[nodiscard]] int get() const { return m_value; }
    int release() { return std::exchange(m_value, -1); }

private:
    int m_value;
};

std::string parentOf(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos) {
        return ".";
    }
    return slash == 0 ? "/" : path.substr(0, slash);
}

Result<> makeFolders(const std::string& path) {
    if (::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) {
        return {};
    }
    const int first = errno;
    const std::string parent = parentOf(path);
    if (first != ENOENT || parent == path) {
        return failErrno("making", path, first);
    }
    GH_CHECK(makeFolders(parent));
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
        return failErrno("making", path, errno);
    }
    return {};
}

// Reads up to the cap plus one byte, so that a file that grows while it is read is caught too.
template <class Container>
Result<Container> readAll(int descriptor, const std::string& path, std::size_t cap, std::size_t size) {
    Container out(size);
    std::size_t filled = 0;
    while (true) {
        if (filled == out.size()) {
            Container bigger(std::min(cap + 1, out.size() + 4096));
            if (bigger.size() == out.size()) {
                return fail(ErrorKind::limit, path + " is above its size cap");
            }
            std::copy_n(out.data(), filled, bigger.data());
            out = std::move(bigger);
        }
        const ssize_t count = ::read(descriptor, out.data() + filled, out.size() - filled);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return failErrno("reading", path, errno);
        }
        if (count == 0) {
            break;
        }
        filled += static_cast<std::size_t>(count);
    }
    if (filled > cap) {
        return fail(ErrorKind::limit, path + " is above its size cap");
    }
    Container exact(filled);
    std::copy_n(out.data(), filled, exact.data());
    return exact;
}

template <class Container>
Result<Container> readChecked(const std::string& path, std::size_t cap, bool mustBePrivate) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
    if (file.get() < 0) {
        return failErrno("opening", path, errno);
    }
    struct stat info{};
    if (::fstat(file.get(), &info) != 0) {
        return failErrno("looking at", path, errno);
    }
    if (!S_ISREG(info.st_mode)) {
        return fail(ErrorKind::conflict, path + " is not a regular file");
    }
    if (mustBePrivate && (info.st_uid != ::geteuid() || (info.st_mode & 077U) != 0)) {
        return fail(ErrorKind::denied, path + " must belong to you and be closed to others: chmod 600 it");
    }
    const auto size = static_cast<std::size_t>(info.st_size);
    if (size > cap) {
        return fail(ErrorKind::limit, path + " is above its size cap");
    }
    return readAll<Container>(file.get(), path, cap, size + 1);
}

Result<> writeAll(int descriptor, ByteView content, const std::string& path) {
    while (!content.empty()) {
        const ssize_t count = ::write(descriptor, content.data(), content.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return failErrno("writing", path, errno);
        }
        content = content.subspan(static_cast<std::size_t>(count));
    }
    if (::fsync(descriptor) != 0) {
        return failErrno("syncing", path, errno);
    }
    return {};
}

} // namespace

Result<> ensurePrivateFolder(const std::string& path) {
    GH_CHECK(makeFolders(path));
    const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (folder.get() < 0) {
        return failErrno("opening", path, errno);
    }
    struct stat info{};
    if (::fstat(folder.get(), &info) != 0) {
        return failErrno("looking at", path, errno);
    }
    if (info.st_uid != ::geteuid()) {
        return fail(ErrorKind::denied, path + " belongs to another user");
    }
    if ((info.st_mode & 077U) == 0) {
        return {};
    }
    if (::fchmod(folder.get(), 0700) != 0) {
        return failErrno("closing to others", path, errno);
    }
    logWarning("platform", "a folder of ours was open to others and is closed now: {}", path);
    return {};
}

Result<std::string> canonicalFolder(const std::string& path) {
    const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr), &std::free);
    if (real == nullptr) {
        return failErrno("resolving", path, errno);
    }
    return std::string(real.get());
}

bool fileExists(const std::string& path) {
    struct stat info{};
    // Only a clear "not there" counts as absent: a folder that cannot be searched may well hold the file.
    return ::lstat(path.c_str(), &info) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

Result<Bytes> readFile(const std::string& path, std::size_t cap) {
    return readChecked<Bytes>(path, cap, false);
}

Result<SecureBytes> readPrivateFile(const std::string& path, std::size_t cap) {
    return readChecked<SecureBytes>(path, cap, true);
}

Result<> writePrivateFile(const std::string& path, ByteView content) {
    const std::string temporary = path + "." + newId() + ".tmp";
    {
        const Descriptor file(
            ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR));
        if (file.get() < 0) {
            return failErrno("making", temporary, errno);
        }
        if (auto written = writeAll(file.get(), content, temporary); !written) {
            ::unlink(temporary.c_str());
            return written;
        }
    }
    if (::rename(temporary.c_str(), path.c_str()) != 0) {
        const int code = errno;
        ::unlink(temporary.c_str());
        return failErrno("renaming to", path, code);
    }
    const Descriptor folder(::open(parentOf(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() < 0 || ::fsync(folder.get()) != 0) {
        return failErrno("syncing the folder of", path, errno);
    }
    return {};
}

Result<> removeFile(const std::string& path) {
    if (::unlink(path.c_str()) != 0) {
        return failErrno("removing", path, errno);
    }
    return {};
}

Result<LockFile> LockFile::acquire(const std::string& path) {
    Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (file.get() < 0) {
        return failErrno("opening", path, errno);
    }
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) {
            return fail(ErrorKind::conflict, path + " is held by another process", errno);
        }
        return failErrno("locking", path, errno);
    }
    return LockFile(file.release());
}

LockFile::LockFile(LockFile&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}

LockFile& LockFile::operator=(LockFile&& other) noexcept {
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

LockFile::~LockFile() {
    if (m_descriptor >= 0) {
        ::close(m_descriptor);
    }
}

} // namespace gatehouse::platform
