// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include <stdlib.h>

#include "base/crypto.h"
#include "store/database.h"

// Commits records of a usual size, one by one, with the store's own open sequence and durability, and prints the
// latency of one commit as one line of JSON. Takes the folder to measure in, or uses a new one under the system's
// temporary folder.
namespace gatehouse {
namespace {

constexpr std::size_t kRecordBytes = 700; // an intent with two findings, without texts
constexpr int kWarmUp = 50;
constexpr int kCommits = 1000;

Result<double> commitOne(store::Database& database, store::Statement& insert, const Bytes& record) {
    const auto begin = std::chrono::steady_clock::now();
    GH_TRY(auto transaction, store::Transaction::begin(database));
    insert.bind(1, ByteView(record));
    GH_CHECK(insert.execute());
    GH_CHECK(transaction.commit());
    return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count();
}

Result<std::vector<double>> measure(const std::string& path) {
    store::OpenOptions options;
    options.path = path;
    GH_TRY(auto database, store::Database::open(options, SecureBytes(ByteView(randomBytes(32)))));
    GH_CHECK(database->run("CREATE TABLE records (sequence INTEGER PRIMARY KEY, bytes BLOB NOT NULL)"));
    GH_CHECK(database->setDurability(store::CommitDurability::synced));
    GH_TRY(auto insert, database->prepare("INSERT INTO records (bytes) VALUES (?1)"));
    std::vector<double> micros;
    for (int i = 0; i < kWarmUp + kCommits; ++i) {
        GH_TRY(const double taken, commitOne(*database, insert, randomBytes(kRecordBytes)));
        if (i >= kWarmUp) {
            micros.push_back(taken);
        }
        // As the audit's thread does: the log is moved into the database now and then, outside of the measured commit.
        if (database->walPages() > 1000) {
            GH_CHECK(database->checkpoint());
        }
    }
    std::sort(micros.begin(), micros.end());
    return micros;
}

} // namespace
} // namespace gatehouse

int main(int count, char** values) {
    std::string folder =
        count > 1 ? values[1] : (std::filesystem::temp_directory_path() / "gatehouse-bench-XXXXXX").string();
    const bool isOurs = count <= 1;
    if (isOurs && mkdtemp(folder.data()) == nullptr) {
        std::fputs("bench_commit: no folder to measure in\n", stderr);
        return 2;
    }
    const auto micros = gatehouse::measure(folder + "/commit.db");
    if (isOurs) {
        std::filesystem::remove_all(folder);
    }
    if (!micros) {
        std::fprintf(stderr, "bench_commit: %s\n", micros.error().what.c_str());
        return 2;
    }
    std::printf("{\"commits\":%zu,\"p50_us\":%.1f,\"p99_us\":%.1f}\n", micros->size(), (*micros)[micros->size() / 2],
                (*micros)[micros->size() * 99 / 100]);
    return 0;
}
