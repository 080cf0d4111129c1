// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "policy/document.h"
#include "policy/reader.h"

namespace gatehouse::policy {

// Parses the source form. Null when `faults` says why not.
std::optional<Document> parseDocument(std::string_view source, std::vector<Fault>& faults);

// One section each; the reader stands on the whole document. They add faults and leave defaults where something is
// wrong.
void parseProviders(Reader& root, Document& document);
void parseMcp(Reader& root, Document& document);
void parseModels(Reader& root, Document& document);
void parseRules(Reader& root, Document& document);
void parseWhen(Reader& when, When& conditions);
void parseTimeWindow(Reader& time, TimeWindow& window);
void parseSites(Reader& root, Document& document);
void parseDetectors(Reader& root, Document& document);
void parseClasses(Reader& root, Document& document); // how keenly each class is looked for
void parseLimits(Reader& root, Document& document);
void parseAudit(Reader& root, Document& document);
void parseSync(Reader& root, Document& document);
void parsePrices(Reader& root, Document& document);
// Host names and "*." patterns, in lower case.
std::vector<std::string> readHosts(Reader& reader, std::string_view key);
void parseBrowser(Reader& root, Document& document);
void parseSecondOpinion(Reader& root, Document& document);

} // namespace gatehouse::policy
