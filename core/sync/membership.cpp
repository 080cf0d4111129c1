// SPDX-License-Identifier: Apache-2.0
#include "sync/membership.h"

#include <fmt/chrono.h>

#include "base/log.h"
#include "platform/secure_file.h"
#include "sync/enrolment.h"

namespace gatehouse::sync {
namespace {

constexpr std::size_t kMaxTokenFile = 4096;
constexpr std::string_view kNoCertificate =
    "this device has no certificate yet: gatehousectl enrol --token TOKEN gets one, or gatehousectl device request "
    "makes the request for one";

std::string dayOf(WallTime time) {
    return fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

bool isElsewhere(const Error& error) {
    return error.kind == ErrorKind::unavailable || error.kind == ErrorKind::timedOut;
}

} // namespace

Result<Standing> Membership::prepare(const MembershipSettings& settings) {
    const auto certificate = readCertificate(m_secrets);
    if (!certificate && certificate.error().kind != ErrorKind::notFound) {
        return std::unexpected(certificate.error());
    }
    if (!certificate) {
        return enrolByFile(settings, std::string(kNoCertificate));
    }
    GH_TRY(const cms::CertificateFacts facts, cms::readCertificateFacts(*certificate));
    switch (ageOf(facts, m_clock.wall())) {
    case CertificateAge::good:
        return Standing{*certificate, {}};
    case CertificateAge::due:
        return renewed(settings, *certificate, facts);
    case CertificateAge::over:
        break;
    }
    return enrolByFile(settings,
                       fmt::format("this device's certificate ran out at {}: gatehousectl enrol --token TOKEN "
                                   "gets a new one",
                                   dayOf(facts.notAfter)));
}

Result<Standing> Membership::enrolByFile(const MembershipSettings& settings, const std::string& otherwise) {
    if (settings.tokenFile.empty()) {
        return Standing{{}, otherwise};
    }
    const auto text = platform::readFile(settings.tokenFile, kMaxTokenFile);
    const auto token = text ? readToken(textOf(*text)) : std::unexpected(text.error());
    if (!token) {
        return Standing{{}, otherwise + " (the policy's enrolment_token_file: " + token.error().what + ")"};
    }
    const Sha256Digest hash = sha256(bytesOf(*token));
    if (m_refusedToken == hash) {
        return Standing{{}, m_refusal};
    }
    GH_TRY(const Device device, obtainDevice(m_secrets));
    GH_TRY(const auto link, makeCollectorLink({settings.url, settings.caPem, {}, {}}, m_isCancelled));
    if (const auto done = enrol(m_secrets, device, *token, *link); !done) {
        if (!isElsewhere(done.error())) {
            m_refusedToken = hash;
            m_refusal = "the token of enrolment_token_file: " + done.error().what;
            return Standing{{}, m_refusal};
        }
        return Standing{{}, done.error().what, true};
    }
    logInfo("sync", "this device is enrolled");
    GH_TRY(std::string certificate, readCertificate(m_secrets));
    return Standing{std::move(certificate), {}};
}

Standing Membership::renewed(const MembershipSettings& settings, const std::string& certificate,
                             const cms::CertificateFacts& facts) {
    const auto attempt = [&]() -> Result<std::string> {
        GH_TRY(const Device device, obtainDevice(m_secrets));
        GH_TRY(SecureBytes key, device.key.pem());
        GH_TRY(const auto link,
               makeCollectorLink({settings.url, settings.caPem, certificate, std::move(key)}, m_isCancelled));
        GH_CHECK(renew(m_secrets, device, *link));
        return readCertificate(m_secrets);
    };
    const auto fresh = attempt();
    if (fresh) {
        logInfo("sync", "this device's certificate is renewed");
        return {*fresh, {}};
    }
    const bool isOthers = fresh.error().kind == ErrorKind::notFound; // nothing to tell before IT forgets it
    return {certificate, isOthers ? std::string()
                                  : fmt::format("the certificate runs out at {} and is not renewed yet: {}",
                                                dayOf(facts.notAfter), fresh.error().what)};
}

} // namespace gatehouse::sync
