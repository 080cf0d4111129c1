// SPDX-License-Identifier: Apache-2.0
#include "client.h"

#include <memory>

#include <curl/curl.h>

#include "platform/paths.h"

namespace gatehouse::cli {
namespace {

constexpr std::size_t kMaxBody = 4UL * 1024UL * 1024UL;

std::size_t append(char* bytes, std::size_t size, std::size_t count, void* body) {
    auto& text = *static_cast<std::string*>(body);
    if (text.size() + size * count > kMaxBody) {
        return 0;
    }
    text.append(bytes, size * count);
    return size * count;
}

} // namespace

Result<std::string> dataFolderOf(const Options& options) {
    if (const auto given = options.value("--data")) {
        return *given;
    }
    return platform::dataFolder();
}

Result<std::string> httpGet(const std::string& url, const std::string& token) {
    const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(), &curl_easy_cleanup);
    std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(nullptr, &curl_slist_free_all);
    std::string body;
    if (!token.empty()) {
        headers.reset(curl_slist_append(nullptr, ("Authorization: Bearer " + token).c_str()));
    }
    curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http");
    curl_easy_setopt(curl.get(), CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, 10'000L);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &append);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &body);
    const CURLcode code = curl_easy_perform(curl.get());
    if (code != CURLE_OK) {
        return fail(ErrorKind::unavailable, std::string("the agent does not answer: ") + curl_easy_strerror(code),
                    code);
    }
    long status = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status != 200) {
        return fail(ErrorKind::unavailable, "the agent answered with status " + std::to_string(status),
                    static_cast<int>(status));
    }
    return body;
}

} // namespace gatehouse::cli
