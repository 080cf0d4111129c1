// SPDX-License-Identifier: Apache-2.0
#include "upstream/address_guard.h"

#include <algorithm>
#include <array>
#include <optional>

#include <boost/asio/ip/address.hpp>

namespace gatehouse::upstream {
namespace {

namespace ip = boost::asio::ip;

struct FreeText {
    void operator()(char* text) const { curl_free(text); }
};

std::optional<std::string> part(CURLU* url, CURLUPart which) {
    char* text = nullptr;
    if (curl_url_get(url, which, &text, 0) != CURLUE_OK) {
        return std::nullopt;
    }
    const std::unique_ptr<char, FreeText> owned(text);
    return std::string(text);
}

bool isLoopbackHost(const std::string& host) {
    return host == "127.0.0.1" || host == "[::1]" || host == "localhost";
}

// Metadata services of clouds outside the link-local range (Alibaba, Oracle).
constexpr std::array<std::string_view, 2> kMetadata4{"100.100.100.200", "192.0.0.192"};
constexpr std::string_view kMetadata6 = "fd00:ec2::254"; // AWS

bool isForbidden(const ip::address_v4& address) {
    const auto bytes = address.to_bytes();
    const bool isMetadata = std::find(kMetadata4.begin(), kMetadata4.end(), address.to_string()) != kMetadata4.end();
    return address.is_loopback() || address.is_multicast() || bytes[0] == 0 || (bytes[0] == 169 && bytes[1] == 254) ||
           bytes[0] >= 240 || isMetadata;
}

// The IPv4 address inside an IPv4-mapped (RFC 4291) or NAT64 (RFC 6052) one.
std::optional<ip::address_v4> embeddedV4(const ip::address_v6& address) {
    constexpr std::array<unsigned char, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    constexpr std::array<unsigned char, 12> kNat64{0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};
    const auto bytes = address.to_bytes();
    if (!std::equal(kMapped.begin(), kMapped.end(), bytes.begin()) &&
        !std::equal(kNat64.begin(), kNat64.end(), bytes.begin())) {
        return std::nullopt;
    }
    return ip::address_v4(ip::address_v4::bytes_type{bytes[12], bytes[13], bytes[14], bytes[15]});
}

bool isForbidden(const ip::address_v6& address) {
    if (const auto inner = embeddedV4(address)) {
        return isForbidden(*inner);
    }
    return address.is_loopback() || address.is_multicast() || address.is_unspecified() || address.is_link_local() ||
           address.to_string() == kMetadata6;
}

} // namespace

Result<CheckedUrl> checkUrl(const std::string& url) {
    CheckedUrl checked;
    checked.handle.reset(curl_url());
    auto* const handle = checked.handle.get();
    if (handle == nullptr || curl_url_set(handle, CURLUPART_URL, url.c_str(), CURLU_DISALLOW_USER) != CURLUE_OK) {
        return fail(ErrorKind::invalidInput, "the provider's address is not a URL that can be used");
    }
    const auto scheme = part(handle, CURLUPART_SCHEME);
    const auto host = part(handle, CURLUPART_HOST);
    if (!scheme || !host || part(handle, CURLUPART_FRAGMENT)) {
        return fail(ErrorKind::invalidInput, "the provider's address has no host, or a fragment");
    }
    checked.isLoopback = isLoopbackHost(*host);
    checked.isTls = *scheme == "https";
    if (*scheme == "http" && !checked.isLoopback) {
        return fail(ErrorKind::denied, "plain http is allowed to this machine's loopback only; use https");
    }
    if (*scheme != "http" && *scheme != "https") {
        return fail(ErrorKind::invalidInput, "the provider's address is neither http nor https");
    }
    return checked;
}

bool mayConnectTo(std::string_view ipText, bool isLoopbackUrl) {
    boost::system::error_code error;
    const auto address = ip::make_address(std::string(ipText), error);
    if (error) {
        return false;
    }
    if (isLoopbackUrl) {
        return address.is_loopback();
    }
    return address.is_v4() ? !isForbidden(address.to_v4()) : !isForbidden(address.to_v6());
}

} // namespace gatehouse::upstream
