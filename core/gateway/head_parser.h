// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "gateway/head_guard.h"
#include "pipeline/pipeline.h"

namespace gatehouse::gateway {

struct ParsedHead {
    std::string method;
    std::string target;
    pipeline::Headers headers; // names lower-case, in the order of the wire
    bool isHttp11 = true;
    bool isKeepAlive = true;
};

// Parses a head that checkHead accepted, with Boost.Beast. Two parsers that do not agree about method, target, version
// or framing are a fault: invalidInput.
[[nodiscard]] Result<ParsedHead> parseHead(std::string_view head, const HeadFacts& facts);

} // namespace gatehouse::gateway
