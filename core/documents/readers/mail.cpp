// SPDX-License-Identifier: Apache-2.0
// Mails and web archives: RFC 5322, and the parts of RFC 2045 and 2046.
#include <algorithm>

#include "documents/readers/html.h"
#include "documents/readers/mail_words.h"
#include "documents/readers/read.h"
#include "documents/readers/text.h"

namespace gatehouse::documents {
namespace {

std::string decodedBody(std::string_view body, std::string_view encoding) {
    if (encoding == "base64") {
        return decodeBase64Leniently(body);
    }
    return encoding == "quoted-printable" ? decodeQuotedPrintable(body, false) : std::string(body);
}

class MailReader final {
public:
    MailReader(const Source& source, Output& out) : m_source(source), m_out(out) {}

    void read(std::string_view part, unsigned depth) {
        if (m_out.isFull() || !m_out.takeEntry(m_source.at("parts"))) {
            return;
        }
        const MailHead head = readMailHead(part);
        tellFields(head, depth);
        const std::string type = fieldOf(head, "content-type");
        const std::string_view body = part.substr(head.size);
        if (mainValue(type).starts_with("multipart/")) {
            return readParts(body, parameterOf(type, "boundary"), depth);
        }
        readBody(head, type, body);
    }

private:
    void tellFields(const MailHead& head, unsigned depth) {
        std::string text;
        for (const MailField& field : head.fields) {
            text += field.name + ": " + decodeHeader(field.value) + "\n";
        }
        m_out.piece(m_source.at(depth == 0 ? "header" : "header of a part"), text);
    }

    void readParts(std::string_view body, const std::string& boundary, unsigned depth) {
        if (boundary.empty() || depth >= 32) {
            m_out.gap(m_source.at("parts"), "they cannot be told apart");
            m_out.piece(m_source.at("parts"), decodeCharset(body, ""));
            return;
        }
        const std::string mark = "--" + boundary;
        std::size_t begin = std::string_view::npos; // of the part that is being looked at
        for (std::size_t at = 0; at < body.size();) {
            const std::size_t end = std::min(body.find('\n', at), body.size());
            if (body.substr(at).starts_with(mark)) {
                finishPart(body, begin, at, depth);
                const bool isLast = body.substr(at + mark.size()).starts_with("--");
                begin = isLast ? std::string_view::npos : std::min(end + 1, body.size());
                if (isLast) {
                    m_out.piece(m_source.at("behind the last part"), decodeCharset(body.substr(end), ""));
                    return;
                }
            }
            at = end + 1;
        }
        finishPart(body, begin, body.size(), depth);
    }

    void finishPart(std::string_view body, std::size_t begin, std::size_t end, unsigned depth) {
        if (begin != std::string_view::npos && begin <= end) {
            read(body.substr(begin, end - begin), depth + 1);
        } else {
            m_out.piece(m_source.at("before the first part"), decodeCharset(body.substr(0, end), ""));
        }
    }

    void readBody(const MailHead& head, const std::string& type, std::string_view body) {
        const std::string kind = mainValue(type);
        std::string name = parameterOf(fieldOf(head, "content-disposition"), "filename");
        if (name.empty()) {
            name = parameterOf(type, "name");
        }
        const std::string bytes = decodedBody(body, mainValue(fieldOf(head, "content-transfer-encoding")));
        const bool isText = kind.empty() || kind.starts_with("text/");
        if (!name.empty() || !isText) {
            return readInner(m_source, name.empty() ? (kind == "message/rfc822" ? "mail.eml" : kind) : name, bytes,
                             m_out, kind.starts_with("image/"));
        }
        const std::string text = decodeCharset(bytes, parameterOf(type, "charset"));
        if (kind != "text/html") {
            return m_out.piece(m_source.at("text"), text);
        }
        const HtmlTexts texts = textsOfHtml(text);
        m_out.piece(m_source.at("html"), texts.shown);
        m_out.piece(m_source.at("markup"), texts.hidden);
    }

    const Source& m_source;
    Output& m_out;
};

} // namespace

void readMail(const Source& source, Output& out) {
    out.format("mail");
    MailReader(source, out).read(source.bytes, 0);
}

} // namespace gatehouse::documents
