// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "policy/policy.h"
#include "sync/uploader.h"

namespace gatehouse::app {

// The policy room knows the words, the ledger what they stand for.
inline std::vector<ledger::ClearField> clearFields(const policy::SyncSettings& from) {
    std::vector<ledger::ClearField> fields;
    for (const std::string& word : from.clear) {
        if (const auto field = ledger::clearFieldFromWord(word)) {
            fields.push_back(*field);
        }
    }
    return fields;
}

// What the policy says, in the words of the room that sends; nullopt when it names no collector.
inline std::optional<sync::UploadSettings> uploadSettings(const policy::PolicySet& policies) {
    if (!policies.sync() || policies.sync()->url.empty()) {
        return std::nullopt;
    }
    const policy::SyncSettings& from = *policies.sync();
    return sync::UploadSettings{.url = from.url,
                                .caPem = from.caPem,
                                .receiptKeyPem = from.receiptKeyPem,
                                .auditorsPem = from.auditorsPem,
                                .enrolmentTokenFile = from.enrolmentTokenFile,
                                .logKey = from.logKey,
                                .hasTexts = from.hasTexts,
                                .clear = clearFields(from),
                                .interval = from.interval,
                                .heartbeat = from.heartbeat,
                                .spoolBytes = from.spoolBytes,
                                .policySerial = policies.primary().serial()};
}

} // namespace gatehouse::app
