// SPDX-License-Identifier: Apache-2.0
#include "upstream/curl_error.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace gatehouse::upstream {
namespace {

// Only shutdown aborts by callback without an error of ours. Codes that are not listed mean that the server could not
// be reached or broke off.
constexpr std::array<std::pair<CURLcode, ErrorKind>, 9> kKinds{{
    {CURLE_OPERATION_TIMEDOUT, ErrorKind::timedOut},
    {CURLE_URL_MALFORMAT, ErrorKind::invalidInput},
    {CURLE_UNSUPPORTED_PROTOCOL, ErrorKind::invalidInput},
    {CURLE_BAD_FUNCTION_ARGUMENT, ErrorKind::internal},
    {CURLE_OUT_OF_MEMORY, ErrorKind::internal},
    {CURLE_FAILED_INIT, ErrorKind::internal},
    {CURLE_UNKNOWN_OPTION, ErrorKind::internal},
    {CURLE_FILESIZE_EXCEEDED, ErrorKind::limit},
    {CURLE_ABORTED_BY_CALLBACK, ErrorKind::cancelled},
}};

} // namespace

Error errorOf(CURLcode code) {
    const auto* const found =
        std::find_if(kKinds.begin(), kKinds.end(), [code](const auto& row) { return row.first == code; });
    const auto kind = found == kKinds.end() ? ErrorKind::unavailable : found->second;
    return {kind, std::string("the call to the model server failed: ") + curl_easy_strerror(code),
            static_cast<int>(code)};
}

} // namespace gatehouse::upstream
