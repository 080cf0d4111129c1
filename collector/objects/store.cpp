// SPDX-License-Identifier: Apache-2.0
#include "objects/store.h"

#include <algorithm>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/crypto.h"
#include "objects/http.h"

namespace gatehouse::collector {
namespace {

constexpr std::size_t kMaxObject = 16UL * 1024UL * 1024UL;

struct Key {
    std::string id;
    std::string secret;
    std::string session;
};

std::optional<Key> splitKey(std::string_view text) {
    while (text.ends_with('\n') || text.ends_with('\r')) {
        text.remove_suffix(1);
    }
    const std::size_t first = text.find(':');
    if (first == std::string_view::npos || first == 0) {
        return std::nullopt;
    }
    const std::size_t second = text.find(':', first + 1);
    Key key{std::string(text.substr(0, first)), std::string(text.substr(first + 1, second - first - 1)),
            second == std::string_view::npos ? std::string() : std::string(text.substr(second + 1))};
    const auto isPlain = [](const std::string& part) {
        return std::all_of(part.begin(), part.end(), [](char c) { return c > ' ' && c <= '~'; });
    };
    return key.secret.empty() || !isPlain(key.id) || !isPlain(key.secret) || !isPlain(key.session)
               ? std::nullopt
               : std::optional(std::move(key));
}

Error errorOf(long status, std::string_view what) {
    const bool isDenied = status == 401 || status == 403;
    return {isDenied ? ErrorKind::denied : ErrorKind::unavailable,
            fmt::format("the object store answers {} to {}", status, what), static_cast<int>(status)};
}

class S3Store final : public ObjectStore {
public:
    S3Store(ObjectOptions options, Key key) : m_options(std::move(options)), m_key(std::move(key)) {}

    Result<> put(const std::string& name, ByteView content, WallTime now) override {
        HttpCall call = request("PUT", "/" + name, content);
        const Sha256Digest digest = sha256(content);
        const auto until = std::chrono::floor<std::chrono::seconds>(now + m_options.retention);
        call.headers.emplace_back("content-type: application/octet-stream");
        call.headers.emplace_back("if-none-match: *"); // write once, also where nothing is locked yet
        call.headers.push_back("x-amz-checksum-sha256: " + base64Encode(digest));
        call.headers.push_back("x-amz-meta-gatehouse-sha256: " + hexEncode(digest));
        call.headers.push_back(std::string("x-amz-object-lock-mode: ") +
                               (m_options.mode == LockMode::compliance ? "COMPLIANCE" : "GOVERNANCE"));
        call.headers.push_back(fmt::format("x-amz-object-lock-retain-until-date: {:%Y-%m-%dT%H:%M:%SZ}",
                                           fmt::gmtime(std::chrono::system_clock::to_time_t(until))));
        call.headers.emplace_back("x-amz-sdk-checksum-algorithm: SHA256");
        GH_TRY(const HttpReply reply, m_http.call(call));
        if (reply.status == 412 || reply.status == 409) { // 409: the same is being written at this moment
            return compare(name, digest, content.size());
        }
        return reply.status == 200 ? Result<>() : std::unexpected(errorOf(reply.status, "a batch"));
    }

    Result<Bytes> get(const std::string& name) override {
        HttpCall call = request("GET", "/" + name, {});
        call.maxAnswer = kMaxObject;
        GH_TRY(HttpReply reply, m_http.call(call));
        if (reply.status == 404) {
            return fail(ErrorKind::notFound, "the object store has no such object");
        }
        if (reply.status != 200) {
            return std::unexpected(errorOf(reply.status, "a reader"));
        }
        const auto known = reply.headers.find("x-amz-meta-gatehouse-sha256");
        if (known == reply.headers.end() || known->second != hexEncode(sha256(reply.body))) {
            return fail(ErrorKind::corrupt, "the object is not what was stored");
        }
        return std::move(reply.body);
    }

    Result<> checkLock() override {
        GH_TRY(const HttpReply reply, m_http.call(request("GET", "/?object-lock=", {})));
        const bool isLocking =
            reply.status == 200 && textOf(reply.body).find("<ObjectLockEnabled>Enabled<") != std::string_view::npos;
        if (isLocking) {
            return {};
        }
        return reply.status == 200 || reply.status == 404
                   ? fail(ErrorKind::denied, "the bucket has no Object Lock: batches could be deleted there")
                   : std::unexpected(errorOf(reply.status, "the question for its lock"));
    }

private:
    [[nodiscard]] HttpCall request(const std::string& method, const std::string& path, ByteView body) const {
        HttpCall call;
        call.method = method;
        call.url = m_options.url + path;
        call.body = body;
        call.caPem = m_options.caPem;
        call.signing = "aws:amz:" + m_options.region + ":s3";
        call.userName = m_key.id;
        call.password = m_key.secret;
        call.headers.push_back("x-amz-content-sha256: " + hexEncode(sha256(body)));
        if (!m_key.session.empty()) {
            call.headers.push_back("x-amz-security-token: " + m_key.session);
        }
        return call;
    }

    // Something is there: an earlier attempt whose answer was lost, or not ours.
    Result<> compare(const std::string& name, const Sha256Digest& digest, std::size_t size) {
        GH_TRY(const HttpReply reply, m_http.call(request("HEAD", "/" + name, {})));
        if (reply.status != 200) {
            return std::unexpected(errorOf(reply.status, "the question what is there"));
        }
        const auto known = reply.headers.find("x-amz-meta-gatehouse-sha256");
        const auto length = reply.headers.find("content-length");
        const bool isSame = known != reply.headers.end() && known->second == hexEncode(digest) &&
                            length != reply.headers.end() && length->second == std::to_string(size);
        return isSame ? Result<>() : fail(ErrorKind::conflict, "another object has the batch's name");
    }

    ObjectOptions m_options;
    Key m_key;
    HttpClient m_http;
};

} // namespace

Result<std::unique_ptr<ObjectStore>> ObjectStore::open(ObjectOptions options) {
    while (options.url.ends_with('/')) {
        options.url.pop_back();
    }
    if (!isSafeUrl(options.url) || options.url.find_first_of("?# ") != std::string::npos) {
        return fail(ErrorKind::invalidInput, "the bucket's address must be https and a path, without a query");
    }
    auto key = splitKey(options.key);
    if (!key) {
        return fail(ErrorKind::invalidInput, "the key of the object store must be ID:SECRET, in one line");
    }
    options.key.clear();
    return std::make_unique<S3Store>(std::move(options), std::move(*key));
}

} // namespace gatehouse::collector
