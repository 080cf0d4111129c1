// SPDX-License-Identifier: Apache-2.0
#include "loopback_post.h"

#include <memory>
#include <string_view>

#include <curl/curl.h>

namespace gatehouse::app {
namespace {

constexpr std::size_t kMaxBody = 1024UL * 1024UL;

std::size_t append(char* bytes, std::size_t size, std::size_t count, void* body) {
    auto& text = *static_cast<std::string*>(body);
    if (text.size() + size * count > kMaxBody) {
        return 0;
    }
    text.append(bytes, size * count);
    return size * count;
}

int goesOn(void* stop, curl_off_t /*toGet*/, curl_off_t /*got*/, curl_off_t /*toPut*/, curl_off_t /*put*/) {
    return static_cast<const std::atomic<bool>*>(stop)->load() ? 1 : 0;
}

// "localhost:PORT:127.0.0.1,::1": what the name means, whatever the machine's resolver says.
std::string pinned(std::string_view url) {
    constexpr std::string_view kHost = "http://localhost";
    if (!url.starts_with(kHost)) {
        return {};
    }
    std::string_view rest = url.substr(kHost.size());
    rest = rest.substr(0, rest.find('/'));
    const std::string port = rest.starts_with(':') ? std::string(rest.substr(1)) : "80";
    return "localhost:" + port + ":127.0.0.1,::1";
}

using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

} // namespace

Result<std::string> postToLoopback(const std::string& url, const std::string& body, std::chrono::milliseconds time,
                                   const std::atomic<bool>* stop) {
    const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(), &curl_easy_cleanup);
    const List headers(curl_slist_append(nullptr, "Content-Type: application/json"), &curl_slist_free_all);
    const std::string pin = pinned(url);
    const List addresses(pin.empty() ? nullptr : curl_slist_append(nullptr, pin.c_str()), &curl_slist_free_all);
    std::string answer;
    curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http");
    curl_easy_setopt(curl.get(), CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl.get(), CURLOPT_RESOLVE, addresses.get());
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body.data());
    curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(time.count()));
    curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &append);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &answer);
    if (stop != nullptr) {
        curl_easy_setopt(curl.get(), CURLOPT_XFERINFOFUNCTION, &goesOn);
        curl_easy_setopt(curl.get(), CURLOPT_XFERINFODATA, stop);
        curl_easy_setopt(curl.get(), CURLOPT_NOPROGRESS, 0L);
    }
    const CURLcode code = curl_easy_perform(curl.get());
    if (code != CURLE_OK) {
        return fail(ErrorKind::unavailable,
                    std::string("the local model does not answer: ") + curl_easy_strerror(code));
    }
    long status = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status != 200) {
        return fail(ErrorKind::unavailable, "the local model answers with status " + std::to_string(status),
                    static_cast<int>(status));
    }
    return answer;
}

} // namespace gatehouse::app
