// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "api/api.h"

namespace gatehouse::collector {

Task<Response> getChain(Context& context, const Request& request) {
    constexpr std::string_view kPrefix = "/v1/chains/";
    const auto name = hexDecode(std::string_view(request.target).substr(kPrefix.size()));
    ledger::ChainId chain{};
    if (!name || name->size() != chain.size()) {
        co_return problem(400, "malformed");
    }
    std::copy(name->begin(), name->end(), chain.begin());
    const auto job = [&request, &chain](Connection& connection) {
        return headOf(connection, request.sender->device, chain);
    };
    const Result<ledger::Head> head = co_await context.pool.run<ledger::Head>(job);
    if (!head) {
        co_return problem(503, "unavailable");
    }
    const Json body{{"sequence", head->sequence}, {"sha256", hexEncode(head->hash)}};
    co_return jsonResponse(200, body);
}

} // namespace gatehouse::collector
