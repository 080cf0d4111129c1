// SPDX-License-Identifier: Apache-2.0
#include "database/heartbeats.h"

#include "api/api.h"
#include "base/log.h"
#include "database/policies.h"

namespace gatehouse::collector {
namespace {

struct Taken {
    std::optional<HeartbeatAnswer> answer; // none: malformed or not the sender's own
    int status = 200;
    std::string_view word;
    std::optional<Sha256Digest> policy{}; // the newest one's hash
};

// On a thread of the pool.
Result<Taken> take(Connection& connection, const Request& request) {
    const auto parts = ledger::readHeartbeat(request.body);
    if (!parts) {
        return Taken{std::nullopt, 400, "malformed"};
    }
    if (parts->heartbeat.device != request.sender->device) {
        return Taken{std::nullopt, 403, "another_device"};
    }
    if (!cms::verifySignature(parts->publicKey, ledger::heartbeatSigningInput(parts->bytes), parts->signature)) {
        return Taken{std::nullopt, 400, "bad_signature"};
    }
    GH_TRY(const HeartbeatAnswer answer, takeHeartbeat(connection, *request.sender, *parts, request.body));
    GH_TRY(const std::optional<Sha256Digest> policy, newestPolicyHash(connection));
    return Taken{answer, 200, {}, policy};
}

void tell(const Request& request, const HeartbeatAnswer& answer) {
    if (answer.isNewAlarm) {
        logWarning("collector", "alarm: the chain of device {} {}", hexEncode(request.sender->device),
                   answer.verdict == HeartbeatVerdict::fork ? "is another one than before"
                                                            : "is shorter than it was before");
    }
}

} // namespace

Task<Response> postHeartbeat(Context& context, const Request& request) {
    const auto job = [&request](Connection& connection) { return take(connection, request); };
    const Result<Taken> taken = co_await context.pool.run<Taken>(job);
    if (!taken) {
        context.metrics.add(Count::unavailable);
        logError("collector", "a heartbeat was not taken: {}", taken.error().what);
        Response response = problem(503, "unavailable");
        response.retryAfterSeconds = 5;
        co_return response;
    }
    if (!taken->answer) {
        context.metrics.add(taken->status == 403 ? Count::denied : Count::malformed);
        co_return problem(taken->status, taken->word);
    }
    const HeartbeatVerdict verdict = taken->answer->verdict;
    if (verdict == HeartbeatVerdict::revoked || verdict == HeartbeatVerdict::unknownKey) {
        context.metrics.add(Count::denied);
        co_return problem(403, verdict == HeartbeatVerdict::revoked ? "revoked" : "unknown_key");
    }
    context.metrics.add(Count::heartbeats);
    if (taken->answer->isNewAlarm) {
        context.metrics.add(Count::newAlarms);
    }
    tell(request, *taken->answer);
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(context.clock.wall().time_since_epoch());
    Json body{{"time", now.count()}};
    if (taken->policy) {
        body["policy"] = hexEncode(*taken->policy);
    }
    co_return jsonResponse(200, body);
}

} // namespace gatehouse::collector
