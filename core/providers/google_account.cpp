// SPDX-License-Identifier: Apache-2.0
#include "providers/google_account.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/json.h"
#include "base/rsa_signature.h"

namespace gatehouse::providers {
namespace {

constexpr std::string_view kScope = "https://www.googleapis.com/auth/cloud-platform";
constexpr std::string_view kTokenUrl = "https://oauth2.googleapis.com/token";
constexpr std::int64_t kLifetime = 3600; // the longest that is granted, in seconds
constexpr std::size_t kMaxToken = 8192;

std::string textAt(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string asUrlBase64(const std::string& text) {
    return base64UrlEncode(bytesOf(text));
}

} // namespace

std::optional<GoogleAccount> readGoogleAccount(std::string_view key) {
    const auto bytes = base64Decode(key);
    if (!bytes) {
        return std::nullopt;
    }
    const auto json = parseJson(textOf(ByteView(*bytes)));
    if (!json || !json->is_object()) {
        return std::nullopt;
    }
    GoogleAccount account;
    account.email = textAt(*json, "client_email");
    account.keyId = textAt(*json, "private_key_id");
    account.privateKey = Redacted<std::string>(textAt(*json, "private_key"));
    account.tokenUrl = textAt(*json, "token_uri");
    if (account.tokenUrl.empty()) {
        account.tokenUrl = kTokenUrl;
    }
    return account.email.empty() || account.privateKey.reveal().empty() ? std::nullopt
                                                                        : std::optional(std::move(account));
}

Result<std::string> googleTokenForm(const GoogleAccount& account, WallTime now) {
    const std::int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    Json header{{"alg", "RS256"}, {"typ", "JWT"}};
    if (!account.keyId.empty()) {
        header["kid"] = account.keyId;
    }
    const Json claims{{"iss", account.email},
                      {"scope", kScope},
                      {"aud", account.tokenUrl},
                      {"iat", seconds},
                      {"exp", seconds + kLifetime}};
    const std::string signedText = asUrlBase64(dumpJson(header)) + "." + asUrlBase64(dumpJson(claims));
    GH_TRY(const Bytes signature, signRsaSha256(account.privateKey.reveal(), signedText));
    return "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" + signedText + "." +
           base64UrlEncode(ByteView(signature));
}

Result<GoogleToken> readGoogleToken(std::string_view document) {
    GH_TRY(const Json json, parseJson(document));
    std::string token = json.is_object() ? textAt(json, "access_token") : std::string();
    const bool isPlain = !token.empty() && token.size() <= kMaxToken &&
                         std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c <= '~'; });
    if (!isPlain) {
        return fail(ErrorKind::invalidInput, "the answer holds no token");
    }
    const auto lifetime = json.find("expires_in");
    const bool hasLifetime = lifetime != json.end() && lifetime->is_number_unsigned();
    const std::uint64_t seconds = hasLifetime ? std::min<std::uint64_t>(lifetime->get<std::uint64_t>(), kLifetime) : 0;
    return GoogleToken{Redacted<std::string>(std::move(token)), std::chrono::seconds(seconds)};
}

} // namespace gatehouse::providers
