// SPDX-License-Identifier: Apache-2.0
#include "database/policies.h"

#include <algorithm>

#include "cms/cms.h"
#include "database/retry.h"
#include "policy/policy.h"

namespace gatehouse::collector {
namespace {

Sha256Digest digestOf(ByteView bytes) {
    Sha256Digest digest{};
    std::copy_n(bytes.begin(), std::min(bytes.size(), digest.size()), digest.begin());
    return digest;
}

Result<> insert(Connection& connection, const PublishedPolicy& policy, std::string_view bundle) {
    GH_TRY(Transaction transaction, Transaction::begin(connection));
    GH_TRY(const Rows rows, connection.query("SELECT coalesce(max(serial), 0) FROM policy_bundle WHERE policy = $1",
                                             {std::string_view(policy.id)}));
    if (rows.number(0, 0) >= policy.serial) {
        return fail(ErrorKind::denied, "a policy with serial " + std::to_string(rows.number(0, 0)) +
                                           " is published already: devices take no older one");
    }
    GH_CHECK(
        connection.query("INSERT INTO policy_bundle (policy, serial, signer, hash, bundle) VALUES ($1, $2, $3, $4, $5)",
                         {std::string_view(policy.id), policy.serial, std::string_view(policy.signer),
                          ByteView(policy.hash), bytesOf(bundle)}));
    return transaction.commit();
}

} // namespace

Result<PublishedPolicy> publishPolicy(Connection& connection, std::string_view bundle, const std::string& signersPem,
                                      WallTime now) {
    GH_TRY(const cms::Verified verified, cms::verify(bundle, {signersPem}, now));
    GH_TRY(const auto compiled, policy::Policy::compile(verified.content));
    if (compiled->serial() == 0) {
        return fail(ErrorKind::invalidInput, "a signed policy needs \"serial\" in \"meta\"");
    }
    if (compiled->expires() && *compiled->expires() <= now) {
        return fail(ErrorKind::invalidInput, "the policy has expired");
    }
    const PublishedPolicy policy{compiled->id(), static_cast<std::int64_t>(compiled->serial()), verified.signer,
                                 sha256(bytesOf(bundle))};
    GH_CHECK(untilItWins([&] { return insert(connection, policy, bundle); }));
    return policy;
}

Result<std::optional<Sha256Digest>> newestPolicyHash(Connection& connection) {
    GH_TRY(const Rows rows, connection.query("SELECT hash FROM policy_bundle ORDER BY id DESC LIMIT 1"));
    return rows.empty() ? std::nullopt : std::optional(digestOf(rows.bytes(0, 0)));
}

Result<std::optional<DistributedPolicy>> newestPolicy(Connection& connection) {
    GH_TRY(const Rows rows, connection.query("SELECT hash, bundle FROM policy_bundle ORDER BY id DESC LIMIT 1"));
    if (rows.empty()) {
        return std::nullopt;
    }
    const ByteView bundle = rows.bytes(0, 1);
    return DistributedPolicy{digestOf(rows.bytes(0, 0)), Bytes(bundle.begin(), bundle.end())};
}

} // namespace gatehouse::collector
