// SPDX-License-Identifier: Apache-2.0
// What scanning costs: the whole catalogue on five kinds of text beside Hyperscan alone on the same patterns, latency
// by size of prompt, growth on hostile text, start-up, memory. Prints one JSON document; tests/bench/dlp.py makes the
// table.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include <hs/hs.h>
#include <nlohmann/json.hpp>

#include "dlp/catalogue_engine.h"

using namespace gatehouse;
using namespace gatehouse::dlp;

namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::ordered_json;

double secondsOf(const std::function<void()>& work) {
    const auto begin = Clock::now();
    work();
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

// The median of `rounds` runs, in seconds.
double median(int rounds, const std::function<void()>& work) {
    std::vector<double> taken;
    for (int i = 0; i < rounds; ++i) {
        taken.push_back(secondsOf(work));
    }
    std::sort(taken.begin(), taken.end());
    return taken[taken.size() / 2];
}

std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// Hyperscan alone: all patterns of the catalogue as the engine compiles them, its hits thrown away.
class Bare final {
public:
    explicit Bare(std::span<const Row> rows) {
        std::vector<std::string> anchored;
        for (const Row& row : rows) {
            if (!row.pattern.empty()) {
                anchored.push_back(row.pattern);
            }
        }
        std::vector<std::string> spans;
        for (const Atom& atom : atoms()) {
            spans.emplace_back(atom.pattern);
        }
        add(anchored, 0);
        add(spans, HS_FLAG_SOM_LEFTMOST | HS_FLAG_DOTALL);
    }
    ~Bare() {
        hs_free_scratch(m_scratch);
        for (hs_database_t* const database : m_databases) {
            hs_free_database(database);
        }
    }
    Bare(const Bare&) = delete;
    Bare& operator=(const Bare&) = delete;

    std::size_t scan(const std::string& text) {
        std::size_t hits = 0;
        const auto count = [](unsigned, unsigned long long, unsigned long long, unsigned, void* context) {
            ++*static_cast<std::size_t*>(context);
            return 0;
        };
        for (const hs_database_t* const database : m_databases) {
            hs_scan(database, text.data(), static_cast<unsigned>(text.size()), 0, m_scratch, count, &hits);
        }
        return hits;
    }
    [[nodiscard]] std::size_t size() const {
        std::size_t all = 0;
        for (const hs_database_t* const database : m_databases) {
            std::size_t one = 0;
            hs_database_size(database, &one);
            all += one;
        }
        return all;
    }

private:
    void add(const std::vector<std::string>& patterns, unsigned flag) {
        std::vector<const char*> expressions;
        std::vector<unsigned> flags(patterns.size(), flag);
        std::vector<unsigned> ids;
        for (const std::string& pattern : patterns) {
            ids.push_back(static_cast<unsigned>(expressions.size()));
            expressions.push_back(pattern.c_str());
        }
        hs_database_t* database = nullptr;
        hs_compile_error_t* error = nullptr;
        if (hs_compile_multi(expressions.data(), flags.data(), ids.data(), static_cast<unsigned>(patterns.size()),
                             HS_MODE_BLOCK, nullptr, &database, &error) != HS_SUCCESS ||
            hs_alloc_scratch(database, &m_scratch) != HS_SUCCESS) {
            std::fprintf(stderr, "Hyperscan alone does not compile\n");
            std::exit(1);
        }
        m_databases.push_back(database);
    }
    std::vector<hs_database_t*> m_databases;
    hs_scratch_t* m_scratch = nullptr;
};

Json throughput(const Engine& engine, Bare& bare, const std::string& name, const std::string& text, int rounds) {
    const ScratchPtr scratch = engine.makeScratch();
    std::size_t findings = 0;
    std::size_t hits = 0;
    double own = 1e9;
    double alone = 1e9;
    // Taken in turns, so that both see the same machine.
    for (int i = 0; i < rounds; ++i) {
        own = std::min(own, secondsOf([&] {
                           const auto found = engine.scan(text, *scratch);
                           if (!found.has_value()) {
                               std::fprintf(stderr, "%s: %s\n", name.c_str(), found.error().what.c_str());
                               std::exit(1);
                           }
                           findings = found->size();
                       }));
        alone = std::min(alone, secondsOf([&] { hits = bare.scan(text); }));
    }
    const double megabytes = static_cast<double>(text.size()) / 1e6;
    return {{"text", name},           {"bytes", text.size()},        {"findings", findings},
            {"hyperscan_hits", hits}, {"mb_per_s", megabytes / own}, {"hyperscan_mb_per_s", megabytes / alone},
            {"share", alone / own}};
}

Json latency(const Engine& engine, const std::string& text, std::size_t size, int rounds) {
    const ScratchPtr scratch = engine.makeScratch();
    std::vector<double> taken;
    for (int i = 0; i < rounds; ++i) {
        const std::size_t offset = (static_cast<std::size_t>(i) * 7919) % (text.size() - size);
        const std::string_view prompt = std::string_view(text).substr(offset, size);
        taken.push_back(secondsOf([&] { (void)engine.scan(prompt, *scratch).has_value(); }));
    }
    std::sort(taken.begin(), taken.end());
    return {
        {"bytes", size}, {"p50_us", taken[taken.size() / 2] * 1e6}, {"p99_us", taken[taken.size() * 99 / 100] * 1e6}};
}

// Seconds for 1, 2, 4 and 8 MB of a text that is as bad as we can make it.
Json growth(const Engine& engine, const std::string& name, const std::string& unit) {
    Json seconds = Json::array();
    const ScratchPtr scratch = engine.makeScratch();
    for (const std::size_t megabytes : {1U, 2U, 4U, 8U}) {
        std::string text;
        while (text.size() < megabytes * 1'000'000) {
            text += unit;
        }
        seconds.push_back(median(3, [&] { (void)engine.scan(text, *scratch).has_value(); }));
    }
    return {{"text", name}, {"seconds", seconds}};
}

} // namespace

