// SPDX-License-Identifier: Apache-2.0
#include "sync/uploader.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/crypto.h"
#include "base/log.h"
#include "platform/thread_name.h"
#include "sync/enrolment.h"
#include "sync/log_watch.h"
#include "sync/membership.h"

namespace gatehouse::sync {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kFirstRetry{2000};
constexpr milliseconds kLastRetry{15 * 60 * 1000};
constexpr milliseconds kLongestStart{10 * 60 * 1000};
constexpr milliseconds kLookAgain{5000}; // for a policy that names a collector, or a certificate

milliseconds randomPart(milliseconds whole) {
    std::uint32_t dice = 0;
    const Bytes bytes = randomBytes(sizeof(dice));
    for (const std::uint8_t byte : bytes) {
        dice = (dice << 8U) | byte;
    }
    return milliseconds(static_cast<std::int64_t>(dice) % std::max<std::int64_t>(whole.count(), 1));
}

class LiveUploader final : public Uploader {
public:
    explicit LiveUploader(UploaderParts parts)
        : m_parts(std::move(parts))
        , m_pulse(m_parts.policyHolder)
        , m_membership(m_parts.secrets, m_parts.clock, m_isStopping) {
        m_thread = std::thread([this] { run(); });
        platform::nameThread(m_thread, "sync");
    }

    ~LiveUploader() override {
        {
            const std::scoped_lock lock(m_mutex);
            m_isStopping = true;
        }
        m_wake.notify_one();
        m_thread.join();
    }

private:
    void run() {
        const auto first = m_parts.settings();
        bool mustGo = wait(randomPart(std::min(kLongestStart, milliseconds(first ? first->interval : seconds(0)) / 4)));
        while (mustGo) {
            const auto settings = m_parts.settings();
            const bool isWanted = settings && !settings->url.empty();
            const DeliveryReport report =
                isWanted ? round(*settings) : DeliveryReport{.state = SyncState::off, .problem = {}};
            if (m_isStopping) {
                return;
            }
            tell(report);
            m_waiting = report.waiting;
            const milliseconds pause = pauseAfter(report, isWanted ? milliseconds(settings->interval) : kLookAgain);
            const bool isReached = report.state == SyncState::upToDate || report.state == SyncState::conflict;
            mustGo = isReached ? waitAndBeat(pause, *settings) : wait(pause);
        }
    }

    DeliveryReport round(const UploadSettings& settings) {
        const auto standing = m_membership.prepare({settings.url, settings.caPem, settings.enrolmentTokenFile});
        if (!standing) {
            return {.state = SyncState::failed, .problem = standing.error().what};
        }
        if (standing->certificatePem.empty()) {
            return {.state = standing->isElsewhere ? SyncState::waiting : SyncState::notEnrolled,
                    .problem = standing->problem};
        }
        auto report = send(settings, standing->certificatePem);
        for (const std::string& problem : {standing->problem, m_pulse.policyProblem()}) {
            if (report && report->problem.empty()) {
                report->problem = problem;
            }
        }
        return report ? *report : DeliveryReport{.state = SyncState::failed, .problem = report.error().what};
    }

    Result<DeliveryReport> send(const UploadSettings& settings, const std::string& certificate) {
        GH_TRY(const Device device, obtainDevice(m_parts.secrets));
        GH_TRY(SecureBytes key, device.key.pem());
        GH_TRY(const auto link,
               makeCollectorLink({settings.url, settings.caPem, certificate, std::move(key)}, m_isStopping));
        GH_TRY(const auto chain, audit::ChainReader::open(m_parts.dataFolder, m_parts.secrets));
        const auto beaten = beat(*link, device, *chain, settings);
        GH_TRY(Outbox outbox, Outbox::open(m_parts.dataFolder));
        CutOptions options;
        options.auditorsPem = settings.auditorsPem;
        options.hasTexts = settings.hasTexts;
        options.clear = settings.clear;
        options.spoolBytes = settings.spoolBytes;
        options.policySerial = settings.policySerial;
        options.nowMs = nowMs();
        const std::string receiptKey =
            settings.receiptKeyPem.empty() ? readReceiptKey(m_parts.secrets) : settings.receiptKeyPem;
        std::optional<LogWatch> watch;
        KeepReceipt keep;
        if (!settings.logKey.empty()) {
            GH_TRY(watch, LogWatch::open(m_parts.dataFolder, settings.logKey));
            keep = [&watch, &options](ByteView receipt) {
                return watch->note(ledger::hashLeaf(receipt), options.nowMs);
            };
        }
        DeliveryReport report = deliver(*chain, outbox, device, options, receiptKey, *link, keep);
        if (!beaten && report.state == SyncState::upToDate) {
            judgeSilence(beaten.error(), report);
        }
        const bool isReached = report.state == SyncState::upToDate || report.state == SyncState::conflict;
        if (watch && isReached) {
            GH_CHECK(followLog(*watch, *link, options.nowMs, report));
        }
        return report;
    }

    static bool isElsewhere(const Error& error) {
        return error.kind == ErrorKind::unavailable || error.kind == ErrorKind::timedOut;
    }

