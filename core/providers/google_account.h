// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/redacted.h"
#include "base/result.h"

// Service accounts of Google Cloud: a signed statement is exchanged for a bearer token (RFC 7523, "JWT grant";
// developers.google.com/identity/protocols/oauth2/service-account). Pure; any thread.
namespace gatehouse::providers {

struct GoogleAccount {
    std::string email;
    std::string keyId;
    Redacted<std::string> privateKey; // PEM
    std::string tokenUrl;
};

// The JSON file of a service account's key, in base64 (one line, as keys are kept). nullopt for anything else: a token.
std::optional<GoogleAccount> readGoogleAccount(std::string_view key);

// The form that is posted to tokenUrl. invalidInput when the private key cannot be used.
[[nodiscard]] Result<std::string> googleTokenForm(const GoogleAccount& account, WallTime now);

struct GoogleToken {
    Redacted<std::string> token;
    std::chrono::seconds lifetime{0};
};
// What tokenUrl answers. invalidInput when it is no token.
[[nodiscard]] Result<GoogleToken> readGoogleToken(std::string_view document);

} // namespace gatehouse::providers
