// SPDX-License-Identifier: Apache-2.0
#include "audit/search_terms.h"

#include <algorithm>
#include <array>
#include <utility>

namespace gatehouse::audit {
namespace {

constexpr std::size_t kMaxWords = 32;

constexpr std::array<std::pair<std::string_view, SearchField>, 22> kWords{{
    {"person", SearchField::person},
    {"sign-in", SearchField::signIn},
    {"group", SearchField::group},
    {"process", SearchField::process},
    {"client", SearchField::client},
    {"channel", SearchField::channel},
    {"direction", SearchField::direction},
    {"surface", SearchField::surface},
    {"site", SearchField::site},
    {"provider", SearchField::provider},
    {"model", SearchField::model},
    {"region", SearchField::region},
    {"trust", SearchField::trust},
    {"policy", SearchField::policy},
    {"decision", SearchField::decision},
    {"rule", SearchField::rule},
    {"outcome", SearchField::outcome},
    {"kind", SearchField::kind},
    {"detector", SearchField::detector},
    {"class", SearchField::findingClass},
    {"conversation", SearchField::conversation},
    {"cache", SearchField::cache},
}};

bool isWordByte(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z');
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// The words of a text with one space around each: what SQLite's tokeniser does, for ASCII.
std::string spaced(std::string_view text) {
    std::string out(1, ' ');
    out.reserve(text.size() + 2);
    for (const char c : text) {
        const char folded = lower(c);
        if (isWordByte(folded)) {
            out += folded;
        } else if (out.back() != ' ') {
            out += ' ';
        }
    }
    if (out.back() != ' ') {
        out += ' ';
    }
    return out;
}

// A word or a quoted phrase from `at` on, which is moved behind it.
std::string_view takePhrase(std::string_view text, std::size_t& at) {
    const bool isQuoted = text[at] == '"';
    const std::size_t begin = at + (isQuoted ? 1 : 0);
    const std::size_t end =
        std::min(isQuoted ? text.find('"', begin) : text.find_first_of(" \t\r\n\"", begin), text.size());
    at = end + (isQuoted ? 1 : 0);
    return text.substr(begin, end - begin);
}

} // namespace

std::optional<SearchField> searchFieldFromWord(std::string_view word) {
    const auto* const found =
        std::find_if(kWords.begin(), kWords.end(), [&](const auto& row) { return row.first == word; });
    return found == kWords.end() ? std::nullopt : std::optional(found->second);
}

void forEachTerm(const AuditRecord& record, const std::function<void(SearchField, std::string_view)>& take) {
    const auto put = [&take](SearchField field, std::string_view text) {
        if (!text.empty()) {
            take(field, text);
        }
    };
    put(SearchField::kind, recordKindWord(record.kind));
    put(SearchField::person, record.person.name);
    put(SearchField::signIn, record.signIn);
    put(SearchField::outcome, record.outcome);
    put(SearchField::policy, record.policyId);
    if (record.kind == RecordKind::event) {
        return; // the rest of its fields are defaults
    }
    std::for_each(record.person.groups.begin(), record.person.groups.end(),
                  [&put](const std::string& group) { put(SearchField::group, group); });
    put(SearchField::process, record.process.executable);
    put(SearchField::client, record.client);
    put(SearchField::channel, channelWord(record.channel));
    put(SearchField::direction, directionWord(record.direction));
    put(SearchField::surface, record.surface);
    put(SearchField::site, record.site);
    if (record.destination.site != record.site) {
        put(SearchField::site, record.destination.site);
    }
    put(SearchField::provider, record.destination.provider);
    put(SearchField::model, record.destination.model);
    put(SearchField::region, record.destination.region);
    put(SearchField::trust, trustWord(record.destination.trust));
    put(SearchField::decision, actionWord(record.action));
    put(SearchField::rule, record.rule);
    put(SearchField::conversation, record.conversation);
    put(SearchField::cache, record.cache);
    for (const FindingSummary& finding : record.findings) {
        put(SearchField::detector, finding.detector);
        put(SearchField::findingClass, findingClassWord(finding.findingClass));
    }
}

bool matches(const AuditRecord& record, const Query& query) {
    if ((query.sinceMs && record.timeMs < *query.sinceMs) || (query.untilMs && record.timeMs > *query.untilMs) ||
        (query.interaction && record.interaction != *query.interaction)) {
        return false;
    }
    if (query.where.empty()) {
        return true;
    }
    std::vector<bool> isMet(query.where.size(), false);
    forEachTerm(record, [&](SearchField field, std::string_view text) {
        for (std::size_t i = 0; i < isMet.size(); ++i) {
            isMet[i] = isMet[i] || (query.where[i].first == field && query.where[i].second == text);
        }
    });
    return std::all_of(isMet.begin(), isMet.end(), [](bool met) { return met; });
}

Result<TextQuery> TextQuery::parse(std::string_view text) {
    TextQuery query;
    for (std::size_t at = text.find_first_not_of(" \t\r\n"); at < text.size();
         at = text.find_first_not_of(" \t\r\n", at)) {
        std::string_view phrase = takePhrase(text, at);
        const bool isPrefix = phrase.ends_with('*');
        phrase.remove_suffix(isPrefix ? 1 : 0);
        std::string needle = spaced(phrase);
        if (needle.size() < 2) {
            continue; // nothing but punctuation
        }
        if (isPrefix) {
            needle.pop_back();
        }
        query.m_expression += query.m_expression.empty() ? "\"" : " \"";
        query.m_expression += phrase; // has no quote in it
        query.m_expression += isPrefix ? "\"*" : "\"";
        query.m_needles.push_back(std::move(needle));
    }
    if (query.m_needles.empty() || query.m_needles.size() > kMaxWords) {
        return fail(ErrorKind::invalidInput, "a text to search for has 1 to 32 words");
    }
    return query;
}

bool TextQuery::matches(std::string_view text) const {
    const std::string words = spaced(text);
    return std::all_of(m_needles.begin(), m_needles.end(),
                       [&](const std::string& needle) { return words.find(needle) != std::string::npos; });
}

} // namespace gatehouse::audit
