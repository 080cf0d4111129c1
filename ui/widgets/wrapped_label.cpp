// SPDX-License-Identifier: Apache-2.0
#include "widgets/wrapped_label.h"

#include <QLabel>

namespace gatehouse::ui {

void fitWrapped(QLabel& label, int width) {
    label.setWordWrap(true);
    label.setMinimumSize(0, 0); // an older minimum would count as wanted
    label.setFixedWidth(width);
    if (const int height = label.heightForWidth(width); height >= 0) {
        label.setFixedHeight(height);
    }
}

} // namespace gatehouse::ui
