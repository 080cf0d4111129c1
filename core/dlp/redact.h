// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dlp/look_alikes.h"
#include "dlp/vault.h"
#include "types/finding.h"

// Placeholders: [[LABEL_number_check]], e.g. [[CARD_1_K7]]. Grammar, check characters, tolerance and escaping of input
// that looks like one: docs/formats/placeholder.md.
namespace gatehouse::dlp {

class Engine; // confirms the look-alikes of identifiers

// The canonical text of a placeholder; `label` is upper-case ASCII letters, 1–16.
std::string formatPlaceholder(std::string_view label, std::uint32_t number);

// Replaces every finding of `text` by the placeholder of its value, or as `styles[i]` says, and escapes what already
// looks like a placeholder. Findings must be ordered and must not overlap (Engine::scan gives them so); `labels[i]`
// belongs to `findings[i]`; without `styles` all are placeholders. Nothing that is put in needs an escape in JSON or
// Markdown code. `lookAlikes`, of the same conversation and vault, are what the style look-alike and the escaping of
// their like need; without them, and where a letter or digit touches the value, it becomes a placeholder.
[[nodiscard]] Result<std::string> redact(std::string_view text, std::span<const Finding> findings,
                                         std::span<const std::string> labels, std::string_view conversation,
                                         Vault& vault, std::span<const RedactStyle> styles = {},
                                         LookAlikes* lookAlikes = nullptr, const Engine* engine = nullptr);

// Where a restored value lands, because its place has an escaping of its own.
enum class RestoreContext {
    text,         // plain text: the value as it is
    jsonInString, // JSON inside a JSON string (tool-call arguments): the value as JSON string content
};

// Puts values back, tolerant of what models do to placeholders (case, brackets, spacing, quotes, Markdown escapes). A
// placeholder that cannot be resolved, or that stands in the URL of a link or image, stays as it is. Look-alikes are
// put back too, in whatever way they are written.
[[nodiscard]] Result<std::string> restore(std::string_view text, std::string_view conversation, Vault& vault,
                                          RestoreContext context = RestoreContext::text);

// The same over a stream: at every split the concatenated output equals restore() of the concatenated input. Holds back
// only a tail that can still become a placeholder or a look-alike.
class StreamRestorer {
public:
    // Without `lookAlikes` they stay.
    static std::unique_ptr<StreamRestorer> create(std::string conversation, Vault& vault, RestoreContext context,
                                                  std::shared_ptr<const LookAlikes> lookAlikes = nullptr);
    virtual ~StreamRestorer() = default;
    [[nodiscard]] virtual Result<std::string> push(std::string_view chunk) = 0;
    [[nodiscard]] virtual Result<std::string> finish() = 0;
};

} // namespace gatehouse::dlp
