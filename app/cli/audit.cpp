// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "audit/audit_store.h"
#include "audit/verify.h"
#include "base/json.h"
#include "base/time_text.h"
#include "platform/paths.h"
#include "record_json.h"
#include "secrets/secret_store.h"
#include "verbs.h"

namespace gatehouse::cli {
namespace {

constexpr const char* kUsage =
    "usage: gatehousectl audit list [--limit N] [--data DIR] [--json]\n"
    "       gatehousectl audit show INTERACTION [--data DIR] [--json]\n"
    "       gatehousectl audit verify [--data DIR] [--json]\n\n"
    "list    the newest records, without texts\n"
    "show    all records of one interaction, with the texts that policy keeps\n"
    "verify  walk the whole chain; exits 1 and names the first bad record when it is not intact\n";

struct Options {
    std::string data;
    std::string interaction;
    std::size_t limit = 50;
    bool isJson = false;
};

int complain(std::string_view message, int code = 2) {
    std::fprintf(stderr, "gatehousectl audit: %.*s\n", static_cast<int>(message.size()), message.data());
    return code;
}

std::optional<Options> parse(Arguments arguments) {
    Options options;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string_view argument = arguments[i];
        const bool hasValue = i + 1 < arguments.size();
        if (argument == "--json") {
            options.isJson = true;
        } else if (argument == "--data" && hasValue) {
            options.data = arguments[++i];
        } else if (argument == "--limit" && hasValue) {
            const std::string_view text = arguments[++i];
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), options.limit);
            if (error != std::errc() || end != text.data() + text.size() || options.limit == 0) {
                complain("--limit takes a number from 1");
                return std::nullopt;
            }
        } else if (!argument.starts_with('-') && options.interaction.empty()) {
            options.interaction = argument;
        } else {
            complain("'" + std::string(argument) + "' is not understood; gatehousectl audit --help tells more");
            return std::nullopt;
        }
    }
    return options;
}

void print(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
}

// Controls in what clients sent must not drive the terminal.
std::string printable(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
            c = '?';
        }
    }
    return out;
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
            list.push_back(recordToJson(record));
        }
        print(dumpJson(list) + "\n");
        return;
    }
    for (const AuditRecord& record : records) {
        printLine(record);
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

int runListOrShow(const Options& options, secrets::SecretStore& secrets, bool isShow) {
    const auto reader = audit::openAuditReader(options.data, secrets);
    if (!reader) {
        return complain(reader.error().what);
    }
    const auto records = isShow ? (*reader)->show(options.interaction) : (*reader)->list({.limit = options.limit});
    if (!records) {
        return complain(records.error().what);
    }
    if (isShow && records->empty()) {
        return complain("there is no interaction with this id; gatehousectl audit list shows the ids", 1);
    }
    printRecords(*records, options.isJson, isShow);
    return 0;
}

void printReport(const audit::VerifyReport& report, bool isJson) {
    if (isJson) {
        Json json{
            {"intact", report.isIntact()},           {"records", report.records}, {"head", hexEncode(report.head.hash)},
            {"chain", hexEncode(report.head.chain)}, {"first_bad", nullptr},      {"breaches", Json::array()}};
        if (report.fault) {
            json["first_bad"] = {{"sequence", report.fault->sequence}, {"what", report.fault->what}};
        }
        for (const auto& mark : report.breaches) {
            json["breaches"].push_back({{"sequence", mark.sequence}, {"event", mark.event}, {"detail", mark.detail}});
        }
        print(dumpJson(json) + "\n");
        return;
    }
    for (const auto& mark : report.breaches) {
        print(fmt::format("record {}: {} ({})\n", mark.sequence, printable(mark.event), printable(mark.detail)));
    }
    if (report.fault) {
        print(fmt::format("NOT INTACT: the first bad record is {}: {}\n", report.fault->sequence, report.fault->what));
    } else if (!report.breaches.empty()) {
        print(fmt::format(
            "NOT INTACT: {} records verify, but record {} says that the history before it is not complete\n",
            report.records, report.breaches.front().sequence));
    } else {
        print(fmt::format("intact: {} records, head {}\n", report.records, hexEncode(report.head.hash)));
    }
}

int runVerify(const Options& options, secrets::SecretStore& secrets) {
    const auto report = audit::verifyAudit(options.data, secrets);
    if (!report) {
        return complain(report.error().what);
    }
    printReport(*report, options.isJson);
    return report->isIntact() ? 0 : 1;
}

} // namespace

int runAudit(Arguments arguments) {
    if (arguments.empty() || arguments[0] == "--help" || arguments[0] == "-h") {
        std::fputs(kUsage, arguments.empty() ? stderr : stdout);
        return arguments.empty() ? 2 : 0;
    }
    const std::string_view verb = arguments[0];
    auto options = parse(arguments.subspan(1));
    if (!options) {
        return 2;
    }
    const bool isShow = verb == "show";
    if ((verb != "list" && verb != "verify" && !isShow) || isShow == options->interaction.empty()) {
        std::fputs(kUsage, stderr);
        return 2;
    }
    if (options->data.empty()) {
        auto folder = platform::dataFolder();
        if (!folder) {
            return complain(folder.error().what);
        }
        options->data = std::move(*folder);
    }
    const auto secrets = secrets::openExistingSecretStore({.dataFolder = options->data});
    if (!secrets) {
        return complain(secrets.error().kind == ErrorKind::notFound ? "there is no audit in " + options->data
                                                                    : secrets.error().what);
    }
    return verb == "verify" ? runVerify(*options, **secrets) : runListOrShow(*options, **secrets, isShow);
}

} // namespace gatehouse::cli
