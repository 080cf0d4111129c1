// SPDX-License-Identifier: Apache-2.0
#pragma once

class QLabel;

namespace gatehouse::ui {

// Gives a wrapping label the width `width` and the height that its text then needs. Layouts that centre a wrapping
// label would cut its last lines off.
void fitWrapped(QLabel& label, int width);

} // namespace gatehouse::ui
