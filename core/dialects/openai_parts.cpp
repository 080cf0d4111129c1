// SPDX-License-Identifier: Apache-2.0
#include "dialects/openai_parts.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace gatehouse::dialects {
namespace {

constexpr std::array<std::string_view, 4> kStoredIds{"file_id", "previous_response_id", "previous_message_id",
                                                     "vector_store_id"};

template <std::size_t count>
bool isOneOf(const std::array<std::string_view, count>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool isSigned(const std::vector<std::string>& segments) {
    if (segments.empty()) {
        return false;
    }
    // OpenRouter's reasoning_details carry encrypted reasoning in "data".
    const bool isReasoningData = segments.back() == "data" && segments.size() > 3 && segments[2] == "reasoning_details";
    return isReasoningData || isSignedMember(segments.back());
}

// Bytes of an attachment, as base64: an image, a sound, a file.
bool isAttachment(const JsonString& string, const std::vector<std::string>& segments) {
    if (segments.empty()) {
        return false;
    }
    const std::string& last = segments.back();
    // Elsewhere a text that begins so is a text.
    const bool isAddress = last == "url" || last == "image_url" || last == "file_url";
    return (isAddress && isDataUri(string.text)) || last == "file_data" ||
           (last == "data" && segments.size() > 1 && segments[segments.size() - 2] == "input_audio");
}

PartKind kindInMessage(const std::vector<std::string>& segments) {
    const std::string& field = segments[2];
    const std::string& last = segments.back();
    if (field == "content") {
        return segments.size() == 3 || last == "text" || last == "refusal" ? PartKind::text
               : last == "filename"                                        ? PartKind::fileName
               : last == "type" || last == "detail" || last == "format"    ? PartKind::metadata
                                                                           : PartKind::other;
    }
    if (field == "tool_calls" || field == "function_call") {
        return last == "arguments" || last == "input" ? PartKind::toolCall : PartKind::metadata;
    }
    if (field == "reasoning_content" || field == "reasoning" || field == "refusal") {
        return PartKind::text;
    }
    if (field == "role" || field == "name" || field == "tool_call_id") {
        return PartKind::metadata;
    }
    return PartKind::other;
}

PartKind kindOf(const std::vector<std::string>& segments) {
    if (segments.empty()) {
        return PartKind::other;
    }
    const std::string& first = segments.front();
    if (first == "messages") {
        return segments.size() > 2 ? kindInMessage(segments) : PartKind::other;
    }
    if (first == "tools" || first == "functions" || first == "response_format") {
        return PartKind::toolSchema;
    }
    constexpr std::array<std::string_view, 9> kMetadata{"model",
                                                        "user",
                                                        "metadata",
                                                        "service_tier",
                                                        "tool_choice",
                                                        "safety_identifier",
                                                        "prompt_cache_key",
                                                        "reasoning_effort",
                                                        "modalities"};
    return isOneOf(kMetadata, first) ? PartKind::metadata : PartKind::other;
}

bool isOpenAiReference(const JsonString& string, const std::vector<std::string>& segments) {
    if (segments.empty() || string.text.empty()) {
        return false;
    }
    if (isOneOf(kStoredIds, segments.back())) {
        return true;
    }
    const bool isInMessage = segments.front() == "messages" && segments.size() > 3;
    if (!isInMessage) {
        return false;
    }
    // A stored audio answer: messages[n].audio.id.
    if (segments[2] == "audio" && segments.back() == "id") {
        return true;
    }
    const bool isUrlMember =
        segments.back() == "url" || segments.back() == "image_url" || segments.back() == "file_url";
    return isUrlMember && segments[2] == "content" && !string.text.starts_with("data:");
}

// 4111.0 and 4.111e3 are 4111; what is no whole number stays as it is written.
std::string wholeNumber(std::string_view written) {
    constexpr int kMaxExponent = 40;
    const std::size_t mark = std::min(written.find_first_of("eE"), written.size());
    const std::string_view mantissa = written.substr(0, mark);
    std::string_view power = written.substr(std::min(mark + 1, written.size()));
    power.remove_prefix(power.starts_with('+') ? 1 : 0);
    int exponent = 0;
    std::from_chars(power.data(), power.data() + power.size(), exponent);
    const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
    std::string digits(mantissa.substr(0, point));
    std::string_view rest = mantissa.substr(std::min(point + 1, mantissa.size()));
    if (exponent < 0 || exponent > kMaxExponent) {
        return std::string(written);
    }
    for (; exponent > 0; --exponent) {
        digits += rest.empty() ? '0' : rest.front();
        rest.remove_prefix(rest.empty() ? 0 : 1);
    }
    return rest.find_first_not_of('0') == std::string_view::npos ? digits : std::string(written);
}

} // namespace

namespace {

// RFC 6901 §4: "~1" is "/", and "~" before any other is "~".
std::string unescapedSegment(std::string_view escaped) {
    std::string segment;
    for (std::size_t i = 0; i < escaped.size(); ++i) {
        const bool isEscape = escaped[i] == '~' && i + 1 < escaped.size();
        segment += isEscape ? (escaped[++i] == '1' ? '/' : '~') : escaped[i];
    }
    return segment;
}

} // namespace

std::vector<std::string> pointerSegments(std::string_view pointer) {
    std::vector<std::string> segments;
    segments.reserve(static_cast<std::size_t>(std::count(pointer.begin(), pointer.end(), '/')));
    for (std::size_t at = pointer.starts_with('/') ? 1 : 0; !pointer.empty();) {
        const std::size_t end = std::min(pointer.find('/', at), pointer.size());
        segments.emplace_back(pointer.substr(at, end - at));
        if (segments.back().find('~') != std::string::npos) {
            segments.back() = unescapedSegment(segments.back());
        }
        if (end == pointer.size()) {
            break;
        }
        at = end + 1;
    }
    return segments;
}

std::string numberInWords(std::string_view document, const JsonNumber& number) {
    const auto segments = pointerSegments(number.pointer);
    const auto name = std::find_if(segments.rbegin(), segments.rend(), [](const std::string& segment) {
        return segment.find_first_not_of("0123456789") != std::string::npos;
    });
    return (name == segments.rend() ? std::string("number") : *name) + ": " +
           wholeNumber(document.substr(number.begin, number.end - number.begin));
}

bool isDataUri(std::string_view text) {
    return text.starts_with("data:") && text.substr(0, 256).find(";base64,") != std::string_view::npos;
}

Label openAiLabel(const JsonString& string, const std::vector<std::string>& segments) {
    const bool isReference = isOpenAiReference(string, segments);
    if (isSigned(segments)) {
        return {PartKind::opaque, true, isReference};
    }
    return {isAttachment(string, segments) ? PartKind::opaque : kindOf(segments), false, isReference};
}

} // namespace gatehouse::dialects
