// SPDX-License-Identifier: Apache-2.0
#include "providers/sigv4.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/crypto.h"

namespace gatehouse::providers {
namespace {

// Every byte but the unreserved ones of RFC 3986; slashes stay in a path.
std::string encoded(std::string_view text, bool keepsSlash) {
    std::string out;
    for (const char c : text) {
        const bool isPlain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                             c == '.' || c == '_' || c == '~' || (keepsSlash && c == '/');
        out += isPlain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

std::string trimmed(std::string_view value) {
    std::string out;
    for (const char c : value) {
        if (c != ' ' || (!out.empty() && out.back() != ' ')) {
            out += c;
        }
    }
    while (out.ends_with(' ')) {
        out.pop_back();
    }
    return out;
}

// Parameters as they stand in the URL, sorted.
std::string sortedQuery(std::string_view query) {
    std::vector<std::string> pairs;
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        std::string pair(query.substr(0, end));
        pairs.push_back(pair.find('=') == std::string::npos ? pair + "=" : pair);
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    std::sort(pairs.begin(), pairs.end());
    return fmt::format("{}", fmt::join(pairs, "&"));
}

Sha256Digest mac(ByteView key, std::string_view text) {
    return hmacSha256(key, bytesOf(text));
}

std::string signatureOf(const AwsKey& key, const std::string& day, const AwsRequest& request,
                        const std::string& toSign) {
    const std::string secret = "AWS4" + key.secret;
    auto derived = mac(bytesOf(secret), day);
    derived = mac(ByteView(derived), request.region);
    derived = mac(ByteView(derived), request.service);
    derived = mac(ByteView(derived), "aws4_request");
    return hexEncode(ByteView(mac(ByteView(derived), toSign)));
}

} // namespace

std::optional<AwsKey> splitAwsKey(std::string_view key) {
    const std::size_t first = key.find(':');
    if (first == std::string_view::npos || first == 0 || first + 1 == key.size()) {
        return std::nullopt;
    }
    const std::size_t second = std::min(key.find(':', first + 1), key.size());
    return AwsKey{std::string(key.substr(0, first)), std::string(key.substr(first + 1, second - first - 1)),
                  std::string(key.substr(std::min(second + 1, key.size())))};
}

AwsSignature signAws(const AwsRequest& request, const AwsKey& key, WallTime now) {
    const std::time_t seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    const std::string time = fmt::format("{:%Y%m%dT%H%M%SZ}", fmt::gmtime(seconds));
    const std::string day = time.substr(0, 8);
    AwsSignature signature;
    signature.headers.emplace_back("x-amz-date", time);
    if (!key.session.empty()) {
        signature.headers.emplace_back("x-amz-security-token", key.session);
    }
    auto headers = request.headers;
    headers.emplace_back("host", request.host);
    headers.insert(headers.end(), signature.headers.begin(), signature.headers.end());
    std::stable_sort(headers.begin(), headers.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::string lines;
    std::string names;
    for (const auto& [name, value] : headers) {
        lines += name + ":" + trimmed(value) + "\n";
        names += (names.empty() ? "" : ";") + name;
    }
    // The path is encoded once more than it stands in the URL, as for every service but S3.
    const std::string canonical = request.method + "\n" + encoded(request.path.empty() ? "/" : request.path, true) +
                                  "\n" + sortedQuery(request.query) + "\n" + lines + "\n" + names + "\n" +
                                  sha256Hex(request.body);
    const std::string scope = day + "/" + request.region + "/" + request.service + "/aws4_request";
    const std::string toSign = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" + sha256Hex(canonical);
    signature.authorization = "AWS4-HMAC-SHA256 Credential=" + key.id + "/" + scope + ", SignedHeaders=" + names +
                              ", Signature=" + signatureOf(key, day, request, toSign);
    return signature;
}

std::string awsRegionOf(std::string_view host) {
    const std::size_t dot = host.find('.');
    const std::string_view rest = dot == std::string_view::npos ? std::string_view() : host.substr(dot + 1);
    const std::size_t end = rest.find(".amazonaws.");
    return end == std::string_view::npos || end == 0 ? "us-east-1" : std::string(rest.substr(0, end));
}

} // namespace gatehouse::providers
