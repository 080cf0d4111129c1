// SPDX-License-Identifier: Apache-2.0
#include "base/error.h"

namespace gatehouse {

std::string_view errorKindWord(ErrorKind kind) {
    switch (kind) {
    case ErrorKind::invalidInput:
        return "invalid_input";
    case ErrorKind::denied:
        return "denied";
    case ErrorKind::notFound:
        return "not_found";
    case ErrorKind::conflict:
        return "conflict";
    case ErrorKind::timedOut:
        return "timed_out";
    case ErrorKind::cancelled:
        return "cancelled";
    case ErrorKind::unavailable:
        return "unavailable";
    case ErrorKind::corrupt:
        return "corrupt";
    case ErrorKind::limit:
        return "limit";
    case ErrorKind::internal:
        return "internal";
    }
    return "internal";
}

} // namespace gatehouse
