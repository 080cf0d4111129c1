// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <string_view>
#include <vector>

#include "policy/comments.h"
#include "policy/policy.h"

// A policy document of any bytes: it compiles, or it has a fault with a place inside the document. What compiles judges
// without a crash, and a block is never lost.
using namespace gatehouse;

namespace {

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

void judge(const policy::Policy& compiled) {
    Interaction interaction;
    interaction.person = {"alice", 1000, {"eng"}};
    interaction.site = "chatgpt.com";
    Finding finding;
    finding.detector = "pii.any.email";
    finding.findingClass = FindingClass::pii;
    finding.level = Level::high;
    finding.confidence = 0.9;
    for (const Trust trust : {Trust::local, Trust::approved, Trust::external}) {
        policy::Subject subject;
        subject.interaction = &interaction;
        subject.destination.trust = trust;
        const policy::Decision decision = compiled.evaluate(subject, {finding, finding});
        require(decision.findings.size() == 2);
        require(decision.isBlocked == (decision.label == Action::block));
        require(!compiled.isMonitor() || decision.label <= Action::log);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view source(reinterpret_cast<const char*>(data), size);
    if (const auto blanked = policy::blankComments(source)) {
        require(blanked->size() == source.size());
    }
    std::vector<policy::Fault> faults;
    const auto compiled = policy::Policy::compile(source, &faults);
    require(compiled.has_value() == faults.empty());
    for (const policy::Fault& fault : faults) {
        require(fault.line >= 1 && fault.column >= 1 && fault.column <= size + 1);
    }
    if (compiled) {
        judge(**compiled);
    }
    return 0;
}
