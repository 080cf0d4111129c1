// SPDX-License-Identifier: Apache-2.0
// gatehouse-native-host: started by the browser, relays its messages to the agent of the same user. No message of a
// page is looked at or kept here. Exit codes: 0 the browser left, 1 broken frames or pipes, 2 not started by a browser
// for our extension.
#include <csignal>
#include <cstdio>
#include <string_view>
#include <vector>

#include <unistd.h>

#include "caller.h"
#include "ipc/endpoint.h"
#include "relay.h"

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    const std::vector<std::string_view> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
    const auto origin = gatehouse::host::callerOrigin(arguments);
    // A parent that is not ours to see (a browser in a sandbox) is named by its arguments alone.
    const auto parent = gatehouse::ipc::describeProcess(::getppid());
    if (!origin || (parent.isKnown && !gatehouse::host::isBrowser(parent.executable))) {
        std::fputs(
            "gatehouse-native-host: a browser starts this program for the Gatehouse extension; there is nothing to "
            "run by hand. See docs/formats/native-message.md.\n",
            stderr);
        return 2;
    }
    gatehouse::host::Relay relay({
        .socketPath = gatehouse::ipc::defaultSocketPath(),
        .origin = std::string(*origin),
        .version = GATEHOUSE_VERSION,
    });
    return relay.run() == gatehouse::host::RelayEnd::browserLeft ? 0 : 1;
}
