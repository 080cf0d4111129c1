// SPDX-License-Identifier: Apache-2.0
// A bad disk below GATEHOUSE_DISK_FOLDER, for a process that is started with this library preloaded.
//
// GATEHOUSE_DISK_IMAGES: it loses power. Beside what the process sees it keeps what a disk would still have: bytes
// count once their file was synced, names once their file or their folder was. Before each sync takes effect it writes
// two images below that folder: "N.synced" has nothing that was not synced; "N.torn" also has, by chance, any sectors
// of 512 bytes and any names that were on their way. What the process had said on its standard output until then lies
// in "N.said". The folder must be empty at the start. Files are told apart by their names, not by their links.
//
// GATEHOUSE_DISK_KILL=N: the process is killed before its N-th change: creation, write, change of size, sync, rename,
// removal. GATEHOUSE_DISK_FAIL=N: that change fails, GATEHOUSE_DISK_FAULT says how: "full", "error", or "short" (half
// of a write). That it happened is told on the standard error stream: "disk: " and the change.
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

namespace {

template <class Function>
Function real(const char* name) {
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}
using Open = int (*)(const char*, int, ...);
using Close = int (*)(int);
using Write = ssize_t (*)(int, const void*, std::size_t);
using WriteAt = ssize_t (*)(int, const void*, std::size_t, off_t);
using Truncate = int (*)(int, off_t);
using Allocate = int (*)(int, off_t, off_t);
using Rename = int (*)(const char*, const char*);
using Unlink = int (*)(const char*);

constexpr std::size_t kSector = 512;

struct File {
    std::string bytes;             // as the process sees them
    std::string synced;            // as the disk has them
    std::set<std::size_t> sectors; // that differ
};
using Names = std::map<std::string, std::shared_ptr<File>>;

class Disk final {
public:
    [[nodiscard]] bool has(const std::string& path) const { return m_isOn && path.starts_with(m_folder + "/"); }
    void opened(int fd, const std::string& path, bool isEmptied) {
        const std::lock_guard lock(m_mutex);
        auto& file = m_now[path];
        if (file == nullptr) {
            file = std::make_shared<File>();
        }
        if (isEmptied) {
            resize(*file, 0);
        }
        m_open[fd] = file;
    }
    void openedFolder(int fd, const std::string& path) {
        const std::lock_guard lock(m_mutex);
        m_folders[fd] = path;
    }
    void closed(int fd) {
        const std::lock_guard lock(m_mutex);
        m_open.erase(fd);
        m_folders.erase(fd);
    }
    void wrote(int fd, const void* data, std::size_t size, off_t offset) {
        const std::lock_guard lock(m_mutex);
        if (fd == STDOUT_FILENO) {
            m_said.append(static_cast<const char*>(data), size);
            return;
        }
        const auto found = m_open.find(fd);
        if (found == m_open.end()) {
            return;
        }
        File& file = *found->second;
        const auto at = static_cast<std::size_t>(offset);
        if (m_images.empty()) {
            return;
        }
        if (file.bytes.size() < at + size) {
            resize(file, at + size);
        }
        std::memcpy(file.bytes.data() + at, data, size);
        mark(file, at, at + size);
    }
    void resized(int fd, off_t size, bool mayShrink) {
        const std::lock_guard lock(m_mutex);
        const auto found = m_open.find(fd);
        if (!m_images.empty() && found != m_open.end() &&
            (mayShrink || static_cast<std::size_t>(size) > found->second->bytes.size())) {
            resize(*found->second, static_cast<std::size_t>(size));
        }
    }
    void renamed(const std::string& from, const std::string& to) {
        const std::lock_guard lock(m_mutex);
        m_now[to] = m_now[from];
        m_now.erase(from);
    }
    void removed(const std::string& path) {
        const std::lock_guard lock(m_mutex);
        m_now.erase(path);
    }
    // 0, or what the change that is about to be made fails with. Does not come back when it is the one to be killed at.
    int next(const char* what) {
        const std::lock_guard lock(m_mutex);
        ++m_changes;
        if (m_changes != m_killAt && m_changes != m_failAt) {
            return 0;
        }
        const std::string line = std::string("disk: ") + what + "\n";
        real<Write>("write")(STDERR_FILENO, line.data(), line.size());
        if (m_changes == m_killAt) {
            kill(getpid(), SIGKILL);
        }
        return m_fault == "full" ? ENOSPC : EIO;
    }
    int next(const char* what, int fd) {
        const std::lock_guard lock(m_mutex);
        return m_open.contains(fd) || m_folders.contains(fd) ? next(what) : 0;
    }
    [[nodiscard]] bool isShort() const { return m_fault == "short"; }
    // The power could fail now, before the sync counts.
    void syncing(int fd) {
        const std::lock_guard lock(m_mutex);
        const auto file = m_open.find(fd);
        const auto folder = m_folders.find(fd);
        if (m_images.empty() || (file == m_open.end() && folder == m_folders.end())) {
            return;
        }
        ++m_cut;
        image("synced", false);
        image("torn", true);
        store(m_images + "/" + std::to_string(m_cut) + ".said", m_said);
        file == m_open.end() ? syncNames(folder->second + "/") : sync(file->second);
    }

private:
    static void mark(File& file, std::size_t from, std::size_t to) {
        for (std::size_t at = from / kSector; at * kSector < to; ++at) {
            file.sectors.insert(at);
        }
    }
    static void resize(File& file, std::size_t size) {
        const std::size_t before = file.bytes.size();
        file.bytes.resize(size, '\0');
        mark(file, std::min(before, size), std::max(before, size));
    }
    void sync(const std::shared_ptr<File>& file) {
        file->synced.resize(file->bytes.size(), '\0');
        for (const std::size_t sector : file->sectors) {
            const std::size_t at = sector * kSector;
            if (at < file->bytes.size()) {
                std::memcpy(file->synced.data() + at, file->bytes.data() + at,
                            std::min(kSector, file->bytes.size() - at));
            }
        }
        file->sectors.clear();
        for (const auto& [name, each] : m_now) {
            if (each == file) {
                m_durable[name] = file;
            }
        }
    }
    void syncNames(const std::string& folder) {
        std::erase_if(m_durable, [&](const auto& entry) { return entry.first.starts_with(folder); });
        for (const auto& [name, file] : m_now) {
            if (name.starts_with(folder)) {
                m_durable[name] = file;
            }
        }
    }
    bool chance() { return m_random() % 2 == 0; }
    std::string torn(const File& file) {
        std::string bytes = file.synced;
        if (file.bytes.size() != bytes.size() && chance()) {
            bytes.resize(file.bytes.size(), '\0');
        }
        for (const std::size_t sector : file.sectors) {
            const std::size_t at = sector * kSector;
            if (at < std::min(bytes.size(), file.bytes.size()) && chance()) {
                std::memcpy(bytes.data() + at, file.bytes.data() + at,
                            std::min(kSector, std::min(bytes.size(), file.bytes.size()) - at));
            }
        }
        return bytes;
    }
    void image(const char* kind, bool isTorn) {
        const std::string folder = m_images + "/" + std::to_string(m_cut) + "." + kind;
        mkdir(folder.c_str(), 0700);
        Names names = m_durable;
        if (isTorn) {
            for (const auto& [name, file] : m_now) {
                if (!m_durable.contains(name) && chance()) {
                    names[name] = file;
                }
            }
            for (const auto& [name, file] : m_durable) {
                if (!m_now.contains(name) && chance()) {
                    names.erase(name);
                }
            }
        }
        for (const auto& [name, file] : names) {
            const std::string rest = name.substr(m_folder.size() + 1);
            for (std::size_t slash = rest.find('/'); slash != std::string::npos; slash = rest.find('/', slash + 1)) {
                mkdir((folder + "/" + rest.substr(0, slash)).c_str(), 0700);
            }
            store(folder + "/" + rest, isTorn ? torn(*file) : file->synced);
        }
    }
    static void store(const std::string& path, const std::string& bytes) {
        static const auto open = real<Open>("open");
        static const auto write = real<Write>("write");
        static const auto close = real<Close>("close");
        const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        // What is zero stays a hole: most of the journal is.
        constexpr std::size_t kPiece = 65536;
        for (std::size_t at = 0; at < bytes.size(); at += kPiece) {
            const std::size_t size = std::min(kPiece, bytes.size() - at);
            const bool isZero = bytes.find_first_not_of('\0', at) >= at + size;
            const bool isDone = isZero ? lseek(fd, static_cast<off_t>(size), SEEK_CUR) >= 0
                                       : write(fd, bytes.data() + at, size) == static_cast<ssize_t>(size);
            if (!isDone) {
                std::abort();
            }
        }
        static const auto truncate = real<Truncate>("ftruncate");
        if (fd < 0 || truncate(fd, static_cast<off_t>(bytes.size())) != 0 || close(fd) != 0) {
            std::abort();
        }
    }
    static std::string setting(const char* name) {
        const char* const value = std::getenv(name);
        return value == nullptr ? std::string() : std::string(value);
    }

