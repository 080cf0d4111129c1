// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace gatehouse {

// From now on each log line is one JSON object, {"time", "level", "area", "message"}, for those who collect the logs of
// servers. Call it before there are other threads.
void logAsJson();

} // namespace gatehouse
