// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "sync/collector_link.h"
#include "sync/device.h"

// How a device gets its certificate from a collector that issues them, and a new one before it runs out. Format:
// docs/collector.md, "Enrolment".
namespace gatehouse::sync {

// Sends the token and a request by `link` (which needs no certificate) and keeps what comes back, after a look that it
// is for this device's key and name. Errors are sentences that say what to do next: denied (the token does not count),
// notFound (the collector issues none), unavailable and timedOut (try again), invalidInput (the answer).
[[nodiscard]] Result<> enrol(secrets::SecretStore& store, const Device& device, std::string_view token,
                             CollectorLink& link);

// The collector's key for receipts (PEM) as it was told at enrolment; empty when none was.
std::string readReceiptKey(secrets::SecretStore& store);

enum class CertificateAge { good, due, over };
// due: two thirds of its life are over; then renew() is asked for at each round until it is done.
CertificateAge ageOf(const cms::CertificateFacts& certificate, WallTime now);

// The same with the certificate that is still good. notFound: whoever issued it must renew it.
[[nodiscard]] Result<> renew(secrets::SecretStore& store, const Device& device, CollectorLink& link);

// A token as people copy it: without the blanks around it. invalidInput when it cannot be one.
[[nodiscard]] Result<std::string> readToken(std::string_view text);

} // namespace gatehouse::sync
