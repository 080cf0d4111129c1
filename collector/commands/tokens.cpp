// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <charconv>
#include <cstdio>

#include "base/json.h"
#include "commands/commands.h"
#include "database/enrolment.h"

namespace gatehouse::collector {
namespace {

constexpr const char* kUsage =
    "usage: gatehouse-collector token create [--label TEXT] [--device NAME] [--uses N] [--minutes N] [--config FILE]\n"
    "       gatehouse-collector token list [--json] [--config FILE]\n"
    "       gatehouse-collector token revoke ID [--config FILE]\n\n"
    "create  prints a token that admits one device (or --uses N of them) within a day (or --minutes N). It is shown\n"
    "        this once. --device NAME makes it good for that device alone, which may then come with a new key.\n";
constexpr std::int64_t kMaxUses = 1'000'000;
constexpr std::int64_t kMaxMinutes = 366LL * 24 * 60;

Result<std::string> create(const Options& options) {
    TokenPlan plan;
    plan.label = options.value("--label", "");
    GH_TRY(plan.uses, readCount(options, "--uses", 1, kMaxUses));
    GH_TRY(const std::int64_t minutes, readCount(options, "--minutes", plan.life.count(), kMaxMinutes));
    plan.life = std::chrono::minutes(minutes);
    if (options.has("--device")) {
        GH_TRY(plan.device, deviceFromHex(options.value("--device", "")));
    }
    GH_TRY(const auto connection, openDatabase(options));
    return createToken(*connection, plan);
}

int list(const Options& options) {
    const auto connection = openDatabase(options);
    const auto tokens = connection ? listTokens(**connection) : std::unexpected(connection.error());
    if (!tokens) {
        return complain(tokens.error().what);
    }
    Json rows = Json::array();
    for (const TokenInfo& token : *tokens) {
        rows.push_back({{"id", token.id},
                        {"label", token.label},
                        {"state", token.state},
                        {"uses_left", token.usesLeft},
                        {"expires", token.expires}});
        if (!options.has("--json")) {
            std::printf("%6lld  %-8s %6lld left  until %s  %s\n", static_cast<long long>(token.id), token.state.c_str(),
                        static_cast<long long>(token.usesLeft), token.expires.c_str(), token.label.c_str());
        }
    }
    if (options.has("--json")) {
        std::printf("%s\n", dumpJson(rows).c_str());
    }
    return 0;
}

int revoke(const Options& options, const std::string& text) {
    std::int64_t id = 0;
    const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc() || at != text.data() + text.size()) {
        return complain("a token is revoked by the number that `token list` shows");
    }
    const auto connection = openDatabase(options);
    const auto isDone = connection ? revokeToken(**connection, id) : std::unexpected(connection.error());
    if (!isDone) {
        return complain(isDone.error().what);
    }
    return *isDone ? 0 : complain("there is no such token", 1);
}

} // namespace

int runTokens(Arguments arguments) {
    constexpr std::array<std::string_view, 5> kNamed{"--label", "--device", "--uses", "--minutes", "--config"};
    constexpr std::array<std::string_view, 2> kFlags{"--json", "--help"};
    const auto options = parseOptions(arguments, kNamed, kFlags);
    if (!options) {
        return 2;
    }
    const std::string verb = options->rest.empty() ? "" : options->rest[0];
    if (verb == "create" && options->rest.size() == 1) {
        const auto token = create(*options);
        if (!token) {
            return complain(token.error().what);
        }
        std::printf("%s\n", token->c_str());
        return 0;
    }
    if (verb == "list" && options->rest.size() == 1) {
        return list(*options);
    }
    if (verb == "revoke" && options->rest.size() == 2) {
        return revoke(*options, options->rest[1]);
    }
    std::fputs(kUsage, options->has("--help") ? stdout : stderr);
    return options->has("--help") ? 0 : 2;
}

} // namespace gatehouse::collector
