// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ledger/export_file.h"

using namespace gatehouse;

// Any file is judged without a crash, and nothing but whole, chained records is ever found good.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    ledger::ExportVerifier verifier;
    std::uint64_t lines = 0;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        if (!verifier.feed(rest.substr(0, end))) {
            break;
        }
        ++lines;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    const auto report = verifier.finish();
    if (report.records > lines || (report.isIntact() && lines < 2)) {
        std::abort();
    }
    return 0;
}
