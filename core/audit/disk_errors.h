// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <string>

#include "base/result.h"

// What is said and done when the audit's disk fails. Internal to core/audit.
namespace gatehouse::audit {

// Whether the disk refused, rather than the database one of its entries.
inline bool isOfTheDisk(const Error& error) {
    constexpr std::array kKinds = {ErrorKind::unavailable, ErrorKind::conflict, ErrorKind::corrupt, ErrorKind::denied};
    return std::find(kKinds.begin(), kKinds.end(), error.kind) != kKinds.end();
}

// What people are told.
inline std::string sentenceFor(ErrorKind kind) {
    return kind == ErrorKind::denied ? "the audit's database was deleted or moved away: start the agent again"
           : kind == ErrorKind::corrupt
               ? "the audit's database is damaged: restore it from a backup, or move the data folder away"
               : "the audit cannot be written: free disk space or repair the disk; it is tried again each second";
}

} // namespace gatehouse::audit
