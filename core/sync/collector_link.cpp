// SPDX-License-Identifier: Apache-2.0
#include "sync/collector_link.h"

#include <algorithm>

#include <curl/curl.h>

namespace gatehouse::sync {
namespace {

constexpr std::size_t kMaxAnswer = 5UL * 1024UL * 1024UL; // a policy bundle is up to 4 MiB
constexpr std::size_t kMaxTag = 128;
constexpr long kConnectSeconds = 15;
constexpr long kTotalSeconds = 180;

struct FreeHandle {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

std::size_t takeBody(char* data, std::size_t size, std::size_t count, void* context) {
    auto* const body = static_cast<std::string*>(context);
    if (body->size() + size * count > kMaxAnswer) {
        return 0;
    }
    body->append(data, size * count);
    return size * count;
}

// Keeps the entity tag; every other header is left alone.
std::size_t takeHeader(char* data, std::size_t size, std::size_t count, void* context) {
    constexpr std::string_view kName = "etag:";
    std::string_view line(data, size * count);
    const bool isTag =
        line.size() > kName.size() && line.size() < kMaxTag &&
        std::equal(
            kName.begin(), kName.end(), line.begin(),
            [](char wanted, char found) {
                return wanted == (found >= 'A' && found <= 'Z' ? static_cast<char>(found + 0x20) : found);
            });
    if (isTag) {
        line.remove_prefix(kName.size());
        const std::size_t first = line.find('"');
        const std::size_t last = line.rfind('"');
        if (first != std::string_view::npos && last > first) {
            *static_cast<std::string*>(context) = std::string(line.substr(first, last - first + 1));
        }
    }
    return size * count;
}

int lookForCancel(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const std::atomic<bool>*>(context)->load() ? 1 : 0;
}

// libcurl keeps a copy.
curl_blob blobOf(std::string_view text) {
    curl_blob blob{};
    blob.data = const_cast<char*>(text.data()); // libcurl's interface is not const; CURL_BLOB_COPY only reads it
    blob.len = text.size();
    blob.flags = CURL_BLOB_COPY;
    return blob;
}

class CurlLink final : public CollectorLink {
public:
    CurlLink(LinkOptions options, const std::atomic<bool>& isCancelled, std::unique_ptr<CURL, FreeHandle> handle)
        : m_options(std::move(options))
        , m_isCancelled(isCancelled)
        , m_handle(std::move(handle)) {}

    Result<Reply> post(const std::string& path, ByteView body) override {
        prepare(path);
        CURL* const handle = m_handle.get();
        curl_easy_setopt(handle, CURLOPT_POST, 1L);
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, body.data());
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
        const std::unique_ptr<curl_slist, FreeList> headers(
            curl_slist_append(nullptr, "Content-Type: application/octet-stream"));
        curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
        return perform();
    }

    Result<Reply> get(const std::string& path, const std::string& knownTag) override {
        prepare(path);
        const std::string condition = "If-None-Match: " + knownTag;
        const std::unique_ptr<curl_slist, FreeList> headers(
            knownTag.empty() ? nullptr : curl_slist_append(nullptr, condition.c_str()));
        curl_easy_setopt(m_handle.get(), CURLOPT_HTTPHEADER, headers.get());
        return perform();
    }

private:
    void prepare(const std::string& path) {
        CURL* const handle = m_handle.get();
        curl_easy_reset(handle); // connections and TLS sessions stay
        curl_easy_setopt(handle, CURLOPT_URL, (m_options.url + path).c_str());
        curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "https");
        curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
        curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
        curl_easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
        curl_easy_setopt(handle, CURLOPT_TIMEOUT, kTotalSeconds);
        curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, &lookForCancel);
        curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &m_isCancelled);
        if (!m_options.certificatePem.empty()) {
            setBlob(CURLOPT_SSLCERT_BLOB, m_options.certificatePem);
            setBlob(CURLOPT_SSLKEY_BLOB, m_options.keyPem.text());
        }
        if (!m_options.caPem.empty()) {
            setBlob(CURLOPT_CAINFO_BLOB, m_options.caPem);
        }
    }

    void setBlob(CURLoption option, std::string_view text) {
        curl_blob blob = blobOf(text);
        curl_easy_setopt(m_handle.get(), option, &blob);
    }

    Result<Reply> perform() {
        Reply reply;
        CURL* const handle = m_handle.get();
        curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &takeBody);
        curl_easy_setopt(handle, CURLOPT_WRITEDATA, &reply.body);
        curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &takeHeader);
        curl_easy_setopt(handle, CURLOPT_HEADERDATA, &reply.tag);
        const CURLcode code = curl_easy_perform(handle);
        if (code == CURLE_ABORTED_BY_CALLBACK) {
            return fail(ErrorKind::cancelled, "stopped", code);
        }
        if (code != CURLE_OK) {
            return fail(code == CURLE_OPERATION_TIMEDOUT ? ErrorKind::timedOut : ErrorKind::unavailable,
                        std::string("the collector cannot be reached: ") + curl_easy_strerror(code), code);
        }
        long status = 0;
        curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
        reply.status = static_cast<int>(status);
        curl_off_t wait = 0;
        constexpr curl_off_t kMaxWait = 3600;
        if (curl_easy_getinfo(handle, CURLINFO_RETRY_AFTER, &wait) == CURLE_OK) {
            reply.retryAfterSeconds = static_cast<int>(wait < kMaxWait ? wait : kMaxWait);
        }
        return reply;
    }

    LinkOptions m_options;
    const std::atomic<bool>& m_isCancelled;
    std::unique_ptr<CURL, FreeHandle> m_handle;
};

} // namespace

Result<std::unique_ptr<CollectorLink>> makeCollectorLink(LinkOptions options, const std::atomic<bool>& isCancelled) {
    std::unique_ptr<CURL, FreeHandle> handle(curl_easy_init());
    if (!handle) {
        return fail(ErrorKind::internal, "libcurl cannot start");
    }
    return std::make_unique<CurlLink>(std::move(options), isCancelled, std::move(handle));
}

} // namespace gatehouse::sync
