// SPDX-License-Identifier: Apache-2.0
#include "ipc/page_messages.h"

#include "ipc/fields.h"

namespace gatehouse::ipc {

Result<ReadingRequest> parseReading(const Json& body) {
    ReadingRequest request;
    GH_TRY(const std::string origin, textOf(body, "origin", 512));
    GH_TRY(request.host, hostOfOrigin(origin));
    GH_TRY(const std::string top, optionalText(body, "topOrigin", 512));
    request.topHost = hostOfOrigin(top).value_or(std::string());
    GH_TRY(request.text, optionalText(body, "text", kTextLimit));
    const auto list = body.find("placeholders");
    if (list == body.end()) {
        return request;
    }
    if (!list->is_array() || list->size() > kReadingLimit) {
        return fail(ErrorKind::limit, "too many placeholders");
    }
    for (const Json& each : *list) {
        if (!each.is_string() || each.get_ref<const std::string&>().size() > kPlaceholderLimit) {
            return fail(ErrorKind::invalidInput, "an odd placeholder");
        }
        request.placeholders.push_back(each.get<std::string>());
    }
    return request;
}

std::string readingReply(std::string_view id, const ReadingReply& reply) {
    Json json = envelope("reading_ok", id);
    Json values = Json::array();
    for (const auto& [placeholder, value] : reply.values) {
        values.push_back(Json::array({placeholder, value}));
    }
    Json marks = Json::array();
    for (const Mark& mark : reply.marks) {
        marks.push_back(Json::array({mark.begin, mark.end, mark.name}));
    }
    json["values"] = std::move(values);
    json["marks"] = std::move(marks);
    return dumpJson(json);
}

Result<Focus> parseFocus(const Json& body) {
    Focus focus;
    GH_TRY(focus.isFocused, flagOf(body, "focused", false));
    if (!focus.isFocused) {
        return focus;
    }
    GH_TRY(const std::string origin, textOf(body, "origin", 512));
    GH_TRY(focus.host, hostOfOrigin(origin));
    GH_TRY(focus.key, idText(body, "key"));
    constexpr std::size_t kShortestKey = 32;
    if (focus.key.size() < kShortestKey) {
        return fail(ErrorKind::invalidInput, "a key that is too short");
    }
    return focus;
}

Result<ChatRequest> parseChat(const Json& body) {
    ChatRequest request;
    GH_TRY(const std::string origin, textOf(body, "origin", 512));
    GH_TRY(request.host, hostOfOrigin(origin));
    GH_TRY(request.text, textOf(body, "text", kTextLimit));
    return request;
}

std::string chatReply(std::string_view id, bool isOpened) {
    Json json = envelope("chat_ok", id);
    json["opened"] = isOpened;
    return dumpJson(json);
}

std::string clipPush(const ClipNotice& notice) {
    Json json = envelope("push", {});
    json["what"] = "clip";
    json["key"] = notice.key;
    json["text"] = notice.text;
    json["html"] = notice.html;
    json["allowed"] = notice.isAllowed;
    return dumpJson(json);
}

} // namespace gatehouse::ipc
