// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <iostream>
#include <thread>
#include <utility>

#include <unistd.h>

#include "base/json.h"
#include "base/printable.h"
#include "dlp/engine.h"
#include "engine_options.h"
#include "extract/helper_path.h"
#include "options.h"
#include "platform/paths.h"
#include "platform/secure_file.h"
#include "policy/policy.h"
#include "scan_run.h"
#include "scan_sarif.h"
#include "verbs.h"

namespace gatehouse::cli {
namespace {

constexpr std::size_t kMaxPolicy = 4UL * 1024UL * 1024UL; // bytes

constexpr const char* kHelp =
    "usage: gatehousectl scan [FILE or FOLDER…] [--json | --sarif] [--min-level low|medium|high]\n"
    "                         [--gitignore] [--binary] [--no-documents] [--jobs N] [--policy FILE]\n"
    "       gatehousectl scan --jsonl [--min-level L]     lines {\"id\",\"text\"} in, {\"id\",\"findings\"} out\n\n"
    "Finds sensitive text in files, in all files of folders, or in standard input. Values are never printed.\n"
    "PDF, Office and OpenDocument files, RTF, mails (.eml), archives and text in UTF-16 are read too; places in them\n"
    "are told as FILE!PIECE, with lines and columns of the text that was read.\n"
    "--sarif      the findings as SARIF 2.1.0, for code scanning\n"
    "--gitignore  of folders, the files that git would track (git must be there)\n"
    "--binary     of folders, binary files too; without it they are counted and left out\n"
    "--no-documents  documents are not opened: they are binary files\n"
    "--policy F   what this policy looks for: its words, patterns and registered data too\n"
    "--ask URL    asks a language model on this machine, too (http://127.0.0.1:PORT/v1), what no rule can know;\n"
    "             --model NAME says which one, --ask-time SECONDS how long it may take for one text (20)\n"
    "--jobs N     threads; as many as there are processors unless said\n"
    "Exit code 1 when something was found (0 with --jsonl), 2 when a file or folder could not be read.\n";

std::optional<Level> levelFrom(std::string_view word) {
    for (const Level level : {Level::low, Level::medium, Level::high}) {
        if (levelWord(level) == word) {
            return level;
        }
    }
    return std::nullopt;
}

Json toJson(const Finding& finding) {
    return {{"detector", finding.detector},     {"class", findingClassWord(finding.findingClass)},
            {"start", finding.begin},           {"end", finding.end},
            {"confidence", finding.confidence}, {"level", levelWord(finding.level)},
            {"validated", finding.validated}};
}

Json toJson(const std::vector<Finding>& findings) {
    Json list = Json::array();
    for (const Finding& finding : findings) {
        list.push_back(toJson(finding));
    }
    return list;
}

// One line of --jsonl. A line that is wrong gives an error and the stream goes on.
Json scanLine(const std::string& line, const dlp::Engine& engine, dlp::Scratch& scratch) {
    JsonLimits limits;
    limits.maxBytes = 64UL * 1024UL * 1024UL;
    limits.maxString = limits.maxBytes;
    const auto request = parseJson(line, limits);
    if (!request || !request->is_object()) {
        return {{"id", nullptr}, {"error", request ? "not an object" : request.error().what}};
    }
    const Json id = request->contains("id") ? (*request)["id"] : Json(nullptr);
    if (!request->contains("text") || !(*request)["text"].is_string()) {
        return {{"id", id}, {"error", "\"text\" is missing or is no string"}};
    }
    const auto findings = engine.scan((*request)["text"].get_ref<const std::string&>(), scratch);
    if (!findings) {
        return {{"id", id}, {"error", findings.error().what}};
    }
    return {{"id", id}, {"findings", toJson(*findings)}};
}

int scanLines(const dlp::Engine& engine) {
    std::ios::sync_with_stdio(false);
    const dlp::ScratchPtr scratch = engine.makeScratch();
    std::string line;
    while (std::getline(std::cin, line)) {
        if (!line.empty()) {
            std::cout << dumpJson(scanLine(line, engine, *scratch)) << '\n';
            if (std::cin.rdbuf()->in_avail() <= 0) {
                std::cout.flush(); // a caller that waits for each answer gets it
            }
        }
    }
    std::cout.flush();
    return 0;
}

Json toJson(const std::vector<PlacedFinding>& findings) {
    Json list = Json::array();
    for (const PlacedFinding& placed : findings) {
        list.push_back(toJson(placed.finding));
        list.back()["line"] = placed.line;
        list.back()["column"] = placed.column;
        list.back()["why"] = placed.finding.why;
        if (placed.finding.lines > 0) {
            list.back()["lines"] = placed.finding.lines;
        }
        if (!placed.piece.empty()) {
            list.back()["piece"] = placed.piece;
        }
    }
    return list;
}

Json toJson(const ScannedFile& file) {
    Json told{{"file", file.path}, {"findings", toJson(file.findings)}};
    for (const documents::Gap& gap : file.gaps) {
        told["unread"].push_back({{"piece", gap.name}, {"reason", gap.reason}});
    }
    return told;
}

// What is told while and after files are scanned.
class Report final {
public:
    enum class Form { text, json, sarif };

