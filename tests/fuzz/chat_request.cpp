// SPDX-License-Identifier: Apache-2.0
// A request's body in any dialect: every part is one string of it, nothing changed means the same bytes, everything
// changed is valid JSON, and what it means in another dialect is JSON too. The first byte chooses the dialect.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chosen_dialect.h"
#include "dialects/chat_codec.h"

using namespace gatehouse;
using namespace gatehouse::dialects;
using gatehouse::fuzz::require;

namespace {

void translate(const Dialect& dialect, std::string_view body, const Asked& asked) {
    if (dialect.codec() == nullptr) {
        return;
    }
    for (unsigned char other = 0; other < fuzz::kSpokenByProviders; ++other) {
        auto request = dialect.codec()->decodeRequest(body, asked);
        if (!request) {
            return;
        }
        const auto said = fuzz::chosenProvider(other).codec()->encodeRequest(*request, {});
        require(!said || Json::accept(*said));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const Dialect& dialect = fuzz::chosenDialect(data[0]);
    const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
    Asked asked;
    asked.model = dialect.name().starts_with("gemini") ? "m" : "";
    const auto request = dialect.parse(body, {}, asked);
    if (!request) {
        return 0;
    }
    std::vector<std::optional<std::string>> changed(request->parts.size());
    for (const Part& part : request->parts) {
        require(part.tokenEnd == 0 || (part.tokenBegin < part.tokenEnd && part.tokenEnd <= body.size() &&
                                       body[part.tokenBegin] == '"' && body[part.tokenEnd - 1] == '"'));
    }
    const auto same = dialect.compose(body, *request, changed, request->model);
    const bool isEdited = dialect.name().starts_with("gemini") || (request->isStream && !request->wantsUsage);
    require(same.has_value() ? isEdited || *same == body : isEdited);
    for (std::size_t i = 0; i < changed.size(); ++i) {
        if (request->parts[i].tokenEnd != 0) {
            changed[i] = "\"" + std::to_string(i);
        }
    }
    const auto other = dialect.compose(body, *request, changed, "other");
    require(!other || checkJson(*other, {.maxBytes = 64UL * 1024UL * 1024UL}).has_value());
    translate(dialect, body, asked);
    return 0;
}