// bench_dlp FOLDER ROUNDS: FOLDER holds prose.txt, code.txt, chat.txt, log.txt, secrets.txt.
int main(int count, char** arguments) {
    if (count != 3) {
        std::fprintf(stderr, "usage: bench_dlp FOLDER ROUNDS\n");
        return 2;
    }
    const std::string folder = arguments[1];
    const int rounds = std::atoi(arguments[2]);
    Json out;
    std::shared_ptr<const Engine> engine;
    out["cold_start_ms"] = 1e3 * secondsOf([&] { engine = *Engine::compile({}); });
    out["warm_start_ms"] = 1e3 * median(5, [&] { engine = *Engine::compile({}); });
    out["detectors"] = engine->catalogue().size();
    const auto& own = static_cast<const CatalogueEngine&>(*engine);
    Bare bare(own.rows());
    out["database_bytes"] = bare.size();
    for (const char* const name : {"prose", "code", "chat", "log", "secrets"}) {
        out["throughput"].push_back(throughput(*engine, bare, name, read(folder + "/" + name + ".txt"), rounds));
    }
    const std::string chat = read(folder + "/chat.txt");
    for (const std::size_t size : {2'000U, 10'000U, 100'000U, 1'000'000U}) {
        out["latency"].push_back(latency(*engine, chat, size, size > 50'000 ? 40 * rounds : 400 * rounds));
    }
    out["growth"].push_back(growth(*engine, "digits", "4111 1111 1111 1112 "));
    out["growth"].push_back(growth(*engine, "one digit string", "1234567890"));
    out["growth"].push_back(growth(*engine, "key heads", "-----BEGIN RSA PRIVATE KEY-----\n"));
    out["growth"].push_back(growth(*engine, "escapes", "%34%31&#52;\\u0034=41"));
    out["growth"].push_back(growth(*engine, "base64", "bXkgY2FyZCBpcyA0MTExIDExMTEgMTExMSAxMTEx"));
    out["growth"].push_back(growth(*engine, "assignments", "password=password=\"aB3$x\" api_key: "));
    out["growth"].push_back(growth(*engine, "marks", "@a.b@c:1:2::[]("));
    std::printf("%s\n", out.dump(1).c_str());
    return 0;
}
