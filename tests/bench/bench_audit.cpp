// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include <time.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "audit/audit_store.h"
#include "audit/chain_reader.h"
#include "audit/search_index.h"
#include "audit/verify.h"
#include "base/clock.h"
#include "base/json.h"
#include "cms/device_key.h"
#include "secrets/database_key.h"
#include "secrets/secret_store.h"
#include "store/database.h"
#include "sync/batch.h"

// What the audit costs: records written, verified, searched, erased, and sealed, on a store of a given size. Prints one
// JSON object. Arguments: records, file with two or more auditors' certificates, folder to work in.
namespace gatehouse {
namespace {

// Processor time of all threads, which says the same on a busy machine; and the time on the wall.
class Stopwatch final {
public:
    [[nodiscard]] double cpu() const { return cpuNow() - m_cpu; }
    [[nodiscard]] double wall() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_wall).count();
    }
    [[nodiscard]] Json rate(std::uint64_t count) const {
        return {{"per_s", static_cast<double>(count) / wall()}, {"per_cpu_s", static_cast<double>(count) / cpu()}};
    }

private:
    static double cpuNow() {
        struct timespec now{};
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
        return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
    }
    double m_cpu = cpuNow();
    std::chrono::steady_clock::time_point m_wall = std::chrono::steady_clock::now();
};

