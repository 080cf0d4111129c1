// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

// The verbs of gatehousectl, one file each. A verb gets the arguments after its name, prints its answer on stdout and
// problems with what to do next on stderr, and returns the exit code: 0 done, 1 the answer is "no", 2 usage or
// environment.
namespace gatehouse::cli {

using Arguments = std::span<const std::string_view>;

int runScan(Arguments arguments);
int runRedact(Arguments arguments);
int runRestore(Arguments arguments);
int runDetectors(Arguments arguments);
int runData(Arguments arguments);
int runPolicy(Arguments arguments);
int runAudit(Arguments arguments);
int runDevice(Arguments arguments);
int runEnrol(Arguments arguments);
int runProviders(Arguments arguments);
int runBrowserPolicy(Arguments arguments);
int runServe(Arguments arguments);
int runModels(Arguments arguments);
int runStatus(Arguments arguments);
int runDoctor(Arguments arguments);
int runToken(Arguments arguments);

} // namespace gatehouse::cli
