// SPDX-License-Identifier: Apache-2.0
#include "scan_run.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "dlp/code_amount.h"
#include "documents/sniff.h"
#include "governance/second_opinion.h"

namespace gatehouse::cli {
namespace {

constexpr std::size_t kPiece = 1UL * 1024UL * 1024UL;
constexpr std::size_t kWholeUpTo = 16UL * 1024UL * 1024UL;
constexpr std::size_t kMaxDocument = 64UL * 1024UL * 1024UL;
constexpr std::chrono::seconds kDocumentTime{60}; // the machine may be busy: the helper's own limit is CPU time
constexpr std::size_t kBinaryProbe = 8192;
constexpr std::size_t kMaxAhead = 256; // files that wait for a slow one before them

// Turns offsets into lines and columns. The text passes by once, in pieces.
class Places final {
public:
    // `text` follows what came before; `findings` lie in what has come by then, in the order of their begin.
    void take(std::string_view text, const std::vector<Finding>& findings, std::vector<PlacedFinding>& out) {
        const std::size_t first = out.size();
        std::vector<std::pair<std::size_t, std::pair<std::size_t, bool>>> marks; // offset, which, is it the end
        for (const Finding& finding : findings) {
            marks.push_back({finding.begin, {out.size(), false}});
            marks.push_back({finding.end, {out.size(), true}});
            out.push_back({finding, 1, 1, 1, 1, 1, {}});
        }
        std::sort(marks.begin(), marks.end());
        std::size_t at = 0;
        for (const auto& [offset, mark] : marks) {
            const std::size_t target = std::min(offset < m_offset ? 0 : offset - m_offset, text.size());
            advance(text.substr(at, target - at));
            at = target;
            place(out[std::max(mark.first, first)], mark.second);
        }
        advance(text.substr(at));
        m_offset += text.size();
    }

private:
    void advance(std::string_view text) {
        for (const char c : text) {
            if (c == '\n') {
                ++m_line;
                m_column = m_chars = 1;
                continue;
            }
            ++m_column;
            m_chars += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1U : 0U;
        }
    }
    void place(PlacedFinding& finding, bool isEnd) const {
        if (isEnd) {
            finding.endLine = m_line;
            finding.endColumnChars = m_chars;
        } else {
            finding.line = m_line;
            finding.column = m_column;
            finding.columnChars = m_chars;
        }
    }

    std::size_t m_offset = 0;
    std::uint64_t m_line = 1;
    std::uint64_t m_column = 1;
    std::uint64_t m_chars = 1;
};

struct CloseFile {
    void operator()(std::FILE* file) const {
        if (file != stdin) {
            std::fclose(file);
        }
    }
};

class FileScan final {
public:
    FileScan(const ScanJob& job, const ScanInput& input, dlp::Scratch& scratch)
        : m_job(job)
        , m_input(input)
        , m_scratch(scratch) {
        m_out.path = input.path;
    }

    ScannedFile run() {
        const std::unique_ptr<std::FILE, CloseFile> file(m_input.path == "-" ? stdin
                                                                             : std::fopen(m_input.path.c_str(), "rbe"));
        if (!file) {
            m_out.problem = std::strerror(errno);
            return std::move(m_out);
        }
        std::string text;
        if (!read(*file, text, kWholeUpTo)) {
            return std::move(m_out);
        }
        const bool isPicture = m_input.isNamed && documents::sniff(text, nameHint()) == documents::Format::picture;
        if (m_job.extractor != nullptr && (isPicture || documents::needsExtraction(text, nameHint()))) {
            scanDocument(*file, std::move(text));
            return std::move(m_out);
        }
        if (isLeftOut(text)) {
            return std::move(m_out);
        }
        if (text.size() < kWholeUpTo) {
            scanWhole(text);
        } else {
            scanInPieces(*file, std::move(text));
        }
        return std::move(m_out);
    }

private:
    // Appends up to `size` bytes; fewer only at the end of the file. False after a problem.
    bool read(std::FILE& file, std::string& text, std::size_t size) {
        std::size_t at = text.size();
        const std::size_t target = at + size;
        while (at < target) {
            text.resize(std::min(target, at + kPiece));
            const std::size_t got = std::fread(text.data() + at, 1, text.size() - at, &file);
            text.resize(at + got);
            if (got == 0) {
                break;
            }
            at += got;
            m_out.bytes += got;
        }
        if (std::ferror(&file) != 0) {
            m_out.problem = std::strerror(errno);
            return false;
        }
        return true;
    }

