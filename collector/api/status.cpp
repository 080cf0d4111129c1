// SPDX-License-Identifier: Apache-2.0
#include "api/api.h"
#include "database/devices.h"

namespace gatehouse::collector {
namespace {

// Of the whole fleet, the same from every instance; left out while the database is away.
std::string gauges(const FleetCounts& fleet) {
    const std::array<std::pair<const char*, std::int64_t>, 4> values{{{"devices", fleet.devices},
                                                                      {"devices_silent", fleet.silent},
                                                                      {"alarms_open", fleet.alarms},
                                                                      {"receipts_unlogged", fleet.unlogged}}};
    std::string out;
    for (const auto& [name, value] : values) {
        out += std::string("# TYPE gatehouse_collector_") + name + " gauge\ngatehouse_collector_" + name + " " +
               std::to_string(value) + "\n";
    }
    return out;
}

} // namespace

Response jsonResponse(int status, const Json& body) {
    const std::string text = dumpJson(body) + "\n";
    return {status, "application/json", Bytes(text.begin(), text.end())};
}

Response problem(int status, std::string_view word) {
    return jsonResponse(status, {{"error", word}});
}

Task<Response> getStatus(Context& context, const Request& request) {
    if (request.target == "/metrics") {
        const auto count = [](Connection& connection) { return countFleet(connection); };
        const Result<FleetCounts> fleet = co_await context.pool.run<FleetCounts>(count);
        const std::string text = context.metrics.text() + (fleet ? gauges(*fleet) : std::string());
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
    if (request.target == "/v1/records" || request.target.starts_with("/v1/records?")) {
        if (request.method != "GET") {
            co_return problem(405, "method");
        }
        Response found = co_await getRecords(context, request);
        co_return found;
    }
    if (request.target.starts_with("/v1/log/") && request.method == "GET") {
        Response answer = co_await getLog(context, request);
        co_return answer;
    }
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