    Report(Form form, std::size_t files)
        : m_form(form)
        , m_files(files)
        , m_showsProgress(files > 1 && ::isatty(STDERR_FILENO) != 0) {}

    void complain(const std::string& message) {
        clearProgress();
        std::fprintf(stderr, "gatehousectl scan: %s\n", message.c_str());
        m_isBroken = true;
    }

    void take(ScannedFile&& file) {
        ++m_done;
        m_binary += file.isBinary ? 1U : 0U;
        m_total += file.findings.size();
        m_unread += file.gaps.size();
        if (!file.problem.empty()) {
            complain(file.path + ": " + file.problem);
        }
        if (m_form == Form::text) {
            print(file);
        } else {
            m_kept.push_back(std::move(file));
        }
        showProgress();
    }

    int finish(const dlp::Engine& engine) {
        clearProgress();
        if (m_form == Form::sarif) {
            std::printf("%s\n", dumpJson(sarifOf(m_kept, engine, GATEHOUSE_VERSION)).c_str());
        } else if (m_form == Form::json) {
            Json files = Json::array();
            for (const ScannedFile& file : m_kept) {
                if ((file.problem.empty() || !file.findings.empty()) && !file.isBinary) {
                    files.push_back(toJson(file));
                }
            }
            std::printf("%s\n",
                        dumpJson({{"files", files}, {"total", m_total}, {"binary_left_out", m_binary}}).c_str());
        } else {
            const std::size_t read = m_files - m_binary;
            std::printf("%zu finding%s in %zu file%s", m_total, m_total == 1 ? "" : "s", read, read == 1 ? "" : "s");
            if (m_binary != 0) {
                std::printf("; %zu binary file%s left out (--binary reads them)", m_binary, m_binary == 1 ? "" : "s");
            }
            if (m_unread != 0) {
                std::printf("; %zu part%s of documents could not be read (--json lists them)", m_unread,
                            m_unread == 1 ? "" : "s");
            }
            std::printf("\n");
        }
        return m_isBroken ? 2 : m_total == 0 ? 0 : 1;
    }

private:
    void print(const ScannedFile& file) {
        if (!file.findings.empty()) {
            clearProgress();
        }
        for (const PlacedFinding& placed : file.findings) {
            const Finding& finding = placed.finding;
            const std::string place = placed.piece.empty() ? file.path : file.path + "!" + printable(placed.piece);
            std::printf("%s:%zu:%zu: %s (%s, %s) %s\n", place.c_str(), static_cast<std::size_t>(placed.line),
                        static_cast<std::size_t>(placed.column), finding.detector.c_str(),
                        std::string(findingClassWord(finding.findingClass)).c_str(),
                        std::string(levelWord(finding.level)).c_str(), finding.why.c_str());
        }
    }
    void showProgress() {
        if (m_showsProgress && (m_done % 16 == 0 || m_done == m_files)) {
            std::fprintf(stderr, "\r%zu of %zu files, %zu findings\x1b[K", m_done, m_files, m_total);
            m_isShown = true;
        }
    }
    void clearProgress() {
        if (std::exchange(m_isShown, false)) {
            std::fputs("\r\x1b[K", stderr);
        }
    }

