// SPDX-License-Identifier: Apache-2.0
// Embeddings of OpenAI (platform.openai.com/docs/api-reference/embeddings), Ollama (docs/api.md) and Gemini
// (ai.google.dev/api/embeddings) to and from the canonical model.
#include "dialects/embed_codec.h"

#include <algorithm>
#include <array>
#include <bit>

#include "base/bytes.h"
#include "dialects/gemini_codec.h"
#include "dialects/json_view.h"
#include "dialects/ollama_codec.h"
#include "dialects/openai_chat_codec.h"

namespace gatehouse::dialects {
namespace {

void nameOthers(const OrderedJson& dom, std::initializer_list<std::string_view> known,
                std::vector<std::string>& untranslated) {
    for (const auto& [name, value] : dom.items()) {
        if (!value.is_null() && std::find(known.begin(), known.end(), name) == known.end()) {
            addUntranslated(untranslated, name);
        }
    }
}

// One text, or a list of texts.
Result<> readTexts(const OrderedJson& value, EmbedRequest& request) {
    request.isList = value.is_array();
    for (const OrderedJson& item : request.isList ? value : OrderedJson::array({value})) {
        if (!item.is_string()) {
            return fail(ErrorKind::invalidInput, "input that is no text is not possible with this model's provider");
        }
        request.inputs.push_back(item.get<std::string>());
    }
    if (request.inputs.empty()) {
        return fail(ErrorKind::invalidInput, "there is no input");
    }
    return {};
}

Result<> addVector(const OrderedJson& vector, EmbedAnswer& answer) {
    const bool isVector = vector.is_array() && std::all_of(vector.begin(), vector.end(),
                                                           [](const OrderedJson& each) { return each.is_number(); });
    if (!isVector) {
        return fail(ErrorKind::invalidInput, "the answer's vectors are no lists of numbers");
    }
    answer.vectors.push_back(vector);
    return {};
}

// `member` of each element is a vector; empty: the element itself.
Result<> addVectors(const OrderedJson& list, std::string_view member, EmbedAnswer& answer) {
    if (!list.is_array()) {
        return fail(ErrorKind::invalidInput, "the answer has no vectors");
    }
    for (const OrderedJson& each : list) {
        GH_CHECK(addVector(member.empty() ? each : memberOf(each, member), answer));
    }
    return {};
}

// An error, whatever its dialect, or what `read` finds in the document.
Result<EmbedAnswer> readAnswer(std::string_view document, int status,
                               Result<> (*read)(const OrderedJson& dom, EmbedAnswer& answer)) {
    GH_TRY(const OrderedJson dom, parseOrdered(document));
    EmbedAnswer answer;
    if (const OrderedJson& error = memberOf(dom, "error"); !error.is_null() || status >= 400) {
        answer.fault = openAiFault(error.is_null() ? dom : error, status);
        return answer;
    }
    GH_CHECK(read(dom, answer));
    return answer;
}

std::string asFloats(const OrderedJson& vector) {
    Bytes bytes;
    bytes.reserve(vector.size() * 4);
    for (const OrderedJson& number : vector) {
        const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(number.get<double>()));
        for (unsigned shift = 0; shift < 32; shift += 8) {
            bytes.push_back(static_cast<Bytes::value_type>((bits >> shift) & 255U));
        }
    }
    return base64Encode(ByteView(bytes));
}

std::uint64_t inputTokens(const EmbedAnswer& answer, const AnswerContext& context) {
    return answer.usage ? answer.usage->inputTokens : context.inputTokens;
}

class OpenAi final : public EmbedCodec {
public:
    Result<EmbedRequest> decodeRequest(std::string_view body, const Asked& /*asked*/) const override {
        GH_TRY(const OrderedJson dom, parseOrdered(body));
        EmbedRequest request;
        request.model = textAt(dom, "model");
        GH_CHECK(readTexts(memberOf(dom, "input"), request));
        request.dimensions = wholeNumberAt(dom, "dimensions");
        request.wantsBase64 = textAt(dom, "encoding_format") == "base64";
        nameOthers(dom, {"model", "input", "dimensions", "encoding_format"}, request.untranslated);
        return request;
    }
    Result<std::string> encodeRequest(const EmbedRequest& request) const override {
        OrderedJson out{{"model", request.model}, {"input", request.inputs}, {"encoding_format", "float"}};
        if (request.dimensions) {
            out["dimensions"] = *request.dimensions;
        }
        return dump(out);
    }
    Result<EmbedAnswer> decodeAnswer(std::string_view document, int status) const override {
        return readAnswer(document, status, [](const OrderedJson& dom, EmbedAnswer& answer) -> Result<> {
            OrderedJson data = memberOf(dom, "data");
            if (data.is_array()) { // each says which text it is for
                std::stable_sort(data.begin(), data.end(), [](const OrderedJson& a, const OrderedJson& b) {
                    return countAt(a, "index") < countAt(b, "index");
                });
            }
            GH_CHECK(addVectors(data, "embedding", answer));
            if (memberOf(dom, "usage").is_object()) {
                answer.usage = openAiUsage(memberOf(dom, "usage"));
            }
            return {};
        });
    }
    Result<std::string> encodeAnswer(const EmbedAnswer& answer, EmbedForm form,
                                     const AnswerContext& context) const override {
        if (answer.fault) {
            return dump({{"error", openAiFaultJson(*answer.fault)}});
        }
        OrderedJson out{{"object", "list"}, {"data", OrderedJson::array()}, {"model", context.model}};
        for (std::size_t i = 0; i < answer.vectors.size(); ++i) {
            OrderedJson each{{"object", "embedding"}, {"index", i}};
            each["embedding"] =
                form.wantsBase64 ? OrderedJson(asFloats(answer.vectors[i])) : OrderedJson(answer.vectors[i]);
            out["data"].push_back(std::move(each));
        }
        const std::uint64_t tokens = inputTokens(answer, context);
        out["usage"] = {{"prompt_tokens", tokens}, {"total_tokens", tokens}};
        return dump(out);
    }
};

class Ollama final : public EmbedCodec {
public:
    explicit Ollama(bool isOld) : m_isOld(isOld) {}

