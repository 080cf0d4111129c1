// SPDX-License-Identifier: Apache-2.0
#include "policy/places.h"

#include "base/json.h"

namespace gatehouse::policy {
namespace {

class Walk final {
public:
    explicit Walk(std::string_view document) : m_document(document) {}

    std::unordered_map<std::string, Place> run() {
        skipSpace();
        value("", m_at);
        return std::move(m_places);
    }

private:
    void skipSpace() {
        while (m_at < m_document.size() && std::string_view(" \t\r\n").contains(m_document[m_at])) {
            ++m_at;
        }
    }

    [[nodiscard]] char peek() const { return m_at < m_document.size() ? m_document[m_at] : '\0'; }

    // The decoded text of the string token here. The token was checked, so that decoding it cannot fail.
    std::string string() {
        const std::size_t begin = m_at;
        for (++m_at; m_at < m_document.size() && m_document[m_at] != '"'; ++m_at) {
            if (m_document[m_at] == '\\') {
                ++m_at;
            }
        }
        m_at = m_at < m_document.size() ? m_at + 1 : m_document.size();
        const Json decoded = Json::parse(m_document.substr(begin, m_at - begin), nullptr, false);
        return decoded.is_string() ? decoded.get<std::string>() : std::string();
    }

    void value(const std::string& pointer, std::size_t keyAt) {
        m_places[pointer] = {keyAt, m_at};
        if (peek() == '{') {
            members(pointer, true);
        } else if (peek() == '[') {
            members(pointer, false);
        } else if (peek() == '"') {
            string();
        } else {
            while (m_at < m_document.size() && !std::string_view(" \t\r\n,]}").contains(m_document[m_at])) {
                ++m_at;
            }
        }
    }

    void members(const std::string& pointer, bool isObject) {
        ++m_at;
        for (std::size_t index = 0; m_at < m_document.size(); ++index) {
            skipSpace();
            if (peek() == ',') {
                ++m_at;
                skipSpace();
            }
            if (peek() == '}' || peek() == ']') {
                ++m_at;
                return;
            }
            const std::size_t keyAt = m_at;
            std::string token = isObject ? string() : std::to_string(index);
            if (isObject) {
                skipSpace();
                ++m_at; // the colon
                skipSpace();
            }
            value(pointerTo(pointer, token), keyAt);
        }
    }

    std::string_view m_document;
    std::size_t m_at = 0;
    std::unordered_map<std::string, Place> m_places;
};

} // namespace

std::unordered_map<std::string, Place> placesOf(std::string_view document) {
    return Walk(document).run();
}

std::string pointerTo(std::string_view parent, std::string_view token) {
    std::string pointer(parent);
    pointer += '/';
    for (const char c : token) {
        if (c == '~') {
            pointer += "~0";
        } else if (c == '/') {
            pointer += "~1";
        } else {
            pointer += c;
        }
    }
    return pointer;
}

} // namespace gatehouse::policy
