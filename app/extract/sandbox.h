// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace gatehouse::extract {

// Gives up, for good, what a parser does not need: memory above 2 GiB, 30 seconds of CPU time, core files, new
// descriptors, writing files; then every system call but those for memory, time, reading and writing what is open.
// False when the kernel does not take it: the caller then reads nothing. Call it with no other thread running.
bool enterSandbox();

} // namespace gatehouse::extract
