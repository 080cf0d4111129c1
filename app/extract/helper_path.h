// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace gatehouse {

// Where gatehouse-extract lies: beside the running program, or in ../lib/gatehouse as packages have it. It need not be
// there: documents are unreadable then.
std::string extractHelperPath();

} // namespace gatehouse
