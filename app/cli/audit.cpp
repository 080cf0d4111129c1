// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "audit/audit_store.h"
#include "audit/verify.h"
#include "audit_verbs.h"
#include "base/json.h"
#include "base/printable.h"
#include "base/time_text.h"
#include "ledger/record_json.h"
#include "platform/paths.h"
#include "secrets/secret_store.h"
#include "verbs.h"
#include "verifier/verify_export.h"
#include "verifier/verify_store.h"

namespace gatehouse::cli {
namespace {

constexpr const char* kUsage =
    "usage: gatehousectl audit list [FILTER...] [--limit N] [--before RECORD] [--data DIR] [--json]\n"
    "       gatehousectl audit search TEXT [FILTER...] [--limit N] [--before RECORD] [--data DIR] [--json]\n"
    "       gatehousectl audit show INTERACTION [--data DIR] [--json]\n"
    "       gatehousectl audit verify [EXPORT] [--head SHA256] [--data DIR] [--json]\n"
    "       gatehousectl audit export [--format jsonl|csv|cef|ocsf] [--since TIME] [--until TIME] [--texts] [-o "
    "FILE]\n"
    "       gatehousectl audit erase --person NAME | --conversation ID | --id INTERACTION | --before TIME | "
    "--everything\n"
    "       gatehousectl audit rotate-key [--data DIR] [--json]\n"
    "       gatehousectl audit batch --out FOLDER | --delivered RECORD [--policy FILE] [--data DIR]\n"
    "       gatehousectl audit open --key KEY [--passphrase-file FILE] [-o FILE] BATCH...\n\n"
    "list    the newest records, without texts; --before goes on with older ones\n"
    "search  the newest records whose text, as far as it is kept and as it left, has all the words; \"a phrase\" in\n"
    "        quotes, a beginning with *\n"
    "FILTER  --person --sign-in --group --process --client --channel --direction --surface --site --provider --model\n"
    "        --region --trust --policy --decision --rule --outcome --kind --detector --class --conversation --cache,\n"
    "        each with a value; --since TIME, --until TIME; all must hold\n"
    "show    all records of one interaction, with the texts that policy keeps\n"
    "verify  walk the whole chain, or that of an export; exits 1 and names the first bad record when it is not intact\n"
    "export  all records, or those of a time (2026-11-20 or 2026-11-20T08:00:00Z), oldest first; jsonl can be "
    "verified\n"
    "        (gatehouse-verify needs nothing else), --texts adds the texts that policy keeps\n"
    "erase   delete texts, salts and placeholders' values for good; records and chain stay and say so\n"
    "rotate-key  write the database anew under a new key; while no agent runs\n"
    "batch   all that is new, sealed to the policy's auditors, as files for a carrier; the same files again until\n"
    "        --delivered says up to which record they arrived\n"
    "open    the records of consecutive batches, opened with an auditor's private key (PEM), as an export that can be\n"
    "        verified\n";

using Options = AuditOptions;

std::optional<std::size_t> positive(std::string_view text) {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() && value > 0 ? std::optional(value) : std::nullopt;
}

// False, and said on stderr, when the value does not fit its option.
bool takeValue(Options& options, std::string_view name, std::string_view value) {
    if (name == "--since" || name == "--until") {
        const auto time = parseTime(value);
        if (!time) {
            complainOfAudit(std::string(name) + " takes a time as 2026-11-20 or 2026-11-20T08:00:00Z (UTC)");
            return false;
        }
        const std::int64_t ms = time->time_since_epoch() / std::chrono::milliseconds(1);
        (name == "--since" ? options.sinceMs : options.untilMs) = ms;
    } else if (name == "--limit") {
        const auto limit = positive(value);
        if (!limit) {
            complainOfAudit("--limit takes a number from 1");
            return false;
        }
        options.limit = *limit;
    } else if (name == "--before") {
        options.before = positive(value);
        if (!options.before) {
            complainOfAudit("--before takes the number of a record");
            return false;
        }
    } else if (const auto field = audit::searchFieldFromWord(name.substr(2))) {
        options.where.emplace_back(*field, value);
    } else {
        (name == "--data"     ? options.data
         : name == "--format" ? options.format
         : name == "--head"   ? options.head
                              : options.output) = value;
    }
    return true;
}

bool takesValue(std::string_view name) {
    constexpr std::array kNames = {"--data",  "--limit", "--before", "--format", "--head",
                                   "--since", "--until", "-o",       "--output"};
    return std::find(kNames.begin(), kNames.end(), name) != kNames.end() ||
           (name.starts_with("--") && audit::searchFieldFromWord(name.substr(2)));
}

std::optional<Options> parse(Arguments arguments) {
    Options options;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string_view argument = arguments[i];
        if (argument == "--json") {
            options.isJson = true;
        } else if (argument == "--texts") {
            options.hasTexts = true;
        } else if (takesValue(argument) && i + 1 < arguments.size()) {
            if (!takeValue(options, argument, arguments[++i])) {
                return std::nullopt;
            }
        } else if ((argument == "-" || !argument.starts_with('-')) && options.operand.empty()) {
            options.operand = argument;
        } else {
            complainOfAudit("'" + std::string(argument) + "' is not understood; gatehousectl audit --help tells more");
            return std::nullopt;
        }
    }
    return options;
}

void print(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
}

std::string destinationOf(const AuditRecord& record) {
    if (record.kind == RecordKind::event) {
        return record.reason;
    }
    const std::string& site = record.destination.site.empty() ? record.site : record.destination.site;
    return record.destination.provider.empty() ? site : record.destination.provider + "/" + record.destination.model;
}

void printLine(const AuditRecord& record) {
    std::string findings;
    for (const FindingSummary& finding : record.findings) {
        findings += (findings.empty() ? "" : ", ") + finding.detector + " ×" + std::to_string(finding.count);
    }
    const WallTime time{std::chrono::milliseconds{record.timeMs}};
    print(fmt::format("{:>6}  {}  {:<7}  {:<26}  {:<11}  {:<14}  {}{}\n", record.sequence, formatTime(time),
                      recordKindWord(record.kind), printable(record.interaction),
                      record.kind == RecordKind::event ? "" : actionWord(record.action), printable(record.outcome),
                      printable(destinationOf(record)), findings.empty() ? "" : "  [" + printable(findings) + "]"));
}

void printRecords(const std::vector<AuditRecord>& records, bool isJson, bool hasTexts) {
    if (isJson) {
        Json list = Json::array();
        for (const AuditRecord& record : records) {
            list.push_back(ledger::recordToJson(record));
        }
        print(dumpJson(list) + "\n");
        return;
    }
    for (const AuditRecord& record : records) {
        printLine(record);
        if (hasTexts && record.hasErasedTexts) {
            print("--- its texts were erased\n");
        }
        if (hasTexts && record.originalText) {
            print("--- original\n" + *record.originalText + "\n");
        }
        if (hasTexts && record.sanitisedText) {
            print("--- what left\n" + *record.sanitisedText + "\n");
        }
        if (hasTexts && !record.justification.empty()) {
            print("--- justification\n" + record.justification + "\n");
        }
    }
}

audit::Query queryOf(const Options& options) {
    audit::Query query;
    query.limit = options.limit;
    query.before = options.before;
    query.where = options.where;
    query.sinceMs = options.sinceMs;
    query.untilMs = options.untilMs;
    if (!options.operand.empty()) {
        query.text = options.operand;
    }
    return query;
}

int runListOrShow(const Options& options, secrets::SecretStore& secrets, bool isShow) {
    const auto reader = audit::openAuditReader(options.data, secrets);
    if (!reader) {
        return complainOfAudit(reader.error().what);
    }
    const auto records = isShow ? (*reader)->show(options.operand) : (*reader)->list(queryOf(options));
    if (!records) {
        return complainOfAudit(records.error().what);
    }
    if (isShow && records->empty()) {
        return complainOfAudit("there is no interaction with this id; gatehousectl audit list shows the ids", 1);
    }
    printRecords(*records, options.isJson, isShow);
    return 0;
}

int runVerify(const Options& options, secrets::SecretStore& secrets) {
    const auto report = audit::verifyAudit(options.data, secrets);
    if (!report) {
        return complainOfAudit(report.error().what);
    }
    return verifier::printStoreReport(*report, options.isJson);
}

int runVerb(std::string_view verb, const Options& options, secrets::SecretStore& secrets) {
    return verb == "verify"   ? runVerify(options, secrets)
           : verb == "export" ? runAuditExport(options, secrets)
                              : runListOrShow(options, secrets, verb == "show");
}

} // namespace