    Result<EmbedRequest> decodeRequest(std::string_view body, const Asked& /*asked*/) const override {
        GH_TRY(const OrderedJson dom, parseOrdered(body));
        EmbedRequest request;
        const char* name = m_isOld ? "prompt" : "input";
        request.model = textAt(dom, "model");
        GH_CHECK(readTexts(memberOf(dom, name), request));
        request.dimensions = wholeNumberAt(dom, "dimensions");
        nameOthers(dom, {"model", name, "dimensions"}, request.untranslated);
        return request;
    }
    Result<std::string> encodeRequest(const EmbedRequest& request) const override {
        OrderedJson out{{"model", request.model}, {"input", request.inputs}};
        if (request.dimensions) {
            out["dimensions"] = *request.dimensions;
        }
        return dump(out);
    }
    Result<EmbedAnswer> decodeAnswer(std::string_view document, int status) const override {
        return readAnswer(document, status, [](const OrderedJson& dom, EmbedAnswer& answer) -> Result<> {
            GH_CHECK(addVectors(memberOf(dom, "embeddings"), {}, answer));
            if (memberOf(dom, "prompt_eval_count").is_number_unsigned()) {
                answer.usage = ollamaUsage(dom);
            }
            return {};
        });
    }
    Result<std::string> encodeAnswer(const EmbedAnswer& answer, EmbedForm /*form*/,
                                     const AnswerContext& context) const override {
        if (answer.fault) {
            return dump({{"error", answer.fault->message}});
        }
        if (m_isOld) {
            return dump({{"embedding", answer.vectors.empty() ? OrderedJson::array() : answer.vectors.front()}});
        }
        OrderedJson out{{"model", context.model}, {"embeddings", answer.vectors}};
        out["total_duration"] = 0;
        out["load_duration"] = 0;
        out["prompt_eval_count"] = inputTokens(answer, context);
        return dump(out);
    }

private:
    bool m_isOld;
};

class Gemini final : public EmbedCodec {
public:
    Result<EmbedRequest> decodeRequest(std::string_view body, const Asked& asked) const override {
        GH_TRY(const OrderedJson dom, parseOrdered(body));
        EmbedRequest request;
        request.model = asked.model;
        request.isList = asked.isBatch;
        if (!asked.isBatch) {
            GH_CHECK(readOne(dom, request));
        }
        const OrderedJson& requests = memberOf(dom, "requests");
        for (const OrderedJson& each : requests.is_array() && asked.isBatch ? requests : OrderedJson::array()) {
            const auto before = request.dimensions;
            const bool isFirst = request.inputs.empty();
            GH_CHECK(readOne(each, request));
            if (!isFirst && before != request.dimensions) {
                return fail(ErrorKind::invalidInput, "vectors of several sizes are not possible with this provider");
            }
        }
        if (request.inputs.empty()) {
            return fail(ErrorKind::invalidInput, "there is no input");
        }
        return request;
    }
    Result<std::string> encodeRequest(const EmbedRequest& request) const override {
        OrderedJson out{{"requests", OrderedJson::array()}};
        for (const std::string& input : request.inputs) {
            OrderedJson each{{"model", "models/" + request.model}};
            each["content"]["parts"] = OrderedJson::array({OrderedJson{{"text", input}}});
            if (request.dimensions) {
                each["outputDimensionality"] = *request.dimensions;
            }
            out["requests"].push_back(std::move(each));
        }
        return dump(out);
    }
    Result<EmbedAnswer> decodeAnswer(std::string_view document, int status) const override {
        return readAnswer(document, status, [](const OrderedJson& dom, EmbedAnswer& answer) -> Result<> {
            GH_CHECK(addVectors(memberOf(dom, "embeddings"), "values", answer));
            if (memberOf(dom, "usageMetadata").is_object()) {
                answer.usage = geminiUsage(memberOf(dom, "usageMetadata"));
            }
            return {};
        });
    }
    Result<std::string> encodeAnswer(const EmbedAnswer& answer, EmbedForm form,
                                     const AnswerContext& /*context*/) const override {
        if (answer.fault) {
            return geminiError(answer.fault->status >= 400 ? answer.fault->status : 502, answer.fault->message);
        }
        OrderedJson list = OrderedJson::array();
        for (const OrderedJson& vector : answer.vectors) {
            list.push_back(OrderedJson{{"values", vector}});
        }
        if (form.isList) {
            return dump(OrderedJson{{"embeddings", std::move(list)}});
        }
        return dump(OrderedJson{{"embedding", list.empty() ? OrderedJson::object() : list.front()}});
    }

private:
    static Result<> readOne(const OrderedJson& dom, EmbedRequest& request) {
        std::string text;
        const OrderedJson& parts = memberOf(memberOf(dom, "content"), "parts");
        if (!parts.is_array() || parts.empty()) {
            return fail(ErrorKind::invalidInput, "there is no input");
        }
        for (const OrderedJson& part : parts) {
            if (!memberOf(part, "text").is_string()) {
                return fail(ErrorKind::invalidInput,
                            "input that is no text is not possible with this model's provider");
            }
            text += (text.empty() ? "" : "\n") + textAt(part, "text");
        }
        request.inputs.push_back(std::move(text));
        request.dimensions = wholeNumberAt(dom, "outputDimensionality");
        if (!request.dimensions) {
            request.dimensions = wholeNumberAt(dom, "output_dimensionality");
        }
        nameOthers(dom, {"model", "content", "outputDimensionality", "output_dimensionality"}, request.untranslated);
        return {};
    }
};

// Only sent: no client asks in this form.
class Vertex final : public EmbedCodec {
public:
    Result<EmbedRequest> decodeRequest(std::string_view /*body*/, const Asked& /*asked*/) const override {
        return fail(ErrorKind::internal, "nobody speaks vertex.embed to Gatehouse");
    }
    Result<std::string> encodeRequest(const EmbedRequest& request) const override {
        OrderedJson out{{"instances", OrderedJson::array()}};
        for (const std::string& input : request.inputs) {
            out["instances"].push_back(OrderedJson{{"content", input}});
        }
        if (request.dimensions) {
            out["parameters"]["outputDimensionality"] = *request.dimensions;
        }
        return dump(out);
    }
    Result<EmbedAnswer> decodeAnswer(std::string_view document, int status) const override {
        return readAnswer(document, status, [](const OrderedJson& dom, EmbedAnswer& answer) -> Result<> {
            const OrderedJson& predictions = memberOf(dom, "predictions");
            if (!predictions.is_array()) {
                return fail(ErrorKind::invalidInput, "the answer has no vectors");
            }
            Usage usage;
            for (const OrderedJson& each : predictions) {
                const OrderedJson& embeddings = memberOf(each, "embeddings");
                GH_CHECK(addVector(memberOf(embeddings, "values"), answer));
                usage.inputTokens += countAt(memberOf(embeddings, "statistics"), "token_count");
            }
            if (usage.inputTokens > 0) {
                answer.usage = usage;
            }
            return {};
        });
    }
    Result<std::string> encodeAnswer(const EmbedAnswer& /*answer*/, EmbedForm /*form*/,
                                     const AnswerContext& /*context*/) const override {
        return fail(ErrorKind::internal, "nobody speaks vertex.embed to Gatehouse");
    }
};

} // namespace

const EmbedCodec& vertexEmbedCodec() {
    static const Vertex kCodec;
    return kCodec;
}

const EmbedCodec& openAiEmbedCodec() {
    static const OpenAi kCodec;
    return kCodec;
}

const EmbedCodec& ollamaEmbedCodec(bool isOld) {
    static const Ollama kNew(false);
    static const Ollama kOld(true);
    return isOld ? kOld : kNew;
}

const EmbedCodec& geminiEmbedCodec() {
    static const Gemini kCodec;
    return kCodec;
}

} // namespace gatehouse::dialects
