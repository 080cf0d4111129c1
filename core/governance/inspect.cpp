// SPDX-License-Identifier: Apache-2.0
#include "governance/inspect.h"

#include <algorithm>

#include "dlp/code_amount.h"
#include "governance/inspect_documents.h"
#include "governance/scan_text.h"

namespace gatehouse::governance {
namespace {

constexpr std::size_t kKeptScratches = 4;

Result<std::vector<Finding>> inspectText(const dlp::Engine& engine, dlp::Scratch& scratch, const Part& part,
                                         std::size_t index) {
    if (part.text.empty()) {
        return std::vector<Finding>();
    }
    auto findings = scanText(engine, scratch, part.text);
    if (!findings && findings.error().kind == ErrorKind::limit) {
        return std::vector{unreadablePart(index, part.text.size(), "too much that looks sensitive")};
    }
    if (findings) {
        dlp::addCodeAmounts(part.text, *findings);
        for (Finding& finding : *findings) {
            finding.part = index;
        }
    }
    return findings;
}

// Texts that a model reads as one: the content parts of one message ("/messages/3/content/…", "/contents/3/parts/…").
std::string_view messageOf(const Part& part) {
    const std::string_view pointer = part.pointer;
    const std::size_t content = std::min(pointer.find("/content/"), pointer.find("/parts/"));
    const bool isText =
        part.kind == PartKind::text || part.kind == PartKind::system || part.kind == PartKind::toolResult;
    return isText && content != std::string_view::npos ? pointer.substr(0, content) : std::string_view();
}

// What shows when the texts of one message are read as one, be it cut in two or named in the text before: one finding
// for each part that it touches.
Result<> inspectAcross(const dlp::Engine& engine, dlp::Scratch& scratch, std::span<const Part> parts,
                       const std::vector<std::size_t>& group, std::vector<std::vector<Finding>>& findings) {
    std::string joined;
    std::vector<std::size_t> begins;
    for (const std::size_t index : group) {
        begins.push_back(joined.size());
        joined += parts[index].text;
    }
    begins.push_back(joined.size());
    auto found = scanText(engine, scratch, joined);
    if (!found) {
        return found.error().kind == ErrorKind::limit ? Result<>() : std::unexpected(found.error());
    }
    std::vector<std::vector<Finding>> pieces(group.size()); // of what was found, by text
    for (const Finding& finding : *found) {
        const auto behind = std::upper_bound(begins.begin(), begins.end(), finding.begin);
        for (auto i = static_cast<std::size_t>(behind - begins.begin()) - 1;
             i < group.size() && begins[i] < finding.end; ++i) {
            Finding piece = finding;
            piece.part = group[i];
            piece.begin = std::max(finding.begin, begins[i]) - begins[i];
            piece.end = std::min(finding.end, begins[i + 1]) - begins[i];
            if (piece.begin < piece.end) {
                pieces[i].push_back(std::move(piece));
            }
        }
    }
    for (std::size_t i = 0; i < group.size(); ++i) {
        std::vector<Finding>& own = findings[group[i]];
        own = mergeFindings(std::move(own), std::move(pieces[i]));
    }
    return {};
}

} // namespace

Result<std::vector<Finding>> inspectParts(const dlp::Engine& engine, dlp::Scratch& scratch, std::span<const Part> parts,
                                          const documents::Extractor* extractor) {
    std::vector<std::vector<Finding>> findings(parts.size()); // by part
    DocumentInspector documents(engine, scratch, extractor);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        GH_TRY(findings[i],
               isAttachment(parts[i]) ? documents.inspect(parts, i) : inspectText(engine, scratch, parts[i], i));
    }
    std::vector<std::size_t> group;
    std::string_view message;
    for (std::size_t i = 0; i <= parts.size(); ++i) {
        const std::string_view own = i < parts.size() ? messageOf(parts[i]) : std::string_view();
        if (i < parts.size() && own.empty() && parts[i].pointer.starts_with(message) && !message.empty()) {
            continue; // keys and types between the texts of one message
        }
        if (own != message) {
            if (group.size() > 1) {
                GH_CHECK(inspectAcross(engine, scratch, parts, group, findings));
            }
            group.clear();
            message = own;
        }
        if (!own.empty()) {
            group.push_back(i);
        }
    }
    std::vector<Finding> all;
    for (std::vector<Finding>& own : findings) {
        std::move(own.begin(), own.end(), std::back_inserter(all));
    }
    return all;
}

ScratchShelf::Loan::Loan(ScratchShelf& shelf, std::shared_ptr<const dlp::Engine> engine)
    : m_shelf(shelf)
    , m_engine(std::move(engine))
    , m_scratch(shelf.take(m_engine)) {}

ScratchShelf::Loan::~Loan() {
    m_shelf.put(std::move(m_engine), std::move(m_scratch));
}

dlp::ScratchPtr ScratchShelf::take(const std::shared_ptr<const dlp::Engine>& engine) {
    {
        const std::scoped_lock lock(m_mutex);
        const auto found =
            std::find_if(m_kept.begin(), m_kept.end(), [&](const auto& kept) { return kept.first == engine; });
        if (found != m_kept.end()) {
            dlp::ScratchPtr scratch = std::move(found->second);
            m_kept.erase(found);
            return scratch;
        }
        m_kept.clear(); // those of an engine that policy replaced
    }
    return engine->makeScratch();
}

void ScratchShelf::put(std::shared_ptr<const dlp::Engine> engine, dlp::ScratchPtr scratch) {
    const std::scoped_lock lock(m_mutex);
    if (m_kept.size() < kKeptScratches) {
        m_kept.emplace_back(std::move(engine), std::move(scratch));
    }
}

} // namespace gatehouse::governance
