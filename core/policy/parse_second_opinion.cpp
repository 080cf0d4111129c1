// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "policy/parse.h"
#include "types/opinion.h"

namespace gatehouse::policy {
namespace {

constexpr std::uint64_t kMostSeconds = 20; // people wait for it

bool isOpinionKind(std::string_view word) {
    return std::find(kOpinionKinds.begin(), kOpinionKinds.end(), word) != kOpinionKinds.end();
}

std::vector<std::string> readKinds(Reader& reader) {
    std::vector<std::string> kinds;
    for (Text& kind : reader.texts("kinds", 32)) {
        if (!isOpinionKind(kind.text)) {
            reader.faults().add(kind.pointer,
                                inQuotes(kind.text) + " is none of person, health, trade-secret, finance, legal");
        }
        kinds.push_back(std::move(kind.text));
    }
    return kinds;
}

std::vector<Channel> readChannels(Reader& reader) {
    std::vector<Channel> channels;
    for (const Text& word : reader.texts("channels", 32)) {
        if (const auto channel = channelFromWord(word.text)) {
            channels.push_back(*channel);
        } else {
            reader.faults().add(word.pointer, inQuotes(word.text) + " is none of " + wordsOf(&channelWord, 8));
        }
    }
    return channels;
}

} // namespace

Result<> checkModelUrl(std::string_view url) {
    constexpr std::string_view kScheme = "http://";
    const std::string_view rest = url.starts_with(kScheme) ? url.substr(kScheme.size()) : std::string_view();
    for (const std::string_view host : {"127.0.0.1", "localhost", "[::1]"}) {
        const char next = rest.starts_with(host) ? (rest.size() == host.size() ? '/' : rest[host.size()]) : '\0';
        if (next == ':' || next == '/') {
            return rest.find_first_of("@?#\\ \r\n") == std::string_view::npos
                       ? Result<>()
                       : fail(ErrorKind::invalidInput, "the model's URL has parts that are not wanted");
        }
    }
    return fail(ErrorKind::invalidInput, "a second opinion is only asked of http://127.0.0.1, localhost or [::1]");
}

void parseSecondOpinion(Reader& root, Document& document) {
    auto reader = root.object("second_opinion");
    if (!reader) {
        return;
    }
    reader->require("url", "where the model is, like \"http://127.0.0.1:11434/v1\"");
    reader->require("model", "the model's name there");
    reader->require("on_failure",
                    "what happens when the model gives no opinion: log, warn, justify, route-local or block");
    SecondOpinion opinion;
    opinion.url = reader->text("url", 256).value_or("");
    if (const auto local = checkModelUrl(opinion.url); !opinion.url.empty() && !local) {
        reader->wrong("url", local.error().what);
    }
    opinion.model = reader->text("model", 128).value_or("");
    opinion.time = std::chrono::seconds(
        reader->number("seconds", 1, kMostSeconds).value_or(static_cast<std::uint64_t>(opinion.time.count())));
    opinion.kinds = readKinds(*reader);
    opinion.channels = readChannels(*reader);
    if (const auto action = reader->word("on_failure", &actionFromWord, &actionWord, 7)) {
        if (*action == Action::allow || *action == Action::redact) {
            reader->wrong("on_failure", "there is nothing to redact, and it is always recorded: log, warn, justify, "
                                        "route-local or block");
        }
        opinion.onFailure = *action;
    }
    reader->done();
    document.secondOpinion = std::move(opinion);
    document.sections |= 1U << static_cast<unsigned>(Section::secondOpinion);
}

} // namespace gatehouse::policy
