// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::documents {

// RFC 2045, 6.7 and 6.8. Lenient: what is not well formed stays as it is (quoted-printable) or is left out (base64).
std::string decodeQuotedPrintable(std::string_view text, bool isHeader);
std::string decodeBase64Leniently(std::string_view text);

// A header's value with its encoded words (RFC 2047) as UTF-8.
std::string decodeHeader(std::string_view value);

struct MailField {
    std::string name; // lower case
    std::string value;
};
struct MailHead {
    std::vector<MailField> fields;
    std::size_t size = 0; // bytes to the body
};
// RFC 5322: fields to the first empty line, folded lines joined.
MailHead readMailHead(std::string_view mail);
std::string fieldOf(const MailHead& head, std::string_view name);

// The value in front of the parameters, in lower case: "text/plain".
std::string mainValue(std::string_view field);
// A parameter's value (RFC 2045, 5.1; of RFC 2231 the simple extended form); empty when there is none.
std::string parameterOf(std::string_view field, std::string_view name);

} // namespace gatehouse::documents
