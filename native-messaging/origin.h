// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "base/result.h"

namespace gatehouse::host {

// Which of our extensions started us, from the arguments that the browser passes: Chromium gives the origin first
// ("chrome-extension://ID/"), Firefox the manifest's path and then the extension's id. denied for anybody else.
// Arguments are evidence that a browser which honours the manifest gives; they do not prove who the caller is.
// Sources: developer.chrome.com/docs/extensions/develop/concepts/native-messaging, MDN "Native messaging".
[[nodiscard]] Result<std::string_view> callerOrigin(std::span<const std::string_view> arguments);

} // namespace gatehouse::host
