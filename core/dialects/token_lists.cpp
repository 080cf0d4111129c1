// SPDX-License-Identifier: Apache-2.0
#include "dialects/token_lists.h"

#include <algorithm>
#include <array>

#include "dialects/json_edit.h"
#include "dialects/openai_parts.h"

namespace gatehouse::dialects {
namespace {

struct Found {
    std::string_view document;
    const OrderedJson& dom;
    const std::vector<JsonString>& strings;
};

const OrderedJson& valueAt(const OrderedJson& dom, const Segments& segments, std::size_t count) {
    const OrderedJson* value = &dom;
    for (std::size_t i = 0; i < count; ++i) {
        value = value->is_array() ? &elementOf(*value, segments[i]) : &memberOf(*value, segments[i]);
    }
    return *value;
}

// The array that is a member of the value at `pointer`. Empty where there is none.
TokenList::Range arrayAt(const Found& found, const std::string& pointer) {
    for (const JsonString& string : found.strings) {
        if (string.isKey && string.pointer == pointer) {
            const JsonRange value = memberValue(found.document, string.end);
            return {value.begin, value.end};
        }
    }
    return {};
}

// The text beside a list: its channel, or which copy it is.
void nameText(TokenList& list, std::string& text, const AnswerEvent& event, const Found& found,
              const std::vector<std::string>& pointers) {
    const auto isText = [&](const JsonString& string) {
        return !string.isKey && std::find(pointers.begin(), pointers.end(), string.pointer) != pointers.end();
    };
    const auto string = std::find_if(found.strings.begin(), found.strings.end(), isText);
    if (string == found.strings.end()) {
        return;
    }
    const auto field = std::find_if(event.fields.begin(), event.fields.end(),
                                    [&](const TextField& each) { return each.begin == string->begin; });
    if (field == event.fields.end()) {
        return;
    }
    list.channel = field->channel;
    list.copy = static_cast<std::size_t>(field - event.fields.begin());
    for (const TextField& each : event.fields) {
        const bool isPart = list.channel.empty() ? &each == &*field : each.channel == list.channel;
        text += isPart ? each.text : "";
    }
}

// Where the text of a list may stand, seen from what holds the list. `member`: which of a chat's two texts.
std::vector<std::string> textPlaces(const std::string& holder, const OrderedJson& owner, const std::string& member) {
    std::vector<std::string> places{holder + "/text", holder + "/delta", holder + "/response"};
    for (const char* const name : {"/delta/", "/message/"}) {
        places.push_back(holder + name + member);
    }
    const OrderedJson& parts = memberOf(memberOf(owner, "content"), "parts");
    for (std::size_t i = 0; parts.is_array() && i < parts.size(); ++i) {
        if (!flagAt(parts[i], "thought")) {
            places.push_back(holder + "/content/parts/" + std::to_string(i) + "/text");
        }
    }
    return places;
}

std::string spelledByAll(const OrderedJson& list) {
    std::string text;
    for (const OrderedJson& token : list) {
        text += token.is_string() ? token.get<std::string>() : spelledBy(token);
    }
    return text;
}

class Reader final {
public:
    Reader(AnswerEvent& event, Found found) : m_event(event), m_found(found) {}

    // `key` is that of the value.
    void read(const JsonString& key, const Segments& segments, const OrderedJson& value) {
        const OrderedJson& owner = valueAt(m_found.dom, segments, segments.size() - 1);
        const std::string holder = key.pointer.substr(0, key.pointer.rfind('/'));
        if (value.is_array()) {
            add(key, {key.pointer}, value, textPlaces(holder, owner, "content"));
            return;
        }
        const std::size_t before = m_event.tokens.size();
        const bool isEmpty =
            std::all_of(value.begin(), value.end(), [](const OrderedJson& each) { return each.is_null(); });
        for (const char* const member : {"content", "refusal"}) {
            if (memberOf(value, member).is_array()) {
                add(key, {key.pointer + "/" + member}, memberOf(value, member), textPlaces(holder, owner, member));
            }
        }
        constexpr std::array<std::string_view, 4> kBeside{"token_logprobs", "top_logprobs", "text_offset",
                                                          "topCandidates"};
        for (const char* const main : {"tokens", "chosenCandidates"}) {
            if (!memberOf(value, main).is_array()) {
                continue;
            }
            std::vector<std::string> pointers{key.pointer + "/" + main};
            for (const std::string_view other : kBeside) {
                if (memberOf(value, other).is_array()) {
                    pointers.push_back(key.pointer + "/" + std::string(other));
                }
            }
            add(key, pointers, memberOf(value, main), textPlaces(holder, owner, "content"));
        }
        if (m_event.tokens.size() == before && !isEmpty) {
            addUnknown(key);
        }
    }

