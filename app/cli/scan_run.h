// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ask_model.h"
#include "dlp/engine.h"
#include "documents/extract.h"
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
    std::string piece; // of a document: offsets, lines and columns are those of its text; empty: of the file itself
};

struct ScannedFile {
    std::string path;
    std::string problem;   // empty, or why it could not be read or scanned
    bool isBinary = false; // left out
    std::uint64_t bytes = 0;
    std::vector<PlacedFinding> findings;
    std::vector<documents::Gap> gaps; // places of a document that could not be read
};

struct ScanJob {
    std::shared_ptr<const dlp::Engine> engine;
    std::vector<ScanInput> inputs;
    unsigned threads = 1;
    bool isBinaryToo = false; // otherwise files of a folder with NUL bytes at their start are left out
    const documents::Extractor* extractor = nullptr; // null: documents are scanned as the bytes that they are
    const ModelToAsk* model = nullptr;               // null: nobody is asked for a second opinion
};

// Scans the files on several threads and gives them to `take` in their order, on the caller's thread. Files above 16
// MiB are read in pieces, so that memory stays bounded; "-" is standard input. Documents are read by the extractor.
void runScanJob(const ScanJob& job, const std::function<void(ScannedFile&&)>& take);

} // namespace gatehouse::cli
