// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/async.h"
#include "base/clock.h"
#include "base/result.h"
#include "bridge/clipboard_port.h"
#include "governance/governor.h"
#include "types/interaction.h"

// The browser's door into the agent: a local stream socket (folder 0700, socket 0600) that the native host connects to.
// Each connection is a session: it attaches, says hello, then asks for verdicts, which are answered as they become
// ready. The socket's other end must run as the same OS user. gw-io thread, all of it. Format:
// docs/formats/native-message.md.
namespace gatehouse::bridge {

struct BridgeOptions {
    std::string socketPath;   // empty: ipc::defaultSocketPath() (GATEHOUSE_SOCKET, else XDG_RUNTIME_DIR)
    Person person;            // on whose behalf the pages of this session send; identity::currentPerson()
    std::string agentVersion; // told to the extension
    // Shows the text in the chat window, for a model on this computer; called on gw-io. Empty: there are no windows.
    std::function<void(std::string text)> openChat;
    ClipboardPort* clipboard = nullptr; // null: pastes are only looked at when they happen. Outlives the bridge
};

class Bridge {
public:
    // Listens. conflict when another agent answers at the path, denied when folder or path are not safely ours (see
    // ipc::prepareSocketPath). `governor` and `clock` must outlive every coroutine of `executor`'s context; `executor`
    // must run its handlers on one thread.
    [[nodiscard]] static Result<std::unique_ptr<Bridge>> start(BridgeOptions options, governance::Governor& governor,
                                                               const Clock& clock, asio::any_io_executor executor);

    // Stops as stop() does.
    virtual ~Bridge() = default;
    [[nodiscard]] virtual const std::string& socketPath() const = 0;
    // Tells every browser the policy that holds now (sites, fail mode, revision). Call after each change of the rules.
    virtual void policyChanged() = 0;
    // Connections that are open now.
    [[nodiscard]] virtual std::size_t sessionCount() const = 0;
    // Closes the socket, removes it and ends every session; what waits for a person is recorded as refused. Idempotent.
    virtual void stop() = 0;
};

} // namespace gatehouse::bridge