    // Of a form that is not known: never told.
    void addUnknown(const JsonString& key) {
        const JsonRange all = memberValue(m_found.document, key.end);
        TokenList& list = m_event.tokens.emplace_back();
        list.begin = all.begin;
        list.end = all.end;
    }

private:
    void add(const JsonString& key, const std::vector<std::string>& pointers, const OrderedJson& tokens,
             const std::vector<std::string>& places) {
        TokenList list;
        const JsonRange all = memberValue(m_found.document, key.end);
        list.begin = all.begin;
        list.end = all.end;
        for (const std::string& pointer : pointers) {
            list.lists.push_back(arrayAt(m_found, pointer));
        }
        std::string text;
        nameText(list, text, m_event, m_found, places);
        list.spellsText = spelledByAll(tokens) == text; // without a text: where there are no tokens
        m_event.tokens.push_back(std::move(list));
    }

    AnswerEvent& m_event;
    Found m_found;
};

// What stands in a list is neither said nor a copy; numbers there are none that a model said. Both are in the order of
// the document.
void unlabel(AnswerEvent& event) {
    auto list = event.tokens.begin();
    for (TextField& field : event.fields) {
        while (list != event.tokens.end() && list->end <= field.begin) {
            ++list;
        }
        if (list != event.tokens.end() && field.begin >= list->begin) {
            field.channel.clear();
            field.isCopy = field.isSealed = field.isBinary = field.isMedia = false;
            if (event.document[field.begin] != '"') { // how probable a token was says nothing of its own
                field.text.clear();
            }
        }
    }
}

// Where vendors put them; the same word in the arguments of a tool is the caller's own.
bool isPlace(const Segments& segments, const OrderedJson& dom) {
    const std::string& last = segments.back();
    const std::size_t size = segments.size();
    if (last == "logprobsResult") {
        return size == 3 && segments[0] == "candidates";
    }
    if (last != "logprobs") {
        return false;
    }
    return size == 1 || (size == 3 && segments[0] == "choices") ||
           textAt(valueAt(dom, segments, size - 1), "type") == "output_text";
}

} // namespace

std::string spelledBy(const OrderedJson& token) {
    const OrderedJson& bytes = memberOf(token, "bytes");
    if (!bytes.is_array()) {
        return textAt(token, "token");
    }
    std::string text;
    for (const OrderedJson& byte : bytes) {
        text += byte.is_number_unsigned() && byte.get<std::uint64_t>() < 256U
                    ? static_cast<char>(byte.get<std::uint64_t>())
                    : '\0';
    }
    return text;
}

void findTokenLists(AnswerEvent& event, const OrderedJson& dom, const std::vector<JsonString>& strings) {
    const Found found{event.document, dom, strings};
    constexpr std::size_t kMostRead = 64; // an answer has some choices; each list is looked up in all of it
    Reader reader(event, found);
    for (const JsonString& string : strings) {
        const bool isNamed = string.isKey && (string.text == "logprobs" || string.text == "logprobsResult");
        const bool isInside = !event.tokens.empty() && string.begin < event.tokens.back().end;
        if (!isNamed || isInside) {
            continue;
        }
        const Segments segments = pointerSegments(string.pointer);
        const OrderedJson& value = valueAt(dom, segments, segments.size());
        if (!isPlace(segments, dom) || !value.is_structured()) {
            continue;
        }
        if (event.tokens.size() < kMostRead) {
            reader.read(string, segments, value);
        } else {
            reader.addUnknown(string);
        }
    }
    unlabel(event);
}

} // namespace gatehouse::dialects
