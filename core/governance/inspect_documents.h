// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dlp/engine.h"
#include "documents/extract.h"
#include "types/interaction.h"

// Documents among the parts: files in base64 whose text is inspected like any other.
namespace gatehouse::governance {

// True for a part that is a file and no text, unless it is signed or encrypted.
bool isAttachment(const Part& part);
bool hasAttachment(std::span<const Part> parts);

// A finding of class unreadable over the whole part.
Finding unreadablePart(std::size_t part, std::size_t size, std::string why);

// The bytes of base64 (RFC 4648, either alphabet, padded or not, white space ignored) or of a data URI with them.
std::optional<std::string> attachedBytes(std::string_view text);

// Reads the documents of one interaction, one after the other, in the time that it has for all of them. Blocks.
class DocumentInspector final {
public:
    // `extractor` may be null: then each attachment is unreadable.
    DocumentInspector(const dlp::Engine& engine, dlp::Scratch& scratch, const documents::Extractor* extractor);

    // What stands in the attachment `parts[index]`, also where it only calls itself one and is a text; each finding
    // covers the whole part, because nothing in it can be changed, and says which document it is from. One of class
    // unreadable tells what could not be read.
    [[nodiscard]] Result<std::vector<Finding>> inspect(std::span<const Part> parts, std::size_t index);

private:
    [[nodiscard]] Result<std::vector<Finding>> readDocument(std::span<const Part> parts, std::size_t index);
    [[nodiscard]] Result<std::vector<Finding>> findingsIn(const documents::Extraction& read);

    const dlp::Engine& m_engine;
    dlp::Scratch& m_scratch;
    const documents::Extractor* m_extractor;
    std::chrono::steady_clock::time_point m_until;
};

} // namespace gatehouse::governance
