// SPDX-License-Identifier: Apache-2.0
#include "documents/readers/mail_words.h"

#include <algorithm>
#include <cctype>

#include "documents/readers/text.h"

namespace gatehouse::documents {
namespace {

constexpr std::size_t kMaxEncodedWord = 2048; // RFC 2047 says 75; some write longer ones

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

int hexValue(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

int base64Value(char c) {
    return c >= 'A' && c <= 'Z'   ? c - 'A'
           : c >= 'a' && c <= 'z' ? c - 'a' + 26
           : c >= '0' && c <= '9' ? c - '0' + 52
           : c == '+' || c == '-' ? 62
           : c == '/' || c == '_' ? 63
                                  : -1;
}

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    const std::size_t end = text.find_last_not_of(" \t\r\n");
    return begin == std::string_view::npos ? std::string_view() : text.substr(begin, end - begin + 1);
}

std::string decodePercent(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hexValue(text[i + 1]) >= 0 && hexValue(text[i + 2]) >= 0) {
            out += static_cast<char>(hexValue(text[i + 1]) * 16 + hexValue(text[i + 2]));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

} // namespace

std::string decodeQuotedPrintable(std::string_view text, bool isHeader) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '_' && isHeader) {
            out += ' ';
        } else if (text[i] != '=') {
            out += text[i];
        } else if (text.substr(i + 1).starts_with("\r\n")) {
            i += 2;
        } else if (text.substr(i + 1).starts_with("\n")) {
            i += 1;
        } else if (i + 2 < text.size() && hexValue(text[i + 1]) >= 0 && hexValue(text[i + 2]) >= 0) {
            out += static_cast<char>(hexValue(text[i + 1]) * 16 + hexValue(text[i + 2]));
            i += 2;
        } else {
            out += '=';
        }
    }
    return out;
}

std::string decodeBase64Leniently(std::string_view text) {
    std::string out;
    out.reserve(text.size() / 4 * 3);
    unsigned bits = 0;
    unsigned count = 0;
    for (const char c : text) {
        const int value = base64Value(c);
        if (value < 0) {
            continue;
        }
        bits = (bits << 6U | static_cast<unsigned>(value)) & 0xFFFFFFU;
        if (++count == 4) {
            out += static_cast<char>(bits >> 16U);
            out += static_cast<char>(bits >> 8U & 0xFFU);
            out += static_cast<char>(bits & 0xFFU);
            count = 0;
        }
    }
    if (count == 3) {
        out += static_cast<char>(bits >> 10U & 0xFFU);
        out += static_cast<char>(bits >> 2U & 0xFFU);
    } else if (count == 2) {
        out += static_cast<char>(bits >> 4U & 0xFFU);
    }
    return out;
}

std::string decodeHeader(std::string_view value) {
    std::string out;
    bool wasEncoded = false;
    for (std::size_t i = 0; i < value.size();) {
        const std::size_t open = std::min(value.find("=?", i), value.size());
        const std::string_view between = value.substr(i, open - i);
        if (!wasEncoded || !trimmed(between).empty() || open == value.size()) { // spaces between two words are none
            out += between;
        }
        const std::string_view near = value.substr(0, open + kMaxEncodedWord);
        const std::size_t charset = near.find('?', open + 2);
        const std::size_t encoding = charset == std::string_view::npos ? charset : near.find('?', charset + 1);
        const std::size_t close = encoding == std::string_view::npos ? encoding : near.find("?=", encoding + 1);
        if (open == value.size() || close == std::string_view::npos || encoding != charset + 2) {
            out += value.substr(open, 2);
            i = std::min(open + 2, value.size());
            wasEncoded = false;
            continue;
        }
        const std::string_view word = value.substr(encoding + 1, close - encoding - 1);
        const char kind = value[charset + 1];
        out +=
            decodeCharset(kind == 'b' || kind == 'B' ? decodeBase64Leniently(word) : decodeQuotedPrintable(word, true),
                          value.substr(open + 2, charset - open - 2));
        i = close + 2;
        wasEncoded = true;
    }
    return out;
}

MailHead readMailHead(std::string_view mail) {
    MailHead head;
    std::size_t at = 0;
    while (at < mail.size()) {
        const std::size_t end = std::min(mail.find('\n', at), mail.size());
        std::string_view line = mail.substr(at, end - at);
        at = std::min(end + 1, mail.size());
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        if (line.empty()) {
            break;
        }
        if ((line.front() == ' ' || line.front() == '\t') && !head.fields.empty()) {
            head.fields.back().value += ' ';
            head.fields.back().value += trimmed(line);
            continue;
        }
        const std::size_t colon = std::min(line.find(':'), line.size());
        head.fields.push_back(
            {lower(trimmed(line.substr(0, colon))),
             std::string(colon < line.size() ? trimmed(line.substr(colon + 1)) : std::string_view())});
    }
    head.size = at;
    return head;
}

std::string fieldOf(const MailHead& head, std::string_view name) {
    const auto found = std::find_if(head.fields.begin(), head.fields.end(),
                                    [&](const MailField& field) { return field.name == name; });
    return found == head.fields.end() ? std::string() : found->value;
}

std::string mainValue(std::string_view field) {
    return lower(trimmed(field.substr(0, field.find(';'))));
}

std::string parameterOf(std::string_view field, std::string_view name) {
    const std::string folded = lower(field);
    for (std::size_t at = folded.find(';'); at != std::string::npos; at = folded.find(';', at + 1)) {
        const std::size_t begin = std::min(folded.find_first_not_of(" \t", at + 1), folded.size());
        std::string_view rest = std::string_view(folded).substr(begin);
        if (!rest.starts_with(name)) {
            continue;
        }
        rest.remove_prefix(name.size());
        const bool isExtended = rest.starts_with("*=") || rest.starts_with("*0*=");
        const std::size_t equals = rest.find('=');
        if (equals > 4) {
            continue;
        }
        std::string_view value = trimmed(field.substr(field.size() - rest.size() + equals + 1));
        if (value.starts_with('"')) {
            value = value.substr(1, value.find('"', 1) - 1);
        } else {
            value = trimmed(value.substr(0, value.find(';')));
        }
        if (!isExtended) {
            return decodeHeader(value);
        }
        const std::size_t quote = value.rfind('\'');
        return decodePercent(quote == std::string_view::npos ? value : value.substr(quote + 1));
    }
    return {};
}

} // namespace gatehouse::documents
