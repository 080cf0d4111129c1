// SPDX-License-Identifier: Apache-2.0
#include "background.h"

#include <future>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.h"
#include "rules_loader.h"

namespace gatehouse::app {
namespace {

constexpr std::chrono::seconds kPolicyEvery{2};
constexpr std::chrono::seconds kModelsEvery{30};
constexpr std::chrono::seconds kRetryEvery{15};

} // namespace

struct Background::State : std::enable_shared_from_this<Background::State> {
    State(Foundation& foundation_, Services& services_, asio::any_io_executor executor_, Owner& owner_)
        : foundation(foundation_)
        , services(services_)
        , executor(std::move(executor_))
        , owner(owner_)
        , policyTimer(executor)
        , modelsTimer(executor)
        , retryTimer(executor) {}

    Foundation& foundation;
    Services& services;
    asio::any_io_executor executor;
    Owner& owner;
    asio::steady_timer policyTimer;
    asio::steady_timer modelsTimer;
    asio::steady_timer retryTimer;
    asio::thread_pool worker{1};
    bool isStopping = false;
    int running = 0; // loops that have not ended
    std::promise<void> ended;
};

// The loops take the state as a template, because it is private to Background.
namespace loops {

// Waits; false when the loop must end.
template <class State>
Task<bool> pause(std::shared_ptr<State> state, asio::steady_timer& timer, std::chrono::seconds time) {
    if (state->isStopping) {
        co_return false;
    }
    timer.expires_after(time);
    boost::system::error_code cancelled;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    co_return !state->isStopping;
}

void recordPolicyChange(Foundation& foundation, const policy::PolicySet& policies) {
    AuditRecord record;
    record.kind = RecordKind::event;
    record.person = identity::currentPerson();
    record.policyId = policies.primary().id();
    record.policySerial = policies.primary().serial();
    record.outcome = policies.problem().empty() ? "policy_changed" : "policy_problem";
    if (!foundation.writer->enqueue(std::move(record))) {
        logWarning("agent", "the change of policy could not be recorded");
    }
}

Task<Result<std::shared_ptr<const governance::Rules>>> compile(std::shared_ptr<const policy::PolicySet> policies,
                                                               std::shared_ptr<const governance::Rules> previous,
                                                               std::vector<std::string> folders) {
    co_return makeRules(std::move(policies), previous.get(), folders);
}

template <class State>
Task<> watchPolicy(std::shared_ptr<State> state) {
    for (;;) {
        const bool goesOn = co_await pause(state, state->policyTimer, kPolicyEvery);
        if (!goesOn) {
            break;
        }
        if (!state->foundation.policies->check()) {
            continue;
        }
        const auto policies = state->foundation.policies->current();
        const auto previous = state->foundation.rules->get();
        const auto rules = co_await asio::co_spawn(
            state->worker, compile(policies, previous, state->foundation.registeredFolders), asio::use_awaitable);
        if (state->isStopping) {
            break;
        }
        if (!rules) {
            // The rules before stay in force: both halves of them still belong together. People are told.
            logError("agent", "the new policy's detectors cannot be used: {}", rules.error().what);
            auto kept = std::make_shared<governance::Rules>(*previous);
            kept->policy = previous->policy->withProblem("the policy before holds: the new one's detectors cannot be "
                                                         "used: " +
                                                         rules.error().what);
            state->foundation.rules->set(kept);
            recordPolicyChange(state->foundation, *kept->policy);
            state->owner.changed();
            continue;
        }
        state->foundation.rules->set(*rules);
        recordPolicyChange(state->foundation, *policies);
        if (!policies->problem().empty()) {
            logWarning("agent", "policy: {}", policies->problem());
        }
        logInfo("agent", "policy {} serial {} holds now", policies->primary().id(), policies->primary().serial());
        state->owner.rulesChanged();
        state->owner.changed();
    }
}

template <class State>
Task<> refreshModels(std::shared_ptr<State> state) {
    for (;;) {
        // Named values: GCC 12 mishandles temporaries inside co_await.
        const std::shared_ptr<const governance::Rules> rules = state->foundation.rules->get();
        const std::shared_ptr<const policy::PolicySet> policies = rules->policy;
        co_await state->services.registry->refresh(policies);
        const bool goesOn = co_await pause(state, state->modelsTimer, kModelsEvery);
        if (!goesOn) {
            break;
        }
    }
}

Task<Result<>> reopen(audit::AuditStore& store) {
    co_return store.retry();
}

template <class State>
Task<> retry(std::shared_ptr<State> state) {
    for (;;) {
        const bool goesOn = co_await pause(state, state->retryTimer, kRetryEvery);
        if (!goesOn) {
            break;
        }
        if (state->foundation.audit->state() != audit::StoreState::ready) {
            const auto opened =
                co_await asio::co_spawn(state->worker, reopen(*state->foundation.audit), asio::use_awaitable);
            if (opened) {
                logInfo("agent", "the audit is open again");
            }
        }
        if (state->isStopping) {
            break;
        }
        state->owner.retryGateway();
        state->owner.changed();
    }
}

} // namespace loops

Background::Background() = default;

Background::~Background() {
    stop();
}

void Background::start(Foundation& foundation, Services& services, const asio::any_io_executor& executor,
                       Owner& owner) {
    m_state = std::make_shared<State>(foundation, services, executor, owner);
    const auto onEnd = [state = m_state](const std::exception_ptr& failure) {
        if (failure != nullptr) {
            logError("agent", "a background task ended with an exception");
        }
        if (--state->running == 0) {
            state->ended.set_value();
        }
    };
    m_state->running = 3;
    asio::co_spawn(executor, loops::watchPolicy(m_state), onEnd);
    asio::co_spawn(executor, loops::refreshModels(m_state), onEnd);
    asio::co_spawn(executor, loops::retry(m_state), onEnd);
}

void Background::stop() {
    if (!m_state) {
        return;
    }
    const auto state = std::move(m_state);
    asio::post(state->executor, [state] {
        state->isStopping = true;
        state->policyTimer.cancel();
        state->modelsTimer.cancel();
        state->retryTimer.cancel();
    });
    state->ended.get_future().wait();
    state->worker.join();
}

} // namespace gatehouse::app
