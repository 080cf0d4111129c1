// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdio>
#include <string_view>

#ifndef _WIN32
#include <fcntl.h>
#include <sys/stat.h>
#endif

namespace gatehouse::app {

// The first thing that a program does. Where standard input, output or error came closed, the next file to be opened
// would take its number, and what is printed would go into that file. Now it fails instead.
inline void holdStandardStreams() {
#ifndef _WIN32
    for (int stream = 0; stream <= 2; ++stream) {
        if (::fcntl(stream, F_GETFD) < 0) {
            (void)::open("/dev/null", stream == 0 ? O_WRONLY : O_RDONLY); // the lowest free number is this one
        }
    }
#endif
}

// The last thing: what did not arrive (a full disk) must not look like success to a script. `code`, or 2.
inline int finishOutput(std::string_view program, int code) {
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) {
        return code;
    }
    bool isPipe = false; // whose reader has seen enough, as head does
#ifndef _WIN32
    struct stat status{};
    isPipe = ::fstat(1, &status) == 0 && S_ISFIFO(status.st_mode);
#endif
    if (!isPipe) {
        std::fprintf(stderr, "%.*s: the output could not be written\n", static_cast<int>(program.size()),
                     program.data());
    }
    return 2;
}

} // namespace gatehouse::app
