// SPDX-License-Identifier: Apache-2.0
#include "api/api.h"
#include "base/log.h"

namespace gatehouse::collector {
namespace {

constexpr int kRetrySeconds = 5;

std::int64_t nowMs(const Context& context) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(context.clock.wall().time_since_epoch()).count();
}

struct Taken {
    std::optional<Answer> answer; // none: malformed or not the sender's own
    int status = 200;
    std::string_view word;
    std::uint64_t records = 0;
};

// On a thread of the pool: signatures and hashes cost more than the network's thread should spend.
Result<Taken> take(Context& context, Connection& connection, const Request& request) {
    const auto batch = ledger::readBatch(request.body);
    if (!batch) {
        return Taken{std::nullopt, 400, "malformed"};
    }
    if (batch->header.device != request.sender->device) {
        return Taken{std::nullopt, 403, "another_device"};
    }
    const auto isSigned =
        cms::verifySignature(batch->publicKey, ledger::batchSigningInput(batch->headerBytes), batch->signature);
    if (!isSigned) {
        return Taken{std::nullopt, 400, "bad_signature"};
    }
    GH_TRY(Answer answer,
           ingest(connection, *request.sender, *batch, request.body, context.receiptKey, nowMs(context)));
    return Taken{std::move(answer), 200, {}, batch->header.to - batch->header.from + 1};
}

Response conflictResponse(std::string_view word, const ledger::Head& head) {
    return jsonResponse(409, {{"error", word}, {"sequence", head.sequence}, {"sha256", hexEncode(head.hash)}});
}

void count(Metrics& metrics, const Taken& taken, std::size_t bytes) {
    constexpr std::array kCountOf{Count::stored,    Count::duplicates, Count::gaps,  Count::forks,
                                  Count::rollbacks, Count::denied,     Count::denied};
    if (!taken.answer) {
        metrics.add(taken.status == 403 ? Count::denied : Count::malformed);
        return;
    }
    metrics.add(kCountOf.at(static_cast<std::size_t>(taken.answer->verdict)));
    if (taken.answer->verdict == Verdict::stored) {
        metrics.add(Count::storedBytes, bytes);
        metrics.add(Count::storedRecords, taken.records);
    }
    if (taken.answer->isNewAlarm) {
        metrics.add(Count::newAlarms);
    }
}

Response respond(const Answer& answer) {
    switch (answer.verdict) {
    case Verdict::stored:
    case Verdict::duplicate:
        return {200, "application/vnd.gatehouse.receipt", answer.receipt};
    case Verdict::gap:
        return conflictResponse("gap", answer.head);
    case Verdict::fork:
        return conflictResponse("fork", answer.head);
    case Verdict::rollback:
        return conflictResponse("rollback", answer.head);
    case Verdict::revoked:
        return problem(403, "revoked");
    case Verdict::unknownKey:
        break;
    }
    return problem(403, "unknown_key");
}

} // namespace

Task<Response> postBatch(Context& context, const Request& request) {
    const auto job = [&context, &request](Connection& connection) { return take(context, connection, request); };
    const Result<Taken> taken = co_await context.pool.run<Taken>(job);
    if (!taken) {
        context.metrics.add(Count::unavailable);
        logError("collector", "a batch was not taken: {}", taken.error().what);
        Response response = problem(503, "unavailable");
        response.retryAfterSeconds = kRetrySeconds;
        co_return response;
    }
    count(context.metrics, *taken, request.body.size());
    if (!taken->answer) {
        co_return problem(taken->status, taken->word);
    }
    if (taken->answer->isNewAlarm) {
        logWarning("collector", "alarm: the batches of device {} contradict each other",
                   hexEncode(request.sender->device));
    }
    co_return respond(*taken->answer);
}

} // namespace gatehouse::collector
