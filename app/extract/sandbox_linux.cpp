// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cerrno>
#include <csignal>

#include <linux/sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "extract/sandbox.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define GATEHOUSE_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define GATEHOUSE_SANITIZED 1
#endif
#endif

namespace gatehouse::extract {
namespace {

bool limit(int resource, rlim_t value) {
    const rlimit wanted{value, value};
    return ::setrlimit(static_cast<__rlimit_resource>(resource), &wanted) == 0;
}

#ifndef GATEHOUSE_SANITIZED // sanitizers map terabytes, open pipes to try addresses, and write reports to files
bool limitMore() {
    return limit(RLIMIT_AS, rlim_t{2} * 1024U * 1024U * 1024U) && limit(RLIMIT_NOFILE, 3);
}

// What allocators, poppler and the C++ library call. Memory never becomes executable.
bool filterCalls() {
    constexpr std::array kAllowed{SCMP_SYS(read),
                                  SCMP_SYS(write),
                                  SCMP_SYS(close),
                                  SCMP_SYS(lseek),
                                  SCMP_SYS(fstat),
                                  SCMP_SYS(brk),
                                  SCMP_SYS(munmap),
                                  SCMP_SYS(mremap),
                                  SCMP_SYS(madvise),
                                  SCMP_SYS(futex),
                                  SCMP_SYS(exit),
                                  SCMP_SYS(exit_group),
                                  SCMP_SYS(rt_sigreturn),
                                  SCMP_SYS(rt_sigaction),
                                  SCMP_SYS(rt_sigprocmask),
                                  SCMP_SYS(clock_gettime),
                                  SCMP_SYS(gettimeofday),
                                  SCMP_SYS(time),
                                  SCMP_SYS(getrandom),
                                  SCMP_SYS(getpid),
                                  SCMP_SYS(gettid),
                                  SCMP_SYS(sched_yield),
                                  SCMP_SYS(sched_getaffinity),
                                  SCMP_SYS(restart_syscall)};
    scmp_filter_ctx filter = ::seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (filter == nullptr) {
        return false;
    }
    bool isFine = true;
    for (const int call : kAllowed) {
        isFine = isFine && ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) == 0;
    }
    for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)}) {
        isFine = isFine && ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
                                              SCMP_A2(SCMP_CMP_MASKED_EQ, scmp_datum_t{PROT_EXEC}, 0)) == 0;
    }
    isFine = isFine && ::seccomp_load(filter) == 0;
    ::seccomp_release(filter);
    return isFine;
}
#else
bool limitMore() {
    return true;
}
bool filterCalls() {
    return true;
}
#endif

} // namespace

bool enterSandbox() {
    // Stray descriptors of the parent are no business of a parser.
    ::close_range(3, ~0U, 0);
    return limit(RLIMIT_CORE, 0) && limit(RLIMIT_CPU, 30) && limit(RLIMIT_FSIZE, 0) && limitMore() &&
           ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && ::prctl(PR_SET_DUMPABLE, 0) == 0 &&
           ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && filterCalls();
}

} // namespace gatehouse::extract
