// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// Text out of foreign documents: PDF, Office, mail, archives. The parsers run in a helper process that can open no
// file, start no program and reach no network; whatever happens to it, the caller gets an answer in time. What could
// not be read is said, never passed over. Format between the two processes: docs/formats/extract-frames.md.
namespace gatehouse::documents {

// A stretch of text and where in the document it stands: "page 3", "sheet Q1!A1:C9", "inner.zip/notes.txt". Names come
// from the document: they are user text.
struct Piece {
    std::string name;
    std::string text; // UTF-8
};

// A place that could not be read, and why in words of ours. An empty name: the document itself.
struct Gap {
    std::string name;
    std::string reason;
};

struct Extraction {
    std::string format; // "pdf", "docx", "zip", …; empty when it was not recognised
    std::vector<Piece> pieces;
    std::vector<Gap> gaps;

    // Why the document as a whole could not be read; empty when at least a part of it was.
    [[nodiscard]] std::string_view unreadable() const {
        for (const Gap& gap : gaps) {
            if (gap.name.empty()) {
                return gap.reason;
            }
        }
        return {};
    }
};

class Extractor {
public:
    virtual ~Extractor() = default;
    // Blocks until the text is there, but no longer than `within` (and the extractor's own deadline). A helper that
    // crashes, hangs, is missing or says nonsense makes the document unreadable. `name` is a hint and may be empty. Any
    // thread.
    [[nodiscard]] virtual Extraction extract(std::string_view bytes, std::string_view name,
                                             std::chrono::milliseconds within) const = 0;
};

struct ExtractorOptions {
    std::string helper;                                     // absolute path of gatehouse-extract
    std::chrono::milliseconds deadline{20'000};             // of one document; the helper's CPU limit is its own
    std::size_t maxInput = std::size_t{64} * 1024U * 1024U; // larger documents are unreadable
};

std::unique_ptr<Extractor> makeExtractor(ExtractorOptions options);

} // namespace gatehouse::documents
