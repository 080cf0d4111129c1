// SPDX-License-Identifier: Apache-2.0
#include "verify_export.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/json.h"
#include "report_text.h"

namespace gatehouse::verifier {
namespace {

// std::getline without a cap would take a file without line breaks into memory whole.
bool readLine(std::istream& in, std::string& line) {
    line.clear();
    for (char c = 0; in.get(c);) {
        if (c == '\n') {
            return true;
        }
        if (line.size() < ledger::ExportVerifier::kMaxLine) {
            line += c;
        }
    }
    return !line.empty();
}

void printJson(const ledger::ExportVerifier::Report& report) {
    Json json{{"intact", report.isIntact()},
              {"first", report.first},
              {"records", report.records},
              {"texts", report.texts},
              {"erased", report.erased},
              {"last", report.head.sequence},
              {"head", hexEncode(report.head.hash)},
              {"chain", hexEncode(report.head.chain)},
              {"first_bad", nullptr},
              {"breaches", Json::array()}};
    if (report.fault) {
        json["first_bad"] = {{"sequence", report.fault->sequence}, {"what", report.fault->what}};
    }
    for (const auto& mark : report.breaches) {
        json["breaches"].push_back({{"sequence", mark.sequence}, {"event", mark.event}, {"detail", mark.detail}});
    }
    std::puts(dumpJson(json).c_str());
}

void printText(const ledger::ExportVerifier::Report& report) {
    const bool isFlawed = printFlaws(report);
    if (!isFlawed && report.records == 0) {
        std::puts("intact: the export has no records");
    } else if (!isFlawed) {
        std::puts(fmt::format("intact: records {} to {} of chain {}, {} texts, head {}", report.first,
                              report.head.sequence, hexEncode(report.head.chain), report.texts,
                              hexEncode(report.head.hash))
                      .c_str());
    }
    if (report.erased > 0) {
        std::puts(fmt::format("{} texts were erased, as the records say", report.erased).c_str());
    }
    if (report.first > 1) {
        std::puts(
            fmt::format("the export begins with record {}; what came before it was not checked", report.first).c_str());
    }
}

} // namespace

Result<ledger::ExportVerifier::Report> verifyExport(const std::string& path, const std::string& head) {
    std::optional<Sha256Digest> expected;
    if (!head.empty()) {
        const auto bytes = hexDecode(head);
        if (!bytes || bytes->size() != std::tuple_size_v<Sha256Digest>) {
            return fail(ErrorKind::invalidInput, "--head takes a SHA-256 in 64 hexadecimal digits");
        }
        expected.emplace();
        std::copy(bytes->begin(), bytes->end(), expected->begin());
    }
    std::ifstream file;
    if (path != "-") {
        file.open(path, std::ios::binary);
        if (!file) {
            return fail(errno == ENOENT ? ErrorKind::notFound : ErrorKind::unavailable,
                        path + ": " + std::strerror(errno));
        }
    }
    std::istream& in = path == "-" ? std::cin : file;
    ledger::ExportVerifier verifier(expected);
    std::string line;
    bool isFirst = true;
    while (readLine(in, line)) {
        if (!verifier.feed(line)) {
            break;
        }
        isFirst = false;
    }
    if (isFirst) {
        return fail(ErrorKind::invalidInput,
                    path +
                        ": this is no export that can be verified; gatehousectl audit export --format jsonl makes one");
    }
    if (in.bad()) {
        return fail(ErrorKind::unavailable, path + ": reading failed");
    }
    return verifier.finish();
}

int printExportReport(const ledger::ExportVerifier::Report& report, bool isJson) {
    if (isJson) {
        printJson(report);
    } else {
        printText(report);
    }
    return report.isIntact() ? 0 : 1;
}

} // namespace gatehouse::verifier
