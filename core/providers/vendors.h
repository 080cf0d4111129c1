// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/redacted.h"
#include "dialects/chat_codec.h"
#include "providers/registry.h"

// What is known about each kind of provider: one row of data each. A vendor that speaks a known dialect is added here
// and nowhere else (docs/add-a-provider.md).
namespace gatehouse::providers {

// The header that a key goes into.
// aws: signed (SigV4) with a key "ID:SECRET" or "ID:SECRET:SESSION"; any other key is a bearer key.
// googleAccount: a bearer token, which pipeline/grants.h asks for with the key of a service account.
enum class AuthStyle { bearer, xApiKey, apiKey, googApiKey, aws, googleAccount };

// How a model and its operation are said in a URL.
enum class UrlStyle {
    plain,           // base URL and the dialect's path
    azureDeployment, // …/openai/deployments/{model}/chat/completions?api-version=…
};

struct Vendor {
    std::string_view kind;
    std::string_view name;     // for people
    std::string_view baseUrl;  // with its version; empty: policy must state one
    std::string_view dialects; // names, the one into which others are translated first: "openai.chat openai.embeddings"
    AuthStyle auth = AuthStyle::bearer;
    UrlStyle urls = UrlStyle::plain;
    dialects::Quirks quirks = {};
};

std::span<const Vendor> vendors();
// "openai-compatible" for kinds without a row.
const Vendor& vendorOf(std::string_view kind);

// Whose price list holds for a target: its kind, or the vendor that an "openai-compatible" server's address belongs to.
std::string_view pricedAs(const Target& target);

bool speaks(const Vendor& vendor, std::string_view dialect);
// The dialect in which a request of `asked` goes to this vendor: the same, where it speaks it; else the vendor's first
// dialect of the same use (chat, vectors), where both can be translated; else null.
const dialects::Dialect* outboundDialect(const Vendor& vendor, const dialects::Dialect& asked);

// Where a request goes.
std::string endpointUrl(const Target& target, std::string_view dialect, const dialects::Asked& asked);
// What proves to the vendor who calls.
struct Authorization {
    std::string header; // its name
    Redacted<std::string> value;
    std::vector<std::pair<std::string, std::string>> headers; // to be sent besides
};
// For a POST of `body` as JSON to `url`.
Authorization authorize(const Vendor& vendor, const std::string& key, std::string_view url, const std::string& body,
                        WallTime now);
// Headers that the dialect needs and that are not there yet (anthropic-version).
void addVendorHeaders(const Vendor& vendor, std::string_view dialect,
                      std::vector<std::pair<std::string, std::string>>& headers);

} // namespace gatehouse::providers
