// SPDX-License-Identifier: Apache-2.0
#include "governance/inspect_documents.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/crypto.h"
#include "dlp/code_amount.h"
#include "documents/sniff.h"
#include "governance/scan_text.h"

namespace gatehouse::governance {
namespace {

constexpr std::chrono::seconds kTimeForAll{30};
constexpr std::size_t kShort = 4UL * 1024UL; // in so little base64 chance makes no values

// "application/pdf" of "data:application/pdf;base64,…" says nothing that the bytes do not say better.
std::string_view withoutUriHead(std::string_view text) {
    constexpr std::string_view kMark = ";base64,";
    const std::size_t mark = text.starts_with("data:") ? text.substr(0, 1024).find(kMark) : std::string_view::npos;
    return mark == std::string_view::npos ? text : text.substr(mark + kMark.size());
}

// What of an attachment is read as the text that it may be: all of it, unless it is base64; of that only what stands
// before it, because by chance there is in much base64 what looks like a value.
std::string_view plainText(std::string_view text) {
    const std::string_view encoded = withoutUriHead(text);
    const auto isBase64 = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               std::string_view("+/-_=\r\n").find(c) != std::string_view::npos;
    };
    const bool isBytes = text.size() > kShort && std::all_of(encoded.begin(), encoded.end(), isBase64);
    return isBytes ? text.substr(0, text.size() - encoded.size()) : text;
}

// The file's name, where the request has one beside the bytes or around them.
std::string_view nameFor(std::span<const Part> parts, const Part& attachment) {
    for (const Part& part : parts) {
        const std::string_view pointer = part.pointer;
        const std::size_t slash = pointer.rfind('/');
        if (part.kind == PartKind::fileName && slash != std::string_view::npos &&
            attachment.pointer.starts_with(pointer.substr(0, slash + 1))) {
            return part.text;
        }
    }
    return {};
}

} // namespace

bool isAttachment(const Part& part) {
    return part.kind == PartKind::opaque && !part.isImmutable && !part.text.empty();
}

bool hasAttachment(std::span<const Part> parts) {
    return std::any_of(parts.begin(), parts.end(), isAttachment);
}

Finding unreadablePart(std::size_t part, std::size_t size, std::string why) {
    Finding finding;
    finding.detector = "unreadable.any.part";
    finding.findingClass = FindingClass::unreadable;
    finding.part = part;
    finding.end = size;
    finding.confidence = 1;
    finding.level = Level::high;
    finding.why = std::move(why);
    return finding;
}

std::optional<std::string> attachedBytes(std::string_view text) {
    const std::string_view encoded = withoutUriHead(text);
    std::string clean;
    clean.reserve(encoded.size() + 3);
    for (const char c : encoded) {
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            continue;
        }
        clean += c == '-' ? '+' : c == '_' ? '/' : c;
    }
    while (clean.size() % 4 != 0) {
        clean += '=';
    }
    const auto bytes = base64Decode(clean);
    return bytes ? std::optional<std::string>(textOf(*bytes)) : std::nullopt;
}

DocumentInspector::DocumentInspector(const dlp::Engine& engine, dlp::Scratch& scratch,
                                     const documents::Extractor* extractor)
    : m_engine(engine)
    , m_scratch(scratch)
    , m_extractor(extractor)
    , m_until(std::chrono::steady_clock::now() + kTimeForAll) {}

Result<std::vector<Finding>> DocumentInspector::findingsIn(const documents::Extraction& read) {
    std::vector<Finding> all;
    std::string unread = read.gaps.empty() ? std::string() : read.gaps.front().reason;
    for (const documents::Piece& piece : read.pieces) {
        auto found = scanText(m_engine, m_scratch, piece.text);
        if (!found && found.error().kind == ErrorKind::limit) {
            unread = "too much that looks sensitive";
            continue;
        }
        if (!found) {
            return std::unexpected(found.error());
        }
        dlp::addCodeAmounts(piece.text, *found);
        std::move(found->begin(), found->end(), std::back_inserter(all));
    }
    if (!unread.empty()) {
        all.push_back(unreadablePart(0, 0, "a document, or a part of it: " + unread));
    }
    return all;
}

Result<std::vector<Finding>> DocumentInspector::inspect(std::span<const Part> parts, std::size_t index) {
    const std::string_view text = parts[index].text;
    GH_TRY(std::vector<Finding> findings, readDocument(parts, index));
    auto plain = scanText(m_engine, m_scratch, plainText(text));
    if (!plain && plain.error().kind == ErrorKind::limit) {
        plain = std::vector{unreadablePart(index, text.size(), "too much that looks sensitive")};
    }
    if (!plain) {
        return plain;
    }
    for (Finding& finding : *plain) {
        finding.part = index;
        finding.begin = 0;
        finding.end = text.size();
        findings.push_back(std::move(finding));
    }
    return findings;
}

Result<std::vector<Finding>> DocumentInspector::readDocument(std::span<const Part> parts, std::size_t index) {
    const Part& part = parts[index];
    const auto bytes = m_extractor == nullptr ? std::nullopt : attachedBytes(part.text);
    if (!bytes) {
        return std::vector{unreadablePart(index, part.text.size(), "an attachment that cannot be read")};
    }
    const std::string_view name = nameFor(parts, part);
    const documents::Format format = documents::sniff(*bytes, name);
    if (format == documents::Format::media) {
        return std::vector{unreadablePart(index, part.text.size(), "a recording")};
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(m_until - std::chrono::steady_clock::now());
    const documents::Extraction read =
        m_extractor->extract(*bytes, name, std::max(left, std::chrono::milliseconds::zero()));
    GH_TRY(std::vector<Finding> findings, findingsIn(read));
    const std::string document = fmt::format("{}, {} bytes, sha256 {}", read.format.empty() ? "unknown" : read.format,
                                             bytes->size(), sha256Hex(*bytes));
    for (Finding& finding : findings) {
        finding.part = index;
        finding.begin = 0;
        finding.end = part.text.size();
        finding.document = document;
    }
    return findings;
}

} // namespace gatehouse::governance
