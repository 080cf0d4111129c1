// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "pipeline/request.h"

namespace gatehouse::pipeline {

// An answer that says exactly what would have left for `candidate`: the messages' texts after the transformation. Calls
// nobody.
std::unique_ptr<BodySource> makePreviewSource(const Request& request, const Candidate& candidate);

} // namespace gatehouse::pipeline
