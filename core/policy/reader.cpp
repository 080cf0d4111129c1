// SPDX-License-Identifier: Apache-2.0
#include "policy/reader.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "base/time_text.h"
#include "base/utf8.h"
#include "policy/comments.h"
#include "policy/places.h"

namespace gatehouse::policy {
namespace {

constexpr std::size_t kMaxFaults = 100;

// Levenshtein distance, for "did you mean"; both words are short keys.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0U);
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t above = row[j + 1];
            row[j + 1] = std::min({above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0U : 1U)});
            diagonal = above;
        }
    }
    return row.back();
}

std::string suggestion(std::string_view key, const std::vector<std::string>& known) {
    std::size_t best = 3;
    std::string word;
    if (key.size() < 3 || key.size() > 40) {
        return {};
    }
    for (const std::string& candidate : known) {
        if (const std::size_t steps = distance(key, candidate); steps < best) {
            best = steps;
            word = candidate;
        }
    }
    return word.empty() ? word : "; did you mean \"" + word + "\"?";
}

} // namespace

void Faults::add(std::string pointer, std::string message, At at) {
    if (m_entries.size() < kMaxFaults) {
        m_entries.push_back({std::move(pointer), std::move(message), at});
    }
}

std::vector<Fault> Faults::locate(std::string_view document) const {
    const auto places = placesOf(document);
    std::multimap<std::size_t, Fault> found; // by offset; equal ones stay in the order in which they were found
    for (const Entry& entry : m_entries) {
        const auto place = places.find(entry.pointer);
        const Place at = place == places.end() ? Place{} : place->second;
        const JsonFault where = placeOf(document, entry.at == At::key ? at.key : at.value);
        found.emplace(where.offset, Fault{entry.pointer, where.line, where.column, entry.message});
    }
    std::vector<Fault> faults;
    faults.reserve(found.size());
    for (auto& [offset, fault] : found) {
        faults.push_back(std::move(fault));
    }
    return faults;
}

std::string inQuotes(std::string_view word) {
    const bool isLong = word.size() > 40;
    std::string text = "\"";
    for (const char c : word.substr(0, utf8Boundary(word, std::min<std::size_t>(word.size(), 40)))) {
        text += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
    }
    return text + (isLong ? "…\"" : "\"");
}

bool isIdentifier(std::string_view text) {
    const auto isAlphanumeric = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    return !text.empty() && text.size() <= 64 && isAlphanumeric(text[0]) &&
           std::all_of(text.begin(), text.end(),
                       [&](char c) { return isAlphanumeric(c) || c == '.' || c == '_' || c == '-'; });
}

Reader::Reader(const Json& value, std::string pointer, Faults& faults)
    : m_value(value)
    , m_pointer(std::move(pointer))
    , m_faults(faults) {
    if (!m_value.is_object()) {
        m_faults.add(m_pointer, "must be an object");
    }
}

std::string Reader::pointerOf(std::string_view key) const {
    return pointerTo(m_pointer, key);
}

void Reader::wrong(std::string_view key, std::string message) {
    m_faults.add(pointerOf(key), std::move(message));
}

const Json* Reader::find(std::string_view key) {
    m_known.emplace_back(key);
    if (!m_value.is_object()) {
        return nullptr;
    }
    const auto member = m_value.find(key);
    return member == m_value.end() ? nullptr : &*member;
}

std::optional<Reader> Reader::object(std::string_view key) {
    const Json* const value = find(key);
    if (value == nullptr) {
        return std::nullopt;
    }
    Reader reader(*value, pointerOf(key), m_faults);
    if (!reader.isObject()) {
        return std::nullopt;
    }
    return reader;
}

std::vector<std::pair<const Json*, std::string>> Reader::array(std::string_view key) {
    std::vector<std::pair<const Json*, std::string>> elements;
    const Json* const value = find(key);
    if (value == nullptr) {
        return elements;
    }
    if (!value->is_array()) {
        wrong(key, "must be an array");
        return elements;
    }
    for (std::size_t index = 0; index < value->size(); ++index) {
        elements.emplace_back(&(*value)[index], pointerTo(pointerOf(key), std::to_string(index)));
    }
    return elements;
}

void Reader::addText(std::vector<Text>& texts, const Json& value, std::string pointer, std::size_t maximum) {
    const auto* const text = value.get_ptr<const std::string*>();
    if (text == nullptr) {
        m_faults.add(std::move(pointer), "must be a string");
    } else if (text->empty() || text->size() > maximum) {
        m_faults.add(std::move(pointer), "must have 1 to " + std::to_string(maximum) + " bytes");
    } else {
        texts.push_back({*text, std::move(pointer)});
    }
}

