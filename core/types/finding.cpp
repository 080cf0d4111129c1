// SPDX-License-Identifier: Apache-2.0
#include "types/finding.h"

#include <algorithm>
#include <map>

namespace gatehouse {

std::vector<FindingSummary> summarise(const std::vector<Finding>& findings) {
    std::map<std::string, FindingSummary> byDetector;
    for (const Finding& finding : findings) {
        FindingSummary& summary = byDetector[finding.detector];
        summary.detector = finding.detector;
        summary.findingClass = finding.findingClass;
        ++summary.count;
        summary.confidence = std::max(summary.confidence, finding.confidence);
    }
    std::vector<FindingSummary> summaries;
    summaries.reserve(byDetector.size());
    for (auto& [detector, summary] : byDetector) {
        summaries.push_back(std::move(summary));
    }
    return summaries;
}

} // namespace gatehouse
