// SPDX-License-Identifier: Apache-2.0
#include "audit/erase_request.h"

#include "base/json.h"
#include "platform/secure_file.h"

namespace gatehouse::audit {
namespace {

constexpr std::size_t kMaxFile = 64UL * 1024UL;

std::string requestPath(const std::string& folder) {
    return folder + "/audit.erase";
}

std::string answerPath(const std::string& folder) {
    return folder + "/audit.erase.answer";
}

void putText(Json& json, const char* name, const std::optional<std::string>& text) {
    if (text) {
        json[name] = *text;
    }
}

std::optional<std::string> textIn(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? std::optional(found->get<std::string>()) : std::nullopt;
}

std::uint64_t numberIn(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

Result<Json> readJson(const std::string& path) {
    GH_TRY(const SecureBytes bytes, platform::readPrivateFile(path, kMaxFile));
    GH_TRY(Json json, parseJson(bytes.text()));
    if (!json.is_object()) {
        return fail(ErrorKind::invalidInput, "a request to erase is no JSON object");
    }
    return json;
}

// A request with a member that this version does not know could erase more than was meant: it is refused.
bool isUnderstood(const Json& json) {
    for (const auto& [name, value] : json.items()) {
        const bool isText = name == "id" || name == "person" || name == "conversation" || name == "interaction";
        const bool isNumber = name == "version" || name == "before_ms";
        if (!(isText && value.is_string()) && !(isNumber && value.is_number_integer())) {
            return false;
        }
    }
    return numberIn(json, "version") == 1 && textIn(json, "id").has_value();
}

} // namespace

Result<> placeErasureRequest(const std::string& dataFolder, const ErasureRequest& request) {
    if (platform::fileExists(requestPath(dataFolder))) {
        return fail(ErrorKind::conflict, "another request to erase waits for the agent");
    }
    Json json{{"version", 1}, {"id", request.id}};
    putText(json, "person", request.wish.person);
    putText(json, "conversation", request.wish.conversation);
    putText(json, "interaction", request.wish.interaction);
    if (request.wish.beforeMs) {
        json["before_ms"] = *request.wish.beforeMs;
    }
    const std::string text = dumpJson(json);
    return platform::writePrivateFile(requestPath(dataFolder), bytesOf(text));
}

Result<std::optional<ErasureRequest>> takeErasureRequest(const std::string& dataFolder) {
    if (!platform::fileExists(requestPath(dataFolder))) {
        return std::optional<ErasureRequest>();
    }
    const auto json = readJson(requestPath(dataFolder));
    GH_CHECK(platform::removeFile(requestPath(dataFolder)));
    if (!json || !isUnderstood(*json)) {
        return fail(ErrorKind::invalidInput, "a request to erase cannot be understood");
    }
    ErasureRequest request;
    request.id = textIn(*json, "id").value_or(std::string());
    request.wish.person = textIn(*json, "person");
    request.wish.conversation = textIn(*json, "conversation");
    request.wish.interaction = textIn(*json, "interaction");
    if (const auto before = json->find("before_ms"); before != json->end()) {
        request.wish.beforeMs = before->get<std::int64_t>();
    }
    return std::optional(std::move(request));
}

bool withdrawErasureRequest(const std::string& dataFolder) {
    return platform::removeFile(requestPath(dataFolder)).has_value();
}

Result<> answerErasure(const std::string& dataFolder, const std::string& id, const Result<ErasureReport>& report) {
    Json json{{"id", id}};
    if (report) {
        json["records"] = report->records;
        json["texts"] = report->texts;
        json["values"] = report->values;
        json["sequence"] = report->sequence;
        json["purged"] = report->isPurged;
        json["complete"] = report->isComplete;
    } else {
        json["problem"] = report.error().what;
    }
    const std::string text = dumpJson(json);
    return platform::writePrivateFile(answerPath(dataFolder), bytesOf(text));
}

std::optional<Result<ErasureReport>> takeErasureAnswer(const std::string& dataFolder, const std::string& id) {
    const auto json = readJson(answerPath(dataFolder));
    if (!json || textIn(*json, "id") != id) {
        return std::nullopt;
    }
    if (!platform::removeFile(answerPath(dataFolder))) {
        return std::nullopt;
    }
    if (const auto problem = textIn(*json, "problem")) {
        return fail(ErrorKind::unavailable, *problem);
    }
    ErasureReport report;
    report.records = numberIn(*json, "records");
    report.texts = numberIn(*json, "texts");
    report.values = numberIn(*json, "values");
    report.sequence = numberIn(*json, "sequence");
    report.isPurged = json->value("purged", false);
    report.isComplete = json->value("complete", false);
    return report;
}

} // namespace gatehouse::audit