std::optional<std::string> Reader::text(std::string_view key, std::size_t maximum) {
    std::vector<Text> texts;
    if (const Json* const value = find(key)) {
        addText(texts, *value, pointerOf(key), maximum);
    }
    return texts.empty() ? std::nullopt : std::optional(std::move(texts[0].text));
}

std::optional<std::string> Reader::identifier(std::string_view key) {
    auto given = text(key, 64);
    if (given && !isIdentifier(*given)) {
        wrong(key, inQuotes(*given) + " is not an id: lower-case letters, digits, \".\", \"_\" and \"-\" only");
        return std::nullopt;
    }
    return given;
}

std::optional<bool> Reader::flag(std::string_view key) {
    const Json* const value = find(key);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (!value->is_boolean()) {
        wrong(key, "must be true or false");
        return std::nullopt;
    }
    return value->get<bool>();
}

std::optional<std::uint64_t> Reader::number(std::string_view key, std::uint64_t minimum, std::uint64_t maximum) {
    const Json* const value = find(key);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (!value->is_number_unsigned() || value->get<std::uint64_t>() < minimum ||
        value->get<std::uint64_t>() > maximum) {
        wrong(key, "must be a whole number from " + std::to_string(minimum) + " to " + std::to_string(maximum));
        return std::nullopt;
    }
    return value->get<std::uint64_t>();
}

std::optional<double> Reader::fraction(std::string_view key) {
    const Json* const value = find(key);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (!value->is_number() || !(value->get<double>() >= 0 && value->get<double>() <= 1)) {
        wrong(key, "must be a number from 0 to 1");
        return std::nullopt;
    }
    return value->get<double>();
}

std::optional<double> Reader::amount(std::string_view key) {
    constexpr double kMaximum = 1e6;
    const Json* const value = find(key);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (!value->is_number() || !(value->get<double>() >= 0 && value->get<double>() <= kMaximum)) {
        wrong(key, "must be a number from 0 to 1000000");
        return std::nullopt;
    }
    return value->get<double>();
}

std::optional<WallTime> Reader::time(std::string_view key) {
    const auto given = text(key, 40);
    if (!given) {
        return std::nullopt;
    }
    const auto parsed = parseTime(*given);
    if (!parsed) {
        wrong(key, "must be a date (2026-11-20) or a time in UTC (2026-11-20T08:00:00Z)");
        return std::nullopt;
    }
    return *parsed;
}

std::vector<Text> Reader::texts(std::string_view key, std::size_t maximum) {
    const Json* const value = find(key);
    if (value == nullptr || value->is_array()) {
        m_known.pop_back();
        return list(key, maximum);
    }
    std::vector<Text> texts;
    if (!value->is_string()) {
        wrong(key, "must be a string or an array of strings");
        return texts;
    }
    addText(texts, *value, pointerOf(key), maximum);
    return texts;
}

std::vector<Text> Reader::list(std::string_view key, std::size_t maximum) {
    std::vector<Text> texts;
    const auto elements = array(key);
    for (const auto& [value, pointer] : elements) {
        addText(texts, *value, pointer, maximum);
    }
    const Json* const value = find(key);
    m_known.pop_back();
    if (elements.empty() && value != nullptr && value->is_array()) {
        wrong(key, "must not be empty; leave it out instead");
    }
    return texts;
}

void Reader::require(std::string_view key, std::string_view why) {
    if (m_value.is_object() && !m_value.contains(key)) {
        m_faults.add(m_pointer, "\"" + std::string(key) + "\" is missing: " + std::string(why));
    }
}

void Reader::later(std::string_view key) {
    if (find(key) != nullptr) {
        m_faults.add(pointerOf(key), "\"" + std::string(key) + "\" is not supported by this agent yet; take it out",
                     Faults::At::key);
    }
}

void Reader::done() {
    if (!m_value.is_object()) {
        return;
    }
    for (const auto& [key, value] : m_value.items()) {
        if (std::find(m_known.begin(), m_known.end(), key) == m_known.end()) {
            m_faults.add(pointerOf(key), "unknown key " + inQuotes(key) + suggestion(key, m_known), Faults::At::key);
        }
    }
}

} // namespace gatehouse::policy
