// SPDX-License-Identifier: Apache-2.0
#include "limits/limits.h"

#include <chrono>
#include <deque>
#include <map>

namespace gatehouse::limits {
namespace {

constexpr std::chrono::seconds kWindow{60};
constexpr std::size_t kTrackedClients = 4096; // above it, idle clients are forgotten first

struct State {
    struct Client {
        std::size_t running = 0;
        std::deque<MonotonicTime> starts; // of the last minute, only while a rate cap holds
    };
    std::map<std::string, Client, std::less<>> clients;
    std::size_t running = 0;

    void forgetIdle(MonotonicTime now) {
        std::erase_if(clients, [now](const auto& entry) {
            const Client& client = entry.second;
            return client.running == 0 && (client.starts.empty() || client.starts.back() + kWindow <= now);
        });
    }
};

class RunningTicket final : public Ticket {
public:
    RunningTicket(std::shared_ptr<State> state, std::string client)
        : m_state(std::move(state))
        , m_client(std::move(client)) {}
    RunningTicket(const RunningTicket&) = delete;
    RunningTicket& operator=(const RunningTicket&) = delete;
    ~RunningTicket() override {
        --m_state->running;
        const auto found = m_state->clients.find(m_client);
        if (found != m_state->clients.end()) {
            --found->second.running;
        }
    }

private:
    std::shared_ptr<State> m_state; // shared, so that a ticket may outlive its gate
    std::string m_client;
};

class CountingGate final : public Gate {
public:
    explicit CountingGate(const Clock& clock) : m_clock(clock) {}

    Result<std::unique_ptr<Ticket>> enter(std::string_view name, const Caps& caps) override {
        const MonotonicTime now = m_clock.monotonic();
        if (m_state->clients.size() >= kTrackedClients) {
            m_state->forgetIdle(now);
        }
        State::Client& client = m_state->clients[std::string(name)];
        if (m_state->running >= caps.running || client.running >= caps.runningPerClient) {
            return fail(ErrorKind::limit, "too many requests are running", 1);
        }
        if (caps.requestsPerMinute > 0) {
            while (!client.starts.empty() && client.starts.front() + kWindow <= now) {
                client.starts.pop_front();
            }
            if (client.starts.size() >= caps.requestsPerMinute) {
                const auto wait = std::chrono::ceil<std::chrono::seconds>(client.starts.front() + kWindow - now);
                return fail(ErrorKind::limit, "requests per minute above the cap", static_cast<int>(wait.count()));
            }
            client.starts.push_back(now);
        }
        ++client.running;
        ++m_state->running;
        return std::make_unique<RunningTicket>(m_state, std::string(name));
    }

    [[nodiscard]] std::size_t running() const override { return m_state->running; }

private:
    const Clock& m_clock;
    std::shared_ptr<State> m_state = std::make_shared<State>();
};

} // namespace

std::unique_ptr<Gate> Gate::create(const Clock& clock) {
    return std::make_unique<CountingGate>(clock);
}

} // namespace gatehouse::limits
