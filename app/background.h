// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "services.h"

namespace gatehouse::app {

// What the agent does by itself: looks for changed policies every two seconds, refreshes the lists of local models,
// tries a taken port and a locked store again. Timers run on gw-io; what blocks (compiling, the keyring) on a thread of
// its own.
class Background final {
public:
    // The agent, told on gw-io.
    class Owner {
    public:
        virtual ~Owner() = default;
        virtual void retryGateway() = 0;
        virtual void rulesChanged() = 0;
        virtual void changed() = 0; // something that status() tells may be different now
    };

    Background();
    ~Background();
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

    // On gw-io. Everything given must stay until stop() has returned.
    void start(Foundation& foundation, Services& services, const asio::any_io_executor& executor, Owner& owner);
    // Ends the timers and joins the thread; not from gw-io. Idempotent.
    void stop();

private:
    struct State;
    std::shared_ptr<State> m_state;
};

} // namespace gatehouse::app