    std::recursive_mutex m_mutex;
    std::string m_folder = setting("GATEHOUSE_DISK_FOLDER");
    std::string m_images = setting("GATEHOUSE_DISK_IMAGES");
    bool m_isOn = !m_folder.empty();
    Names m_now;
    Names m_durable;
    std::map<int, std::shared_ptr<File>> m_open;
    std::map<int, std::string> m_folders;
    std::string m_said;
    std::mt19937 m_random{7};
    int m_cut = 0;
    int m_changes = 0;
    int m_killAt = std::atoi(setting("GATEHOUSE_DISK_KILL").c_str());
    int m_failAt = std::atoi(setting("GATEHOUSE_DISK_FAIL").c_str());
    std::string m_fault = setting("GATEHOUSE_DISK_FAULT");
};

// Not destroyed: files are closed while the process ends.
Disk& disk() {
    static Disk* const one = new Disk;
    return *one;
}

bool fails(int error) {
    errno = error == 0 ? errno : error;
    return error != 0;
}

int openAs(const char* name, const char* path, int flags, mode_t mode) {
    static const std::string boot = std::getenv("GATEHOUSE_DISK_BOOT") == nullptr ? "" : getenv("GATEHOUSE_DISK_BOOT");
    const bool isBoot = !boot.empty() && std::strcmp(path, "/proc/sys/kernel/random/boot_id") == 0;
    const bool isOurs = disk().has(std::string(path) + "/");
    if (isOurs && (flags & O_CREAT) != 0 && access(path, F_OK) != 0 && fails(disk().next("create"))) {
        return -1;
    }
    const int fd = real<Open>(name)(isBoot ? boot.c_str() : path, flags, mode);
    if (fd < 0 || !isOurs) {
        return fd;
    }
    struct stat status{};
    if (fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
        disk().openedFolder(fd, path);
    } else {
        disk().opened(fd, path, (flags & O_TRUNC) != 0);
    }
    return fd;
}

mode_t modeOf(int flags, va_list list) {
    return (flags & O_CREAT) != 0 ? va_arg(list, mode_t) : 0;
}

} // namespace

