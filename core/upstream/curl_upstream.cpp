// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include <curl/curl.h>

#include "upstream/curl_driver.h"
#include "upstream/curl_transfer.h"
#include "upstream/upstream.h"

namespace gatehouse::upstream {
namespace {

class CurlUpstream final : public Upstream {
public:
    CurlUpstream(std::shared_ptr<CurlDriver> driver, std::string caFile)
        : m_driver(std::move(driver))
        , m_caFile(std::move(caFile)) {}
    ~CurlUpstream() override { m_driver->shutdown(); }
    CurlUpstream(const CurlUpstream&) = delete;
    CurlUpstream& operator=(const CurlUpstream&) = delete;

    [[nodiscard]] std::unique_ptr<Transfer> start(Request request) override {
        return std::make_unique<CurlTransfer>(m_driver, std::move(request), m_caFile);
    }

private:
    std::shared_ptr<CurlDriver> m_driver;
    std::string m_caFile;
};

} // namespace

Result<std::unique_ptr<Upstream>> Upstream::create(const asio::any_io_executor& executor, UpstreamOptions options) {
    // libcurl counts these calls; it is never undone, because other parts of the process may use it.
    if (const auto code = curl_global_init(CURL_GLOBAL_DEFAULT); code != CURLE_OK) {
        return fail(ErrorKind::internal, "libcurl does not start", static_cast<int>(code));
    }
    auto driver = std::make_shared<CurlDriver>(executor, options.maxConnectionsPerHost, options.maxIdleConnections);
    if (!driver->isUsable()) {
        return fail(ErrorKind::internal, "libcurl does not start");
    }
    return std::make_unique<CurlUpstream>(std::move(driver), std::move(options.caFile));
}

} // namespace gatehouse::upstream
