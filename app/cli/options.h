// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::cli {

// What a verb was given: flags ("--json"), values ("--data DIR" or "--data=DIR") and the rest in order.
struct Options {
    std::map<std::string, std::string, std::less<>> values;
    std::vector<std::string> rest;

    [[nodiscard]] bool has(std::string_view name) const { return values.contains(name); }
    [[nodiscard]] std::optional<std::string> value(std::string_view name) const {
        const auto found = values.find(name);
        return found == values.end() ? std::nullopt : std::optional(found->second);
    }
};

// Takes the arguments apart. nullopt after a message on stderr when one is unknown or lacks its value.
inline std::optional<Options> parseOptions(std::string_view verb, std::span<const std::string_view> arguments,
                                           std::span<const std::string_view> flags,
                                           std::span<const std::string_view> named) {
    const auto isIn = [](std::span<const std::string_view> names, std::string_view name) {
        for (const std::string_view each : names) {
            if (each == name) {
                return true;
            }
        }
        return false;
    };
    Options options;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string_view argument = arguments[i];
        if (argument.size() < 2 || argument.substr(0, 2) != "--") {
            options.rest.emplace_back(argument);
            continue;
        }
        const std::size_t equals = argument.find('=');
        const std::string name(argument.substr(0, equals));
        if (isIn(flags, name) && equals == std::string_view::npos) {
            options.values.emplace(name, "");
        } else if (isIn(named, name) && equals != std::string_view::npos) {
            options.values.emplace(name, argument.substr(equals + 1));
        } else if (isIn(named, name) && i + 1 < arguments.size()) {
            options.values.emplace(name, arguments[++i]);
        } else {
            std::fprintf(stderr, "gatehousectl %.*s: %s %s; gatehousectl %.*s --help lists what it takes\n",
                         static_cast<int>(verb.size()), verb.data(), name.c_str(),
                         isIn(named, name) ? "needs a value" : "is not an option of it", static_cast<int>(verb.size()),
                         verb.data());
            return std::nullopt;
        }
    }
    return options;
}

} // namespace gatehouse::cli
