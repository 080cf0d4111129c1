// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pipeline/request.h"

namespace gatehouse::pipeline {

// Reads the stream of `request.source` up to the first event that says something (a piece of text, of a call, or the
// end), and leaves a source there that gives all of it. Lifecycle events and comments are held until then, so that
// another provider may still answer. False when the stream broke off, or told its provider's error, before it said
// anything: then nothing of it may be given. At most 256 KiB are held; above that the stream counts as begun.
Task<Result<bool>> holdUntilContent(Request& request);

} // namespace gatehouse::pipeline
