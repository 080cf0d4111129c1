// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "ports/agent_port.h"

namespace gatehouse::test {

// One decision of each kind, as a working day would leave them.
std::vector<ui::DecisionRow> sampleRows();

} // namespace gatehouse::test
