// SPDX-License-Identifier: Apache-2.0
#include "upkeep.h"

#include <chrono>

#include "audit/erase_request.h"
#include "base/log.h"
#include "identity/identity.h"
#include "platform/thread_name.h"

namespace gatehouse::app {
namespace {

using namespace std::chrono_literals;

constexpr auto kLookEvery = 1s;
constexpr auto kFirstRetention = 5s; // after the start, when people wait for other things
constexpr auto kRetentionEvery = 1h;
constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;
constexpr std::uint64_t kMegabyte = 1024ULL * 1024ULL;

} // namespace

Upkeep::Upkeep(Foundation& foundation) : m_foundation(foundation) {
    m_thread = std::thread([this] { run(); });
    platform::nameThread(m_thread, "upkeep");
}

Upkeep::~Upkeep() {
    {
        const std::scoped_lock lock(m_mutex);
        m_isStopping = true;
    }
    m_wake.notify_all();
    m_thread.join();
}

void Upkeep::run() {
    auto retentionAt = std::chrono::steady_clock::now() + kFirstRetention;
    while (true) {
        {
            std::unique_lock lock(m_mutex);
            if (m_wake.wait_for(lock, kLookEvery, [this] { return m_isStopping; })) {
                return;
            }
        }
        carryOutRequest();
        if (std::chrono::steady_clock::now() >= retentionAt) {
            keepRetention();
            retentionAt = std::chrono::steady_clock::now() + kRetentionEvery;
        }
    }
}

void Upkeep::carryOutRequest() {
    const std::string& folder = m_foundation.dataFolder;
    auto request = audit::takeErasureRequest(folder);
    if (!request) {
        logWarning("agent", "{}", request.error().what);
        return;
    }
    if (!*request) {
        return;
    }
    (*request)->wish.wisher = identity::currentPerson();
    const auto report = erase((*request)->wish);
    if (const auto answered = audit::answerErasure(folder, (*request)->id, report); !answered) {
        logWarning("agent", "the answer to a request to erase cannot be written");
    }
}

void Upkeep::keepRetention() {
    const auto policies = m_foundation.rules->get()->policy;
    const policy::AuditSettings& settings = policies->audit();
    audit::ErasureWish wish;
    wish.isRetention = true;
    if (policies->sync() && policies->sync()->hasTexts && !policies->sync()->url.empty()) {
        wish.upTo = m_foundation.delivered.load(); // the collector gets them first
    }
    if (settings.retentionDays > 0) {
        const auto now =
            std::chrono::duration_cast<std::chrono::milliseconds>(m_foundation.clock.wall().time_since_epoch());
        audit::ErasureWish tooOld = wish;
        tooOld.beforeMs = now.count() - kDayMs * settings.retentionDays;
        keep(tooOld);
    }
    if (settings.retentionMegabytes > 0) {
        audit::ErasureWish tooMuch = wish;
        tooMuch.keepBytes = kMegabyte * settings.retentionMegabytes;
        keep(tooMuch);
    }
}

Result<audit::ErasureReport> Upkeep::erase(const audit::ErasureWish& wish) {
    return m_foundation.audit->erase(wish, [this] {
        const std::scoped_lock lock(m_mutex);
        return m_isStopping;
    });
}

void Upkeep::keep(const audit::ErasureWish& wish) {
    const auto report = erase(wish);
    if (!report) {
        logWarning("agent", "retention waits: {}", report.error().what);
    } else if (report->records > 0) {
        logInfo("agent", "retention erased the texts of {} records", report->records);
    }
}

} // namespace gatehouse::app
