// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <vector>

#include "ports/agent_port.h"

namespace gatehouse::ui::text {

// "1 payment card", "3 e-mail addresses": by the detector's name where we have words for it, else by its class.
QString countedFinding(const FindingCount& finding);
// "1 payment card, 2 e-mail addresses"; empty for no findings. Equal words are summed.
QString listedFindings(const std::vector<FindingCount>& findings);
quint64 totalCount(const std::vector<FindingCount>& findings);

} // namespace gatehouse::ui::text
