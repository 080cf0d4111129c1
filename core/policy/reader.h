// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "policy/policy.h"

// Typed reading of JSON objects that collects every fault instead of stopping at the first.
namespace gatehouse::policy {

// What is wrong, by pointer; lines and columns are found once at the end.
class Faults final {
public:
    enum class At { value, key };
    void add(std::string pointer, std::string message, At at = At::value);
    [[nodiscard]] bool empty() const { return m_entries.empty(); }
    // The faults with their places, in the order of the document. At most 100.
    [[nodiscard]] std::vector<Fault> locate(std::string_view document) const;

private:
    struct Entry {
        std::string pointer;
        std::string message;
        At at = At::value;
    };
    std::vector<Entry> m_entries;
};

// A word of the document for a message: in quotes, printable, shortened.
std::string inQuotes(std::string_view word);
// "a, b, c" of the words of an enum whose values are 0 … count-1.
template <class Enum>
std::string wordsOf(std::string_view (*word)(Enum), std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) {
        all += (i == 0 ? "" : ", ") + std::string(word(static_cast<Enum>(i)));
    }
    return all;
}

// A string of the document and where it stands.
struct Text {
    std::string text;
    std::string pointer;
};

// One object. Every known key is asked for once; done() then refuses the others.
class Reader final {
public:
    Reader(const Json& value, std::string pointer, Faults& faults);

    [[nodiscard]] bool isObject() const { return m_value.is_object(); }
    [[nodiscard]] Faults& faults() { return m_faults; }
    [[nodiscard]] const std::string& pointer() const { return m_pointer; }
    [[nodiscard]] std::string pointerOf(std::string_view key) const;
    void wrong(std::string_view key, std::string message);

    // The member, or null; the key is known from now on.
    const Json* find(std::string_view key);
    // The member if it is an object (a fault if it is something else).
    std::optional<Reader> object(std::string_view key);
    // The member if it is an array, with the pointers of its elements.
    std::vector<std::pair<const Json*, std::string>> array(std::string_view key);
    // 1 to `maximum` bytes.
    std::optional<std::string> text(std::string_view key, std::size_t maximum = 256);
    // A letter or digit, then letters, digits, ".", "_", "-"; at most 64 bytes, lower case.
    std::optional<std::string> identifier(std::string_view key);
    std::optional<bool> flag(std::string_view key);
    std::optional<std::uint64_t> number(std::string_view key, std::uint64_t minimum, std::uint64_t maximum);
    std::optional<double> fraction(std::string_view key); // 0–1
    std::optional<double> amount(std::string_view key);   // 0 to a million
    std::optional<WallTime> time(std::string_view key);
    // One string or an array of at least one string, each 1 to `maximum` bytes.
    std::vector<Text> texts(std::string_view key, std::size_t maximum = 256);
    // An array of at least one string; a lone string is a fault.
    std::vector<Text> list(std::string_view key, std::size_t maximum = 256);
    // One of a closed set of words.
    template <class Enum>
    std::optional<Enum> word(std::string_view key, std::optional<Enum> (*from)(std::string_view),
                             std::string_view (*spell)(Enum), std::size_t count) {
        const auto given = text(key);
        if (!given) {
            return std::nullopt;
        }
        const std::optional<Enum> value = from(*given);
        if (!value) {
            wrong(key, inQuotes(*given) + " is none of " + wordsOf(spell, count));
        }
        return value;
    }
    void require(std::string_view key, std::string_view why);
    // A key that the format has but this agent does not carry out yet: refused, never ignored.
    void later(std::string_view key);
    void done();

private:
    void addText(std::vector<Text>& texts, const Json& value, std::string pointer, std::size_t maximum);
    const Json& m_value;
    std::string m_pointer;
    Faults& m_faults;
    std::vector<std::string> m_known;
};

bool isIdentifier(std::string_view text);

} // namespace gatehouse::policy
