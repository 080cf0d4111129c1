// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "api/api.h"
#include "database/devices.h"

namespace gatehouse::collector {
namespace {

struct Route {
    std::string_view method;
    std::string_view path;
    bool isPrefix;
    // Batches and heartbeats look at the revocation in their own transaction; for the others it comes before.
    bool judgesRevocation;
    Task<Response> (*answer)(Context&, const Request&);
};

constexpr std::array kRoutes{
    Route{"POST", "/v1/batches", false, true, &postBatch},
    Route{"POST", "/v1/heartbeats", false, true, &postHeartbeat},
    Route{"POST", "/v1/certificates", false, false, &postRenewal},
    Route{"GET", "/v1/chains/", true, false, &getChain},
    Route{"GET", "/v1/log/", true, false, &getLog},
    Route{"GET", "/v1/policy", false, false, &getPolicy},
};

bool fits(const Route& route, std::string_view path) {
    return route.isPrefix ? path.starts_with(route.path) : path == route.path;
}

Response unavailable() {
    Response response = problem(503, "unavailable");
    response.retryAfterSeconds = 5;
    return response;
}

Task<Response> answerKnown(Context& context, const Request& request, const Route& route) {
    if (!route.judgesRevocation) {
        const auto job = [&request](Connection& connection) { return isRevoked(connection, *request.sender); };
        const Result<bool> revoked = co_await context.pool.run<bool>(job);
        if (!revoked) {
            co_return unavailable();
        }
        if (*revoked) {
            context.metrics.add(Count::denied);
            co_return problem(403, "revoked");
        }
    }
    Response response = co_await route.answer(context, request);
    co_return response;
}

} // namespace

Task<Response> answerDevice(Context& context, const Request& request) {
    context.metrics.add(Count::requests);
    if (request.target == "/v1/enrolments") { // the one place where nobody is known yet
        if (request.method != "POST") {
            co_return problem(405, "method");
        }
        Response response = co_await postEnrolment(context, request);
        co_return response;
    }
    if (!request.sender) {
        co_return problem(401, "certificate");
    }
    if (request.sender->notAfter <= context.clock.wall()) { // since the connection began
        co_return problem(401, "expired");
    }
    const std::string_view path = std::string_view(request.target).substr(0, request.target.find('?'));
    bool isKnown = false;
    for (const Route& route : kRoutes) {
        if (!fits(route, path)) {
            continue;
        }
        isKnown = true;
        if (request.method == route.method) {
            Response response = co_await answerKnown(context, request, route);
            co_return response;
        }
    }
    co_return isKnown ? problem(405, "method") : problem(404, "not_found");
}

} // namespace gatehouse::collector
