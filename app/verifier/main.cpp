// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <string>
#include <string_view>

#include "verify_export.h"

// gatehouse-verify: checks an audit export without the product, its database or its keys. For auditors; it links the
// ledger and nothing of the agent.
namespace {

constexpr const char* kUsage =
    "usage: gatehouse-verify [--head SHA256] [--json] FILE\n\n"
    "Checks an audit export (gatehousectl audit export --format jsonl); FILE may be - for standard input.\n"
    "--head  the hash of a record that is known from elsewhere and must be in the export\n"
    "--json  the report as one JSON object\n\n"
    "Exit codes: 0 intact, 1 not intact (the first bad record is named), 2 the file cannot be read or is no export.\n";

} // namespace

int main(int count, char** words) {
    std::string path;
    std::string head;
    bool isJson = false;
    for (int i = 1; i < count; ++i) {
        const std::string_view word = words[i];
        if (word == "--help" || word == "-h") {
            std::fputs(kUsage, stdout);
            return 0;
        }
        if (word == "--json") {
            isJson = true;
        } else if (word == "--head" && i + 1 < count) {
            head = words[++i];
        } else if (path.empty() && (word == "-" || !word.starts_with('-'))) {
            path = word;
        } else {
            std::fputs(kUsage, stderr);
            return 2;
        }
    }
    if (path.empty()) {
        std::fputs(kUsage, stderr);
        return 2;
    }
    const auto report = gatehouse::verifier::verifyExport(path, head);
    if (!report) {
        std::fprintf(stderr, "gatehouse-verify: %s\n", report.error().what.c_str());
        return 2;
    }
    return gatehouse::verifier::printExportReport(*report, isJson);
}
