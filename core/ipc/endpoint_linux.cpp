// SPDX-License-Identifier: Apache-2.0
#include "ipc/endpoint.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string_view>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace gatehouse::ipc {

namespace {

Result<sockaddr_un> addressOf(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.front() != '/') {
        return fail(ErrorKind::invalidInput, "the socket's path is not absolute");
    }
    if (path.size() >= sizeof(address.sun_path)) {
        return fail(ErrorKind::limit,
                    "the socket's path is longer than 107 bytes; set GATEHOUSE_SOCKET to a shorter one");
    }
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return address;
}

std::string folderOf(const std::string& path) {
    return path.substr(0, path.rfind('/'));
}

// Only we may enter: else somebody could swap the socket between our check and our connect.
Result<> checkFolder(const std::string& folder) {
    struct stat entry{};
    if (::lstat(folder.c_str(), &entry) != 0) {
        return fail(ErrorKind::unavailable, "the socket's folder is missing", errno);
    }
    if (!S_ISDIR(entry.st_mode)) {
        return fail(ErrorKind::denied, "the socket's folder is not a folder");
    }
    if (entry.st_uid != ::geteuid()) {
        return fail(ErrorKind::denied, "the socket's folder belongs to another user");
    }
    if ((entry.st_mode & 077) != 0) {
        return fail(ErrorKind::denied, "the socket's folder is open to others: chmod 700 it, or set GATEHOUSE_SOCKET");
    }
    return {};
}

// notFound when nothing is there.
Result<> checkSocketFile(const std::string& path) {
    struct stat entry{};
    if (::lstat(path.c_str(), &entry) != 0) {
        return fail(errno == ENOENT ? ErrorKind::notFound : ErrorKind::unavailable, "no socket at the path", errno);
    }
    if (!S_ISSOCK(entry.st_mode)) {
        return fail(ErrorKind::denied, "something that is not a socket stands at the socket's path");
    }
    if (entry.st_uid != ::geteuid()) {
        return fail(ErrorKind::denied, "the socket belongs to another user");
    }
    return {};
}

Result<int> connectTo(const sockaddr_un& address) {
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) {
        return fail(ErrorKind::internal, "socket", errno);
    }
    // A local connect is immediate, or EAGAIN when the agent's queue is full: that counts as not answering.
    if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
        const int error = errno;
        ::close(descriptor);
        return fail(ErrorKind::unavailable, "nobody answers at the socket", error);
    }
    return descriptor;
}

// The fields of /proc/<pid>/stat after the command name, which may itself hold spaces and brackets.
std::string statFields(std::int64_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string line;
    std::getline(file, line);
    const auto bracket = line.rfind(") ");
    return bracket == std::string::npos ? std::string() : line.substr(bracket + 2);
}

// The value of field `number` as proc(5) counts them; 0 when it is missing. Field 3 is the first after the name.
std::uint64_t statField(const std::string& fields, int number) {
    std::string_view rest = fields;
    for (int field = 3; field < number; ++field) {
        const auto space = rest.find(' ');
        if (space == std::string_view::npos) {
            return 0;
        }
        rest.remove_prefix(space + 1);
    }
    std::uint64_t value = 0;
    std::from_chars(rest.data(), rest.data() + rest.size(), value);
    return value;
}

} // namespace

std::string defaultSocketPath() {
    if (const char* path = std::getenv("GATEHOUSE_SOCKET"); path != nullptr && *path != '\0') {
        return path;
    }
    if (const char* folder = std::getenv("XDG_RUNTIME_DIR"); folder != nullptr && *folder == '/') {
        return std::string(folder) + "/gatehouse/agent.sock";
    }
    return "/tmp/gatehouse-" + std::to_string(::geteuid()) + "/agent.sock";
}

Result<> prepareSocketPath(const std::string& path) {
    GH_TRY(const sockaddr_un address, addressOf(path));
    const std::string folder = folderOf(path);
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
        return fail(ErrorKind::unavailable, "the socket's folder cannot be made", errno);
    }
    GH_CHECK(checkFolder(folder));
    if (const auto file = checkSocketFile(path); !file) {
        return file.error().kind == ErrorKind::notFound ? Result<>() : file;
    }
    if (const auto other = connectTo(address); other) {
        ::close(*other);
        return fail(ErrorKind::conflict, "another agent answers at the socket");
    }
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
        return fail(ErrorKind::denied, "the stale socket cannot be removed", errno);
    }
    return {};
}

Result<int> connectToAgent(const std::string& path) {
    GH_TRY(const sockaddr_un address, addressOf(path));
    GH_CHECK(checkFolder(folderOf(path)));
    if (const auto file = checkSocketFile(path); !file) {
        const bool isMissing = file.error().kind == ErrorKind::notFound;
        return fail(isMissing ? ErrorKind::unavailable : file.error().kind, file.error().what, file.error().native);
    }
    GH_TRY(const int descriptor, connectTo(address));
    if (const auto peer = requireSameUser(descriptor); !peer) {
        ::close(descriptor);
        return std::unexpected(peer.error());
    }
    return descriptor;
}

Result<Peer> peerOf(int descriptor) {
    ucred credentials{};
    socklen_t size = sizeof(credentials);
    if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0 || size != sizeof(credentials)) {
        return fail(ErrorKind::denied, "the peer's user is unknown", errno);
    }
    return Peer{credentials.uid, credentials.pid};
}

Result<Peer> requireSameUser(int descriptor) {
    GH_TRY(const Peer peer, peerOf(descriptor));
    if (peer.uid != ::geteuid()) {
        return fail(ErrorKind::denied, "the peer is another user");
    }
    return peer;
}

Process describeProcess(std::int64_t pid) {
    Process process;
    if (pid <= 0) {
        return process;
    }
    std::array<char, 4096> target{};
    const std::string link = "/proc/" + std::to_string(pid) + "/exe";
    const ssize_t size = ::readlink(link.c_str(), target.data(), target.size());
    const std::string fields = statFields(pid);
    if (size <= 0 || fields.empty()) {
        return process;
    }
    process.isKnown = true;
    process.pid = pid;
    process.startTime = statField(fields, 22);
    process.executable.assign(target.data(), static_cast<std::size_t>(size));
    return process;
}

std::int64_t parentOf(std::int64_t pid) {
    return static_cast<std::int64_t>(statField(statFields(pid), 4));
}

} // namespace gatehouse::ipc
