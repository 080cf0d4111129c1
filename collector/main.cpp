// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/json.h"
#include "base/log.h"
#include "base/log_form.h"
#include "commands/commands.h"
#include "context.h"
#include "database/migrations.h"
#include "keys.h"
#include "server.h"
#include "transparency/keeper.h"

// gatehouse-collector: takes sealed batches from devices, keeps them, and never opens one. Configuration and operation:
// docs/collector.md.
namespace gatehouse::collector {
namespace {

constexpr const char* kUsage =
    "usage: gatehouse-collector [serve] CONFIG.json\n"
    "       gatehouse-collector COMMAND ...   (gatehouse-collector COMMAND --help tells more)\n\n"
    "Takes the audit's batches from devices over TLS and keeps them in PostgreSQL.\n"
    "SIGTERM lets running requests end.\n\n"
    "  ca      make an authority for devices' certificates\n"
    "  token   create, list and revoke the tokens that admit devices\n"
    "  device  list, revoke and admit devices\n"
    "  log     the key and the newest checkpoint of the log over all receipts\n"
    "  policy  publish a signed policy to the devices\n"
    "  batch   copy a device's sealed batches into a folder, for an auditor\n";

Result<std::unique_ptr<Context>> prepare(const std::string& path) {
    GH_TRY(Config config, readConfig(path));
    if (config.logsJson) {
        logAsJson();
    }
    GH_TRY(cms::DeviceKey receiptKey, openReceiptKey(config));
    GH_TRY(std::optional<LogKey> log, openLogKey(config));
    GH_TRY(std::optional<cms::Authority> authority, openAuthority(config));
    GH_TRY(auto objects, openObjects(config));
    if (objects != nullptr) {
        const auto lock = objects->checkLock();
        if (!lock && lock.error().kind == ErrorKind::denied) {
            return std::unexpected(lock.error());
        }
        if (!lock) { // it may come back: batches are refused until then
            logWarning("collector", "the object store cannot be asked now: {}", lock.error().what);
        }
    }
    {
        GH_TRY(const auto connection, Connection::open(config.database));
        GH_CHECK(migrate(*connection));
    }
    const std::string database = config.database;
    const std::size_t threads = config.databaseThreads;
    return std::unique_ptr<Context>(new Context{.config = std::move(config),
                                                .receiptKey = std::move(receiptKey),
                                                .authority = std::move(authority),
                                                .log = std::move(log),
                                                .objects = std::move(objects),
                                                .pool = Pool(database, threads)});
}

// Ends the process's two servers in order: no new connections, running requests answered, then the rest.
class Drain final {
public:
    Drain(Context& context, asio::io_context& io, std::vector<std::shared_ptr<Server>> servers,
          std::shared_ptr<LogKeeper> keeper)
        : m_context(context)
        , m_io(io)
        , m_servers(std::move(servers))
        , m_keeper(std::move(keeper))
        , m_signals(io, SIGTERM, SIGINT)
        , m_deadline(io) {
        m_signals.async_wait([this](const boost::system::error_code& error, int) {
            if (!error) {
                begin();
            }
        });
    }

private:
    void begin() {
        logInfo("collector", "draining");
        m_context.isDraining = true;
        if (m_keeper) {
            m_keeper->stop();
        }
        m_left = m_servers.size();
        m_deadline.expires_after(m_context.config.drain);
        m_deadline.async_wait([this](const boost::system::error_code& error) {
            if (!error) {
                logWarning("collector", "some requests did not end in time");
                m_io.stop();
            }
        });
        for (const auto& server : m_servers) {
            server->drain([this] {
                if (--m_left == 0) {
                    m_deadline.cancel();
                }
            });
        }
    }

    Context& m_context;
    asio::io_context& m_io;
    std::vector<std::shared_ptr<Server>> m_servers;
    std::shared_ptr<LogKeeper> m_keeper; // none where there is no log
    asio::signal_set m_signals;
    asio::steady_timer m_deadline;
    std::size_t m_left = 0;
};

Result<> serve(Context& context) {
    asio::io_context io(1);
    GH_TRY(const auto devices, Server::start(context, Server::Port::devices, io.get_executor()));
    GH_TRY(const auto status, Server::start(context, Server::Port::status, io.get_executor()));
    // Before anybody is told that it is ready: from then on a SIGTERM drains.
    const Drain drain(context, io, {devices, status},
                      context.log ? LogKeeper::start(context, io.get_executor()) : nullptr);
    logInfo("collector", "devices are served on port {}, the operator on port {}", devices->port(), status->port());
    const Json ready{{"listen", devices->port()}, {"status", status->port()}};
    std::printf("%s\n", dumpJson(ready).c_str());
    std::fflush(stdout);
    io.run();
    context.objectThreads.join();
    context.pool.join();
    logInfo("collector", "stopped");
    return {};
}

int run(const std::string& path) {
    auto context = prepare(path);
    const auto served = context ? serve(**context) : std::unexpected(context.error());
    if (!served) {
        std::fprintf(stderr, "gatehouse-collector: %s\n", served.error().what.c_str());
        return 1;
    }
    return 0;
}

struct Command {
    std::string_view name;
    int (*run)(Arguments);
};
constexpr std::array kCommands{Command{"ca", &runAuthority},    Command{"token", &runTokens},
                               Command{"device", &runDevices},  Command{"log", &runLog},
                               Command{"policy", &runPolicies}, Command{"batch", &runBatches}};

int dispatch(Arguments arguments) {
    if (arguments.empty()) {
        std::fputs(kUsage, stderr);
        return 2;
    }
    const std::string_view first = arguments[0];
    if (first == "--help" || first == "-h") {
        std::fputs(kUsage, stdout);
        return 0;
    }
    if (first == "--version") {
        std::puts("gatehouse-collector " GATEHOUSE_VERSION);
        return 0;
    }
    for (const Command& command : kCommands) {
        if (command.name == first) {
            return command.run(arguments.subspan(1));
        }
    }
    const Arguments files = first == "serve" ? arguments.subspan(1) : arguments;
    if (files.size() != 1 || files[0].starts_with('-')) {
        std::fputs(kUsage, stderr);
        return 2;
    }
    return run(std::string(files[0]));
}

} // namespace
} // namespace gatehouse::collector

int main(int count, char** values) {
    const std::vector<std::string_view> arguments(values + (count > 0 ? 1 : 0), values + count);
    return gatehouse::collector::dispatch(arguments);
}