    static bool tellsOfDevice(const Error& error) { return isElsewhere(error) || error.kind == ErrorKind::denied; }

    // Where there was nothing to send, the heartbeat alone knows how the device stands.
    static void judgeSilence(const Error& error, DeliveryReport& report) {
        if (tellsOfDevice(error)) {
            report.state = isElsewhere(error) ? SyncState::waiting : SyncState::notEnrolled;
            report.problem = error.what;
        }
    }

    // A log that is not to be believed is a conflict; one that cannot be asked now is asked in the next round.
    static Result<> followLog(LogWatch& watch, CollectorLink& link, std::int64_t nowMs, DeliveryReport& report) {
        const auto log = watch.check(link, nowMs);
        if (!log) {
            return isElsewhere(log.error()) ? Result<>() : std::unexpected(log.error());
        }
        report.logSize = log->size;
        report.unproven = log->unproven;
        if (!log->problem.empty() && report.state == SyncState::upToDate) {
            report.state = SyncState::conflict;
            report.problem = log->problem;
        }
        return {};
    }

    [[nodiscard]] std::int64_t nowMs() const {
        return std::chrono::duration_cast<milliseconds>(m_parts.clock.wall().time_since_epoch()).count();
    }

    // A heartbeat that does not arrive delays nothing; the collector notices that it is missing.
    Result<> beat(CollectorLink& link, const Device& device, audit::ChainReader& chain,
                  const UploadSettings& settings) {
        const PulseFacts facts{.version = m_parts.version,
                               .keyProtection = std::string(keyProtectionWord(m_parts.secrets.protection())),
                               .state = std::string(syncStateWord(m_lastState)),
                               .policySerial = settings.policySerial,
                               .waiting = m_waiting,
                               .nowMs = nowMs()};
        const auto done = m_pulse.beat(link, device, chain, facts);
        if (!done && m_isBeating && !m_isStopping) { // said once
            logWarning("sync", "no heartbeat: {}", done.error().what);
        }
        m_isBeating = done.has_value();
        return done;
    }

    // One of its own between two rounds. The connection is not held open: a collector has many devices.
    Result<> beatAlone(const UploadSettings& settings) {
        GH_TRY(const std::string certificate, readCertificate(m_parts.secrets));
        GH_TRY(const Device device, obtainDevice(m_parts.secrets));
        GH_TRY(SecureBytes key, device.key.pem());
        GH_TRY(const auto link,
               makeCollectorLink({settings.url, settings.caPem, certificate, std::move(key)}, m_isStopping));
        GH_TRY(const auto chain, audit::ChainReader::open(m_parts.dataFolder, m_parts.secrets));
        return beat(*link, device, *chain, settings);
    }

    // Waits, with a heartbeat each time that one is due. False when the thread must end.
    bool waitAndBeat(milliseconds time, const UploadSettings& first) {
        const milliseconds step = std::max<milliseconds>(first.heartbeat, seconds(1));
        for (; time > step; time -= step) {
            if (!wait(step)) {
                return false;
            }
            const auto settings = m_parts.settings();
            if (!settings || settings->url != first.url) {
                return true; // the next round sees to it
            }
            if (const auto beaten = beatAlone(*settings); !beaten && tellsOfDevice(beaten.error())) {
                return true; // a round of its own tells it, now and not at its time
            }
        }
        return wait(time);
    }

    void tell(const DeliveryReport& report) {
        if (report.state != m_lastState) {
            logInfo("sync", "{}{}{}", syncStateWord(report.state), report.problem.empty() ? "" : ": ", report.problem);
            m_lastState = report.state;
        }
        m_parts.report(report);
    }

    milliseconds pauseAfter(const DeliveryReport& report, milliseconds interval) {
        switch (report.state) {
        case SyncState::off:
        case SyncState::notEnrolled:
            return std::min(interval, kLookAgain);
        case SyncState::upToDate:
        case SyncState::conflict:
            m_retry = kFirstRetry;
            return interval - randomPart(interval / 10);
        case SyncState::waiting:
        case SyncState::failed:
            break;
        }
        const milliseconds pause = kFirstRetry / 4 + randomPart(m_retry);
        m_retry = std::min(2 * m_retry, kLastRetry);
        return std::max<milliseconds>(pause, seconds(report.retryAfterSeconds));
    }

    // False when the thread must end.
    bool wait(milliseconds time) {
        std::unique_lock lock(m_mutex);
        m_wake.wait_for(lock, time, [this] { return m_isStopping.load(); });
        return !m_isStopping;
    }

    UploaderParts m_parts;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::atomic<bool> m_isStopping{false};
    Pulse m_pulse; // the thread's own, as what follows
    std::uint64_t m_waiting = 0;
    bool m_isBeating = true;
    Membership m_membership;
    milliseconds m_retry = kFirstRetry;
    SyncState m_lastState = SyncState::off;
    std::thread m_thread; // last: starts when the rest is there
};

} // namespace

std::unique_ptr<Uploader> Uploader::start(UploaderParts parts) {
    return std::make_unique<LiveUploader>(std::move(parts));
}

} // namespace gatehouse::sync
