// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/async.h"
#include "bridge/clipboard_port.h"
#include "bridge/sender.h"
#include "governance/governor.h"
#include "ipc/page_messages.h"

namespace gatehouse::bridge {

// What the verdict on a paste of `clip` would be, told as digests. Allowed only when nothing at all would happen to it.
// Leaves no trace: what is never pasted is never recorded, and what is pasted is asked about like every paste. gw-io.
[[nodiscard]] Task<ipc::ClipNotice> preview(governance::Governor& governor, Sender sender, ipc::Focus focus, Clip clip);

} // namespace gatehouse::bridge
