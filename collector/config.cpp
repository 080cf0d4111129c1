// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include "base/json.h"

namespace gatehouse::collector {
namespace {

std::unexpected<Error> wrong(std::string_view member, std::string_view why) {
    return fail(ErrorKind::invalidInput, "\"" + std::string(member) + "\" " + std::string(why));
}

Result<> readText(const Json& object, const char* member, std::string& out) {
    const auto found = object.find(member);
    if (found == object.end() || !found->is_string() || found->get_ref<const std::string&>().empty()) {
        return wrong(member, "must be a text");
    }
    out = found->get<std::string>();
    return {};
}

Result<> readOptional(const Json& object, const char* member, std::string& out) {
    return object.contains(member) ? readText(object, member, out) : Result<>();
}

// "127.0.0.1:4443", "[::1]:4443".
Result<> readAddress(const Json& object, const char* member, Address& out) {
    if (!object.contains(member)) {
        return {};
    }
    std::string text;
    GH_CHECK(readText(object, member, text));
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos || colon == 0) {
        return wrong(member, "must be an address and a port");
    }
    out.host = text.substr(0, colon);
    if (out.host.front() == '[' && out.host.back() == ']') {
        out.host = out.host.substr(1, out.host.size() - 2);
    }
    const char* const end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data() + colon + 1, end, out.port);
    return error == std::errc() && at == end ? Result<>() : wrong(member, "must be an address and a port");
}

template <class Number>
Result<> readNumber(const Json& object, const char* member, Number minimum, Number maximum, Number& out) {
    const auto found = object.find(member);
    if (found == object.end()) {
        return {};
    }
    if (!found->is_number_unsigned() || found->get<Number>() < minimum || found->get<Number>() > maximum) {
        return wrong(member, "must be a number from " + std::to_string(minimum) + " to " + std::to_string(maximum));
    }
    out = found->get<Number>();
    return {};
}

Result<ReaderAccount> readReader(const Json& item) {
    ReaderAccount reader;
    std::string role;
    std::string hash;
    if (!item.is_object() || item.size() != 3) {
        return wrong("readers", "must be objects of \"name\", \"role\" and \"token_sha256\"");
    }
    GH_CHECK(readText(item, "name", reader.name));
    GH_CHECK(readText(item, "role", role));
    GH_CHECK(readText(item, "token_sha256", hash));
    if (role != "auditor" && role != "analyst") {
        return wrong("role", "must be auditor or analyst");
    }
    reader.role = role == "auditor" ? ReaderRole::auditor : ReaderRole::analyst;
    const auto bytes = hexDecode(hash);
    if (!bytes || bytes->size() != reader.tokenHash.size()) {
        return wrong("token_sha256", "must be a SHA-256 in hex");
    }
    std::copy(bytes->begin(), bytes->end(), reader.tokenHash.begin());
    return reader;
}

Result<> readReaders(const Json& object, std::vector<ReaderAccount>& out) {
    const auto found = object.find("readers");
    if (found == object.end()) {
        return {};
    }
    if (!found->is_array()) {
        return wrong("readers", "must be a list");
    }
    for (const Json& item : *found) {
        GH_TRY(ReaderAccount reader, readReader(item));
        out.push_back(std::move(reader));
    }
    return {};
}

Result<> refuseUnknown(const Json& object, std::span<const std::string_view> known) {
    for (const auto& [member, value] : object.items()) {
        if (std::find(known.begin(), known.end(), member) == known.end()) {
            return wrong(member, "is not known");
        }
    }
    return {};
}

