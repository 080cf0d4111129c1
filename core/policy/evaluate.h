// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/document.h"

namespace gatehouse::policy {

// True when the rule's conditions on person, place, destination and time hold. Allocates nothing.
bool admitsSubject(const When& when, const Subject& subject);
// True when the rule's conditions on one finding hold, its count apart.
bool admitsFinding(const When& when, const Finding& finding);
bool admitsTime(const TimeWindow& window, WallTime now);

// Judges by one document.
Decision judge(const Document& document, const Subject& subject, const std::vector<Finding>& findings);

// Adds a lower layer's effects to those of the layers above: flags accumulate, each finding keeps the strictest
// transform (block, then redact, then the others in their order), the label is the stricter one with its rule and
// message.
void compose(Decision& decision, Decision lower);

} // namespace gatehouse::policy
