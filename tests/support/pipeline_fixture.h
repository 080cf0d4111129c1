// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

#include "dlp/file_vault.h"
#include "governance/governor.h"
#include "pipeline/make_pipeline.h"
#include "pipeline/stages.h"

// A whole pipeline on real dlp, policy and governance, with fakes where it meets the world: tokens, provider, audit.
namespace gatehouse::test {

class FakeWriter final : public audit::Writer {
public:
    std::vector<AuditRecord> records;
    bool isFull = false;

    Task<Result<std::uint64_t>> commit(AuditRecord record, audit::Durability /*durability*/) override {
        if (isFull) {
            co_return fail(ErrorKind::unavailable, "no room");
        }
        records.push_back(std::move(record));
        co_return records.size();
    }
    Result<> enqueue(AuditRecord record) override {
        records.push_back(std::move(record));
        return {};
    }
    [[nodiscard]] bool isReady() const override { return !isFull; }
    void flush() override {}
};

class FakeReader final : public audit::Reader {
public:
    Result<std::vector<AuditRecord>> list(const audit::Query& /*query*/) override { return std::vector<AuditRecord>{}; }
    Result<std::vector<AuditRecord>> show(const std::string& /*interaction*/) override {
        return std::vector<AuditRecord>{};
    }
};

// Knows "good" (client "app") and "chat" (the chat window).
class FakeTokens final : public identity::ClientTokens {
public:
    Result<SecureBytes> issue(std::string_view /*name*/, std::optional<std::chrono::seconds> /*lifetime*/) override {
        return fail(ErrorKind::denied, "fake");
    }
    [[nodiscard]] Result<identity::ClientInfo> verify(std::string_view token) const override {
        if (token == "good" || token == "chat") {
            return identity::ClientInfo{std::string(token), token == "good" ? "app" : "gatehouse-chat", {}, {}, false};
        }
        return fail(ErrorKind::denied, "unknown token");
    }
    [[nodiscard]] std::vector<identity::ClientInfo> list() const override { return {}; }
    Result<> revoke(std::string_view /*idOrName*/) override { return {}; }
};

class FakePeers final : public identity::PeerLookup {
public:
    std::uint32_t uid = getuid();
    identity::PeerOwner find(const identity::LoopbackPeer& /*peer*/) override { return {true, uid, {}}; }
};

class FakeRouter final : public routing::Router {
public:
    std::vector<providers::Target> targets{
        {"remote", "m", Trust::approved, "", "https://provider.example/v1", "openai-compatible", "", false}};

    [[nodiscard]] std::vector<providers::Target> candidates(const policy::PolicySet& /*policies*/,
                                                            std::string_view asked) const override {
        return asked == "unknown" ? std::vector<providers::Target>{} : targets;
    }
    [[nodiscard]] std::optional<providers::Target> select(std::span<const providers::Target> candidates) override {
        return candidates.empty() ? std::nullopt : std::optional(candidates.front());
    }
    void report(const providers::Target& /*target*/, bool /*isOk*/) override {}
    [[nodiscard]] std::vector<providers::Target> list(const policy::PolicySet& /*policies*/) const override {
        return targets;
    }
};

class FakeKeys final : public providers::Keys {
public:
    Result<Redacted<std::string>> find(std::string_view /*keyName*/) override {
        return fail(ErrorKind::notFound, "none");
    }
};

// Answers with what it is told, in the pieces that it is told, and keeps what it got.
class FakeUpstream final : public upstream::Upstream {
public:
    int status = 200;
    std::string type = "application/json";
    std::vector<std::string> pieces;
    std::vector<upstream::Request> received;

    std::unique_ptr<upstream::Transfer> start(upstream::Request request) override {
        received.push_back(std::move(request));
        return std::make_unique<Piecewise>(status, type, pieces);
    }

private:
    class Piecewise final : public upstream::Transfer {
    public:
        Piecewise(int status, std::string type, const std::vector<std::string>& pieces)
            : m_status(status)
            , m_type(std::move(type))
            , m_pieces(pieces.begin(), pieces.end()) {}
        Task<Result<upstream::Head>> head() override {
            upstream::Head head;
            head.status = m_status;
            head.headers.emplace_back("content-type", m_type);
            co_return head;
        }
        Task<Result<std::optional<std::string>>> next() override {
            if (m_pieces.empty()) {
                co_return std::nullopt;
            }
            std::string piece = std::move(m_pieces.front());
            m_pieces.pop_front();
            co_return std::optional(std::move(piece));
        }

