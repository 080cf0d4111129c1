// SPDX-License-Identifier: Apache-2.0
#include "dialects/multipart.h"

#include <algorithm>
#include <set>

namespace gatehouse::dialects {
namespace {

constexpr std::string_view kType = "multipart/form-data";
constexpr std::size_t kMaxBoundary = 70; // RFC 2046 §5.1.1
constexpr std::string_view kOurs = "gatehouse-form-";

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool equalsLower(std::string_view text, std::string_view lowerText) {
    return std::equal(text.begin(), text.end(), lowerText.begin(), lowerText.end(),
                      [](char a, char b) { return lower(a) == b; });
}

bool isLetterOrDigit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isOneOf(std::string_view marks, char c) {
    return marks.find(c) != std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    return first == std::string_view::npos ? std::string_view()
                                           : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool isFieldName(std::string_view text) {
    return !text.empty() && text.size() <= 64 &&
           std::all_of(text.begin(), text.end(), [](char c) { return isLetterOrDigit(c) || isOneOf("_-.[]", c); });
}

// type/subtype, with parameters that are plain words.
bool isMediaType(std::string_view text) {
    return text.size() <= 100 && text.find('/') != std::string_view::npos &&
           std::all_of(text.begin(), text.end(), [](char c) { return isLetterOrDigit(c) || isOneOf("/+-._; =", c); });
}

std::unexpected<Error> wrong(const char* what) {
    return fail(ErrorKind::invalidInput, what);
}

class Reader final {
public:
    Reader(std::string_view body, std::string_view boundary, const FormLimits& limits)
        : m_body(body)
        , m_delimiter("--" + std::string(boundary))
        , m_limits(limits) {}

    Result<Form> read() {
        if (m_body.size() > m_limits.maxBytes) {
            return fail(ErrorKind::limit, "the form is too large");
        }
        if (!m_body.starts_with(m_delimiter)) {
            return wrong("the form does not begin with its boundary");
        }
        Form form;
        for (;;) {
            const JsonRange delimiter{m_at, m_at + m_delimiter.size()};
            m_at = delimiter.end;
            if (rest().starts_with("--")) {
                form.end = delimiter;
                const std::string_view behind = rest().substr(2);
                return behind.empty() || behind == "\r\n" ? Result<Form>(std::move(form))
                                                          : wrong("something stands behind the end of the form");
            }
            if (!skip("\r\n")) {
                return wrong("a boundary of the form has no line end");
            }
            if (form.fields.size() == m_limits.maxFields) {
                return fail(ErrorKind::limit, "the form has too many fields");
            }
            GH_TRY(FormField field, readField());
            field.delimiter = delimiter;
            form.fields.push_back(std::move(field));
        }
    }

private:
    [[nodiscard]] std::string_view rest() const { return m_body.substr(m_at); }

    bool skip(std::string_view text) {
        const bool isThere = rest().starts_with(text);
        m_at += isThere ? text.size() : 0;
        return isThere;
    }

    Result<FormField> readField() {
        FormField field;
        const std::size_t begin = m_at;
        while (!skip("\r\n")) {
            const std::size_t end = m_body.find("\r\n", m_at);
            if (end == std::string_view::npos || end - begin > m_limits.maxHead) {
                return wrong("a field of the form has no end of its head");
            }
            GH_CHECK(readLine(m_at, end, field));
            m_at = end + 2;
        }
        if (field.nameAt.end == 0) {
            return wrong("a field of the form has no name");
        }
        const std::size_t end = m_body.find("\r\n" + m_delimiter, m_at);
        if (end == std::string_view::npos) {
            return wrong("the form has no end");
        }
        field.content = {m_at, end};
        m_at = end + 2;
        const std::string_view length = m_length;
        if (!length.empty() && length != std::to_string(field.content.end - field.content.begin)) {
            return wrong("a field of the form has another length than its head says");
        }
        m_length = {};
        return field;
    }

    Result<> readLine(std::size_t begin, std::size_t end, FormField& field) {
        const std::string_view line = m_body.substr(begin, end - begin);
        const std::size_t colon = std::min(line.find(':'), line.size());
        const std::string_view name = line.substr(0, colon);
        const std::string_view value = trimmed(line.substr(std::min(colon + 1, line.size())));
        if (equalsLower(name, "content-disposition")) {
            return readDisposition(begin + colon + 1, end, field);
        }
        if (equalsLower(name, "content-type") && field.mediaType.empty() && isMediaType(value)) {
            field.mediaType = value;
            return {};
        }
        const bool isEncoding = equalsLower(name, "content-transfer-encoding");
        if (isEncoding && (equalsLower(value, "binary") || equalsLower(value, "8bit") || equalsLower(value, "7bit"))) {
            return {};
        }
        if (equalsLower(name, "content-length") && m_length.empty() && !value.empty()) {
            m_length = value;
            return {};
        }
        return wrong("a field of the form has a head that is not known here");
    }

    // form-data; name="…"; filename="…"
    Result<> readDisposition(std::size_t at, std::size_t end, FormField& field) {
        constexpr std::string_view kKind = "form-data";
        const auto skipBlanks = [&] {
            while (at < end && (m_body[at] == ' ' || m_body[at] == '\t')) {
                ++at;
            }
        };
        skipBlanks();
        if (field.nameAt.end != 0 || !equalsLower(m_body.substr(at, std::min(kKind.size(), end - at)), kKind)) {
            return wrong("a field of the form is not form-data");
        }
        for (at += kKind.size(); at < end;) {
            skipBlanks();
            if (at == end || m_body[at] != ';') {
                return wrong("a field's Content-Disposition has an odd form");
            }
            ++at;
            skipBlanks();
            GH_TRY(at, readParameter(at, end, field));
        }
        return {};
    }

    // `at` behind it.
    Result<std::size_t> readParameter(std::size_t at, std::size_t end, FormField& field) {
        const std::size_t equals = m_body.substr(0, end).find('=', at);
        if (equals == std::string_view::npos || equals + 1 >= end || m_body[equals + 1] != '"') {
            return wrong("a field's Content-Disposition has an odd form");
        }
        const std::size_t begin = equals + 2;
        const std::size_t close = m_body.substr(0, end).find('"', begin);
        if (close == std::string_view::npos) {
            return wrong("a field's Content-Disposition has an odd form");
        }
        const std::string_view key = m_body.substr(at, equals - at);
        const std::string_view value = m_body.substr(begin, close - begin);
        if (key == "name" && field.nameAt.end == 0 && isFieldName(value)) {
            field.name = value;
            field.nameAt = {begin, close};
        } else if (key == "filename" && !field.fileName && isFormName(value)) {
            field.fileName = value;
            field.fileNameAt = {begin, close};
        } else {
            return wrong("a field's Content-Disposition has an odd form");
        }
        return close + 1;
    }

    std::string_view m_body;
    std::string m_delimiter;
    const FormLimits& m_limits;
    std::size_t m_at = 0;
    std::string_view m_length; // what the head of the field being read says
};

// A boundary that is in none of the contents.
std::optional<std::string> freeBoundary(std::string_view body, const std::vector<JsonEdit>& edits) {
    constexpr int kTries = 8;
    for (int i = 0; i < kTries; ++i) {
        std::string boundary = std::string(kOurs) + std::to_string(i);
        const bool isTaken = body.find(boundary) != std::string_view::npos ||
                             std::any_of(edits.begin(), edits.end(), [&](const JsonEdit& edit) {
                                 return edit.bytes.find(boundary) != std::string::npos;
                             });
        if (!isTaken) {
            return boundary;
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<std::string> formBoundary(std::string_view contentType) {
    const std::size_t semicolon = std::min(contentType.find(';'), contentType.size());
    if (!equalsLower(trimmed(contentType.substr(0, semicolon)), kType)) {
        return std::nullopt;
    }
    const std::string_view parameter = trimmed(contentType.substr(std::min(semicolon + 1, contentType.size())));
    const std::size_t equals = std::min(parameter.find('='), parameter.size());
    if (!equalsLower(parameter.substr(0, equals), "boundary")) {
        return std::nullopt;
    }
    std::string_view value = parameter.substr(std::min(equals + 1, parameter.size()));
    const bool isQuoted = value.size() >= 2 && value.starts_with('"') && value.ends_with('"');
    value = isQuoted ? value.substr(1, value.size() - 2) : value;
    const bool isPlain = std::all_of(value.begin(), value.end(),
                                     [](char c) { return isLetterOrDigit(c) || isOneOf("'()+_,-./:=?", c); });
    return isPlain && !value.empty() && value.size() <= kMaxBoundary ? std::optional(std::string(value)) : std::nullopt;
}

Result<Form> readForm(std::string_view body, std::string_view boundary, const FormLimits& limits) {
    return Reader(body, boundary, limits).read();
}

bool isFormName(std::string_view text) {
    return text.size() <= 1024 && std::none_of(text.begin(), text.end(), [](char c) {
               return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20 || c == '\x7f';
           });
}

Result<std::string> writeForm(std::string_view body, const Form& form, std::vector<JsonEdit> edits,
                              const std::vector<std::pair<std::string, std::string>>& more) {
    const auto boundary = freeBoundary(body, edits);
    if (!boundary) {
        return fail(ErrorKind::limit, "no boundary is free for the form");
    }
    const std::string delimiter = "--" + *boundary;
    for (const FormField& field : form.fields) {
        edits.push_back({field.delimiter.begin, field.delimiter.end, delimiter});
    }
    std::string last;
    for (const auto& [name, value] : more) {
        last += delimiter;
        last += "\r\nContent-Disposition: form-data; name=\"";
        last += name;
        last += "\"\r\n\r\n";
        last += value;
        last += "\r\n";
    }
    edits.push_back({form.end.begin, form.end.end, last + delimiter});
    return applyEdits(body, std::move(edits));
}

std::string formMediaType(std::string_view body) {
    return std::string(kType) + "; boundary=" + std::string(body.substr(2, body.find('\r') - 2));
}

} // namespace gatehouse::dialects
