// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <thread>

#ifdef __linux__
#include <pthread.h>
#endif

namespace gatehouse::platform {

// Gives a thread the name (at most 15 characters) under which tools list it; without effect where there is no such
// thing.
inline void nameThread([[maybe_unused]] std::thread& thread, [[maybe_unused]] const char* name) {
#ifdef __linux__
    pthread_setname_np(thread.native_handle(), name);
#endif
}

} // namespace gatehouse::platform
