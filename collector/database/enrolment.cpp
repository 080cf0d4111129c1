// SPDX-License-Identifier: Apache-2.0
#include "database/enrolment.h"

#include <algorithm>
#include <array>

#include "database/retry.h"

namespace gatehouse::collector {
namespace {

constexpr std::string_view kPrefix = "ghe_";
constexpr std::size_t kTokenBytes = 32;

Sha256Digest hashOf(std::string_view token) {
    return sha256(bytesOf(token));
}

std::int64_t secondsOf(WallTime time) {
    return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

class Enrolment final {
public:
    Enrolment(Connection& connection, const cms::Authority& authority, const cms::RequestFacts& request,
              const ledger::DeviceId& device, WallTime now, std::chrono::seconds life)
        : m_connection(connection)
        , m_authority(authority)
        , m_request(request)
        , m_device(device)
        , m_now(now)
        , m_life(life)
        , m_key(sha256(request.publicKey)) {}

    Result<EnrolmentAnswer> withToken(std::string_view token) {
        GH_TRY(Transaction transaction, Transaction::beginLocking(m_connection));
        GH_TRY(EnrolmentAnswer answer, judge(hashOf(token)));
        if (answer.verdict == EnrolmentVerdict::issued) {
            GH_CHECK(transaction.commit()); // a refusal leaves nothing behind
        }
        return answer;
    }

    Result<std::string> withCertificate() {
        GH_TRY(Transaction transaction, Transaction::beginLocking(m_connection));
        GH_TRY(std::string pem, issue(std::nullopt));
        GH_CHECK(transaction.commit());
        return pem;
    }

private:
    Result<EnrolmentAnswer> judge(const Sha256Digest& hash) {
        GH_TRY(const Rows rows,
               m_connection.query("SELECT id, uses_left, expires_at <= now(), revoked_at IS NOT NULL, "
                                  "coalesce(device, ''::bytea) FROM enrolment_token WHERE hash = $1 FOR UPDATE",
                                  {ByteView(hash)}));
        if (rows.empty()) {
            return EnrolmentAnswer{EnrolmentVerdict::unknownToken, {}};
        }
        const std::int64_t token = rows.number(0, 0);
        const bool isBound = !rows.bytes(0, 4).empty();
        if (isBound && textOf(rows.bytes(0, 4)) != textOf(m_device)) {
            return EnrolmentAnswer{EnrolmentVerdict::anotherDevice, {}};
        }
        if (rows.number(0, 3) != 0 || rows.number(0, 2) != 0) {
            return EnrolmentAnswer{
                rows.number(0, 3) != 0 ? EnrolmentVerdict::revokedToken : EnrolmentVerdict::expiredToken, {}};
        }
        GH_TRY(const std::string before, issuedBefore(token));
        if (!before.empty()) {
            return EnrolmentAnswer{EnrolmentVerdict::issued, before};
        }
        if (rows.number(0, 1) == 0) {
            return EnrolmentAnswer{EnrolmentVerdict::usedToken, {}};
        }
        GH_TRY(const EnrolmentVerdict verdict, judgeDevice(isBound));
        if (verdict != EnrolmentVerdict::issued) {
            return EnrolmentAnswer{verdict, {}};
        }
        GH_CHECK(m_connection.query("UPDATE enrolment_token SET uses_left = uses_left - 1 WHERE id = $1", {token}));
        GH_TRY(std::string pem, issue(token));
        return EnrolmentAnswer{EnrolmentVerdict::issued, std::move(pem)};
    }

    // The certificate that this token brought this key, when the answer was lost on its way; empty for none.
    Result<std::string> issuedBefore(std::int64_t token) {
        GH_TRY(const Rows rows,
               m_connection.query("SELECT pem FROM certificate c JOIN device d USING (device) WHERE token = $1 AND "
                                  "device = $2 AND key_id = $3 AND revoked_at IS NULL AND not_after > now() AND NOT "
                                  "d.is_revoked",
                                  {token, ByteView(m_device), ByteView(m_key)}));
        return rows.empty() ? std::string() : std::string(textOf(rows.bytes(0, 0)));
    }

    Result<EnrolmentVerdict> judgeDevice(bool isTokenItsOwn) {
        // The row is there and locked before anything is looked up: two tokens must not bring two keys at once.
        GH_CHECK(
            m_connection.query("INSERT INTO device (device) VALUES ($1) ON CONFLICT DO NOTHING", {ByteView(m_device)}));
        GH_CHECK(m_connection.query("SELECT device FROM device WHERE device = $1 FOR UPDATE", {ByteView(m_device)}));
        GH_TRY(const Rows rows,
               m_connection.query("SELECT is_revoked, EXISTS (SELECT 1 FROM device_key k WHERE k.device = d.device), "
                                  "EXISTS (SELECT 1 FROM device_key k WHERE k.device = d.device AND k.key_id = $2) "
                                  "FROM device d WHERE device = $1",
                                  {ByteView(m_device), ByteView(m_key)}));
        if (rows.empty() || rows.number(0, 0) != 0) {
            return EnrolmentVerdict::revokedDevice;
        }
        const bool isNewKey = rows.number(0, 1) != 0 && rows.number(0, 2) == 0;
        if (isNewKey && !isTokenItsOwn) {
            return EnrolmentVerdict::anotherKey;
        }
        if (isNewKey) {
            GH_CHECK(m_connection.query("UPDATE certificate SET revoked_at = now() WHERE device = $1 AND key_id <> $2 "
                                        "AND revoked_at IS NULL",
                                        {ByteView(m_device), ByteView(m_key)}));
        }
        return EnrolmentVerdict::issued;
    }

    Result<std::string> issue(std::optional<std::int64_t> token) {
        GH_TRY(cms::IssuedCertificate issued, m_authority.issue(m_request, m_now, m_life));
        GH_TRY(const Bytes serial, hexDecode(issued.serial));
        GH_CHECK(
            m_connection.query("INSERT INTO device (device) VALUES ($1) ON CONFLICT DO NOTHING", {ByteView(m_device)}));
        GH_CHECK(m_connection.query("INSERT INTO device_key (device, key_id, public_key) VALUES ($1, $2, $3) "
                                    "ON CONFLICT DO NOTHING",
                                    {ByteView(m_device), ByteView(m_key), ByteView(m_request.publicKey)}));
        GH_CHECK(m_connection.query(
            "INSERT INTO certificate (serial, device, key_id, token, not_before, not_after, pem) VALUES "
            "($1, $2, $3, nullif($4, 0), to_timestamp($5), to_timestamp($6), $7)",
            {ByteView(serial), ByteView(m_device), ByteView(m_key), token.value_or(0), secondsOf(issued.notBefore),
             secondsOf(issued.notAfter), std::string_view(issued.pem)}));
        return std::move(issued.pem);
    }

    Connection& m_connection;
    const cms::Authority& m_authority;
    const cms::RequestFacts& m_request;
    const ledger::DeviceId& m_device;
    WallTime m_now;
    std::chrono::seconds m_life;
    Sha256Digest m_key;
};

} // namespace

Result<std::string> createToken(Connection& connection, const TokenPlan& plan) {
    const std::string token = std::string(kPrefix) + base64UrlEncode(randomBytes(kTokenBytes));
    const Sha256Digest hash = hashOf(token);
    const ByteView device = plan.device ? ByteView(*plan.device) : ByteView();
    GH_CHECK(connection.query("INSERT INTO enrolment_token (hash, label, device, uses_left, expires_at) VALUES "
                              "($1, $2, nullif($3, ''::bytea), $4, now() + $5 * interval '1 minute')",
                              {ByteView(hash), std::string_view(plan.label), device, plan.uses,
                               static_cast<std::int64_t>(plan.life.count())}));
    return token;
}

Result<std::vector<TokenInfo>> listTokens(Connection& connection) {
    GH_TRY(const Rows rows,
           connection.query("SELECT id, label, CASE WHEN revoked_at IS NOT NULL THEN 'revoked' WHEN uses_left = 0 THEN "
                            "'used' WHEN expires_at <= now() THEN 'expired' ELSE 'open' END, uses_left, "
                            "to_char(expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') "
                            "FROM enrolment_token ORDER BY id DESC"));
    std::vector<TokenInfo> tokens;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        tokens.push_back({rows.number(row, 0), std::string(textOf(rows.bytes(row, 1))),
                          std::string(textOf(rows.bytes(row, 2))), rows.number(row, 3),
                          std::string(textOf(rows.bytes(row, 4)))});
    }
    return tokens;
}

Result<bool> revokeToken(Connection& connection, std::int64_t id) {
    GH_TRY(const Rows rows, connection.query("UPDATE enrolment_token SET revoked_at = coalesce(revoked_at, now()) "
                                             "WHERE id = $1 RETURNING id",
                                             {id}));
    return !rows.empty();
}

std::string_view enrolmentWord(EnrolmentVerdict verdict) {
    constexpr std::array<std::string_view, 8> kWords{"issued",        "unknown_token",  "used_token",  "expired_token",
                                                     "revoked_token", "another_device", "another_key", "revoked"};
    return kWords.at(static_cast<std::size_t>(verdict));
}

Result<EnrolmentAnswer> enrol(Connection& connection, const cms::Authority& authority, std::string_view token,
                              const cms::RequestFacts& request, const ledger::DeviceId& device, WallTime now,
                              std::chrono::seconds life) {
    return untilItWins([&] { return Enrolment(connection, authority, request, device, now, life).withToken(token); });
}

Result<std::string> renew(Connection& connection, const cms::Authority& authority, const cms::RequestFacts& request,
                          const ledger::DeviceId& device, WallTime now, std::chrono::seconds life) {
    return untilItWins([&] { return Enrolment(connection, authority, request, device, now, life).withCertificate(); });
}

Result<ledger::DeviceId> deviceFromHex(std::string_view text) {
    const auto bytes = hexDecode(text);
    ledger::DeviceId device{};
    if (!bytes || bytes->size() != device.size()) {
        return fail(ErrorKind::invalidInput, "a device's name is 32 hex digits");
    }
    std::copy(bytes->begin(), bytes->end(), device.begin());
    return device;
}

} // namespace gatehouse::collector
