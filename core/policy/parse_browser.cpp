// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "policy/parse.h"

namespace gatehouse::policy {
namespace {

template <class Enum, std::size_t Count>
std::optional<Enum> wordIn(const std::array<std::string_view, Count>& words, std::string_view word) {
    const auto found = std::find(words.begin(), words.end(), word);
    return found == words.end() ? std::nullopt : std::optional(static_cast<Enum>(found - words.begin()));
}
std::optional<Answers> answersFromWord(std::string_view word) {
    return wordIn<Answers>(kAnswersWords, word);
}
std::optional<Unlisted> unlistedFromWord(std::string_view word) {
    return wordIn<Unlisted>(kUnlistedWords, word);
}

} // namespace

void parseBrowser(Reader& root, Document& document) {
    auto reader = root.object("browser");
    if (!reader) {
        return;
    }
    BrowserSettings& browser = document.browser;
    browser.answers =
        reader->word("answers", &answersFromWord, &answersWord, kAnswersWords.size()).value_or(browser.answers);
    browser.unlisted =
        reader->word("unlisted", &unlistedFromWord, &unlistedWord, kUnlistedWords.size()).value_or(browser.unlisted);
    browser.hasFastPath = reader->flag("fast_path").value_or(browser.hasFastPath);
    browser.aiHosts = readHosts(*reader, "ai_hosts");
    reader->done();
    document.sections |= 1U << static_cast<unsigned>(Section::browser);
}

} // namespace gatehouse::policy
