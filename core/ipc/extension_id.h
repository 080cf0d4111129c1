// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

namespace gatehouse::ipc {

// The extension's identities. The Chromium id follows from the "key" in extension/manifest.json (the first 16 bytes of
// the SHA-256 of the public key, one letter a–p per nibble); extension/tests/identity.test.ts keeps the two together.
inline constexpr std::string_view kChromiumOrigin = "chrome-extension://amlcmoamanbdbgmjdocllhaoeacjjleo/";
inline constexpr std::string_view kFirefoxId = "gatehouse@gatehouse.example";
inline constexpr std::string_view kHostName = "com.gatehouse.agent";

// What may stand in an `attach` message, and thus who may use the bridge.
inline constexpr std::array<std::string_view, 2> kExtensionOrigins{kChromiumOrigin, kFirefoxId};

} // namespace gatehouse::ipc
