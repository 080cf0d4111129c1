// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>

#include "dialects/json_view.h"

namespace gatehouse::test {

// JSON with ' for ": moc of Qt 6.4 loses classes behind some raw strings.
inline std::string quoted(std::string text) {
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

inline dialects::OrderedJson json(const std::string& text) {
    return dialects::OrderedJson::parse(quoted(text));
}

} // namespace gatehouse::test
