// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>

#include <fmt/format.h>

#include "base/printable.h"

namespace gatehouse::verifier {

// What is wrong, as people read it, from the report on a store or on an export. False when nothing is.
template <class Report>
bool printFlaws(const Report& report) {
    for (const auto& mark : report.breaches) {
        std::puts(
            fmt::format("record {}: {} ({})", mark.sequence, printable(mark.event), printable(mark.detail)).c_str());
    }
    if (report.fault) {
        std::puts(fmt::format("NOT INTACT: the first bad record is {}: {}", report.fault->sequence, report.fault->what)
                      .c_str());
    } else if (!report.breaches.empty()) {
        std::puts(
            fmt::format("NOT INTACT: {} records verify, but record {} says that the history before it is not complete",
                        report.records, report.breaches.front().sequence)
                .c_str());
    }
    return report.fault || !report.breaches.empty();
}

} // namespace gatehouse::verifier
