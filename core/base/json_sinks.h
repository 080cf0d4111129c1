// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_scanner.h"
#include "base/json_tree.h"

// Private to this room: what a pass over a document is for.
namespace gatehouse {

struct JsonCheck {
    void key(const std::string& /*pointer*/, std::size_t /*begin*/, std::size_t /*end*/, std::string&& /*text*/) {}
    void string(const std::string& /*pointer*/, std::size_t /*begin*/, std::size_t /*end*/, std::string&& /*text*/) {}
    bool number(const std::string& /*pointer*/, std::size_t /*begin*/, std::string_view /*token*/) { return true; }
    template <typename Value>
    void literal(Value /*value*/) {}
    void open(bool /*isObject*/) {}
    void close() {}
};

class JsonIndex : public JsonCheck {
public:
    JsonIndex(std::vector<JsonString>& strings, std::vector<JsonNumber>* numbers)
        : m_strings(strings)
        , m_numbers(numbers) {}

    void key(const std::string& pointer, std::size_t begin, std::size_t end, std::string&& text) {
        m_strings.push_back({pointer, true, begin, end, std::move(text)});
    }
    void string(const std::string& pointer, std::size_t begin, std::size_t end, std::string&& text) {
        m_strings.push_back({pointer, false, begin, end, std::move(text)});
    }
    bool number(const std::string& pointer, std::size_t begin, std::string_view token) {
        if (m_numbers != nullptr && token.size() >= JsonNumber::kMinDigits) {
            m_numbers->push_back({pointer, begin, begin + token.size()});
        }
        return true;
    }

private:
    std::vector<JsonString>& m_strings;
    std::vector<JsonNumber>* m_numbers;
};

// A tree of the library's nodes. The pass has refused a member name that occurs twice, so that none is looked for.
template <typename Tree>
class JsonTree {
public:
    void key(const std::string& /*pointer*/, std::size_t /*begin*/, std::size_t /*end*/, std::string&& text) {
        m_key = std::move(text);
    }
    void string(const std::string& /*pointer*/, std::size_t /*begin*/, std::size_t /*end*/, std::string&& text) {
        add(Tree(std::move(text)));
    }
    // Types as the library's own parser gives them: whole numbers where 64 bits hold them, else a double.
    bool number(const std::string& /*pointer*/, std::size_t /*at*/, std::string_view token) {
        const char* const begin = token.data();
        const char* const end = begin + token.size();
        if (token.find_first_of(".eE") == std::string_view::npos) {
            std::uint64_t natural = 0;
            std::int64_t whole = 0;
            if (token.front() != '-' && std::from_chars(begin, end, natural).ec == std::errc()) {
                add(Tree(natural));
                return true;
            }
            if (token.front() == '-' && std::from_chars(begin, end, whole).ec == std::errc()) {
                add(Tree(whole));
                return true;
            }
        }
        double real = 0;
        if (std::from_chars(begin, end, real).ec != std::errc()) {
            real = std::strtod(std::string(token).c_str(), nullptr); // tells what is too small from what is too large
        }
        add(Tree(real));
        return std::isfinite(real);
    }
    template <typename Value>
    void literal(Value value) {
        add(Tree(value));
    }
    void open(bool isObject) { m_open.push_back(&add(isObject ? Tree::object() : Tree::array())); }
    void close() { m_open.pop_back(); }

    Tree take() { return std::move(m_root); }

private:
    // Nodes move when their container grows, but none that is open: its container waits for it to be closed.
    Tree& add(Tree&& node) {
        if (m_open.empty()) {
            m_root = std::move(node);
            return m_root;
        }
        if (m_open.back()->is_array()) {
            auto& array = m_open.back()->template get_ref<typename Tree::array_t&>();
            array.push_back(std::move(node));
            return array.back();
        }
        auto& object = m_open.back()->template get_ref<typename Tree::object_t&>();
        if constexpr (requires { object.emplace_back(std::move(m_key), std::move(node)); }) {
            object.emplace_back(std::move(m_key), std::move(node));
            return object.back().second;
        } else {
            return object.emplace(std::move(m_key), std::move(node)).first->second;
        }
    }

    Tree m_root;
    std::vector<Tree*> m_open;
    std::string m_key;
};

class JsonIndexedTree : public JsonTree<nlohmann::ordered_json> {
public:
    JsonIndexedTree(std::vector<JsonString>& strings, std::vector<JsonNumber>& numbers) : m_index(strings, &numbers) {}

    void key(const std::string& pointer, std::size_t begin, std::size_t end, std::string&& text) {
        JsonTree::key(pointer, begin, end, std::string(text));
        m_index.key(pointer, begin, end, std::move(text));
    }
    void string(const std::string& pointer, std::size_t begin, std::size_t end, std::string&& text) {
        JsonTree::string(pointer, begin, end, std::string(text));
        m_index.string(pointer, begin, end, std::move(text));
    }
    bool number(const std::string& pointer, std::size_t begin, std::string_view token) {
        m_index.number(pointer, begin, token);
        return JsonTree::number(pointer, begin, token);
    }

private:
    JsonIndex m_index;
};

} // namespace gatehouse
