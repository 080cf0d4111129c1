// SPDX-License-Identifier: Apache-2.0
#include "pipeline/make_pipeline.h"

#include <algorithm>

#include "base/crypto.h"
#include "base/log.h"
#include "pipeline/answers.h"
#include "pipeline/stages.h"

namespace gatehouse::pipeline {
namespace {

constexpr std::string_view kInteractions = "/gatehouse/v1/interactions/";
constexpr std::size_t kIdLength = 26; // newId()

struct Called {
    Endpoint endpoint = Endpoint::infer;
    const dialects::Dialect* dialect = nullptr;
    dialects::Asked asked;
};

Endpoint endpointOf(dialects::Operation operation) {
    switch (operation) {
    case dialects::Operation::listModels:
        return Endpoint::models;
    case dialects::Operation::showModel:
        return Endpoint::showModel;
    case dialects::Operation::version:
        return Endpoint::version;
    case dialects::Operation::running:
        return Endpoint::running;
    case dialects::Operation::infer:
    case dialects::Operation::message:
        break;
    }
    return Endpoint::infer;
}

// GET /v1/models belongs to three vendors: Anthropic's clients say which version of its interface they mean, Google's
// who they are.
const dialects::Dialect& dialectOf(const dialects::Surface& surface, const RequestHead& head) {
    const auto has = [&head](std::string_view name) {
        return std::any_of(head.headers.begin(), head.headers.end(),
                           [name](const auto& header) { return header.first == name; });
    };
    if (surface.operation != dialects::Operation::listModels || head.path != "/v1/models") {
        return surface.dialect();
    }
    return has("anthropic-version")                            ? dialects::anthropicMessages()
           : has("x-goog-api-key") || has("x-goog-api-client") ? dialects::geminiGenerate()
                                                               : surface.dialect();
}

std::expected<Called, Refusal> calledBy(const RequestHead& head) {
    Called called;
    std::string_view method = "GET";
    if (head.path.starts_with(kInteractions) && head.path.size() == kInteractions.size() + kIdLength) {
        called = {Endpoint::interaction, &dialects::openAiChat(), {}};
    } else if (auto route = dialects::findRoute(head.path, head.query)) {
        method = route->surface->method;
        if (route->surface->operation == dialects::Operation::message) {
            const bool isKnown = head.method == "POST" || head.method == "GET" || head.method == "DELETE";
            method = isKnown ? std::string_view(head.method) : "POST, GET or DELETE";
            route->asked.isListening = head.method == "GET";
        }
        called = {endpointOf(route->surface->operation), &dialectOf(*route->surface, head), std::move(route->asked)};
    } else {
        return std::unexpected(Refusal{RefusalReason::unknownPath, "Gatehouse has no such path.", {}, {}});
    }
    if (head.method != method) {
        return std::unexpected(
            Refusal{RefusalReason::unknownMethod, "This path takes " + std::string(method) + " only.", {}, {}});
    }
    return called;
}

class StagedPipeline final : public Pipeline {
public:
    StagedPipeline(PipelineParts parts, std::span<const StageRow> table)
        : m_shared{.parts = std::move(parts)}
        , m_table(table) {
        m_shared.ownPins = m_shared.parts.pins == nullptr ? makeMemoryPins() : nullptr;
        m_shared.pins = m_shared.ownPins != nullptr ? m_shared.ownPins.get() : m_shared.parts.pins;
        if (m_shared.parts.conversationKey.empty()) {
            m_shared.parts.conversationKey = SecureBytes(ByteView(randomBytes(32)));
        }
    }

    Task<std::expected<std::unique_ptr<Exchange>, Answer>> begin(RequestHead head) override {
        auto called = calledBy(head);
        if (!called) {
            co_return std::unexpected(refuseStranger(dialects::dialectOfPath(head.path), called.error()));
        }
        auto request = std::make_unique<Request>(m_shared, std::move(head), called->endpoint, *called->dialect,
                                                 std::move(called->asked));
        if (auto refusal = co_await runStages(m_table.first(kHeadStages), *request)) {
            co_return std::unexpected(refuseRequest(*request, std::move(*refusal)));
        }
        co_return std::unique_ptr<Exchange>(std::move(request));
    }

    Task<Answer> run(std::unique_ptr<Exchange> exchange, std::string body) override {
        std::unique_ptr<Request> request(dynamic_cast<Request*>(exchange.release()));
        if (request->endpoint == Endpoint::interaction) {
            std::string id = request->head.path.substr(kInteractions.size());
            co_return co_await showInteraction(*request, std::move(id));
        }
        if (request->endpoint != Endpoint::infer) {
            co_return lookUp(*request, body);
        }
        request->body = std::move(body);
        if (auto refusal = co_await runStages(m_table.subspan(kHeadStages), *request)) {
            co_return refuseRequest(*request, std::move(*refusal));
        }
        co_return co_await deliver(std::move(request));
    }

    Answer refuse(const std::string& path, const Refusal& refusal) override {
        return refuseStranger(dialects::dialectOfPath(path), refusal);
    }

private:
    Shared m_shared;
    std::span<const StageRow> m_table;
};

} // namespace

Task<std::optional<Refusal>> runStages(std::span<const StageRow> rows, Request& request) {
    for (const StageRow& row : rows) {
        Step step = co_await row.run(request);
        if (step) {
            if (*step) {
                co_return std::move(*step);
            }
            continue;
        }
        if (step.error().kind == ErrorKind::cancelled) {
            logInfo("pipeline", "the client left in stage {}", row.name);
        } else {
            logError("pipeline", "stage {} failed: {}", row.name, errorKindWord(step.error().kind));
        }
        if (row.onError == OnError::refuse) {
            co_return Refusal{RefusalReason::internalError,
                              "Gatehouse could not finish its checks (" + std::string(row.name) +
                                  "), so nothing was sent. `gatehousectl doctor` may say why.",
                              {},
                              {}};
        }
    }
    co_return std::nullopt;
}

std::unique_ptr<Pipeline> makePipelineWith(PipelineParts parts, std::span<const StageRow> table) {
    return std::make_unique<StagedPipeline>(std::move(parts), table);
}

std::unique_ptr<Pipeline> makePipeline(PipelineParts parts) {
    return makePipelineWith(std::move(parts), kStages);
}

} // namespace gatehouse::pipeline
