// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "dlp/catalogue_engine.h"
#include "dlp/evidence.h"

namespace gatehouse::dlp {

Finding CatalogueEngine::findingOf(const Scored& scored) const {
    const Row& row = m_rows[scored.row];
    Finding finding;
    finding.detector = row.info.id;
    finding.findingClass = row.info.findingClass;
    finding.begin = scored.span.begin;
    finding.end = scored.span.end;
    finding.confidence = confidenceOf(scored.score);
    finding.level = levelOfScore(scored.score);
    finding.validated = scored.isValidated;
    finding.why = std::string(scored.why);
    for (const std::string_view reason : {scored.context, scored.hidden}) {
        finding.why += finding.why.empty() || reason.empty() ? "" : "; ";
        finding.why += reason;
    }
    return finding;
}

void CatalogueEngine::resolve(std::span<const Scored> scored, std::vector<Finding>& findings) const {
    std::vector<const Scored*> cluster;
    const auto settle = [this, &cluster, &findings] {
        // The strongest first; what overlaps it falls. Ties go to the longer, then to the earlier one.
        std::stable_sort(cluster.begin(), cluster.end(), [](const Scored* a, const Scored* b) {
            return a->score != b->score ? a->score > b->score
                                        : a->span.end - a->span.begin > b->span.end - b->span.begin;
        });
        std::vector<const Scored*> kept;
        for (const Scored* const candidate : cluster) {
            const bool isFree = std::none_of(kept.begin(), kept.end(), [candidate](const Scored* other) {
                return candidate->span.begin < other->span.end && other->span.begin < candidate->span.end;
            });
            if (isFree) {
                kept.push_back(candidate);
            }
        }
        std::sort(kept.begin(), kept.end(),
                  [](const Scored* a, const Scored* b) { return a->span.begin < b->span.begin; });
        for (const Scored* const winner : kept) {
            findings.push_back(findingOf(*winner));
        }
        cluster.clear();
    };
    std::size_t clusterEnd = 0;
    for (const Scored& candidate : scored) {
        if (!candidate.isReportable) {
            continue;
        }
        if (!cluster.empty() && candidate.span.begin >= clusterEnd) {
            settle();
            clusterEnd = 0;
        }
        cluster.push_back(&candidate);
        clusterEnd = std::max(clusterEnd, candidate.span.end);
    }
    settle();
}

} // namespace gatehouse::dlp