int complainOfAudit(std::string_view message, int code) {
    std::fprintf(stderr, "gatehousectl audit: %.*s\n", static_cast<int>(message.size()), message.data());
    return code;
}

int runAudit(Arguments arguments) {
    if (arguments.empty() || arguments[0] == "--help" || arguments[0] == "-h") {
        std::fputs(kUsage, arguments.empty() ? stderr : stdout);
        return arguments.empty() ? 2 : 0;
    }
    const std::string_view verb = arguments[0];
    if (verb == "batch") {
        return runAuditBatch(arguments.subspan(1));
    }
    if (verb == "open") {
        return runAuditOpen(arguments.subspan(1));
    }
    if (verb == "rotate-key") {
        return runAuditRotateKey(arguments.subspan(1));
    }
    if (verb == "erase") {
        return runAuditErase(arguments.subspan(1));
    }
    auto options = parse(arguments.subspan(1));
    if (!options) {
        return 2;
    }
    const bool needsOperand = verb == "show" || verb == "search";
    const bool isKnown = needsOperand || verb == "list" || verb == "verify" || verb == "export";
    const bool hasOperand = !options->operand.empty();
    const bool isFiltered = !options->where.empty() || options->before;
    if (!isKnown || (needsOperand && !hasOperand) || ((verb == "list" || verb == "export") && hasOperand) ||
        (isFiltered && verb != "list" && verb != "search")) {
        std::fputs(kUsage, stderr);
        return 2;
    }
    if (verb == "verify" && hasOperand) {
        const auto report = verifier::verifyExport(options->operand, options->head);
        return report ? verifier::printExportReport(*report, options->isJson) : complainOfAudit(report.error().what);
    }
    if (options->data.empty()) {
        auto folder = platform::dataFolder();
        if (!folder) {
            return complainOfAudit(folder.error().what);
        }
        options->data = std::move(*folder);
    }
    const auto secrets = secrets::openExistingSecretStore({.dataFolder = options->data});
    if (!secrets) {
        return complainOfAudit(secrets.error().kind == ErrorKind::notFound ? "there is no audit in " + options->data
                                                                           : secrets.error().what);
    }
    return runVerb(verb, *options, **secrets);
}

} // namespace gatehouse::cli
