// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace gatehouse {

// The closed set of ways in which something can fail. Callers branch on the kind, never on the text.
enum class ErrorKind {
    invalidInput, // the bytes or arguments given are wrong; trying again unchanged cannot help
    denied,       // a rule or a permission forbids it
    notFound,     // what was asked for does not exist
    conflict,     // it exists already, or someone else holds it
    timedOut,     // it took longer than the stated limit
    cancelled,    // the caller or shutdown asked to stop
    unavailable,  // a needed service, file or device does not answer now
    corrupt,      // stored data does not have the form that we wrote
    limit,        // a size, depth, count or rate is above its cap
    internal,     // our own bug or an exhausted resource
};

// A failure as a value. `what` is for the log and for the operator: it never holds user text, secrets or found values.
struct Error {
    ErrorKind kind = ErrorKind::internal;
    std::string what;
    int native = 0; // errno, CURLcode, SQLite code … of the layer that failed; 0 when there is none
};

// The kind's stable lower-case word ("invalid_input", …), for logs and JSON.
std::string_view errorKindWord(ErrorKind kind);

} // namespace gatehouse
