// SPDX-License-Identifier: Apache-2.0
#include "database/enrolment.h"
#include "api/api.h"
#include "base/log.h"

namespace gatehouse::collector {
namespace {

constexpr std::size_t kMaxToken = 128;

// What the device gets: its certificate, and the key that receipts will be signed by.
Response certificateResponse(const Context& context, const std::string& pem) {
    const auto receiptKey = context.receiptKey.publicPem();
    return jsonResponse(200, {{"certificate", pem}, {"receipt_key", receiptKey ? *receiptKey : std::string()}});
}

Response unavailableResponse(Context& context, const Error& error, std::string_view what) {
    context.metrics.add(Count::unavailable);
    logError("collector", "{}: {}", what, error.what);
    Response response = problem(503, "unavailable");
    response.retryAfterSeconds = 5;
    return response;
}

struct Asked {
    std::string token; // empty: a renewal
    cms::RequestFacts request;
    ledger::DeviceId device{};
};

Result<Asked> readAsked(const Bytes& body, bool hasToken) {
    GH_TRY(const Json json, parseJson(textOf(body)));
    const auto isText = [&json](const char* member) { return json.contains(member) && json[member].is_string(); };
    if (!json.is_object() || !isText("request") || isText("token") != hasToken) {
        return fail(ErrorKind::invalidInput, "not a request for a certificate");
    }
    Asked asked;
    asked.token = hasToken ? json["token"].get<std::string>() : std::string();
    GH_TRY(asked.request, cms::readCertificateRequest(json["request"].get_ref<const std::string&>()));
    GH_TRY(asked.device, deviceFromHex(asked.request.commonName));
    asked.request.commonName = hexEncode(asked.device); // in lower case, as it is compared elsewhere
    return asked.token.size() <= kMaxToken ? Result<Asked>(std::move(asked))
                                           : fail(ErrorKind::invalidInput, "the token is too long");
}

} // namespace

Task<Response> postEnrolment(Context& context, const Request& request) {
    if (!context.authority) {
        co_return problem(404, "no_authority");
    }
    const auto asked = readAsked(request.body, true);
    if (!asked) {
        context.metrics.add(Count::malformed);
        co_return problem(400, "malformed");
    }
    const auto job = [&context, &asked](Connection& connection) {
        return enrol(connection, *context.authority, asked->token, asked->request, asked->device, context.clock.wall(),
                     context.config.certificateLife);
    };
    const Result<EnrolmentAnswer> answer = co_await context.pool.run<EnrolmentAnswer>(job);
    if (!answer) {
        co_return unavailableResponse(context, answer.error(), "a device was not enrolled");
    }
    if (answer->verdict != EnrolmentVerdict::issued) {
        context.metrics.add(Count::denied);
        logWarning("collector", "device {} was not enrolled: {}", hexEncode(asked->device),
                   enrolmentWord(answer->verdict));
        co_return problem(403, enrolmentWord(answer->verdict));
    }
    context.metrics.add(Count::enrolments);
    logInfo("collector", "device {} is enrolled", hexEncode(asked->device));
    co_return certificateResponse(context, answer->certificatePem);
}

Task<Response> postRenewal(Context& context, const Request& request) {
    if (!context.authority) {
        co_return problem(404, "no_authority");
    }
    const auto asked = readAsked(request.body, false);
    if (!asked) {
        context.metrics.add(Count::malformed);
        co_return problem(400, "malformed");
    }
    if (asked->device != request.sender->device) {
        context.metrics.add(Count::denied);
        co_return problem(403, "another_device");
    }
    const auto job = [&context, &asked](Connection& connection) {
        return renew(connection, *context.authority, asked->request, asked->device, context.clock.wall(),
                     context.config.certificateLife);
    };
    const Result<std::string> pem = co_await context.pool.run<std::string>(job);
    if (!pem) {
        co_return unavailableResponse(context, pem.error(), "a certificate was not renewed");
    }
    context.metrics.add(Count::renewals);
    co_return certificateResponse(context, *pem);
}

} // namespace gatehouse::collector