#pragma GCC visibility push(default)
extern "C" {
int open(const char* path, int flags, ...) {
    va_list list;
    va_start(list, flags);
    const mode_t mode = modeOf(flags, list);
    va_end(list);
    return openAs("open", path, flags, mode);
}
int open64(const char* path, int flags, ...) {
    va_list list;
    va_start(list, flags);
    const mode_t mode = modeOf(flags, list);
    va_end(list);
    return openAs("open64", path, flags, mode);
}
// What glibc's headers make of open() where they check.
int __open_2(const char* path, int flags) { // NOLINT: not our name
    return openAs("open", path, flags, 0);
}
int __open64_2(const char* path, int flags) { // NOLINT: not our name
    return openAs("open64", path, flags, 0);
}
int close(int fd) {
    disk().closed(fd);
    return real<Close>("close")(fd);
}
ssize_t write(int fd, const void* data, std::size_t size) {
    if (const int error = disk().next("write", fd); error != 0) {
        if (!disk().isShort()) {
            errno = error;
            return -1;
        }
        size /= 2;
    }
    const off_t at = fd == STDOUT_FILENO ? 0 : lseek(fd, 0, SEEK_CUR);
    const ssize_t done = real<Write>("write")(fd, data, size);
    if (done > 0) {
        disk().wrote(fd, data, static_cast<std::size_t>(done), at);
    }
    return done;
}
ssize_t pwrite(int fd, const void* data, std::size_t size, off_t offset) {
    if (const int error = disk().next("write", fd); error != 0) {
        if (!disk().isShort()) {
            errno = error;
            return -1;
        }
        size /= 2;
    }
    const ssize_t done = real<WriteAt>("pwrite")(fd, data, size, offset);
    if (done > 0) {
        disk().wrote(fd, data, static_cast<std::size_t>(done), offset);
    }
    return done;
}
ssize_t pwrite64(int fd, const void* data, std::size_t size, off64_t offset) {
    return pwrite(fd, data, size, offset);
}
int ftruncate(int fd, off_t size) {
    if (fails(disk().next("resize", fd))) {
        return -1;
    }
    const int code = real<Truncate>("ftruncate")(fd, size);
    if (code == 0) {
        disk().resized(fd, size, true);
    }
    return code;
}
int ftruncate64(int fd, off64_t size) {
    return ftruncate(fd, size);
}
int posix_fallocate(int fd, off_t offset, off_t size) {
    if (const int error = disk().next("allocate", fd); error != 0) {
        return error;
    }
    const int code = real<Allocate>("posix_fallocate")(fd, offset, size);
    if (code == 0) {
        disk().resized(fd, offset + size, false);
    }
    return code;
}
int posix_fallocate64(int fd, off64_t offset, off64_t size) {
    return posix_fallocate(fd, offset, size);
}
int fsync(int fd) {
    if (fails(disk().next("sync", fd))) {
        return -1;
    }
    disk().syncing(fd);
    return 0; // the model counts, not this machine's disk
}
int fdatasync(int fd) {
    return fsync(fd);
}
int rename(const char* from, const char* to) {
    if (disk().has(to) && fails(disk().next("rename"))) {
        return -1;
    }
    const int code = real<Rename>("rename")(from, to);
    if (code == 0 && disk().has(to)) {
        disk().renamed(from, to);
    }
    return code;
}
int unlink(const char* path) {
    if (disk().has(path) && fails(disk().next("remove"))) {
        return -1;
    }
    const int code = real<Unlink>("unlink")(path);
    if (code == 0 && disk().has(path)) {
        disk().removed(path);
    }
    return code;
}
int remove(const char* path) {
    if (disk().has(path) && fails(disk().next("remove"))) {
        return -1;
    }
    const int code = real<Unlink>("remove")(path);
    if (code == 0 && disk().has(path)) {
        disk().removed(path);
    }
    return code;
}
}
#pragma GCC visibility pop
