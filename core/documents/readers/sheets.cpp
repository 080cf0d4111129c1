// SPDX-License-Identifier: Apache-2.0
// Workbooks: ECMA-376 part 1, 18.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "documents/readers/package.h"
#include "documents/readers/xml_text.h"

namespace gatehouse::documents {
namespace {

constexpr std::size_t kColumns = 16'384;    // what Excel has
constexpr std::size_t kPaddedColumns = 256; // empty cells are shown up to here, so that columns stay in line

struct Cell {
    std::size_t row = 0;
    std::size_t column = 0;
};

// "C9" → row 9, column 3; zeros when it is no cell.
Cell cellFrom(std::string_view reference) {
    Cell cell;
    std::size_t i = 0;
    for (; i < reference.size() && reference[i] >= 'A' && reference[i] <= 'Z' && cell.column <= kColumns; ++i) {
        cell.column = cell.column * 26 + static_cast<std::size_t>(reference[i] - 'A') + 1;
    }
    std::from_chars(reference.data() + i, reference.data() + reference.size(), cell.row);
    return cell.column <= kColumns ? cell : Cell();
}

std::string nameOf(Cell cell) {
    std::string letters;
    for (std::size_t column = cell.column; column > 0; column = (column - 1) / 26) {
        letters.insert(letters.begin(), static_cast<char>('A' + (column - 1) % 26));
    }
    return letters + std::to_string(cell.row);
}

// A number as it is shown: "4.1111111111111110E15" is sixteen digits.
std::string shownNumber(const char* text) {
    const std::string_view word(text);
    if (word.find_first_of("eE") == std::string_view::npos) {
        return std::string(word);
    }
    double value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc() || end != word.data() + word.size() || std::abs(value) >= 1e18 ||
        value != std::trunc(value)) {
        return std::string(word);
    }
    return std::to_string(static_cast<long long>(value));
}

std::vector<std::string> sharedStrings(const PackedFile* file) {
    std::vector<std::string> strings;
    if (file == nullptr) {
        return strings;
    }
    pugi::xml_document document;
    parseXml(file->bytes, document);
    for (const pugi::xml_node& item : document.document_element().children()) {
        if (localName(item) == "si") {
            strings.push_back(textBelow(item));
            while (strings.back().ends_with('\n')) {
                strings.back().pop_back();
            }
        }
    }
    return strings;
}

class Sheet final {
public:
    explicit Sheet(const std::vector<std::string>& strings) : m_strings(strings) {}

    void read(const pugi::xml_node& sheet) {
        for (const pugi::xml_node& data : sheet.children()) {
            if (localName(data) != "sheetData") {
                m_rest += textBelow(data) + "\n"; // headers, footers, validations, hints
                continue;
            }
            for (const pugi::xml_node& row : data.children()) {
                readRow(row);
            }
        }
    }
    [[nodiscard]] std::string range() const {
        return m_last.row == 0 ? std::string() : "!" + nameOf(m_first) + ":" + nameOf(m_last);
    }
    [[nodiscard]] const std::string& text() const { return m_text; }
    [[nodiscard]] std::string rest() const { return m_formulas + m_rest; }

private:
    void readRow(const pugi::xml_node& row) {
        std::size_t column = 1;
        std::size_t lastRow = row.attribute("r").as_uint(static_cast<unsigned>(m_last.row + 1));
        for (const pugi::xml_node& node : row.children()) {
            if (localName(node) != "c") {
                continue;
            }
            Cell cell = cellFrom(node.attribute("r").value());
            if (cell.column == 0) {
                cell = {lastRow, column};
            }
            lastRow = cell.row;
            for (; column < cell.column && column < kPaddedColumns; ++column) {
                m_text += '\t';
            }
            m_text += valueOf(node);
            m_text += '\t';
            column = cell.column + 1;
            grow(cell);
        }
        m_text += '\n';
    }

    std::string valueOf(const pugi::xml_node& node) {
        const std::string_view type = node.attribute("t").value();
        std::string value;
        for (const pugi::xml_node& child : node.children()) {
            const std::string_view name = localName(child);
            if (name == "f" && *child.child_value() != '\0') {
                m_formulas += std::string(child.child_value()) + "\n";
            } else if (name == "v") {
                value = child.child_value();
            } else if (name == "is") {
                value = textBelow(child);
            }
        }
        if (type == "s") {
            std::size_t index = m_strings.size();
            std::from_chars(value.data(), value.data() + value.size(), index);
            return index < m_strings.size() ? m_strings[index] : std::string();
        }
        return type.empty() || type == "n" ? shownNumber(value.c_str()) : value;
    }

    void grow(Cell cell) {
        if (m_last.row == 0) {
            m_first = m_last = cell;
            return;
        }
        m_first = {std::min(m_first.row, cell.row), std::min(m_first.column, cell.column)};
        m_last = {std::max(m_last.row, cell.row), std::max(m_last.column, cell.column)};
    }

    const std::vector<std::string>& m_strings;
    Cell m_first;
    Cell m_last;
    std::string m_text;
    std::string m_formulas;
    std::string m_rest;
};

// The parts that the workbook's relationships name, by id.
std::map<std::string, std::string> relations(const std::vector<PackedFile>& files) {
    std::map<std::string, std::string> targets;
    const PackedFile* file = findFile(files, "xl/_rels/workbook.xml.rels");
    if (file == nullptr) {
        return targets;
    }
    pugi::xml_document document;
    parseXml(file->bytes, document);
    for (const pugi::xml_node& relation : document.document_element().children()) {
        const std::string target = relation.attribute("Target").value();
        targets[relation.attribute("Id").value()] = target.starts_with('/') ? target.substr(1) : "xl/" + target;
    }
    return targets;
}

void readSheet(const Source& source, const std::string& name, const PackedFile& file,
               const std::vector<std::string>& strings, Output& out) {
    pugi::xml_document document;
    const bool isWhole = parseXml(file.bytes, document);
    Sheet sheet(strings);
    sheet.read(document.document_element());
    out.piece(source.at(name + sheet.range()), sheet.text());
    out.piece(source.at(name + ", formulas and hints"), sheet.rest());
    if (!isWhole) {
        out.gap(source.at(name), "this sheet is broken");
    }
}

} // namespace

std::vector<std::string> readSheets(const Source& source, const std::vector<PackedFile>& files, Output& out) {
    std::vector<std::string> done;
    pugi::xml_document workbook;
    const PackedFile* book = findFile(files, "xl/workbook.xml");
    if (book == nullptr || !parseXml(book->bytes, workbook)) {
        return done; // every part is read as plain XML then
    }
    const std::vector<std::string> strings = sharedStrings(findFile(files, "xl/sharedStrings.xml"));
    const std::map<std::string, std::string> targets = relations(files);
    std::string names;
    for (const pugi::xml_node& group : workbook.document_element().children()) {
        for (const pugi::xml_node& sheet : group.children()) {
            if (localName(group) != "sheets" || out.isFull()) {
                break;
            }
            const std::string title = sheet.attribute("name").value();
            names += title + "\n";
            const auto target = targets.find(sheet.attribute("r:id").value());
            const PackedFile* file = target == targets.end() ? nullptr : findFile(files, target->second);
            if (file != nullptr) {
                const bool isHidden = std::string_view(sheet.attribute("state").value()).ends_with("idden");
                readSheet(source, "sheet " + title + (isHidden ? " (hidden)" : ""), *file, strings, out);
                done.push_back(file->name);
            }
        }
    }
    out.piece(source.at("names of sheets"), names);
    return done;
}

} // namespace gatehouse::documents
