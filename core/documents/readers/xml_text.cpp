// SPDX-License-Identifier: Apache-2.0
#include "documents/readers/xml_text.h"

#include <algorithm>
#include <array>

namespace gatehouse::documents {
namespace {

template <std::size_t N>
bool isOneOf(const std::array<std::string_view, N>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

// WordprocessingML, DrawingML and SpreadsheetML (ECMA-376), OpenDocument 1.3.
constexpr std::array<std::string_view, 6> kInline{"t", "span", "a", "r", "ph", "fld"};
constexpr std::array<std::string_view, 9> kBlocks{"p",  "h",       "tr",        "row", "table-row",
                                                  "si", "comment", "list-item", "page"};
constexpr std::array<std::string_view, 2> kCells{"tc", "table-cell"};
constexpr std::array<std::string_view, 3> kBreaks{"br", "cr", "line-break"};
constexpr std::array<std::string_view, 4> kAside{"delText", "instrText", "rPh", "delInstrText"};
constexpr std::array<std::string_view, 7> kTold{"descr", "title", "Target", "author", "href", "displayName", "creator"};

class TextWalk final {
public:
    std::string run(const pugi::xml_node& top) {
        pugi::xml_node node = top.first_child();
        while (node) {
            enter(node);
            if (node.first_child()) {
                node = node.first_child();
                continue;
            }
            leave(node);
            while (!node.next_sibling()) {
                node = node.parent();
                if (!node || node == top) {
                    return finish();
                }
                leave(node);
            }
            node = node.next_sibling();
        }
        return finish();
    }

private:
    std::string finish() {
        for (const std::string* rest : {&m_aside, &m_told}) {
            if (!rest->empty()) {
                endLine();
                m_out += *rest;
            }
        }
        return std::move(m_out);
    }

    void enter(const pugi::xml_node& node) {
        if (node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata) {
            std::string& out = m_asideDepth > 0 ? m_aside : m_out;
            out += node.value();
            return;
        }
        if (node.type() == pugi::node_comment) {
            m_told += std::string(node.value()) + "\n";
            return;
        }
        const std::string_view name = localName(node);
        if (isOneOf(kAside, name)) {
            ++m_asideDepth;
        } else if (name == "tab") {
            m_out += '\t';
        } else if (isOneOf(kBreaks, name)) {
            m_out += '\n';
        } else if (name == "noBreakHyphen") {
            m_out += '-';
        } else if (std::string_view(node.name()) == "text:s") {
            m_out.append(std::clamp<std::size_t>(node.attribute("text:c").as_uint(1), 1, 256), ' ');
        }
        tell(node, name);
    }

    void tell(const pugi::xml_node& node, std::string_view name) {
        for (const pugi::xml_attribute& attribute : node.attributes()) {
            std::string_view key = attribute.name();
            key = key.substr(key.find(':') == std::string_view::npos ? 0 : key.find(':') + 1);
            const bool isNamed = name == "property" && key == "name";
            const bool isInner =
                key == "Target" && std::string_view(node.attribute("TargetMode").value()) != "External";
            const bool isValue = key == "string-value" || key == "formula";
            if (!isInner && (isOneOf(kTold, key) || isNamed || isValue) && *attribute.value() != '\0') {
                m_told += std::string(attribute.value()) + "\n";
            }
        }
    }

    void leave(const pugi::xml_node& node) {
        if (node.type() != pugi::node_element) {
            return;
        }
        const std::string_view name = localName(node);
        if (isOneOf(kAside, name)) {
            --m_asideDepth;
            m_aside += '\n';
        } else if (isOneOf(kCells, name)) {
            while (m_out.ends_with('\n')) {
                m_out.pop_back(); // the paragraph inside of the cell
            }
            m_out += '\t';
        } else if (isOneOf(kBlocks, name) || hasWordsOfItsOwn(node, name)) {
            endLine();
        }
    }

    // A property, say: <dc:title>words</dc:title>.
    static bool hasWordsOfItsOwn(const pugi::xml_node& node, std::string_view name) {
        return !isOneOf(kInline, name) && *node.child_value() != '\0';
    }

    void endLine() {
        if (!m_out.empty() && m_out.back() != '\n') {
            m_out += '\n';
        }
    }

    std::string m_out;
    std::string m_aside;
    std::string m_told;
    unsigned m_asideDepth = 0;
};

} // namespace

bool parseXml(std::string_view bytes, pugi::xml_document& document) {
    constexpr unsigned kOptions = pugi::parse_default | pugi::parse_ws_pcdata_single | pugi::parse_comments;
    return static_cast<bool>(document.load_buffer(bytes.data(), bytes.size(), kOptions));
}

std::string_view localName(const pugi::xml_node& node) {
    const std::string_view name = node.name();
    const std::size_t colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

std::string textBelow(const pugi::xml_node& top) {
    return TextWalk().run(top);
}

} // namespace gatehouse::documents
