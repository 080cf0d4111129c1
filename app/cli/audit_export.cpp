// SPDX-License-Identifier: Apache-2.0
#include "audit_verbs.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

#include <fmt/format.h>
#include <unistd.h>

#include "audit/exporter.h"
#include "base/clock.h"
#include "output_file.h"

namespace gatehouse::cli {
namespace {

void showProgress(std::uint64_t records, bool isLast) {
    constexpr std::uint64_t kStep = 5000;
    if (::isatty(STDERR_FILENO) != 0 && (isLast || records % kStep == 0)) {
        std::fprintf(stderr, "\r%llu records%s", static_cast<unsigned long long>(records), isLast ? "\n" : "");
    }
}

} // namespace

int runAuditExport(const AuditOptions& options, secrets::SecretStore& secrets) {
    audit::ExportOptions wanted;
    const auto format = audit::exportFormatFromWord(options.format.empty() ? "jsonl" : options.format);
    if (!format) {
        return complainOfAudit("--format takes jsonl, csv, cef or ocsf");
    }
    wanted.format = *format;
    wanted.hasTexts = options.hasTexts;
    wanted.sinceMs = options.sinceMs;
    wanted.untilMs = options.untilMs;
    const File out = openOutput(options.output);
    if (!out) {
        return complainOfAudit(options.output + ": " +
                               (errno == EEXIST ? "there is such a file already" : std::strerror(errno)));
    }
    std::uint64_t lines = 0;
    const auto sink = [&](std::string_view line) -> Result<> {
        showProgress(++lines, false);
        if (std::fwrite(line.data(), 1, line.size(), out.get()) != line.size() || std::fputc('\n', out.get()) == EOF) {
            return fail(ErrorKind::unavailable, std::string("the export cannot be written: ") + std::strerror(errno));
        }
        return {};
    };
    const std::int64_t now =
        std::chrono::duration_cast<std::chrono::milliseconds>(SystemClock().wall().time_since_epoch()).count();
    const auto report = audit::exportAudit(options.data, secrets, wanted, now, sink);
    const bool isFlushed = std::fflush(out.get()) == 0 && (options.output.empty() || ::fsync(::fileno(out.get())) == 0);
    if (!report || !isFlushed) {
        const std::string problem =
            report ? std::string("the export cannot be written: ") + std::strerror(errno) : report.error().what;
        // Of a damaged audit what came before the damage is worth having; half of another export is not.
        const bool isWorthKeeping = !report && report.error().kind == ErrorKind::corrupt && lines > 0;
        if (!options.output.empty() && !isWorthKeeping) {
            ::unlink(options.output.c_str());
        }
        complainOfAudit(problem, 1);
        if (!options.output.empty() && isWorthKeeping) {
            complainOfAudit(options.output + " holds what came before it, without an end", 1);
        }
        return !report && report.error().kind == ErrorKind::invalidInput ? 2 : 1;
    }
    showProgress(report->records, true);
    if (!options.output.empty()) {
        std::fputs(fmt::format("{} records in {}; the newest has the hash {}\n", report->records, options.output,
                               hexEncode(report->head.hash))
                       .c_str(),
                   stdout);
    }
    return 0;
}

} // namespace gatehouse::cli
