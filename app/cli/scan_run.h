// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "dlp/engine.h"
#include "scan_files.h"

namespace gatehouse::cli {

// Where a finding is, for people. Lines and columns count from 1.
struct PlacedFinding {
    Finding finding;
    std::uint64_t line = 1;
    std::uint64_t column = 1;      // in bytes
    std::uint64_t columnChars = 1; // in code points
    std::uint64_t endLine = 1;
    std::uint64_t endColumnChars = 1; // behind the last one
};

struct ScannedFile {
    std::string path;
    std::string problem;   // empty, or why it could not be read or scanned
    bool isBinary = false; // left out
    std::uint64_t bytes = 0;
    std::vector<PlacedFinding> findings;
};

struct ScanJob {
    std::shared_ptr<const dlp::Engine> engine;
    std::vector<ScanInput> inputs;
    unsigned threads = 1;
    bool isBinaryToo = false; // otherwise files of a folder with NUL bytes at their start are left out
};

// Scans the files on several threads and gives them to `take` in their order, on the caller's thread. Files above 16
// MiB are read in pieces, so that memory stays bounded; "-" is standard input.
void runScanJob(const ScanJob& job, const std::function<void(ScannedFile&&)>& take);

} // namespace gatehouse::cli
