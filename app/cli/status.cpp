// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdio>

#include "client.h"
#include "identity/identity.h"
#include "options.h"
#include "status_file.h"
#include "verbs.h"

namespace gatehouse::cli {
namespace {

constexpr std::array<std::string_view, 2> kFlags{"--json", "--help"};
constexpr std::array<std::string_view, 1> kNamed{"--data"};

// The agent on the chosen data folder; says on stderr what to do when none runs.
std::optional<app::RunningAgent> findAgent(const char* verb, const Options& options) {
    const auto folder = dataFolderOf(options);
    auto running = folder ? app::findRunningAgent(*folder) : std::unexpected(folder.error());
    if (!running) {
        std::fprintf(stderr, "gatehousectl %s: no agent runs here; start it with: gatehouse, or gatehousectl serve\n",
                     verb);
        return std::nullopt;
    }
    return std::move(*running);
}

void printStatus(const app::RunningAgent& running) {
    const Json& status = running.status;
    const auto text = [&status](const char* pointer) {
        return status.at(Json::json_pointer(pointer)).get<std::string>();
    };
    std::printf("state      %s\n", text("/state").c_str());
    if (!text("/problem").empty()) {
        std::printf("problem    %s\n", text("/problem").c_str());
    }
    std::printf("gateway    %s\n", running.baseUrl.empty() ? "not running" : running.baseUrl.c_str());
    std::printf("policy     %s, serial %s%s\n", text("/policy/id").c_str(),
                status.at(Json::json_pointer("/policy/serial")).dump().c_str(),
                status.at(Json::json_pointer("/policy/monitor")) == true ? ", monitor mode: nothing is enforced" : "");
    std::printf("key        %s\n", text("/key_protection") == "file"
                                       ? "in an owner-only file (no keyring could be reached)"
                                       : "in the keyring");
    std::printf("browsers   %s\n", status.at(Json::json_pointer("/bridge/up")) == true ? "bridge is up" : "no bridge");
    if (text("/sync/state") != "off") {
        std::printf("collector  %s, records up to %s arrived, %s batches wait\n", text("/sync/state").c_str(),
                    status.at(Json::json_pointer("/sync/delivered")).dump().c_str(),
                    status.at(Json::json_pointer("/sync/waiting")).dump().c_str());
    }
    if (!text("/sync/problem").empty()) {
        std::printf("           %s\n", text("/sync/problem").c_str());
    }
    std::printf("data       %s\n", text("/data").c_str());
    std::printf("pid        %lld\n", static_cast<long long>(running.pid));
}

// A token for the one request of this program, revoked again at once.
class BriefToken final {
public:
    explicit BriefToken(const std::string& folder) {
        if (auto tokens = identity::ClientTokens::open(folder, m_clock)) {
            m_tokens = std::move(*tokens);
            if (auto token = m_tokens->issue(kName, std::chrono::seconds(60))) {
                m_text = token->text();
            }
        }
    }
    ~BriefToken() {
        if (m_tokens && !m_tokens->revoke(kName)) {
            std::fputs("gatehousectl models: the token of this call ends by itself in a minute\n", stderr);
        }
    }
    BriefToken(const BriefToken&) = delete;
    BriefToken& operator=(const BriefToken&) = delete;
    [[nodiscard]] const std::string& text() const { return m_text; }

private:
    static constexpr const char* kName = "gatehousectl";
    SystemClock m_clock;
    std::unique_ptr<identity::ClientTokens> m_tokens;
    std::string m_text;
};

} // namespace

int runStatus(Arguments arguments) {
    const auto options = parseOptions("status", arguments, kFlags, kNamed);
    if (!options || !options->rest.empty()) {
        return 2;
    }
    if (options->has("--help")) {
        std::puts("usage: gatehousectl status [--json] [--data DIR]\n\nWhat the running agent says of itself. Exit "
                  "code 1 when "
                  "it has a problem, 2 when none runs.");
        return 0;
    }
    const auto running = findAgent("status", *options);
    if (!running) {
        return 2;
    }
    if (options->has("--json")) {
        std::printf("%s\n", dumpJson(running->status).c_str());
    } else {
        printStatus(*running);
    }
    return running->status.at("state") == "ready" ? 0 : 1;
}

int runModels(Arguments arguments) {
    const auto options = parseOptions("models", arguments, kFlags, kNamed);
    if (!options || !options->rest.empty()) {
        return 2;
    }
    if (options->has("--help")) {
        std::puts("usage: gatehousectl models [--json] [--data DIR]\n\nThe models that the running agent offers.");
        return 0;
    }
    const auto running = findAgent("models", *options);
    const auto folder = dataFolderOf(*options);
    if (!running || !folder) {
        return 2;
    }
    const BriefToken token(*folder);
    auto body = httpGet(running->baseUrl + "/v1/models", token.text());
    if (!body && body.error().native == 401) {
        // A running agent notices a new token within a second or two.
        struct timespec pause = {2, 0};
        nanosleep(&pause, nullptr);
        body = httpGet(running->baseUrl + "/v1/models", token.text());
    }
    const auto list = body ? parseJson(*body) : std::unexpected(body.error());
    if (!list || !list->contains("data")) {
        std::fprintf(stderr, "gatehousectl models: %s\n", list ? "an unknown answer" : list.error().what.c_str());
        return 2;
    }
    if (options->has("--json")) {
        std::printf("%s\n", dumpJson(*list).c_str());
        return 0;
    }
    for (const Json& model : (*list)["data"]) {
        std::printf("%-40s %s\n", model.value("id", std::string()).c_str(),
                    model.value("owned_by", std::string()).c_str());
    }
    return 0;
}

} // namespace gatehouse::cli