    Form m_form;
    std::size_t m_files;
    bool m_showsProgress;
    bool m_isShown = false;
    bool m_isBroken = false;
    std::size_t m_done = 0;
    std::size_t m_binary = 0;
    std::size_t m_total = 0;
    std::size_t m_unread = 0;
    std::vector<ScannedFile> m_kept;
};

int scanFiles(std::shared_ptr<const dlp::Engine> engine, const Options& options, unsigned threads,
              const ModelToAsk* model) {
    const std::vector<std::string> paths = options.rest.empty() ? std::vector<std::string>{"-"} : options.rest;
    ScanInputs inputs = listInputs(paths, options.has("--gitignore"));
    Report report(options.has("--sarif")  ? Report::Form::sarif
                  : options.has("--json") ? Report::Form::json
                                          : Report::Form::text,
                  inputs.files.size());
    for (const std::string& problem : inputs.problems) {
        report.complain(problem);
    }
    const auto extractor =
        options.has("--no-documents")
            ? nullptr
            : documents::makeExtractor({.helper = extractHelperPath(), .deadline = std::chrono::seconds(60)});
    const ScanJob job{std::move(engine),       std::move(inputs.files), threads,
                      options.has("--binary"), extractor.get(),         model};
    runScanJob(job, [&report](ScannedFile&& file) { report.take(std::move(file)); });
    return report.finish(*job.engine);
}

// What the policy of --policy looks for; without one, the catalogue as it is.
Result<dlp::EngineOptions> engineOptionsFrom(const Options& options) {
    const auto path = options.value("--policy");
    if (!path) {
        return dlp::EngineOptions();
    }
    GH_TRY(const Bytes source, platform::readFile(*path, kMaxPolicy));
    std::vector<policy::Fault> faults;
    const auto compiled = policy::Policy::compile(textOf(source), &faults);
    if (!compiled) {
        return fail(ErrorKind::invalidInput, *path + " is no sound policy; gatehousectl policy check says why");
    }
    return app::engineOptionsOf((*compiled)->detectors(),
                                app::registeredFolders(*path, platform::dataFolder().value_or("")));
}

// --ask and what belongs to it; a model without URL when nobody is to be asked.
Result<ModelToAsk> modelFrom(const Options& options, Level minimum) {
    ModelToAsk model;
    const auto url = options.value("--ask");
    if (!url) {
        return options.has("--model") || options.has("--ask-time")
                   ? fail(ErrorKind::invalidInput, "--model and --ask-time belong to --ask")
                   : Result<ModelToAsk>(model);
    }
    GH_CHECK(policy::checkModelUrl(*url));
    const std::string word = options.value("--ask-time").value_or("20");
    unsigned seconds = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), seconds);
    if (error != std::errc() || end != word.data() + word.size() || seconds == 0 || seconds > 600) {
        return fail(ErrorKind::invalidInput, "--ask-time takes seconds from 1 to 600");
    }
    model.url = *url;
    model.name = options.value("--model").value_or("");
    model.time = std::chrono::seconds(seconds);
    model.minimum = minimum;
    return model;
}

// Nothing after a message on stderr.
std::optional<unsigned> threadsFrom(const Options& options) {
    const auto word = options.value("--jobs");
    if (!word) {
        return std::max(1U, std::thread::hardware_concurrency());
    }
    unsigned threads = 0;
    const auto [end, error] = std::from_chars(word->data(), word->data() + word->size(), threads);
    if (error != std::errc() || end != word->data() + word->size() || threads == 0 || threads > 256) {
        std::fputs("gatehousectl scan: --jobs takes a number from 1 to 256\n", stderr);
        return std::nullopt;
    }
    return threads;
}

} // namespace

int runScan(Arguments arguments) {
    constexpr std::array<std::string_view, 7> kFlags{"--json",      "--jsonl",  "--sarif",       "--help",
                                                     "--gitignore", "--binary", "--no-documents"};
    constexpr std::array<std::string_view, 6> kNamed{"--min-level", "--jobs",  "--policy",
                                                     "--ask",       "--model", "--ask-time"};
    const auto options = parseOptions("scan", arguments, kFlags, kNamed);
    if (!options) {
        return 2;
    }
    if (options->has("--help")) {
        std::fputs(kHelp, stdout);
        return 0;
    }
    auto fromPolicy = engineOptionsFrom(*options);
    if (!fromPolicy) {
        std::fprintf(stderr, "gatehousectl scan: %s\n", fromPolicy.error().what.c_str());
        return 2;
    }
    dlp::EngineOptions engineOptions = std::move(*fromPolicy);
    if (const auto word = options->value("--min-level")) {
        const auto level = levelFrom(*word);
        if (!level) {
            std::fputs("gatehousectl scan: --min-level takes low, medium or high\n", stderr);
            return 2;
        }
        engineOptions.minimum = *level;
    }
    const auto threads = threadsFrom(*options);
    if (!threads) {
        return 2;
    }
    const auto model = modelFrom(*options, engineOptions.minimum);
    if (!model) {
        std::fprintf(stderr, "gatehousectl scan: %s\n", model.error().what.c_str());
        return 2;
    }
    const auto engine = dlp::Engine::compile(engineOptions);
    if (!engine) {
        std::fprintf(stderr, "gatehousectl scan: the detectors cannot be used: %s\n", engine.error().what.c_str());
        return 2;
    }
    if (options->has("--jsonl")) {
        return scanLines(**engine);
    }
    return scanFiles(*engine, *options, *threads, model->url.empty() ? nullptr : &*model);
}

} // namespace gatehouse::cli
