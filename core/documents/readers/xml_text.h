// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <pugixml.hpp>

namespace gatehouse::documents {

// Parses; entities of a document's own and anything outside of it are never looked up. False when it is not well
// formed: the document then holds what came before the fault.
bool parseXml(std::string_view bytes, pugi::xml_document& document);

// "t" of "w:t".
std::string_view localName(const pugi::xml_node& node);

// All text below a node as people read it: paragraphs, rows and cells are kept apart; deleted text, field codes and
// phonetic hints stand behind the rest. Comments, alternative texts, links' targets and authors count as text.
std::string textBelow(const pugi::xml_node& top);

} // namespace gatehouse::documents
