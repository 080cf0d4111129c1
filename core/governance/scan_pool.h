// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "base/async.h"
#include "base/result.h"
#include "governance/inspect.h"

// The threads "dlp" and "documents": scans that would hold up gw-io. Parts cross by value; the answer comes back on the
// asking executor.
namespace gatehouse::governance {

class ScanPool {
public:
    static std::unique_ptr<ScanPool> create(std::size_t threads);
    // Waits for running scans.
    virtual ~ScanPool() = default;
    // `extractor` may be null (inspectParts).
    [[nodiscard]] virtual Task<Result<std::vector<Finding>>> scan(std::shared_ptr<const dlp::Engine> engine,
                                                                  std::vector<Part> parts, ScratchShelf& shelf,
                                                                  const documents::Extractor* extractor) = 0;
};

} // namespace gatehouse::governance
