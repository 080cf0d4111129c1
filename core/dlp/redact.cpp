// SPDX-License-Identifier: Apache-2.0
#include "dlp/redact.h"

#include <algorithm>

#include "base/crypto.h"
#include "base/utf8.h"
#include "dlp/engine.h"
#include "dlp/placeholder.h"
#include "dlp/validators.h"

namespace gatehouse::dlp {
namespace {

// What stands in the input and looks like a placeholder is a value like any other: it gets a placeholder of this label,
// and restoring gives it back as it stood.
constexpr std::string_view kLiteralLabel = "LITERAL";

// The same holds for what stands there and reads as a look-alike of the conversation.
Result<> appendEscaped(std::string_view text, std::string_view conversation, Vault& vault, const LookAlikes* lookAlikes,
                       std::string& out) {
    const bool hasLookAlikes = lookAlikes != nullptr && !lookAlikes->isEmpty();
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i;
        if (const auto found = readPlaceholder(text, i)) {
            end = found->end;
        } else if (hasLookAlikes && lookAlikes->mayBegin(text[i]) && (out.empty() || !touchesLookAlike(out.back()))) {
            const LookAlikes::Match match = lookAlikes->matchAt(text, i, true);
            end = match.outcome == LookAlikes::Outcome::whole ? match.end : i;
        }
        if (end == i) {
            out += text[i++];
            continue;
        }
        GH_TRY(const std::uint32_t number, vault.assign(conversation, kLiteralLabel, text.substr(i, end - i)));
        out += formatPlaceholder(kLiteralLabel, number);
        i = end;
    }
    return {};
}

// All letters and digits but the last four become stars; of a short value all do. What groups them stays.
std::string masked(std::string_view value) {
    constexpr std::size_t kKept = 4;
    constexpr std::size_t kShort = 8;
    const auto counts = [](char c) {
        return isDigit(c) || isLetter(c) || (static_cast<unsigned char>(c) & 0xC0U) == 0xC0U;
    };
    auto left = static_cast<std::size_t>(std::count_if(value.begin(), value.end(), counts));
    const std::size_t kept = left <= kShort ? 0 : kKept;
    std::string out;
    for (const char c : value) {
        const bool isTail = (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; // of a character beyond ASCII
        if (counts(c)) {
            out += left > kept ? '*' : c;
            --left;
        } else if (!isTail || left < kept) {
            out += c;
        }
    }
    return out;
}

// The key of the hashes of this vault; made at its first use, and kept in it as a value is.
Result<SecureBytes> hashKey(Vault& vault) {
    constexpr std::string_view kPlace = "gatehouse/hash";
    constexpr std::string_view kLabel = "KEY";
    auto known = vault.find(kPlace, kLabel, 1);
    if (known || known.error().kind != ErrorKind::notFound) {
        return known;
    }
    const std::string fresh = hexEncode(randomBytes(32));
    GH_CHECK(vault.assign(kPlace, kLabel, fresh));
    return SecureBytes(std::string_view(fresh));
}

// HMAC-SHA-256 (RFC 2104) cut to 48 bits: enough to tell the values of one company apart.
Result<std::string> hashed(std::string_view value, std::string_view label, Vault& vault) {
    constexpr std::size_t kShown = 6;
    GH_TRY(const SecureBytes key, hashKey(vault));
    const Sha256Digest digest = hmacSha256(key.view(), bytesOf(value));
    return std::string(label) + "#" + hexEncode(ByteView(digest).first(kShown));
}

Result<> appendReplacement(std::string_view value, std::string_view label, RedactStyle style,
                           std::string_view conversation, Vault& vault, std::string& out) {
    switch (style) {
    case RedactStyle::lookAlike: // where none could be invented
    case RedactStyle::placeholder: {
        GH_TRY(const std::uint32_t number, vault.assign(conversation, label, value));
        out += formatPlaceholder(label, number);
        break;
    }
    case RedactStyle::hash: {
        GH_TRY(const std::string hash, hashed(value, label, vault));
        out += hash;
        break;
    }
    case RedactStyle::mask:
        out += masked(value);
        break;
    case RedactStyle::remove:
        break;
    }
    return {};
}

// What stands for the value of a finding by a look-alike; nullopt where a placeholder must.
Result<std::optional<std::string>> lookAlikeOf(std::string_view text, const Finding& finding, std::string_view label,
                                               std::string_view before, LookAlikes* lookAlikes, const Engine* engine) {
    const bool isTouched = (!before.empty() && touchesLookAlike(before.back())) ||
                           (finding.end < text.size() && touchesLookAlike(text[finding.end]));
    if (lookAlikes == nullptr || isTouched) {
        return std::nullopt;
    }
    const RealValue real{text.substr(finding.begin, finding.end - finding.begin), label, finding.detector,
                         finding.findingClass};
    return lookAlikes->standIn(real, [engine, &finding](std::string_view value) {
        return engine != nullptr && engine->confirms(finding.detector, value);
    });
}

} // namespace

Result<std::string> redact(std::string_view text, std::span<const Finding> findings,
                           std::span<const std::string> labels, std::string_view conversation, Vault& vault,
                           std::span<const RedactStyle> styles, LookAlikes* lookAlikes, const Engine* engine) {
    if (labels.size() != findings.size() || (!styles.empty() && styles.size() != findings.size())) {
        return fail(ErrorKind::internal, "redact: a finding without a label");
    }
    std::string out;
    out.reserve(text.size());
    std::size_t at = 0;
    if (lookAlikes != nullptr) {
        lookAlikes->avoid(text);
    }
    for (std::size_t i = 0; i < findings.size(); ++i) {
        const Finding& finding = findings[i];
        if (finding.begin < at || finding.end > text.size() || finding.begin >= finding.end) {
            return fail(ErrorKind::internal, "redact: findings overlap or lie outside the text");
        }
        GH_CHECK(appendEscaped(text.substr(at, finding.begin - at), conversation, vault, lookAlikes, out));
        const std::string_view value = text.substr(finding.begin, finding.end - finding.begin);
        const RedactStyle style = styles.empty() ? RedactStyle::placeholder : styles[i];
        if (style == RedactStyle::lookAlike) {
            GH_TRY(const auto standIn, lookAlikeOf(text, finding, labels[i], out, lookAlikes, engine));
            if (standIn) {
                out += *standIn;
                at = finding.end;
                continue;
            }
        }
        GH_CHECK(appendReplacement(value, labels[i], style, conversation, vault, out));
        at = finding.end;
        // Where something was taken out between two blanks, one blank is enough.
        const bool isGap = style == RedactStyle::remove && (out.empty() || out.back() == ' ');
        at += isGap && at < text.size() && text[at] == ' ' ? 1U : 0U;
    }
    GH_CHECK(appendEscaped(text.substr(at), conversation, vault, lookAlikes, out));
    return out;
}

} // namespace gatehouse::dlp
