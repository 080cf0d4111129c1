// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <set>

#include "policy/parse.h"

namespace gatehouse::policy {
namespace {

constexpr std::size_t kMaxRules = 1000;

std::optional<Level> levelFromWord(std::string_view word) {
    for (const Level level : {Level::low, Level::medium, Level::high}) {
        if (levelWord(level) == word) {
            return level;
        }
    }
    return std::nullopt;
}

template <class Enum>
void readWords(Reader& when, std::string_view key, WordSet& set, std::optional<Enum> (*from)(std::string_view),
               std::string_view (*spell)(Enum), std::size_t count) {
    for (const Text& text : when.texts(key)) {
        if (const std::optional<Enum> value = from(text.text)) {
            set.add(*value);
        } else {
            when.faults().add(text.pointer, inQuotes(text.text) + " is none of " + wordsOf(spell, count));
        }
    }
}

void readGlobs(Reader& when, std::string_view key, std::vector<Glob>& globs) {
    for (const Text& text : when.texts(key)) {
        globs.emplace_back(text.text);
    }
}

// 3, or {"min": 3, "max": 10}.
void readCount(Reader& when, When& conditions) {
    const Json* const value = when.find("count");
    if (value == nullptr) {
        return;
    }
    if (value->is_object()) {
        Reader count(*value, when.pointerOf("count"), when.faults());
        conditions.minCount = count.number("min", 1, 1'000'000).value_or(1);
        conditions.maxCount = count.number("max", 1, 1'000'000).value_or(conditions.maxCount);
        if (conditions.maxCount < conditions.minCount) {
            count.wrong("max", "must not be below \"min\"");
        }
        count.done();
        return;
    }
    conditions.minCount = when.number("count", 1, 1'000'000).value_or(1);
}

} // namespace

void parseWhen(Reader& when, When& conditions) {
    readWords(when, "class", conditions.classes, &findingClassFromWord, &findingClassWord, 14);
    readGlobs(when, "detector", conditions.detectors);
    const auto confidence = when.fraction("confidence");
    conditions.confidence = confidence.value_or(0);
    const auto level = when.word("level", &levelFromWord, &levelWord, 3);
    conditions.level = level.value_or(Level::low);
    readCount(when, conditions);
    conditions.minLines = when.number("lines", 1, 1'000'000).value_or(0);
    conditions.hasFindingConditions = !conditions.classes.empty() || !conditions.detectors.empty() ||
                                      confidence.has_value() || level.has_value() || conditions.minCount > 0 ||
                                      conditions.minLines > 0;

    readWords(when, "direction", conditions.directions, &directionFromWord, &directionWord, 2);
    readWords(when, "channel", conditions.channels, &channelFromWord, &channelWord, 8);
    readWords(when, "trust", conditions.trusts, &trustFromWord, &trustWord, 3);
    readGlobs(when, "person", conditions.persons);
    readGlobs(when, "group", conditions.groups);
    readGlobs(when, "app", conditions.apps);
    readGlobs(when, "site", conditions.sites);
    readGlobs(when, "destination", conditions.destinations);
    readGlobs(when, "provider", conditions.providers);
    readGlobs(when, "model", conditions.models);
    readGlobs(when, "region", conditions.regions);
    if (auto time = when.object("time")) {
        parseTimeWindow(*time, conditions.time.emplace());
    }
    when.done();
}

void parseRules(Reader& root, Document& document) {
    std::set<std::string> ids;
    const auto elements = root.array("rules");
    if (elements.size() > kMaxRules) {
        root.wrong("rules", "more than 1000 rules");
        return;
    }
    for (const auto& [value, pointer] : elements) {
        Reader reader(*value, pointer, root.faults());
        if (!reader.isObject()) {
            continue;
        }
        Rule rule;
        reader.require("id", "records and messages name the rule by it");
        reader.require("when", "{} matches everything");
        reader.require("then", "one of " + wordsOf(&actionWord, 7));
        rule.id = reader.identifier("id").value_or("");
        if (rule.id == "default") {
            reader.wrong("id", "\"default\" is the name of the default itself");
        } else if (!rule.id.empty() && !ids.insert(rule.id).second) {
            reader.wrong("id", "another rule has the id " + inQuotes(rule.id));
        }
        if (auto when = reader.object("when")) {
            parseWhen(*when, rule.when);
            rule.whenText = dumpJson((*value)["when"]);
        }
        rule.action = reader.word("then", &actionFromWord, &actionWord, 7).value_or(Action::block);
        if (const auto style = reader.word("style", &redactStyleFromWord, &redactStyleWord, 5)) {
            rule.style = *style;
            if (rule.action != Action::redact) {
                reader.wrong("style", "says how a finding is redacted, and this rule does not redact");
            }
        }
        rule.message = reader.text("message", 500).value_or("");
        rule.isShadow = reader.flag("shadow").value_or(false);
        reader.done();
        document.rules.push_back(std::move(rule));
    }
}

} // namespace gatehouse::policy
