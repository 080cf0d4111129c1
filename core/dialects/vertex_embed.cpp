// SPDX-License-Identifier: Apache-2.0
// vertex.embed: vectors of Vertex AI, which its own interface gives below ":predict" alone.
#include "dialects/embed_codec.h"

namespace gatehouse::dialects {
namespace {

std::unexpected<Error> unspoken() {
    return fail(ErrorKind::internal, "nobody speaks vertex.embed to Gatehouse");
}

// Only sent: what a client would need is not there.
class VertexEmbed final : public Dialect {
public:
    [[nodiscard]] std::string_view name() const override { return "vertex.embed"; }
    [[nodiscard]] Result<ParsedRequest> parse(std::string_view /*body*/, const JsonLimits& /*limits*/,
                                              const Asked& /*asked*/) const override {
        return unspoken();
    }
    [[nodiscard]] Result<std::string> compose(std::string_view /*body*/, const ParsedRequest& /*request*/,
                                              std::span<const std::optional<std::string>> /*changed*/,
                                              std::string_view /*model*/) const override {
        return unspoken();
    }
    [[nodiscard]] std::string refusalBody(const Refusal& /*refusal*/) const override { return {}; }
    [[nodiscard]] std::string refusalFrames(const Refusal& /*refusal*/, StreamPlace /*place*/) const override {
        return {};
    }
    [[nodiscard]] Result<AnswerEvent> read(std::string_view /*document*/, bool /*isWhole*/) const override {
        return unspoken();
    }
    [[nodiscard]] std::string heldText(const AnswerEvent& /*last*/, const TextField& /*field*/,
                                       std::string_view /*text*/) const override {
        return {};
    }
    [[nodiscard]] std::string modelList(std::span<const ModelRow> /*models*/) const override { return {}; }
    [[nodiscard]] const EmbedCodec* embedCodec() const override { return &vertexEmbedCodec(); }
};

} // namespace

const Dialect& vertexEmbed() {
    static const VertexEmbed kDialect;
    return kDialect;
}

} // namespace gatehouse::dialects
