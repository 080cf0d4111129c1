// SPDX-License-Identifier: Apache-2.0
#include "policy/load.h"

#include "base/crypto.h"
#include "base/log.h"
#include "base/time_text.h"
#include "cms/cms.h"
#include "policy/source_file.h"

namespace gatehouse::policy {
namespace {

constexpr std::size_t kMaxFiles = 64;
constexpr std::size_t kMaxSource = 4UL * 1024UL * 1024UL;
constexpr std::size_t kMaxSigners = 256UL * 1024UL;
// Clocks of the machine that signs and of this one may differ a little.
constexpr auto kClockSlack = std::chrono::minutes(10);

bool isBundle(std::string_view path) {
    return path.ends_with(".p7") || path.ends_with(".p7m") || path.ends_with(".cms");
}

// One ratchet for signed policies wherever the bundle lies, and one for plain files of each kind, so that a person's
// own file can never use up the serials of the organisation's.
std::string markKey(SourceKind kind, bool isSigned, const std::string& id) {
    return std::string(isSigned ? "signed" : sourceKindWord(kind)) + ":" + id;
}

std::string dateOf(WallTime time) {
    return formatTime(time).substr(0, 10);
}

} // namespace

Loader::Loader(const StoreOptions& options, HighWater& highWater, WallTime now)
    : m_options(options)
    , m_highWater(highWater)
    , m_now(highWater.effectiveNow(now)) {}

std::vector<SourceReport> Loader::loadAll() {
    std::vector<SourceReport> reports;
    if (!m_options.machineFolder.empty()) {
        const auto names = listTrustedFolder(m_options.machineFolder, kMaxFiles);
        if (!names && names.error().kind != ErrorKind::notFound) {
            SourceReport report;
            report.kind = SourceKind::machine;
            report.path = m_options.machineFolder;
            fallBack(report, names.error());
            reports.push_back(std::move(report));
        }
        for (const SourceKind kind : {SourceKind::machine, SourceKind::bundle}) {
            for (const std::string& name : names.value_or(std::vector<std::string>{})) {
                const bool isWanted = kind == SourceKind::bundle ? isBundle(name) : name.ends_with(".json");
                if (isWanted && !name.starts_with('.')) {
                    reports.push_back(loadSource(kind, m_options.machineFolder + "/" + name));
                }
            }
        }
    }
    const std::string fromCollector = collectorBundle(m_options.dataFolder);
    if (!m_options.machineFolder.empty() && stampOf(fromCollector) != FileStamp{}) {
        reports.push_back(loadSource(SourceKind::bundle, fromCollector));
    }
    const bool isThere = stampOf(m_options.userFile) != FileStamp{};
    if (!m_options.userFile.empty() && (isThere || m_options.isUserFileRequired)) {
        reports.push_back(loadSource(SourceKind::user, m_options.userFile));
    }
    return reports;
}

SourceReport Loader::loadSource(SourceKind kind, const std::string& path) {
    SourceReport report;
    report.kind = kind;
    report.path = path;
    auto bytes = readTrustedFile(path, kMaxSource);
    if (!bytes) {
        fallBack(report, bytes.error());
        return report;
    }
    auto opened = open(std::move(*bytes), path, m_now, report.faults);
    if (!opened) {
        fallBack(report, opened.error());
        return report;
    }
    const Policy& policy = *opened->policy;
    const std::string key = markKey(kind, isBundle(path), policy.id());
    if (const auto admitted = m_highWater.admit(key, policy.serial(), opened->hash); !admitted) {
        fallBack(report, admitted.error());
        return report;
    }
    if (const auto valid = checkDates(policy); !valid) {
        fallBack(report, valid.error());
        return report;
    }
    if (const auto kept = m_highWater.accept(key, policy.serial(), opened->hash, path, opened->bytes); !kept) {
        // The document holds all the same; what is lost is the way back to it.
        logWarning("policy", "the last good copy cannot be kept: {}", kept.error().what);
    }
    report.signer = std::move(opened->signer);
    report.policy = std::move(opened->policy);
    return report;
}

// `signedAt` is the time at which the signer's certificate must be valid.
Result<Loader::Opened> Loader::open(std::string bytes, const std::string& path, WallTime signedAt,
                                    std::vector<Fault>& faults) const {
    Opened opened;
    std::string document = bytes;
    if (isBundle(path)) {
        const auto signers = readTrustedFile(m_options.machineFolder + "/signers.pem", kMaxSigners);
        if (!signers) {
            return fail(ErrorKind::denied, "signers.pem, which says whose signature counts: " + signers.error().what);
        }
        GH_TRY(cms::Verified verified, cms::verify(bytes, {*signers}, signedAt));
        document = std::move(verified.content);
        opened.signer = std::move(verified.signer);
    }
    opened.hash = sha256Hex(document);
    opened.bytes = std::move(bytes);
    GH_TRY(opened.policy, Policy::compile(document, &faults));
    if (isBundle(path) && opened.policy->serial() == 0) {
        return fail(ErrorKind::invalidInput, "a signed policy needs \"serial\" in \"meta\"");
    }
    return opened;
}

Result<> Loader::checkDates(const Policy& policy) {
    if (policy.issued() && *policy.issued() > m_now + kClockSlack) {
        noteChange(*policy.issued() - kClockSlack);
        return fail(ErrorKind::denied, "it begins to hold on " + dateOf(*policy.issued()));
    }
    if (policy.expires() && *policy.expires() <= m_now) {
        return fail(ErrorKind::denied, "it expired on " + dateOf(*policy.expires()));
    }
    if (policy.expires()) {
        noteChange(*policy.expires());
    }
    return {};
}

// The kept copy is verified and compiled like any source, as of the time at which it was accepted: its own dates and
// those of its signer's certificate do not count any more, who signed it does.
void Loader::fallBack(SourceReport& report, const Error& why) {
    report.state = SourceState::strictDefault;
    report.problem = why.what;
    std::string holds = "the built-in strict default holds";
    if (auto copy = m_highWater.lastGood(report.path)) {
        std::vector<Fault> ignored;
        const auto opened = open(std::move(copy->bytes), report.path, copy->accepted, ignored);
        if (opened && m_highWater.admit(markKey(report.kind, isBundle(report.path), opened->policy->id()),
                                        opened->policy->serial(), opened->hash)) {
            report.state = SourceState::lastGood;
            report.policy = opened->policy;
            report.signer = opened->signer;
            holds = "the last good one holds (serial " + std::to_string(report.policy->serial()) + ")";
        }
    }
    if (!report.policy) {
        report.policy = Policy::builtInDefault();
    }
    report.problem += "; " + holds;
}

void Loader::noteChange(WallTime time) {
    if (!m_nextChange || time < *m_nextChange) {
        m_nextChange = time;
    }
}

} // namespace gatehouse::policy
