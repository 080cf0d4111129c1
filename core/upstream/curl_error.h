// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>

#include "base/error.h"

namespace gatehouse::upstream {

// What a failed transfer means to us. The text is libcurl's constant one, with no part of the request in it.
Error errorOf(CURLcode code);

} // namespace gatehouse::upstream
