// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <charconv>
#include <cstdio>

#include "base/json.h"
#include "base/time_text.h"
#include "client.h"
#include "identity/identity.h"
#include "options.h"
#include "platform/secure_file.h"
#include "verbs.h"

namespace gatehouse::cli {
namespace {

constexpr const char* kHelp = "usage: gatehousectl token issue NAME [--days N]   prints a new client token, once\n"
                              "       gatehousectl token list [--json]\n"
                              "       gatehousectl token revoke NAME|ID\n\n"
                              "A client token is what a program puts where its API key goes. Give each program its "
                              "own: the audit then says which\n"
                              "one asked, and one can be revoked alone. A running agent takes changes within a second "
                              "or two. --data DIR works on\n"
                              "another data folder.\n";

int complain(const std::string& what) {
    std::fprintf(stderr, "gatehousectl token: %s\n", what.c_str());
    return 2;
}

int issue(identity::ClientTokens& tokens, const Options& options) {
    std::optional<std::chrono::seconds> lifetime;
    if (const auto days = options.value("--days")) {
        int count = 0;
        const auto [end, error] = std::from_chars(days->data(), days->data() + days->size(), count);
        if (error != std::errc{} || end != days->data() + days->size() || count < 1) {
            return complain("--days takes a number from 1");
        }
        lifetime = std::chrono::hours(24) * count;
    }
    const auto token = tokens.issue(options.rest[1], lifetime);
    if (!token) {
        return complain(token.error().what);
    }
    std::printf("%.*s\n", static_cast<int>(token->size()), token->text().data());
    return 0;
}

int list(const identity::ClientTokens& tokens, bool asJson) {
    Json all = Json::array();
    for (const identity::ClientInfo& client : tokens.list()) {
        if (asJson) {
            Json row = {{"id", client.id},
                        {"name", client.name},
                        {"created", formatTime(client.created)},
                        {"revoked", client.isRevoked}};
            row["expires"] = client.expires ? Json(formatTime(*client.expires)) : Json(nullptr);
            all.push_back(std::move(row));
        } else {
            std::printf("%-28s %-24s %s%s\n", client.id.c_str(), client.name.c_str(),
                        formatTime(client.created).c_str(),
                        client.isRevoked ? "  revoked"
                        : client.expires ? ("  until " + formatTime(*client.expires)).c_str()
                                         : "");
        }
    }
    if (asJson) {
        std::printf("%s\n", dumpJson(all).c_str());
    }
    return 0;
}

} // namespace

int runToken(Arguments arguments) {
    constexpr std::array<std::string_view, 2> kFlags{"--json", "--help"};
    constexpr std::array<std::string_view, 2> kNamed{"--data", "--days"};
    const auto options = parseOptions("token", arguments, kFlags, kNamed);
    if (!options) {
        return 2;
    }
    const std::string verb = options->rest.empty() ? "" : options->rest[0];
    const std::size_t wanted = verb == "list" ? 1 : 2;
    if (options->has("--help") || (verb != "issue" && verb != "list" && verb != "revoke") ||
        options->rest.size() != wanted) {
        std::fputs(kHelp, options->has("--help") ? stdout : stderr);
        return options->has("--help") ? 0 : 2;
    }
    const auto folder = dataFolderOf(*options);
    if (!folder) {
        return complain(folder.error().what);
    }
    if (const auto made = platform::ensurePrivateFolder(*folder); !made) {
        return complain(made.error().what);
    }
    const SystemClock clock;
    const auto tokens = identity::ClientTokens::open(*folder, clock);
    if (!tokens) {
        return complain(tokens.error().what);
    }
    if (verb == "issue") {
        return issue(**tokens, *options);
    }
    if (verb == "list") {
        return list(**tokens, options->has("--json"));
    }
    const auto revoked = (*tokens)->revoke(options->rest[1]);
    if (!revoked) {
        return revoked.error().kind == ErrorKind::notFound
                   ? (std::fputs("gatehousectl token: there is no such client\n", stderr), 1)
                   : complain(revoked.error().what);
    }
    return 0;
}

} // namespace gatehouse::cli
