// SPDX-License-Identifier: Apache-2.0
#include "dlp/redact.h"

#include "base/utf8.h"
#include "dlp/placeholder.h"

namespace gatehouse::dlp {
namespace {

// What stands in the input and looks like a placeholder is a value like any other: it gets a placeholder of this label,
// and restoring gives it back as it stood.
constexpr std::string_view kLiteralLabel = "LITERAL";

Result<> appendEscaped(std::string_view text, std::string_view conversation, Vault& vault, std::string& out) {
    for (std::size_t i = 0; i < text.size();) {
        const auto found = readPlaceholder(text, i);
        if (!found) {
            out += text[i++];
            continue;
        }
        const std::string_view literal = text.substr(found->begin, found->end - found->begin);
        GH_TRY(const std::uint32_t number, vault.assign(conversation, kLiteralLabel, literal));
        out += formatPlaceholder(kLiteralLabel, number);
        i = found->end;
    }
    return {};
}

} // namespace

Result<std::string> redact(std::string_view text, std::span<const Finding> findings,
                           std::span<const std::string> labels, std::string_view conversation, Vault& vault) {
    if (labels.size() != findings.size()) {
        return fail(ErrorKind::internal, "redact: a finding without a label");
    }
    std::string out;
    out.reserve(text.size());
    std::size_t at = 0;
    for (std::size_t i = 0; i < findings.size(); ++i) {
        const Finding& finding = findings[i];
        if (finding.begin < at || finding.end > text.size() || finding.begin >= finding.end) {
            return fail(ErrorKind::internal, "redact: findings overlap or lie outside the text");
        }
        GH_CHECK(appendEscaped(text.substr(at, finding.begin - at), conversation, vault, out));
        const std::string_view value = text.substr(finding.begin, finding.end - finding.begin);
        GH_TRY(const std::uint32_t number, vault.assign(conversation, labels[i], value));
        out += formatPlaceholder(labels[i], number);
        at = finding.end;
    }
    GH_CHECK(appendEscaped(text.substr(at), conversation, vault, out));
    return out;
}

} // namespace gatehouse::dlp