// An interaction as they usually are: one of a few models, few blocks, a finding in every twentieth, 400 bytes of text.
AuditRecord made(std::uint64_t i, RecordKind kind) {
    AuditRecord record;
    record.kind = kind;
    record.interaction = "01J" + std::to_string(1'000'000'000 + i);
    record.conversation = "c" + std::to_string(i / 12);
    record.person = {"ada", 1000, {"engineering", "everybody"}};
    record.client = i % 3 == 0 ? "vscode" : "chat";
    record.surface = "openai.chat";
    record.destination = {i % 7 == 0 ? "anthropic" : "openai", "model-" + std::to_string(i % 5), "eu", "",
                          Trust::approved};
    record.policyId = "acme";
    record.policySerial = 12;
    record.action = i % 100 == 0 ? Action::block : Action::allow;
    record.rule = i % 100 == 0 ? "secrets" : "default";
    record.outcome = kind == RecordKind::intent ? "sent" : "completed";
    if (i % 20 == 0) {
        record.findings = {{i % 5000 == 0 ? "secret.any.rare" : "pii.any.email", FindingClass::pii, 1, 0.9}};
    }
    record.originalHash = std::string(64, 'a');
    record.sanitisedHash = std::string(64, 'b');
    std::string text;
    for (int word = 0; word < 60; ++word) {
        text += "word" + std::to_string((i * 31 + static_cast<std::uint64_t>(word) * 7919) % 20'000) + " ";
    }
    record.sanitisedText = std::move(text);
    return record;
}

Task<> writeSome(audit::Writer& writer, std::uint64_t from, std::uint64_t to, audit::Durability durability,
                 bool& isFine) {
    for (std::uint64_t i = from; i < to; ++i) {
        AuditRecord intent = made(i, RecordKind::intent);
        const auto committed = co_await writer.commit(std::move(intent), durability);
        isFine = isFine && committed.has_value() && writer.enqueue(made(i, RecordKind::outcome)).has_value();
        if (i % 1000 == 0) {
            writer.flush(); // as fast as the disk takes it, not as fast as the queue does
        }
    }
}

// Sixteen clients at once; an interaction is two records.
Result<Json> write(audit::Writer& writer, std::uint64_t from, std::uint64_t count, audit::Durability durability) {
    constexpr std::uint64_t kClients = 16;
    bool isFine = true;
    const Stopwatch watch;
    asio::io_context context(1);
    for (std::uint64_t client = 0; client < kClients; ++client) {
        const std::uint64_t share = count / kClients;
        asio::co_spawn(context,
                       writeSome(writer, from + client * share, from + (client + 1) * share, durability, isFine),
                       asio::detached);
    }
    context.run();
    writer.flush();
    if (!isFine) {
        return fail(ErrorKind::unavailable, "a record was refused");
    }
    return watch.rate(2 * (count / kClients * kClients));
}

// Milliseconds of the processor at p50 and at worst of 20.
Json timed(const std::function<Result<std::size_t>()>& act) {
    std::vector<double> times;
    std::size_t found = 0;
    for (int i = 0; i < 20; ++i) {
        const Stopwatch watch;
        found = act().value_or(0);
        times.push_back(watch.cpu() * 1000);
    }
    std::sort(times.begin(), times.end());
    return {{"p50_ms", times.at(times.size() / 2)}, {"worst_ms", times.back()}, {"found", found}};
}

Json searches(audit::Reader& reader, std::uint64_t records) {
    using audit::Query;
    using audit::SearchField;
    const auto ask = [&reader](Query query) {
        return timed([&reader, query]() -> Result<std::size_t> {
            GH_TRY(const auto found, reader.list(query));
            return found.size();
        });
    };
    return {{"newest", ask({})},
            {"blocked", ask({.where = {{SearchField::decision, "block"}}})},
            {"rare detector", ask({.where = {{SearchField::detector, "secret.any.rare"}}})},
            {"model and client", ask({.where = {{SearchField::model, "model-3"}, {SearchField::client, "vscode"}}})},
            {"conversation", ask({.where = {{SearchField::conversation, "c" + std::to_string(records / 100)}}})},
            {"blocked and rare",
             ask({.where = {{SearchField::decision, "block"}, {SearchField::detector, "secret.any.rare"}}})},
            {"nobody", ask({.where = {{SearchField::person, "nobody"}}})},
            {"a word", ask({.text = "word777"})},
            {"three words", ask({.text = "word777 word1234 word9999"})}};
}

Result<Json> seal(const std::string& folder, secrets::SecretStore& secrets, const std::string& certificates) {
    GH_TRY(const auto chain, audit::ChainReader::open(folder, secrets));
    GH_TRY(const cms::DeviceKey key, cms::DeviceKey::generate());
    std::uint64_t records = 0;
    std::uint64_t batches = 0;
    std::uint64_t bytes = 0;
    const Stopwatch watch;
    GH_TRY(ledger::Head head, chain->headAt(0));
    while (batches < 40) {
        sync::BatchPlan plan;
        plan.before = head;
        GH_TRY(plan.records, chain->after(head.sequence, {}));
        if (plan.records.empty()) {
            break;
        }
        GH_TRY(const Bytes batch, sync::makeBatch(plan, key, certificates));
        records += plan.records.size();
        batches += 1;
        bytes += batch.size();
        GH_TRY(head, chain->headAt(head.sequence + plan.records.size()));
    }
    const auto perRecord = static_cast<double>(bytes) / static_cast<double>(std::max<std::uint64_t>(records, 1));
    return Json{{"records", watch.rate(records)}, {"batches", watch.rate(batches)}, {"bytes_per_record", perRecord}};
}

Result<Json> indexAll(const std::string& folder, secrets::SecretStore& secrets, std::uint64_t records) {
    GH_TRY(const SecureBytes key, secrets::obtainDatabaseKey(secrets, folder));
    GH_TRY(auto database, store::Database::open({.path = secrets::databasePath(folder)}, key));
    GH_CHECK(database->setDurability(store::CommitDurability::cached));
    const Stopwatch watch;
    bool hasMore = true;
    while (hasMore) {
        GH_TRY(hasMore, audit::indexNextBlock(*database));
        if (database->walPages() > 1000) {
            GH_CHECK(database->checkpoint());
        }
    }
    return watch.rate(records);
}

Result<Json> measure(std::uint64_t interactions, const std::string& certificates, const std::string& folder) {
    const SystemClock clock;
    GH_TRY(const auto secrets, secrets::openSecretStore({.dataFolder = folder, .mayUseKeyring = false}));
    Json out;
    {
        GH_TRY(const auto store, audit::openAudit({folder, *secrets, clock, {}}));
        const std::uint64_t strict = std::min<std::uint64_t>(interactions / 5, 20'000);
        GH_TRY(out["written_strict"], write(store->writer(), 0, strict, audit::Durability::strict));
        GH_TRY(out["written_balanced"],
               write(store->writer(), strict, interactions - strict, audit::Durability::balanced));
    }
    const std::uint64_t records = 2 * interactions;
    out["bytes_per_record"] =
        static_cast<double>(std::filesystem::file_size(secrets::databasePath(folder))) / static_cast<double>(records);
    GH_TRY(out["indexed"], indexAll(folder, *secrets, records));
    out["bytes_per_record_with_index"] =
        static_cast<double>(std::filesystem::file_size(secrets::databasePath(folder))) / static_cast<double>(records);
    const Stopwatch verifying;
    GH_TRY(const auto verified, audit::verifyAudit(folder, *secrets));
    out["records"] = verified.records;
    out["intact"] = verified.isIntact();
    out["verified"] = verifying.rate(verified.records);
    {
        GH_TRY(const auto reader, audit::openAuditReader(folder, *secrets));
        out["searches"] = searches(*reader, records);
    }
    GH_TRY(out["sealed"], seal(folder, *secrets, certificates));
    const Stopwatch erasing;
    GH_TRY(const auto erased,
           audit::eraseOffline(folder, *secrets, {.upTo = std::min<std::uint64_t>(records, 40'000)}, clock));
    out["erased"] = erasing.rate(erased.records);
    return out;
}

} // namespace
} // namespace gatehouse

int main(int count, char** words) {
    if (count != 4) {
        std::fputs("usage: bench_audit INTERACTIONS CERTIFICATES FOLDER\n", stderr);
        return 2;
    }
    std::ostringstream certificates;
    certificates << std::ifstream(words[2]).rdbuf();
    const auto report = gatehouse::measure(std::strtoull(words[1], nullptr, 10), certificates.str(), words[3]);
    if (!report) {
        std::fprintf(stderr, "bench_audit: %s\n", report.error().what.c_str());
        return 1;
    }
    std::puts(gatehouse::dumpJson(*report).c_str());
    return 0;
}
