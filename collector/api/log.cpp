// SPDX-License-Identifier: Apache-2.0
#include <charconv>

#include "api/api.h"
#include "base/log.h"
#include "transparency/log.h"

namespace gatehouse::collector {
namespace {

// The value of a member of the query; empty when it is not there.
std::string_view queryValue(std::string_view target, std::string_view name) {
    const std::size_t question = target.find('?');
    std::string_view rest = question == std::string_view::npos ? std::string_view() : target.substr(question + 1);
    while (!rest.empty()) {
        const std::size_t end = rest.find('&');
        const std::string_view member = rest.substr(0, end);
        if (member.size() > name.size() && member.starts_with(name) && member[name.size()] == '=') {
            return member.substr(name.size() + 1);
        }
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
    return {};
}

std::optional<std::uint64_t> numberIn(std::string_view target, std::string_view name) {
    const std::string_view text = queryValue(target, name);
    std::uint64_t number = 0;
    const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && at == text.data() + text.size() && !text.empty() ? std::optional(number)
                                                                                    : std::nullopt;
}

Json proofJson(const ledger::Proof& proof) {
    Json list = Json::array();
    for (const Sha256Digest& each : proof) {
        list.push_back(base64Encode(each));
    }
    return list;
}

Response refusalFor(Context& context, const Error& error) {
    if (error.kind == ErrorKind::invalidInput) {
        return problem(400, "malformed");
    }
    context.metrics.add(Count::unavailable);
    logError("collector", "the log could not be asked: {}", error.what);
    Response response = problem(503, "unavailable");
    response.retryAfterSeconds = 5;
    return response;
}

Task<Response> checkpoint(Context& context) {
    const auto job = [](Connection& connection) { return newestCheckpoint(connection); };
    const Result<std::optional<std::string>> note = co_await context.pool.run<std::optional<std::string>>(job);
    if (!note) {
        co_return refusalFor(context, note.error());
    }
    if (!*note) {
        co_return problem(404, "empty");
    }
    co_return Response{200, "text/plain; charset=utf-8", Bytes((*note)->begin(), (*note)->end())};
}

Task<Response> inclusion(Context& context, const Request& request) {
    const auto leaf = hexDecode(queryValue(request.target, "leaf"));
    const auto size = numberIn(request.target, "size");
    Sha256Digest hash{};
    if (!leaf || leaf->size() != hash.size() || !size) {
        co_return problem(400, "malformed");
    }
    std::copy(leaf->begin(), leaf->end(), hash.begin());
    const auto job = [&hash, &size](Connection& connection) { return inclusionOf(connection, hash, *size); };
    const Result<std::optional<InclusionAnswer>> answer =
        co_await context.pool.run<std::optional<InclusionAnswer>>(job);
    if (!answer) {
        co_return refusalFor(context, answer.error());
    }
    if (!*answer) {
        co_return problem(404, "not_included");
    }
    const Json body{{"index", (*answer)->index}, {"proof", proofJson((*answer)->proof)}};
    co_return jsonResponse(200, body);
}

Task<Response> consistency(Context& context, const Request& request) {
    const auto from = numberIn(request.target, "from");
    const auto to = numberIn(request.target, "to");
    if (!from || !to) {
        co_return problem(400, "malformed");
    }
    const auto job = [&from, &to](Connection& connection) { return consistencyOf(connection, *from, *to); };
    const Result<ledger::Proof> proof = co_await context.pool.run<ledger::Proof>(job);
    if (!proof) {
        co_return refusalFor(context, proof.error());
    }
    const Json body{{"proof", proofJson(*proof)}};
    co_return jsonResponse(200, body);
}

} // namespace

Task<Response> getLog(Context& context, const Request& request) {
    const std::string_view path = std::string_view(request.target).substr(0, request.target.find('?'));
    if (path == "/v1/log/checkpoint") {
        Response response = co_await checkpoint(context);
        co_return response;
    }
    if (path == "/v1/log/inclusion") {
        Response response = co_await inclusion(context, request);
        co_return response;
    }
    if (path == "/v1/log/consistency") {
        Response response = co_await consistency(context, request);
        co_return response;
    }
    co_return problem(404, "not_found");
}

} // namespace gatehouse::collector
