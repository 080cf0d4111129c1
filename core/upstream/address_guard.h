// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <curl/curl.h>

#include "base/result.h"

// Where a request may go at all: by its URL before anything is resolved, and by the address that the name turned out to
// mean. Pure.
namespace gatehouse::upstream {

struct FreeUrl {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using UrlHandle = std::unique_ptr<CURLU, FreeUrl>;

struct CheckedUrl {
    UrlHandle handle;        // what libcurl gets, so that no second parser reads the text
    bool isLoopback = false; // the host is 127.0.0.1, [::1] or localhost
    bool isTls = false;
};

// denied: http to anything but loopback. invalidInput: no http(s) URL, user names, fragments.
[[nodiscard]] Result<CheckedUrl> checkUrl(const std::string& url);

// Whether a request may be sent to the literal address `ip` that its host name resolved to. A loopback URL must end at
// loopback; any other must not end at loopback, link-local (cloud metadata), unspecified or multicast addresses, in
// IPv4, IPv6, IPv4-mapped or NAT64 form. Private networks are allowed: providers on premises live there.
bool mayConnectTo(std::string_view ip, bool isLoopbackUrl);

} // namespace gatehouse::upstream
