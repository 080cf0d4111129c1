// SPDX-License-Identifier: Apache-2.0
#include "objects/http.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <curl/curl.h>

namespace gatehouse::collector {
namespace {

constexpr long kConnectSeconds = 5;
constexpr long kTotalSeconds = 30;
constexpr std::size_t kMaxIdle = 16;

struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

struct Answer {
    HttpReply reply;
    std::size_t maximum = 0;
    bool isTooLong = false;
};

std::size_t takeBody(char* data, std::size_t, std::size_t size, void* to) {
    auto& answer = *static_cast<Answer*>(to);
    if (answer.reply.body.size() + size > answer.maximum) {
        answer.isTooLong = true;
        return 0;
    }
    answer.reply.body.insert(answer.reply.body.end(), data, data + size);
    return size;
}

std::size_t takeHeader(char* data, std::size_t, std::size_t size, void* to) {
    const std::string_view line(data, size);
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos) {
        std::string name(line.substr(0, colon));
        std::transform(name.begin(), name.end(), name.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        std::string_view value = line.substr(colon + 1);
        const std::size_t first = value.find_first_not_of(" \t\r\n");
        const std::size_t last = value.find_last_not_of(" \t\r\n");
        static_cast<Answer*>(to)->reply.headers[std::move(name)] =
            first == std::string_view::npos ? std::string() : std::string(value.substr(first, last - first + 1));
    }
    return size;
}

void prepare(CURL* handle, const HttpCall& call) {
    curl_easy_reset(handle); // connections and TLS sessions stay
    curl_easy_setopt(handle, CURLOPT_URL, call.url.c_str());
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "https,http"); // isSafeUrl() has looked
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT, kTotalSeconds);
    if (call.method == "HEAD") {
        curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
    } else if (call.method != "GET") {
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, call.body.empty() ? nullptr : call.body.data());
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body.size()));
        curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, call.method.c_str());
    }
    if (!call.signing.empty()) {
        curl_easy_setopt(handle, CURLOPT_AWS_SIGV4, call.signing.c_str());
        curl_easy_setopt(handle, CURLOPT_USERNAME, call.userName.c_str());
        curl_easy_setopt(handle, CURLOPT_PASSWORD, call.password.c_str());
    }
    if (!call.caPem.empty()) {
        curl_blob blob{};
        blob.data = const_cast<char*>(call.caPem.data()); // libcurl's interface is not const; it only reads
        blob.len = call.caPem.size();
        blob.flags = CURL_BLOB_COPY;
        curl_easy_setopt(handle, CURLOPT_CAINFO_BLOB, &blob);
    }
}

} // namespace

void HttpClient::Free::operator()(void* handle) const {
    curl_easy_cleanup(handle);
}

HttpClient::HttpClient() = default;
HttpClient::~HttpClient() = default;

HttpClient::Handle HttpClient::take() {
    {
        const std::scoped_lock lock(m_mutex);
        if (!m_idle.empty()) {
            Handle handle = std::move(m_idle.back());
            m_idle.pop_back();
            return handle;
        }
    }
    return Handle(curl_easy_init());
}

Result<HttpReply> HttpClient::call(const HttpCall& call) {
    if (!isSafeUrl(call.url)) {
        return fail(ErrorKind::invalidInput, "an address must be https, or http on this machine");
    }
    Handle handle = take();
    if (!handle) {
        return fail(ErrorKind::internal, "libcurl cannot start");
    }
    prepare(handle.get(), call);
    std::unique_ptr<curl_slist, FreeList> headers;
    for (const std::string& header : call.headers) {
        headers.reset(curl_slist_append(headers.release(), header.c_str()));
    }
    Answer answer{.reply = {}, .maximum = call.maxAnswer};
    curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, &takeBody);
    curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &answer);
    curl_easy_setopt(handle.get(), CURLOPT_HEADERFUNCTION, &takeHeader);
    curl_easy_setopt(handle.get(), CURLOPT_HEADERDATA, &answer);
    const CURLcode code = curl_easy_perform(handle.get());
    if (answer.isTooLong) {
        return fail(ErrorKind::limit, "the answer is too long");
    }
    if (code != CURLE_OK) {
        return fail(ErrorKind::unavailable, curl_easy_strerror(code), code);
    }
    curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &answer.reply.status);
    const std::scoped_lock lock(m_mutex);
    if (m_idle.size() < kMaxIdle) {
        m_idle.push_back(std::move(handle));
    }
    return std::move(answer.reply);
}

bool isSafeUrl(std::string_view url) {
    constexpr std::string_view kPlain = "http://";
    constexpr std::array<std::string_view, 3> kHere{"127.0.0.1", "[::1]", "localhost"};
    if (url.starts_with("https://")) {
        return true;
    }
    if (!url.starts_with(kPlain)) {
        return false;
    }
    url.remove_prefix(kPlain.size());
    return std::any_of(kHere.begin(), kHere.end(), [url](std::string_view host) {
        return url == host || (url.starts_with(host) && (url[host.size()] == ':' || url[host.size()] == '/'));
    });
}

} // namespace gatehouse::collector
