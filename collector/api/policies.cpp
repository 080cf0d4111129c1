// SPDX-License-Identifier: Apache-2.0
#include "database/policies.h"

#include "api/api.h"

namespace gatehouse::collector {

Task<Response> getPolicy(Context& context, const Request& request) {
    const auto job = [](Connection& connection) { return newestPolicy(connection); };
    const Result<std::optional<DistributedPolicy>> policy =
        co_await context.pool.run<std::optional<DistributedPolicy>>(job);
    if (!policy) {
        context.metrics.add(Count::unavailable);
        Response response = problem(503, "unavailable");
        response.retryAfterSeconds = 5;
        co_return response;
    }
    if (!*policy) {
        co_return problem(404, "no_policy");
    }
    Response response{200, "application/pkcs7-mime", {}};
    response.tag = "\"" + hexEncode((*policy)->hash) + "\"";
    if (request.knownTag == response.tag) {
        response.status = 304;
        co_return response;
    }
    response.body = (*policy)->bundle;
    context.metrics.add(Count::policies);
    co_return response;
}

} // namespace gatehouse::collector