Result<> readObjects(const Json& root, Config::Objects& out) {
    const auto found = root.find("objects");
    if (found == root.end()) {
        return {};
    }
    if (!found->is_object()) {
        return wrong("objects", "must be an object");
    }
    constexpr std::array<std::string_view, 6> kMembers{"url", "region", "key", "ca", "lock", "retention_days"};
    GH_CHECK(refuseUnknown(*found, kMembers));
    GH_CHECK(readText(*found, "url", out.url));
    GH_CHECK(readText(*found, "key", out.keyFile));
    GH_CHECK(readOptional(*found, "region", out.region));
    GH_CHECK(readOptional(*found, "ca", out.authority));
    std::string lock = "compliance";
    GH_CHECK(readOptional(*found, "lock", lock));
    if (lock != "compliance" && lock != "governance") {
        return wrong("lock", "must be \"compliance\" or \"governance\"");
    }
    out.isCompliance = lock == "compliance";
    auto days = static_cast<std::uint64_t>(out.retention.count());
    GH_CHECK(readNumber<std::uint64_t>(*found, "retention_days", 1, 36'500, days));
    out.retention = std::chrono::days(days);
    return {};
}

// Members that are of use together only.
Result<> checkCompanions(const Config& config) {
    if (config.logKey.empty() != config.logOrigin.empty()) {
        return wrong("log_key", "and \"log_origin\" go together");
    }
    if (config.caCertificate.empty() != config.caKey.empty()) {
        return wrong("ca_certificate", "and \"ca_key\" go together");
    }
    if (config.deviceAuthority.empty() && config.caCertificate.empty()) {
        return wrong("device_ca", "must be there where there is no \"ca_certificate\"");
    }
    return {};
}

} // namespace

Result<Config> parseConfig(std::string_view text) {
    GH_TRY(const Json object, parseJson(text));
    if (!object.is_object()) {
        return fail(ErrorKind::invalidInput, "the configuration must be a JSON object");
    }
    constexpr std::array<std::string_view, 19> kMembers{"readers",
                                                        "listen",
                                                        "status",
                                                        "certificate",
                                                        "key",
                                                        "device_ca",
                                                        "receipt_key",
                                                        "database",
                                                        "database_threads",
                                                        "connections",
                                                        "drain_seconds",
                                                        "ca_certificate",
                                                        "ca_key",
                                                        "certificate_minutes",
                                                        "log_key",
                                                        "log_origin",
                                                        "policy_signers",
                                                        "log",
                                                        "objects"};
    GH_CHECK(refuseUnknown(object, kMembers));
    Config config;
    GH_CHECK(readAddress(object, "listen", config.listen));
    GH_CHECK(readAddress(object, "status", config.status));
    GH_CHECK(readText(object, "certificate", config.certificate));
    GH_CHECK(readText(object, "key", config.key));
    GH_CHECK(readOptional(object, "device_ca", config.deviceAuthority));
    GH_CHECK(readOptional(object, "ca_certificate", config.caCertificate));
    GH_CHECK(readOptional(object, "ca_key", config.caKey));
    GH_CHECK(readOptional(object, "policy_signers", config.policySigners));
    GH_CHECK(readOptional(object, "log_key", config.logKey));
    GH_CHECK(readOptional(object, "log_origin", config.logOrigin));
    GH_CHECK(checkCompanions(config));
    GH_CHECK(readText(object, "receipt_key", config.receiptKey));
    GH_CHECK(readText(object, "database", config.database));
    GH_CHECK(readReaders(object, config.readers));
    GH_CHECK(readObjects(object, config.objects));
    GH_CHECK(readNumber<std::size_t>(object, "database_threads", 1, 256, config.databaseThreads));
    GH_CHECK(readNumber<std::size_t>(object, "connections", 1, 100'000, config.connections));
    std::string log = "text";
    GH_CHECK(readOptional(object, "log", log));
    if (log != "text" && log != "json") {
        return wrong("log", "must be \"text\" or \"json\"");
    }
    config.logsJson = log == "json";
    std::uint64_t drain = static_cast<std::uint64_t>(config.drain.count());
    GH_CHECK(readNumber<std::uint64_t>(object, "drain_seconds", 0, 600, drain));
    config.drain = std::chrono::seconds(drain);
    std::uint64_t life = static_cast<std::uint64_t>(config.certificateLife.count());
    GH_CHECK(readNumber<std::uint64_t>(object, "certificate_minutes", 1, 5'256'000, life));
    config.certificateLife = std::chrono::minutes(life);
    return config;
}

} // namespace gatehouse::collector
