// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secure_bytes.h"

namespace gatehouse::sync {

struct Reply {
    int status = 0;
    std::string body;
    int retryAfterSeconds = 0; // 0: not said
    std::string tag{};         // entity tag with its quotes; empty: none
};

// The way to the collector. One thread at a time; blocks.
class CollectorLink {
public:
    virtual ~CollectorLink() = default;
    [[nodiscard]] virtual Result<Reply> post(const std::string& path, ByteView body) = 0;
    // With the entity tag of what is known already: 304 and no body when it is still that.
    [[nodiscard]] virtual Result<Reply> get(const std::string& path, const std::string& knownTag) = 0;
    [[nodiscard]] Result<Reply> get(const std::string& path) { return get(path, std::string()); }
};

struct LinkOptions {
    std::string url;            // "https://…", without a path
    std::string caPem;          // empty: whom the system trusts
    std::string certificatePem; // the device's; empty: it has none yet, as for enrol()
    SecureBytes keyPem;
};

// TLS 1.2 or newer with the device's certificate, by libcurl; no redirects, no proxy's credentials, answers up to
// 5 MiB. The key stays in memory. Once `isCancelled` is true a running transfer ends with cancelled; it must outlive
// the link. Errors: unavailable (no way there, or its certificate does not count), timedOut, cancelled.
[[nodiscard]] Result<std::unique_ptr<CollectorLink>> makeCollectorLink(LinkOptions options,
                                                                       const std::atomic<bool>& isCancelled);

} // namespace gatehouse::sync
