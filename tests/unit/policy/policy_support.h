// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "policy/policy.h"

// Small words for the tests of policy: a policy from rules, a finding, a subject.
namespace gatehouse::policy::test {

inline std::shared_ptr<const Policy> compiled(std::string_view source) {
    std::vector<Fault> faults;
    auto policy = Policy::compile(source, &faults);
    if (!policy) {
        qWarning("%s", policy.error().what.c_str());
        return nullptr;
    }
    return *policy;
}

// A policy of these rules; `more` is spliced in before them ("\"default\": \"block\",").
inline std::shared_ptr<const Policy> policyOf(std::string_view rules, std::string_view more = {}) {
    return compiled(R"({"meta": {"id": "t"}, )" + std::string(more) + R"("rules": [)" + std::string(rules) + "]}");
}

inline Finding found(std::string detector, FindingClass findingClass, double confidence = 0.9,
                     Level level = Level::high) {
    Finding finding;
    finding.detector = std::move(detector);
    finding.findingClass = findingClass;
    finding.confidence = confidence;
    finding.level = level;
    return finding;
}

inline Subject subjectTo(const Interaction& interaction, Trust trust) {
    Subject subject;
    subject.interaction = &interaction;
    subject.destination.provider = "acme";
    subject.destination.model = "big-1";
    subject.destination.trust = trust;
    return subject;
}

} // namespace gatehouse::policy::test
