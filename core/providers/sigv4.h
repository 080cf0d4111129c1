// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

// AWS Signature Version 4 (docs.aws.amazon.com/IAM, "Create a signed AWS API request"). Pure; any thread.
namespace gatehouse::providers {

struct AwsKey {
    std::string id;
    std::string secret;
    std::string session; // of temporary keys; else empty
};
// "ID:SECRET" or "ID:SECRET:SESSION"; nullopt for anything else (a bearer key).
std::optional<AwsKey> splitAwsKey(std::string_view key);

struct AwsRequest {
    std::string method = "POST";
    std::string host; // with its port, where it is not the scheme's own
    std::string path; // as it stands in the URL, percent-encoded
    std::string query;
    std::vector<std::pair<std::string, std::string>> headers; // names lower-case; host and x-amz-date are added
    std::string body;
    std::string region;
    std::string service;
};

struct AwsSignature {
    std::vector<std::pair<std::string, std::string>> headers; // to be sent besides those that were given
    std::string authorization;
};
AwsSignature signAws(const AwsRequest& request, const AwsKey& key, WallTime now);

// The region that a host of AWS names ("bedrock-runtime.eu-central-1.amazonaws.com"); "us-east-1" where it names none.
std::string awsRegionOf(std::string_view host);

} // namespace gatehouse::providers
