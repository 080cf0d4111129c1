// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "options.h"
#include "policy/store.h"
#include "verbs.h"

// The subverbs of `gatehousectl policy`, one file per pair, and what they share.
namespace gatehouse::cli::policyverbs {

int init(Arguments arguments);
int check(Arguments arguments);
int show(Arguments arguments);
int explain(Arguments arguments);
int sign(Arguments arguments);
int verify(Arguments arguments);

// A file, or standard input for "-"; at most 16 MiB.
[[nodiscard]] Result<std::string> readInput(const std::string& path);
// Writes a new file; replaces an existing one only when told to.
[[nodiscard]] Result<> writeOutput(const std::string& path, std::string_view bytes, bool mayReplace);

// The policies as the agent would load them: --policy, --data, --machine (default: the platform's folders), read only.
[[nodiscard]] policy::StoreOptions storeOptions(const Options& options);

Json faultsAsJson(const std::vector<policy::Fault>& faults);
// "file:3:5: /rules/0: unknown key …", one line each on stderr.
void printFaults(const std::string& path, const std::vector<policy::Fault>& faults);

// Prints the message on stderr as "gatehousectl policy VERB: …" and gives 2.
int usageError(const char* verb, const std::string& message);

} // namespace gatehouse::cli::policyverbs
