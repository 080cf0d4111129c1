// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/async.h"
#include "base/bytes.h"
#include "base/json.h"
#include "context.h"
#include "database/ingest.h"

// What the collector answers, one file per endpoint. Format: docs/collector.md.
namespace gatehouse::collector {

struct Request {
    std::string method;
    std::string target;
    std::string knownTag; // If-None-Match
    Bytes body;
    std::string authorization;    // the header of that name
    std::optional<Sender> sender; // by the client certificate; none on the port for the operator
};

struct Response {
    int status = 200;
    std::string type = "application/json";
    Bytes body;
    int retryAfterSeconds = 0;
    std::string tag{}; // ETag, with its quotes
};

Response jsonResponse(int status, const Json& body);
Response problem(int status, std::string_view word);

// POST /v1/batches: 200 and a receipt; 400, 403, 409 with the head to go on from, 503.
[[nodiscard]] Task<Response> postBatch(Context& context, const Request& request);
// POST /v1/heartbeats: 200 and the collector's time; 400, 403, 503.
[[nodiscard]] Task<Response> postHeartbeat(Context& context, const Request& request);
// GET /v1/policy: the newest signed bundle; 304 when the device has it.
[[nodiscard]] Task<Response> getPolicy(Context& context, const Request& request);
// POST /v1/enrolments, without a certificate: a token and a certificate request become a certificate.
[[nodiscard]] Task<Response> postEnrolment(Context& context, const Request& request);
// POST /v1/certificates, with one: a further certificate before the old one runs out.
[[nodiscard]] Task<Response> postRenewal(Context& context, const Request& request);
// GET /v1/chains/<chain>: the head as it is kept; sequence 0 when nothing is.
[[nodiscard]] Task<Response> getChain(Context& context, const Request& request);
// GET /v1/log/checkpoint, /v1/log/inclusion?leaf=…&size=…, /v1/log/consistency?from=…&to=…: on both ports.
[[nodiscard]] Task<Response> getLog(Context& context, const Request& request);
// GET /v1/records on the operator's port, with a reader's token: what devices sent in the clear. 401, 403, 400, 503.
[[nodiscard]] Task<Response> getRecords(Context& context, const Request& request);
// GET /healthz (the database answers), /readyz (and this instance takes requests), /metrics.
[[nodiscard]] Task<Response> getStatus(Context& context, const Request& request);

// The port for devices, and the one for the operator.
[[nodiscard]] Task<Response> answerDevice(Context& context, const Request& request);
[[nodiscard]] Task<Response> answerOperator(Context& context, const Request& request);

} // namespace gatehouse::collector