    bool isLeftOut(std::string_view text) {
        m_out.isBinary =
            !m_input.isNamed && !m_job.isBinaryToo && text.substr(0, kBinaryProbe).find('\0') != std::string_view::npos;
        return m_out.isBinary;
    }

    [[nodiscard]] std::string_view nameHint() const {
        const std::string_view path = m_input.path;
        return path.substr(path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/') + 1);
    }

    void scanDocument(std::FILE& file, std::string bytes) {
        if (bytes.size() == kWholeUpTo && !read(file, bytes, kMaxDocument - kWholeUpTo + 1)) {
            return;
        }
        documents::Extraction all = m_job.extractor->extract(bytes, nameHint(), kDocumentTime);
        m_out.problem = all.unreadable();
        for (const documents::Piece& piece : all.pieces) {
            const std::size_t first = m_out.findings.size();
            m_places = Places();
            scanWhole(piece.text);
            for (std::size_t i = first; i < m_out.findings.size(); ++i) {
                m_out.findings[i].piece = piece.name;
            }
        }
        std::erase_if(all.gaps, [](const documents::Gap& gap) { return gap.name.empty(); });
        std::move(all.gaps.begin(), all.gaps.end(), std::back_inserter(m_out.gaps));
    }

    void scanWhole(std::string_view text) {
        auto findings = m_job.engine->scan(text, m_scratch);
        if (!findings) {
            m_out.problem = findings.error().what;
            return;
        }
        dlp::addCodeAmounts(text, *findings);
        if (m_job.model != nullptr) {
            auto opinion = askModel(*m_job.model, text);
            if (opinion) {
                *findings = governance::addOpinion(std::move(*findings), *opinion);
            } else {
                m_out.gaps.push_back({"second opinion", opinion.error().what});
            }
        }
        m_places.take(text, *findings, m_out.findings);
    }

    void scanInPieces(std::FILE& file, std::string piece) {
        const auto scanner = dlp::StreamScanner::create(m_job.engine);
        while (!piece.empty()) {
            if (!takeStep(scanner->push(piece))) {
                return;
            }
            piece.clear();
            if (!read(file, piece, kPiece)) {
                return;
            }
        }
        takeStep(scanner->finish());
    }

    bool takeStep(const Result<dlp::StreamScanner::Step>& step) {
        if (!step) {
            m_out.problem = step.error().what;
            return false;
        }
        m_places.take(step->text, step->findings, m_out.findings);
        return true;
    }

    const ScanJob& m_job;
    const ScanInput& m_input;
    dlp::Scratch& m_scratch;
    Places m_places;
    ScannedFile m_out;
};

// The scanned files on their way back into order.
class Results final {
public:
    explicit Results(std::size_t count) : m_files(count) {}

    // Waits while too many files are done ahead of a slow one.
    void put(std::size_t index, ScannedFile file) {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return index < m_next + kMaxAhead; });
        m_files[index] = std::move(file);
        m_changed.notify_all();
    }
    ScannedFile next() {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_files[m_next].has_value(); });
        ScannedFile file = std::move(*m_files[m_next]);
        m_files[m_next].reset();
        ++m_next;
        m_changed.notify_all();
        return file;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<std::optional<ScannedFile>> m_files;
    std::size_t m_next = 0;
};

} // namespace

void runScanJob(const ScanJob& job, const std::function<void(ScannedFile&&)>& take) {
    Results results(job.inputs.size());
    std::atomic<std::size_t> nextInput{0};
    std::vector<std::jthread> workers;
    const auto work = [&] {
        const dlp::ScratchPtr scratch = job.engine->makeScratch();
        for (std::size_t i = nextInput++; i < job.inputs.size(); i = nextInput++) {
            results.put(i, FileScan(job, job.inputs[i], *scratch).run());
        }
    };
    const std::size_t threads = std::min<std::size_t>(std::max(1U, job.threads), job.inputs.size());
    for (std::size_t i = 0; i < threads; ++i) {
        workers.emplace_back(work);
    }
    for (std::size_t i = 0; i < job.inputs.size(); ++i) {
        take(results.next());
    }
}

} // namespace gatehouse::cli
