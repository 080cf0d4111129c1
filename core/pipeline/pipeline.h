// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/async.h"
#include "base/result.h"
#include "identity/identity.h"
#include "types/refusal.h"

// One gateway request as an ordered table of stages (pipeline/stages.h). The gateway gives it a parsed head, then a
// body; it gives back status, headers and a pulled body. gw-io thread.
namespace gatehouse::pipeline {

using Headers = std::vector<std::pair<std::string, std::string>>; // names lower-case

struct RequestHead {
    std::string method;
    std::string path; // without query and without the /t/<token>/ prefix
    std::string query;
    Headers headers;
    std::optional<std::string> pathToken; // from /t/<token>/
    identity::LoopbackPeer peer;
};

// A pulled body; a buffered answer is a stream of one piece. Destroying it early means that the client left: the
// upstream transfer is cancelled and the outcome recorded.
class BodySource {
public:
    virtual ~BodySource() = default;
    [[nodiscard]] virtual Task<Result<std::optional<std::string>>> next() = 0;
};

struct Answer {
    int status = 200;
    Headers headers;
    bool isStream = false; // true: send each piece as it comes (chunked); false: one piece, its length known
    std::unique_ptr<BodySource> body;
};

// Everything that one request owns while it passes the stages. Destroying it at any moment records its outcome.
class Exchange {
public:
    virtual ~Exchange() = default;
    // The cap for the body that is about to be read.
    [[nodiscard]] virtual std::size_t bodyLimit() const = 0;
    [[nodiscard]] virtual std::string clientId() const = 0;
};

class Pipeline {
public:
    virtual ~Pipeline() = default;
    // The stages on the head (authenticate, identify): an exchange to go on with, or the refusal to send.
    [[nodiscard]] virtual Task<std::expected<std::unique_ptr<Exchange>, Answer>> begin(RequestHead head) = 0;
    // The remaining stages. For GET requests the body is empty.
    [[nodiscard]] virtual Task<Answer> run(std::unique_ptr<Exchange> exchange, std::string body) = 0;
    // A refusal in the dialect that `path` speaks, for what the gateway itself refuses (host, framing, size, time).
    [[nodiscard]] virtual Answer refuse(const std::string& path, const Refusal& refusal) = 0;
};

} // namespace gatehouse::pipeline
