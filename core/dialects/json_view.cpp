// SPDX-License-Identifier: Apache-2.0
#include "dialects/json_view.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/json_tree.h"

namespace gatehouse::dialects {
namespace {

constexpr JsonLimits kLimits{64UL * 1024UL * 1024UL, 64, 1'000'000, 16UL * 1024UL * 1024UL};
constexpr std::size_t kMaxUntranslated = 32;

const OrderedJson& nothing() {
    static const OrderedJson kNothing;
    return kNothing;
}

} // namespace

Result<OrderedJson> parseOrdered(std::string_view document) {
    GH_TRY(OrderedJson dom, parseOrderedJson(document, kLimits));
    if (!dom.is_object()) {
        return fail(ErrorKind::invalidInput, "not a JSON object");
    }
    return dom;
}

const OrderedJson& memberOf(const OrderedJson& value, std::string_view name) {
    if (!value.is_object()) {
        return nothing();
    }
    const auto found = value.find(name);
    return found == value.end() ? nothing() : *found;
}

const OrderedJson& elementOf(const OrderedJson& value, std::string_view index) {
    std::size_t at = 0;
    const auto [end, error] = std::from_chars(index.data(), index.data() + index.size(), at);
    const bool isIndex = error == std::errc() && end == index.data() + index.size();
    return isIndex && value.is_array() && at < value.size() ? value[at] : nothing();
}

std::uint64_t countAt(const OrderedJson& object, std::string_view name) {
    return wholeNumberAt(object, name).value_or(0);
}

std::string textAt(const OrderedJson& object, std::string_view name) {
    const OrderedJson& value = memberOf(object, name);
    return value.is_string() ? value.get<std::string>() : std::string();
}

bool flagAt(const OrderedJson& object, std::string_view name) {
    const OrderedJson& value = memberOf(object, name);
    return value.is_boolean() && value.get<bool>();
}

std::optional<double> numberAt(const OrderedJson& object, std::string_view name) {
    const OrderedJson& value = memberOf(object, name);
    return value.is_number() ? std::optional(value.get<double>()) : std::nullopt;
}

std::optional<std::uint64_t> wholeNumberAt(const OrderedJson& object, std::string_view name) {
    const OrderedJson& value = memberOf(object, name);
    return value.is_number_unsigned() ? std::optional(value.get<std::uint64_t>()) : std::nullopt;
}

std::string dump(const OrderedJson& value) {
    return value.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

OrderedJson argumentsOf(std::string_view text) {
    if (text.empty()) {
        return OrderedJson::object();
    }
    if (auto parsed = parseOrdered(text)) {
        return std::move(*parsed);
    }
    return OrderedJson::object({{"raw_arguments", std::string(text)}});
}

std::optional<DataUri> splitDataUri(std::string_view url) {
    constexpr std::string_view kScheme = "data:";
    constexpr std::string_view kMark = ";base64,";
    if (!url.starts_with(kScheme)) {
        return std::nullopt;
    }
    const std::size_t mark = url.substr(0, 256).find(kMark);
    if (mark == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view head = url.substr(kScheme.size(), mark - kScheme.size());
    return DataUri{std::string(head.substr(0, head.find(';'))), std::string(url.substr(mark + kMark.size()))};
}

std::string_view imageTypeOf(std::string_view base64) {
    struct Magic {
        std::string_view begin;
        std::string_view type;
    };
    constexpr std::array kMagics{Magic{"/9j/", "image/jpeg"}, Magic{"iVBORw0KGgo", "image/png"},
                                 Magic{"R0lGOD", "image/gif"}, Magic{"UklGR", "image/webp"}};
    for (const Magic& magic : kMagics) {
        if (base64.starts_with(magic.begin)) {
            return magic.type;
        }
    }
    return "image/png";
}

void addUntranslated(std::vector<std::string>& names, std::string_view name) {
    const bool isPlain = !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' ||
               c == '.';
    });
    const std::string word = isPlain ? std::string(name) : "(other)";
    if (names.size() < kMaxUntranslated && std::find(names.begin(), names.end(), word) == names.end()) {
        names.push_back(word);
    }
}

} // namespace gatehouse::dialects
