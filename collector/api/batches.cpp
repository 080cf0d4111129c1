// SPDX-License-Identifier: Apache-2.0
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "api/api.h"
#include "base/log.h"
#include "database/devices.h"
#include "database/records.h"

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
Result<Taken> take(Context& context, Connection& connection, const Request& request, Place place) {
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
    if (!batch->clear.empty()) {
        if (!ledger::decodeClearRows(batch->clear, batch->header.from, batch->header.to)) {
            return Taken{std::nullopt, 400, "malformed"};
        }
        constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;
        const std::int64_t today = nowMs(context) / kDayMs;
        if (context.preparedDay != today) {
            GH_CHECK(prepareRecordDays(connection));
            context.preparedDay = today;
        }
    }
    GH_TRY(Answer answer,
           ingest(connection, *request.sender, *batch, {request.body, place}, context.receiptKey, nowMs(context)));
    return Taken{std::move(answer), 200, {}, batch->header.to - batch->header.from + 1};
}

// On a thread of the pool. The name under which a batch that will probably be taken is to lie in the object store;
// empty for one that will not: nothing is stored for strangers and for what is there already.
Result<std::string> nameOfNew(Connection& connection, const Request& request) {
    const auto batch = ledger::readBatch(request.body);
    if (!batch || batch->header.device != request.sender->device ||
        !cms::verifySignature(batch->publicKey, ledger::batchSigningInput(batch->headerBytes), batch->signature)) {
        return std::string();
    }
    GH_TRY(const bool isOut, isRevoked(connection, *request.sender));
    GH_TRY(const bool isNew, isExpected(connection, batch->header));
    return isNew && !isOut ? objectName(*batch) : std::string();
}

Task<Result<>> put(Context& context, const std::string& name, const Bytes& content) {
    co_return context.objects->put(name, content, context.clock.wall());
}

// Where the batch lies once this has returned.
Task<Result<Place>> store(Context& context, const Request& request) {
    if (context.objects == nullptr) {
        co_return Place::database;
    }
    const auto job = [&request](Connection& connection) { return nameOfNew(connection, request); };
    const Result<std::string> name = co_await context.pool.run<std::string>(job);
    if (!name) {
        co_return std::unexpected(name.error());
    }
    if (name->empty()) {
        co_return Place::missing;
    }
    Task<Result<>> task = put(context, *name, request.body);
    const Result<> done = co_await asio::co_spawn(context.objectThreads, std::move(task), asio::use_awaitable);
    context.metrics.add(done ? Count::objects : Count::objectsFailed);
    if (!done) {
        co_return std::unexpected(done.error());
    }
    co_return Place::objects;
}

Response notTaken(Context& context, const Error& error) {
    context.metrics.add(Count::unavailable);
    logError("collector", "a batch was not taken: {}", error.what);
    Response response = problem(503, "unavailable");
    response.retryAfterSeconds = kRetrySeconds;
    return response;
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
    const Result<Place> place = co_await store(context, request);
    if (!place) {
        co_return notTaken(context, place.error());
    }
    const auto job = [&context, &request, &place](Connection& connection) {
        return take(context, connection, request, *place);
    };
    const Result<Taken> taken = co_await context.pool.run<Taken>(job);
    if (!taken) {
        co_return notTaken(context, taken.error());
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
