// SPDX-License-Identifier: Apache-2.0
#include "metrics.h"

#include <string_view>

namespace gatehouse::collector {
namespace {

constexpr std::array<std::string_view, kCounts> kNames{
    "connections_total",
    "requests_total",
    "batches_total{verdict=\"stored\"}",
    "batches_total{verdict=\"duplicate\"}",
    "batches_total{verdict=\"gap\"}",
    "batches_total{verdict=\"fork\"}",
    "batches_total{verdict=\"rollback\"}",
    "batches_total{verdict=\"denied\"}",
    "batches_total{verdict=\"malformed\"}",
    "batches_total{verdict=\"unavailable\"}",
    "alarms_total",
    "stored_bytes_total",
    "stored_records_total",
    "enrolments_total",
    "renewals_total",
    "log_leaves_total",
    "heartbeats_total",
    "policies_sent_total",
    "objects_stored_total",
    "objects_failed_total",
};

} // namespace

std::string Metrics::text() const {
    std::string out;
    std::string_view last;
    for (std::size_t i = 0; i < kCounts; ++i) {
        const std::string_view family = kNames.at(i).substr(0, kNames.at(i).find('{'));
        if (family != last) {
            out += "# TYPE gatehouse_collector_" + std::string(family) + " counter\n";
            last = family;
        }
        out += "gatehouse_collector_" + std::string(kNames.at(i)) + " " + std::to_string(m_values.at(i)) + "\n";
    }
    return out;
}

} // namespace gatehouse::collector
