// SPDX-License-Identifier: Apache-2.0
#include "ask_model.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include <arpa/inet.h>
#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dlp/second_opinion.h"

namespace gatehouse::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxBody = 1024UL * 1024UL;
constexpr std::size_t kMaxWindows = 12;

std::size_t append(char* bytes, std::size_t size, std::size_t count, void* body) {
    auto& text = *static_cast<std::string*>(body);
    if (text.size() + size * count > kMaxBody) {
        return 0;
    }
    text.append(bytes, size * count);
    return size * count;
}

// Whatever a name resolves to: a socket is only made to this machine.
curl_socket_t openLoopback(void* /*context*/, curlsocktype /*purpose*/, curl_sockaddr* address) {
    bool isLoopback = false;
    if (address->family == AF_INET) {
        sockaddr_in four{};
        std::memcpy(&four, &address->addr, sizeof four);
        isLoopback = (ntohl(four.sin_addr.s_addr) >> 24U) == 127;
    } else if (address->family == AF_INET6 && address->addrlen >= sizeof(sockaddr_in6)) {
        sockaddr_in6 six{};
        std::memcpy(&six, &address->addr, sizeof six);
        isLoopback = IN6_IS_ADDR_LOOPBACK(&six.sin6_addr);
    }
    return isLoopback ? ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol)
                      : CURL_SOCKET_BAD;
}

Result<std::string> post(const std::string& url, const std::string& body, std::chrono::milliseconds time) {
    const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(), &curl_easy_cleanup);
    const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(
        curl_slist_append(nullptr, "Content-Type: application/json"), &curl_slist_free_all);
    std::string answer;
    curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http");
    curl_easy_setopt(curl.get(), CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl.get(), CURLOPT_OPENSOCKETFUNCTION, &openLoopback);
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body.data());
    curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(time.count()));
    curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &append);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &answer);
    const CURLcode code = curl_easy_perform(curl.get());
    if (code != CURLE_OK) {
        return fail(ErrorKind::unavailable, std::string("the local model does not answer: ") + curl_easy_strerror(code),
                    code);
    }
    long status = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status != 200) {
        return fail(ErrorKind::unavailable, "the local model answers with status " + std::to_string(status),
                    static_cast<int>(status));
    }
    return answer;
}

} // namespace

Result<> checkModelUrl(std::string_view url) {
    constexpr std::string_view kScheme = "http://";
    const std::string_view rest = url.starts_with(kScheme) ? url.substr(kScheme.size()) : std::string_view();
    for (const std::string_view host : {"127.0.0.1", "localhost", "[::1]"}) {
        const char next = rest.starts_with(host) ? (rest.size() == host.size() ? '/' : rest[host.size()]) : '\0';
        if (next == ':' || next == '/') {
            const bool isPlain = rest.find('@') == std::string_view::npos && rest.find('?') == std::string_view::npos;
            return isPlain ? Result<>()
                           : fail(ErrorKind::invalidInput, "the model's URL has parts that are not wanted");
        }
    }
    return fail(ErrorKind::invalidInput, "a second opinion is only asked of http://127.0.0.1, localhost or [::1]");
}

Result<std::vector<Finding>> askModel(const ModelToAsk& model, std::string_view text) {
    GH_CHECK(checkModelUrl(model.url));
    const auto windows = dlp::opinionWindows(text, kMaxWindows);
    if (!windows.empty() && windows.back().end < text.size()) {
        return fail(ErrorKind::limit, "the text is longer than what a local model is asked about");
    }
    const auto until = Clock::now() + model.time;
    std::string url = model.url;
    url += url.ends_with('/') ? "chat/completions" : "/chat/completions";
    std::vector<Finding> all;
    for (const dlp::OpinionWindow& window : windows) {
        const std::string_view part = text.substr(window.begin, window.end - window.begin);
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
        if (left.count() <= 0) {
            return fail(ErrorKind::unavailable, "the local model takes too long");
        }
        GH_TRY(const std::string answer, post(url, dlp::opinionRequest(model.name, part), left));
        GH_TRY(std::vector<Finding> told, dlp::readOpinion(answer, part));
        for (Finding& finding : told) {
            finding.begin += window.begin;
            finding.end += window.begin;
            const bool isNew = all.empty() || finding.begin >= all.back().end;
            if (isNew && finding.level >= model.minimum) {
                all.push_back(std::move(finding));
            }
        }
    }
    return all;
}

} // namespace gatehouse::cli
