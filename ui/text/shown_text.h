// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

namespace gatehouse::ui::text {

// Text from a model or a page as it may be shown: control characters, bidirectional overrides and the invisible tag
// characters are made visible ("␛", "⟨U+202E⟩"), so that what is seen is what is there. Line feeds and tabs stay; CR LF
// becomes LF. Works per code point, so pieces may be shown one by one.
QString shownText(const QString& text);

} // namespace gatehouse::ui::text
