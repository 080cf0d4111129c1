// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "extract/sandbox.h"

// What a parser that was taken over could still do. Each deed is tried in a process of its own, without the sandbox,
// where it must work, and within it, where it must not.
namespace {

bool opensAFile() {
    return ::open("/etc/passwd", O_RDONLY) >= 0;
}
bool makesASocket() {
    return ::socket(AF_INET, SOCK_STREAM, 0) >= 0;
}
bool startsAProcess() {
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(0);
    }
    return child > 0;
}
bool startsAProgram() {
    std::array<char*, 1> none{nullptr};
    ::execve("/bin/true", none.data(), none.data()); // it ends with 0 then
    return false;
}
bool makesCodeOfMemory() {
    void* memory = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory != MAP_FAILED && ::mprotect(memory, 4096, PROT_READ | PROT_EXEC) == 0;
}
bool takesMuchMemory() {
    return ::mmap(nullptr, std::size_t{3} << 30U, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                  -1, 0) != MAP_FAILED;
}
bool signalsOthers() {
    return ::kill(::getppid(), 0) == 0;
}
bool readsAnInheritedFile() {
    char c = 0;
    return ::pread(100, &c, 1, 0) == 1;
}

} // namespace

class TestSandbox final : public QObject {
    Q_OBJECT

    // The exit code: 0 it worked, 1 it did not, 2 there is no sandbox.
    static int tried(bool (*deed)(), bool isInside) {
        const pid_t child = ::fork();
        if (child == 0) {
            ::dup2(::open("/etc/passwd", O_RDONLY), 100);
            if (isInside && !gatehouse::extract::enterSandbox()) {
                ::_exit(2);
            }
            ::_exit(deed() ? 0 : 1);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 100 + WTERMSIG(status);
    }

private slots:
    void aParserCannotDoWhatItNeedNot_data() {
        QTest::addColumn<void*>("deed");
        const std::vector<std::pair<const char*, bool (*)()>> deeds{{"open a file", opensAFile},
                                                                    {"make a socket", makesASocket},
                                                                    {"start a process", startsAProcess},
                                                                    {"start a program", startsAProgram},
                                                                    {"make code of memory", makesCodeOfMemory},
                                                                    {"take much memory", takesMuchMemory},
                                                                    {"signal others", signalsOthers},
                                                                    {"read an inherited file", readsAnInheritedFile}};
        for (const auto& [name, deed] : deeds) {
            QTest::newRow(name) << reinterpret_cast<void*>(deed);
        }
    }
    void aParserCannotDoWhatItNeedNot() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        QSKIP("sanitizers need what the sandbox takes away");
#endif
        QFETCH(void*, deed);
        const auto call = reinterpret_cast<bool (*)()>(deed);
        QCOMPARE(tried(call, false), 0);
        QCOMPARE(tried(call, true), 1);
    }
};

QTEST_GUILESS_MAIN(TestSandbox)
#include "tst_sandbox.moc"
