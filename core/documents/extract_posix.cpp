// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <string>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "documents/extract.h"
#include "documents/frames.h"

namespace gatehouse::documents {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kNoHelper = "the program that reads documents cannot be started";
constexpr std::string_view kCrashed = "the reader failed on it";
constexpr std::string_view kTooSlow = "reading it takes too long";
constexpr std::string_view kTooLarge = "it is larger than what is read";

Extraction nothing(std::string_view reason) {
    Extraction extraction;
    extraction.gaps.push_back({"", std::string(reason)});
    return extraction;
}

class Descriptor final {
public:
    explicit Descriptor(int descriptor = -1) : m_descriptor(descriptor) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { reset(); }
    [[nodiscard]] int get() const { return m_descriptor; }
    void reset(int descriptor = -1) {
        if (m_descriptor >= 0) {
            ::close(m_descriptor);
        }
        m_descriptor = descriptor;
    }

private:
    int m_descriptor;
};

// A running helper. It never outlives this object.
class Helper final {
public:
    explicit Helper(const std::string& path) {
        std::array<int, 2> ends{};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
            return;
        }
        m_socket.reset(ends[0]);
        const Descriptor childEnd(ends[1]);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, childEnd.get(), STDIN_FILENO);
        posix_spawn_file_actions_adddup2(&actions, childEnd.get(), STDOUT_FILENO);
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0); // parsers quote documents
        posix_spawnattr_t attributes;
        posix_spawnattr_init(&attributes);
        sigset_t none;
        sigemptyset(&none);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setpgroup(&attributes, 0); // a Ctrl+C at the terminal is the parent's to handle
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
        std::string program = path;
        std::array<char*, 2> arguments{program.data(), nullptr};
        std::array<char*, 1> environment{nullptr};
        pid_t child = -1;
        if (::posix_spawn(&child, path.c_str(), &actions, &attributes, arguments.data(), environment.data()) == 0) {
            m_child = child;
        }
        posix_spawnattr_destroy(&attributes);
        posix_spawn_file_actions_destroy(&actions);
        ::fcntl(m_socket.get(), F_SETFL, O_NONBLOCK);
    }
    Helper(const Helper&) = delete;
    Helper& operator=(const Helper&) = delete;
    ~Helper() {
        if (m_child > 0) {
            ::kill(m_child, SIGKILL);
            while (::waitpid(m_child, nullptr, 0) < 0 && errno == EINTR) {
            }
        }
    }

    [[nodiscard]] bool isRunning() const { return m_child > 0; }
    [[nodiscard]] int socket() const { return m_socket.get(); }

private:
    Descriptor m_socket;
    pid_t m_child = -1;
};

// The talk with one helper: sends the document while reading what comes back.
class Talk final {
public:
    Talk(int socket, std::string_view head, std::string_view bytes, Clock::time_point until)
        : m_socket(socket)
        , m_head(head)
        , m_bytes(bytes)
        , m_until(until) {}

    Extraction run() {
        for (;;) {
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(m_until - Clock::now());
            if (left.count() <= 0) {
                return nothing(kTooSlow);
            }
            const bool isSending = !m_head.empty() || !m_bytes.empty();
            pollfd waiting{m_socket, static_cast<short>(isSending ? POLLIN | POLLOUT : POLLIN), 0};
            const int ready = ::poll(&waiting, 1, static_cast<int>(std::min<long long>(left.count() + 1, 60'000)));
            if (ready < 0 && errno != EINTR) {
                return nothing(kCrashed);
            }
            if (ready > 0) {
                if ((waiting.revents & POLLOUT) != 0) {
                    send();
                }
                if ((waiting.revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
                    if (auto extraction = receive()) {
                        return std::move(*extraction);
                    }
                }
            }
        }
    }

private:
    void send() {
        std::string_view& rest = m_head.empty() ? m_bytes : m_head;
        const ssize_t sent = ::send(m_socket, rest.data(), rest.size(), MSG_NOSIGNAL);
        if (sent > 0) {
            rest.remove_prefix(static_cast<std::size_t>(sent));
        } else if (sent < 0 && errno != EAGAIN && errno != EINTR) {
            m_head = m_bytes = {}; // the helper reads no more; what it said is still to be read
        }
        if (m_head.empty() && m_bytes.empty()) {
            ::shutdown(m_socket, SHUT_WR);
        }
    }

    // Something once the helper has said all or failed.
    std::optional<Extraction> receive() {
        const ssize_t got = ::recv(m_socket, m_buffer.data(), m_buffer.size(), 0);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
            return std::nullopt;
        }
        if (got > 0) {
            if (!m_reader.push(std::string_view(m_buffer.data(), static_cast<std::size_t>(got)))) {
                return nothing(kCrashed);
            }
            if (!m_reader.isComplete()) {
                return std::nullopt;
            }
        }
        auto extraction = m_reader.finish();
        return extraction ? std::move(*extraction) : nothing(kCrashed);
    }

    int m_socket;
    std::string_view m_head;
    std::string_view m_bytes;
    Clock::time_point m_until;
    FrameReader m_reader;
    std::array<char, 65536> m_buffer{};
};

class ProcessExtractor final : public Extractor {
public:
    explicit ProcessExtractor(ExtractorOptions options) : m_options(std::move(options)) {}

    [[nodiscard]] Extraction extract(std::string_view bytes, std::string_view name,
                                     std::chrono::milliseconds within) const override {
        if (bytes.size() > m_options.maxInput) {
            return nothing(kTooLarge);
        }
        const auto until = Clock::now() + std::min(within, m_options.deadline);
        if (Clock::now() >= until) {
            return nothing(kTooSlow);
        }
        const Helper helper(m_options.helper);
        if (!helper.isRunning()) {
            return nothing(kNoHelper);
        }
        const std::string head = encodeHead(name);
        return Talk(helper.socket(), head, bytes, until).run();
    }

private:
    ExtractorOptions m_options;
};

} // namespace

std::unique_ptr<Extractor> makeExtractor(ExtractorOptions options) {
    return std::make_unique<ProcessExtractor>(std::move(options));
}

} // namespace gatehouse::documents
