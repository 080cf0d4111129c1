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

std::vector<std::string> documentsOf(const std::vector<Finding>& findings) {
    std::map<std::string, std::size_t> counts;
    for (const Finding& finding : findings) {
        if (!finding.document.empty()) {
            ++counts[finding.document];
        }
    }
    std::vector<std::string> documents;
    documents.reserve(counts.size());
    for (const auto& [document, count] : counts) {
        documents.push_back(document + ", " + std::to_string(count) + (count == 1 ? " finding" : " findings"));
    }
    return documents;
}

} // namespace gatehouse
