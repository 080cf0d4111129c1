// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "base/async.h"
#include "base/clock.h"
#include "base/redacted.h"
#include "base/result.h"
#include "providers/registry.h"

namespace gatehouse::pipeline {

class Request;

// Bearer tokens that were given for a kept key, by the key's name, until shortly before they expire.
class Grants final {
public:
    struct Grant {
        std::string keyDigest; // a key that was replaced asks anew
        Redacted<std::string> token;
        MonotonicTime until;
    };
    std::map<std::string, Grant, std::less<>> known;
};

// What proves to the target's provider who calls: the kept key, or the token that a service account's key is exchanged
// for. notFound and unavailable as Keys::find; denied when the exchange is refused. Empty where no key is sent.
Task<Result<Redacted<std::string>>> keyFor(Request& request, const providers::Target& target);

} // namespace gatehouse::pipeline
