// SPDX-License-Identifier: Apache-2.0
#include "extract/sandbox.h"

namespace gatehouse::extract {

// macOS and Windows have no sandbox here yet, so nothing is read there.
bool enterSandbox() {
    return false;
}

} // namespace gatehouse::extract
