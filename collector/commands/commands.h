// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config.h"
#include "database/connection.h"

// What an operator asks of gatehouse-collector besides serving. Each command works on the database of a configuration
// and exits: 0 done, 1 the answer is "no", 2 usage or environment. Answers on stdout, problems on stderr.
namespace gatehouse::collector {

inline constexpr const char* kDefaultConfig = "/etc/gatehouse-collector/config.json";

// "--name VALUE" and the rest in order.
struct Options {
    std::map<std::string, std::string, std::less<>> values;
    std::vector<std::string> rest;
    [[nodiscard]] std::string value(std::string_view name, std::string_view otherwise) const;
    [[nodiscard]] bool has(std::string_view name) const { return values.contains(name); }
};
// nullopt after a message when an option is unknown or lacks its value.
[[nodiscard]] std::optional<Options> parseOptions(std::span<const std::string_view> arguments,
                                                  std::span<const std::string_view> named,
                                                  std::span<const std::string_view> flags = {});

// A whole number within bounds; invalidInput with the option's name.
[[nodiscard]] Result<std::int64_t> readCount(const Options& options, std::string_view name, std::int64_t otherwise,
                                             std::int64_t maximum);

[[nodiscard]] Result<Config> readConfig(const std::string& path);
// The database of --config, brought to the newest schema.
[[nodiscard]] Result<std::unique_ptr<Connection>> openDatabase(const Options& options);

// Prints the problem; gives `code`.
int complain(const std::string& message, int code = 2);

using Arguments = std::span<const std::string_view>;
int runAuthority(Arguments arguments);
int runTokens(Arguments arguments);
int runDevices(Arguments arguments);
int runLog(Arguments arguments);
int runPolicies(Arguments arguments);
int runBatches(Arguments arguments);

} // namespace gatehouse::collector
