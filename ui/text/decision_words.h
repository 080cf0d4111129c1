// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

#include "types/action.h"

namespace gatehouse::ui::text {

// "Redacted": the badge.
QString decisionTitle(Action action);
// One sentence: what that means for what was sent.
QString decisionMeaning(Action action);
// "Chat", "Paste", …
QString channelTitle(Channel channel);
// What became of it, from the record's outcome word: "Answered", "Not sent", …
QString outcomeTitle(const QString& outcome);

} // namespace gatehouse::ui::text
