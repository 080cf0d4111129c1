// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/pipeline.h"

namespace gatehouse::gateway {

// How the body of an answer is delimited (RFC 9112 §6).
enum class BodyFraming { length, chunked, untilClose };

// The status line and fields of an answer, with the empty line. Fields that frame the message are the gateway's own;
// CORS fields, hop-by-hop fields and values with control bytes are left out, whoever asked for them.
std::string answerHead(int status, const pipeline::Headers& headers, BodyFraming framing, std::uint64_t length,
                       bool isKeepAlive);

// The chunk-size line that goes before `size` bytes of data (RFC 9112 §7.1).
std::string chunkHead(std::size_t size);

} // namespace gatehouse::gateway
