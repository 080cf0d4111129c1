// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ledger/chain.h"
#include "secrets/secret_store.h"

// The audit on its way out, for auditors and for other people's tools. Reads on a connection of its own, in one
// snapshot, beside a running agent; memory does not grow with the number of records. Any thread; blocks for the disk.
namespace gatehouse::audit {

// jsonl: can be verified (docs/formats/audit-export.md). csv: RFC 4180 with a heading. cef: ArcSight Common Event
// Format, version 0. ocsf: Open Cybersecurity Schema Framework 1.8.0, class 6003 (API Activity), one object per line.
enum class ExportFormat { jsonl, csv, cef, ocsf };
std::optional<ExportFormat> exportFormatFromWord(std::string_view word);

struct ExportOptions {
    ExportFormat format = ExportFormat::jsonl;
    bool hasTexts = false;               // with the texts that policy keeps; only jsonl has a place for them
    std::optional<std::int64_t> sinceMs; // from the first record that is not older (Unix milliseconds)
    std::optional<std::int64_t> untilMs; // up to the last record before the first that is newer
};

struct ExportReport {
    std::uint64_t first = 0; // zero when nothing was exported
    std::uint64_t records = 0;
    ledger::Head head; // of the newest record that was exported
};

// Takes one line without its break. An error ends the export and is given back.
using LineSink = std::function<Result<>(std::string_view)>;

// Errors: notFound (no database), unavailable (locked), corrupt (a record does not follow the one before it: what came
// before it was given to the sink), invalidInput (texts in a format without a place for them), and the sink's.
[[nodiscard]] Result<ExportReport> exportAudit(const std::string& dataFolder, secrets::SecretStore& secrets,
                                               const ExportOptions& options, std::int64_t nowMs, const LineSink& sink);

} // namespace gatehouse::audit
