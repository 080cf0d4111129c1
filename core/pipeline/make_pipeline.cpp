// SPDX-License-Identifier: Apache-2.0
#include "pipeline/make_pipeline.h"

#include "base/crypto.h"
#include "base/log.h"
#include "pipeline/answers.h"
#include "pipeline/stages.h"

namespace gatehouse::pipeline {
namespace {

constexpr std::string_view kInteractions = "/gatehouse/v1/interactions/";
constexpr std::size_t kIdLength = 26; // newId()

struct Route {
    std::string_view path;
    std::string_view method;
    Endpoint endpoint;
};
constexpr std::array kRoutes{
    Route{"/v1/chat/completions", "POST", Endpoint::chat},
    Route{"/v1/models", "GET", Endpoint::models},
};

std::expected<Endpoint, Refusal> endpointOf(const RequestHead& head) {
    const bool isInteraction =
        head.path.starts_with(kInteractions) && head.path.size() == kInteractions.size() + kIdLength;
    std::string_view method = isInteraction ? "GET" : "";
    Endpoint endpoint = Endpoint::interaction;
    for (const Route& route : kRoutes) {
        if (head.path == route.path) {
            method = route.method;
            endpoint = route.endpoint;
        }
    }
    if (method.empty()) {
        return std::unexpected(Refusal{RefusalReason::unknownPath, "Gatehouse has no such path.", {}, {}});
    }
    if (head.method != method) {
        return std::unexpected(
            Refusal{RefusalReason::unknownMethod, "This path takes " + std::string(method) + " only.", {}, {}});
    }
    return endpoint;
}

class StagedPipeline final : public Pipeline {
public:
    StagedPipeline(PipelineParts parts, std::span<const StageRow> table)
        : m_shared{std::move(parts), 0, {}, {}}
        , m_table(table) {
        if (m_shared.parts.conversationKey.empty()) {
            m_shared.parts.conversationKey = SecureBytes(ByteView(randomBytes(32)));
        }
    }

    Task<std::expected<std::unique_ptr<Exchange>, Answer>> begin(RequestHead head) override {
        const auto endpoint = endpointOf(head);
        if (!endpoint) {
            co_return std::unexpected(refuseStranger(endpoint.error()));
        }
        auto request = std::make_unique<Request>(m_shared, std::move(head), *endpoint);
        if (auto refusal = co_await runStages(m_table.first(kHeadStages), *request)) {
            co_return std::unexpected(refuseRequest(*request, std::move(*refusal)));
        }
        co_return std::unique_ptr<Exchange>(std::move(request));
    }

    Task<Answer> run(std::unique_ptr<Exchange> exchange, std::string body) override {
        std::unique_ptr<Request> request(dynamic_cast<Request*>(exchange.release()));
        if (request->endpoint == Endpoint::models) {
            co_return listModels(*request);
        }
        if (request->endpoint == Endpoint::interaction) {
            std::string id = request->head.path.substr(kInteractions.size());
            co_return co_await showInteraction(*request, std::move(id));
        }
        request->body = std::move(body);
        if (auto refusal = co_await runStages(m_table.subspan(kHeadStages), *request)) {
            co_return refuseRequest(*request, std::move(*refusal));
        }
        co_return co_await deliver(std::move(request));
    }

    Answer refuse(const std::string& /*path*/, const Refusal& refusal) override { return refuseStranger(refusal); }

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
        logError("pipeline", "stage {} failed: {}", row.name, errorKindWord(step.error().kind));
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
