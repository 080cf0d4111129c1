// SPDX-License-Identifier: Apache-2.0
#include "commands/commands.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "database/migrations.h"
#include "platform/secure_file.h"

namespace gatehouse::collector {
namespace {

constexpr std::size_t kMaxConfig = 1024UL * 1024UL;

bool isIn(std::span<const std::string_view> names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

} // namespace

std::string Options::value(std::string_view name, std::string_view otherwise) const {
    const auto found = values.find(name);
    return found == values.end() ? std::string(otherwise) : found->second;
}

std::optional<Options> parseOptions(std::span<const std::string_view> arguments,
                                    std::span<const std::string_view> named, std::span<const std::string_view> flags) {
    Options options;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string_view argument = arguments[i];
        if (!argument.starts_with("--")) {
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
            complain(name + (isIn(named, name) ? " needs a value" : " is not an option of this command"));
            return std::nullopt;
        }
    }
    return options;
}

Result<std::int64_t> readCount(const Options& options, std::string_view name, std::int64_t otherwise,
                               std::int64_t maximum) {
    const std::string text = options.value(name, std::to_string(otherwise));
    std::int64_t number = 0;
    const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || at != text.data() + text.size() || number < 1 || number > maximum) {
        return fail(ErrorKind::invalidInput,
                    std::string(name) + " must be a number from 1 to " + std::to_string(maximum));
    }
    return number;
}

Result<Config> readConfig(const std::string& path) {
    const auto text = platform::readFile(path, kMaxConfig);
    if (!text) {
        return fail(text.error().kind, "the configuration " + path + " cannot be read: " + text.error().what);
    }
    return parseConfig(textOf(*text));
}

Result<std::unique_ptr<Connection>> openDatabase(const Options& options) {
    GH_TRY(const Config config, readConfig(options.value("--config", kDefaultConfig)));
    GH_TRY(auto connection, Connection::open(config.database));
    GH_CHECK(migrate(*connection));
    return connection;
}

int complain(const std::string& message, int code) {
    std::fprintf(stderr, "gatehouse-collector: %s\n", message.c_str());
    return code;
}

} // namespace gatehouse::collector