    private:
        int m_status;
        std::string m_type;
        std::deque<std::string> m_pieces;
    };
};

struct Reply {
    int status = 0;
    pipeline::Headers headers;
    std::string body;
    [[nodiscard]] std::string header(std::string_view name) const {
        for (const auto& [key, value] : headers) {
            if (key == name) {
                return value;
            }
        }
        return {};
    }
};

class PipelineFixture final {
public:
    explicit PipelineFixture(std::string_view policySource,
                             std::span<const pipeline::StageRow> table = pipeline::kStages)
        : rules(makeRules(policySource))
        , governor(governance::makeGovernor({rules, writer, vault, clock}))
        , gate(limits::Gate::create(clock))
        , pipeline(pipeline::makePipelineWith(
              {.governor = *governor,
               .tokens = tokens,
               .peers = peers,
               .person = {"ann", getuid(), {}},
               .router = router,
               .upstream = upstream,
               .reader = reader,
               .keys = keys,
               .gate = *gate,
               .clock = clock,
               .conversationKey = SecureBytes(std::string_view("0123456789abcdef0123456789abcdef")),
               .retryDelay = std::chrono::milliseconds(1)},
              table)) {}

    Reply ask(const std::string& body, pipeline::Headers headers = {{"authorization", "Bearer good"}}) {
        Reply reply;
        asio::io_context context(1);
        headers.emplace_back("content-type", "application/json");
        asio::co_spawn(context, exchange(headers, body, reply), [](const std::exception_ptr& failure) {
            if (failure != nullptr) {
                std::rethrow_exception(failure);
            }
        });
        context.run();
        return reply;
    }

    [[nodiscard]] std::vector<AuditRecord> recordsOf(RecordKind kind) const {
        std::vector<AuditRecord> found;
        for (const AuditRecord& record : writer.records) {
            if (record.kind == kind) {
                found.push_back(record);
            }
        }
        return found;
    }

    SystemClock clock;
    FakeWriter writer;
    dlp::MemoryVault vault;
    FakeTokens tokens;
    FakePeers peers;
    FakeRouter router;
    FakeUpstream upstream;
    FakeReader reader;
    FakeKeys keys;
    Snapshot<governance::Rules> rules;
    std::unique_ptr<governance::Governor> governor;
    std::unique_ptr<limits::Gate> gate;
    std::unique_ptr<pipeline::Pipeline> pipeline;
    bool hasImpatientClient = false; // one that leaves while the first piece is written to it

private:
    static std::shared_ptr<const governance::Rules> makeRules(std::string_view source) {
        auto made = std::make_shared<governance::Rules>();
        made->policy = std::make_shared<policy::PolicySet>(
            std::vector<std::shared_ptr<const policy::Policy>>{*policy::Policy::compile(source)});
        made->engine = *dlp::Engine::compile({});
        return made;
    }

    Task<> exchange(pipeline::Headers headers, std::string body, Reply& reply) {
        pipeline::RequestHead head;
        head.method = "POST";
        head.path = "/v1/chat/completions";
        head.headers = std::move(headers);
        head.peer = {"127.0.0.1", 1, 2};
        auto begun = co_await pipeline->begin(std::move(head));
        pipeline::Answer answer;
        if (begun) {
            std::unique_ptr<pipeline::Exchange> owned = std::move(*begun);
            answer = co_await pipeline->run(std::move(owned), std::move(body));
        } else {
            answer = std::move(begun.error());
        }
        reply.status = answer.status;
        reply.headers = answer.headers;
        for (;;) {
            auto piece = co_await answer.body->next();
            if (!piece || !*piece) {
                break;
            }
            reply.body += **piece;
            if (hasImpatientClient) {
                break;
            }
        }
    }
};

} // namespace gatehouse::test
