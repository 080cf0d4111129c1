// SPDX-License-Identifier: Apache-2.0
#include "api/api.h"

namespace gatehouse::collector {

Response jsonResponse(int status, const Json& body) {
    const std::string text = dumpJson(body) + "\n";
    return {status, "application/json", Bytes(text.begin(), text.end())};
}

Response problem(int status, std::string_view word) {
    return jsonResponse(status, {{"error", word}});
}

Task<Response> getStatus(Context& context, const Request& request) {
    if (request.target == "/metrics") {
        const std::string text = context.metrics.text();
        co_return Response{200, "text/plain; version=0.0.4", Bytes(text.begin(), text.end())};
    }
    if (request.target == "/readyz" && context.isDraining) {
        co_return problem(503, "draining");
    }
    const auto job = [](Connection& connection) -> Result<bool> {
        GH_TRY(const Rows rows, connection.query("SELECT 1::bigint"));
        return !rows.empty();
    };
    const Result<bool> answers = co_await context.pool.run<bool>(job);
    const Json well{{"status", "ok"}};
    co_return answers ? jsonResponse(200, well) : problem(503, "database");
}

Task<Response> answerOperator(Context& context, const Request& request) {
    const bool isKnown = request.target == "/healthz" || request.target == "/readyz" || request.target == "/metrics";
    if (!isKnown) {
        co_return problem(404, "not_found");
    }
    if (request.method != "GET") {
        co_return problem(405, "method");
    }
    Response response = co_await getStatus(context, request);
    co_return response;
}

} // namespace gatehouse::collector
