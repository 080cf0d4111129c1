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

// Whether the program of our parent process may be a browser, by the last part of its path (also of one that an update
// has replaced meanwhile). Keeps scripts and other programs from starting the host by accident; a program of the same
// user that wants to can take such a name, gains what the person has, and its questions are recorded.
[[nodiscard]] bool isBrowser(std::string_view executable);

} // namespace gatehouse::host
