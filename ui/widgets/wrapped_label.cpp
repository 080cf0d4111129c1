// SPDX-License-Identifier: Apache-2.0
#include "widgets/wrapped_label.h"

#include <QLabel>

namespace gatehouse::ui {

void fitWrapped(QLabel& label, int width) {
    label.setWordWrap(true);
    label.setFixedWidth(width);
    label.setFixedHeight(label.heightForWidth(width));
}

} // namespace gatehouse::ui
