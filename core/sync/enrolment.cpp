// SPDX-License-Identifier: Apache-2.0
#include "sync/enrolment.h"

#include <algorithm>
#include <array>

#include "base/json.h"

namespace gatehouse::sync {
namespace {

constexpr std::string_view kReceiptKeyName = "collector-receipt-key";
constexpr std::size_t kMinToken = 20;
constexpr std::size_t kMaxToken = 128;

struct Refusal {
    std::string_view word;
    std::string_view sentence;
};
// What the collector says, and what to do about it.
constexpr std::array kRefusals{
    Refusal{"unknown_token",
            "the collector does not know this token: copy it whole, and look that it is this collector's"},
    Refusal{"used_token", "this token was used already: ask for another one"},
    Refusal{"expired_token", "this token has run out: ask for another one"},
    Refusal{"revoked_token", "this token was withdrawn: ask for another one"},
    Refusal{"another_device", "this token is another device's: ask for one for this device, or for any"},
    Refusal{"another_key", "the collector knows this device with another key: ask for a token that names the device "
                           "(`gatehouse-collector token create --device NAME`)"},
    Refusal{"revoked", "the collector has revoked this device: IT admits it again with `gatehouse-collector device "
                       "allow NAME`"},
};

Result<> keepAnswer(secrets::SecretStore& store, const Device& device, const std::string& body, bool isFirst) {
    const auto json = parseJson(body);
    if (!json || !json->is_object() || !json->contains("certificate") || !(*json)["certificate"].is_string()) {
        return fail(ErrorKind::invalidInput, "the collector's answer is not understood");
    }
    GH_CHECK(keepCertificate(store, device, (*json)["certificate"].get_ref<const std::string&>()));
    // Only the first meeting tells whose receipts count: a renewal changes nothing about that.
    if (isFirst && json->contains("receipt_key") && (*json)["receipt_key"].is_string()) {
        return store.write(kReceiptKeyName, SecureBytes((*json)["receipt_key"].get_ref<const std::string&>()));
    }
    return {};
}

std::unexpected<Error> refusalOf(const Reply& reply) {
    const auto json = parseJson(reply.body);
    const bool hasWord = json && json->is_object() && json->contains("error") && (*json)["error"].is_string();
    const std::string word = hasWord ? (*json)["error"].get<std::string>() : std::string();
    if (reply.status == 404) {
        return fail(ErrorKind::notFound, "this collector issues no certificates: `gatehousectl device request` makes a "
                                         "request for whoever does");
    }
    if (reply.status == 503 || reply.status == 429) {
        return fail(ErrorKind::unavailable, "the collector cannot take the device now: try again in a minute");
    }
    const auto* const found =
        std::find_if(kRefusals.begin(), kRefusals.end(), [&word](const Refusal& each) { return each.word == word; });
    if (found != kRefusals.end()) {
        return fail(ErrorKind::denied, std::string(found->sentence));
    }
    return fail(ErrorKind::denied, "the collector refuses the device (status " + std::to_string(reply.status) + ")");
}

Result<> ask(secrets::SecretStore& store, const Device& device, const std::string& path, Json body,
             CollectorLink& link) {
    GH_TRY(body["request"], device.key.certificateRequest(hexEncode(device.id)));
    const std::string text = dumpJson(body);
    GH_TRY(const Reply reply, link.post(path, bytesOf(text)));
    const bool isFirst = body.contains("token");
    return reply.status == 200 ? keepAnswer(store, device, reply.body, isFirst) : refusalOf(reply);
}

} // namespace

Result<> enrol(secrets::SecretStore& store, const Device& device, std::string_view token, CollectorLink& link) {
    return ask(store, device, "/v1/enrolments", Json{{"token", token}}, link);
}

Result<> renew(secrets::SecretStore& store, const Device& device, CollectorLink& link) {
    return ask(store, device, "/v1/certificates", Json::object(), link);
}

std::string readReceiptKey(secrets::SecretStore& store) {
    const auto pem = store.read(kReceiptKeyName);
    return pem ? std::string(pem->text()) : std::string();
}

CertificateAge ageOf(const cms::CertificateFacts& certificate, WallTime now) {
    if (now >= certificate.notAfter) {
        return CertificateAge::over;
    }
    const auto life = certificate.notAfter - certificate.notBefore;
    return now >= certificate.notBefore + 2 * life / 3 ? CertificateAge::due : CertificateAge::good;
}

Result<std::string> readToken(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(kBlanks);
    const std::size_t last = text.find_last_not_of(kBlanks);
    const std::string_view token =
        first == std::string_view::npos ? std::string_view() : text.substr(first, last - first + 1);
    const bool isWhole = token.size() >= kMinToken && token.size() <= kMaxToken && token.starts_with("ghe_") &&
                         token.find_first_of(kBlanks) == std::string_view::npos;
    return isWhole ? Result<std::string>(std::string(token))
                   : fail(ErrorKind::invalidInput, "not an enrolment token: it begins with ghe_ and is one line");
}

} // namespace gatehouse::sync
