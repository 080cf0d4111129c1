// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/json.h"
#include "dlp/placeholder.h"
#include "dlp/redact.h"

namespace gatehouse::dlp {
namespace {

constexpr std::size_t kLongestMark = 7; // "mailto" and the character before it

bool isWordCharacter(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

bool equalsIgnoringCase(std::string_view text, std::string_view lower) {
    return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                      [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

// Walks a text once and puts values back. The state is what restoring depends on to the left of a place: whether it
// lies in the URL of a link or image, where a restored value would leave the machine with the next click.
class Walker final {
public:
    Walker(std::string conversation, Vault& vault, RestoreContext context, std::shared_ptr<const LookAlikes> lookAlikes)
        : m_conversation(std::move(conversation))
        , m_vault(vault)
        , m_context(context)
        , m_lookAlikes(std::move(lookAlikes)) {
        if (m_lookAlikes != nullptr && m_lookAlikes->isEmpty()) {
            m_lookAlikes = nullptr;
        }
    }

    // Consumes `text` from the front; without `isEnd` it stops where more text could change the result. Gives back how
    // much was consumed.
    Result<std::size_t> walk(std::string_view text, bool isEnd, std::string& out) {
        std::size_t at = 0;
        while (at < text.size()) {
            if (const std::size_t run = plainRun(text, at); run > 0) {
                noteQuote(text.substr(at, run));
                out += text.substr(at, run);
                consumed(text.substr(at, run));
                at += run;
                continue;
            }
            if (!isEnd && (mayBecomePlaceholder(text, at) || couldStartUrl(text.substr(at)))) {
                return at;
            }
            const auto found = readPlaceholder(text, at);
            if (found && !isWordBefore(text, at)) {
                GH_CHECK(put(text.substr(found->begin, found->end - found->begin), *found, out));
                at = found->end;
                consumed("]");
                continue;
            }
            if (mayBeLookAlike(text, at)) {
                const LookAlikes::Match match = m_lookAlikes->matchAt(text, at, isEnd);
                if (match.outcome == LookAlikes::Outcome::needsMore) {
                    return at;
                }
                if (match.outcome == LookAlikes::Outcome::whole) {
                    putValue(text.substr(at, match.end - at), match.value, out);
                    consumed(text.substr(at, match.end - at));
                    at = match.end;
                    continue;
                }
            }
            step(text, at);
            out += text[at];
            consumed(text.substr(at, 1));
            ++at;
        }
        return at;
    }

private:
    // Inside the target of a link or image: behind its "](", in it, in one that angle brackets hold, in an attribute.
    enum class Url { none, opening, plain, bracketed, quoted };

    // Whether a URL that begins next is an attribute of HTML (src="https://…"): browsers take spaces inside.
    void noteQuote(std::string_view run) {
        const std::size_t mark = run.find_last_of("\"' \n\t");
        if (mark == std::string_view::npos) {
            return;
        }
        const bool isQuote = run[mark] == '"' || run[mark] == '\'';
        m_quote = isQuote && (mark > 0 ? run[mark - 1] : m_last) == '=' ? run[mark] : '\0';
    }

    void consumed(std::string_view text) {
        m_last = text.back();
        m_behind += text.substr(text.size() - std::min(text.size(), kLongestMark));
        m_behind.erase(0, m_behind.size() - std::min(m_behind.size(), kLongestMark));
    }

    // Whether the character that follows makes what was consumed the head of an address without "://": "mailto:",
    // "data:" (RFC 6068, RFC 2397), and "www.", which GitHub Flavored Markdown §6.9 makes a link by itself.
    [[nodiscard]] bool isHeadOfAddress(char next) const {
        const auto endsWithWord = [this](std::string_view word) {
            if (m_behind.size() < word.size()) {
                return false;
            }
            const std::size_t begin = m_behind.size() - word.size();
            return equalsIgnoringCase(std::string_view(m_behind).substr(begin), word) &&
                   (begin == 0 || !isWordCharacter(m_behind[begin - 1]));
        };
        return next == '.' ? endsWithWord("www") : next == ':' && (endsWithWord("mailto") || endsWithWord("data"));
    }

    // How many of the next characters begin neither a placeholder nor a URL, and lie in none.
    [[nodiscard]] std::size_t plainRun(std::string_view text, std::size_t at) const {
        const std::size_t begin = at;
        while (m_url == Url::none && at < text.size() && !mayBeginPlaceholder(text[at]) && text[at] != ']' &&
               text[at] != ':' && text[at] != '.' && !mayBeLookAlike(text, at)) {
            ++at;
        }
        return at - begin;
    }

    // The text at hand begins behind m_last.
    [[nodiscard]] bool mayBeLookAlike(std::string_view text, std::size_t at) const {
        return m_lookAlikes != nullptr && m_lookAlikes->mayBegin(text[at]) &&
               !touchesLookAlike(at == 0 ? m_last : text[at - 1]);
    }

    // The reader only sees the text at hand; the character consumed before it counts too.
    [[nodiscard]] bool isWordBefore(std::string_view text, std::size_t at) const {
        return isWordCharacter(m_last) && text[at] >= 'A' && text[at] <= 'Z';
    }

    // "](" and "://" open a URL; both must be seen whole.
    static bool couldStartUrl(std::string_view rest) { return rest == "]" || rest == ":" || rest == ":/"; }

    // CommonMark 0.31 §6.3: behind "](" and white space, a target in angle brackets may hold spaces.
    void step(std::string_view text, std::size_t at) {
        const char c = text[at];
        const bool isSpace = c == ' ' || c == '\n' || c == '\t';
        if (m_url == Url::none) {
            const bool isAddress = text.substr(at, 3) == "://" || isHeadOfAddress(c);
            m_url = text.substr(at, 2) == "](" ? Url::opening
                    : !isAddress               ? Url::none
                    : m_quote != '\0'          ? Url::quoted
                                               : Url::plain;
            return;
        }
        if (m_url == Url::opening && (isSpace || c == '(')) {
            return;
        }
        if (m_url == Url::opening) {
            m_url = c == '<' ? Url::bracketed : Url::plain;
        }
        const bool isEnd = m_url == Url::plain    ? isSpace || c == ')' || c == '"' || c == '>'
                           : m_url == Url::quoted ? c == m_quote
                                                  : c == '>' || c == '\n';
        m_quote = isEnd ? '\0' : m_quote;
        m_url = isEnd ? Url::none : m_url;
    }

    Result<> put(std::string_view spelled, const FoundPlaceholder& found, std::string& out) {
        if (m_url != Url::none) {
            m_url = m_url == Url::opening ? Url::plain : m_url;
            out += spelled;
            return {};
        }
        const auto value = m_vault.find(m_conversation, found.label, found.number);
        if (!value) {
            if (value.error().kind != ErrorKind::notFound) {
                return std::unexpected(value.error());
            }
            out += spelled;
            return {};
        }
        putValue(spelled, *value, out);
        return {};
    }

    void putValue(std::string_view spelled, const SecureBytes& value, std::string& out) {
        if (m_url != Url::none) {
            m_url = m_url == Url::opening ? Url::plain : m_url;
            out += spelled;
        } else if (m_context == RestoreContext::jsonInString) {
            const std::string quoted = quoteJson(value.text());
            out.append(quoted, 1, quoted.size() - 2);
        } else {
            out += value.text();
        }
    }

    std::string m_conversation;
    Vault& m_vault;
    RestoreContext m_context;
    std::shared_ptr<const LookAlikes> m_lookAlikes; // nullptr when there are none
    Url m_url = Url::none;
    char m_last = ' ';
    std::string m_behind; // the last characters consumed, enough to know the head of an address
    char m_quote = '\0';  // that an attribute's value began with, while nothing ended it
};

class WalkingRestorer final : public StreamRestorer {
public:
    WalkingRestorer(std::string conversation, Vault& vault, RestoreContext context,
                    std::shared_ptr<const LookAlikes> lookAlikes)
        : m_walker(std::move(conversation), vault, context, std::move(lookAlikes)) {}

    Result<std::string> push(std::string_view chunk) override { return advance(chunk, false); }
    Result<std::string> finish() override { return advance({}, true); }

private:
    Result<std::string> advance(std::string_view chunk, bool isEnd) {
        m_held += chunk;
        std::string out;
        GH_TRY(const std::size_t consumed, m_walker.walk(m_held, isEnd, out));
        m_held.erase(0, consumed);
        return out;
    }

    Walker m_walker;
    std::string m_held;
};

} // namespace

Result<std::string> restore(std::string_view text, std::string_view conversation, Vault& vault,
                            RestoreContext context) {
    GH_TRY(LookAlikes lookAlikes, LookAlikes::load(conversation, vault));
    Walker walker{std::string(conversation), vault, context, std::make_shared<const LookAlikes>(std::move(lookAlikes))};
    std::string out;
    GH_CHECK(walker.walk(text, true, out));
    return out;
}

std::unique_ptr<StreamRestorer> StreamRestorer::create(std::string conversation, Vault& vault, RestoreContext context,
                                                       std::shared_ptr<const LookAlikes> lookAlikes) {
    return std::make_unique<WalkingRestorer>(std::move(conversation), vault, context, std::move(lookAlikes));
}

} // namespace gatehouse::dlp
