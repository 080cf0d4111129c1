// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <string_view>

#include "cms/cms.h"

// A signed message of any bytes, judged with a signer that signed none of the corpus but the seed itself: nothing
// crashes, and whatever is accepted has the content that was signed.
using namespace gatehouse;

namespace {

// A P-256 certificate, valid from 2026 to 2126, whose private key was thrown away after it had signed the seed.
constexpr std::string_view kSigner =
#include "cms_signer.inc"
    ;
constexpr std::string_view kContent = "{\"meta\": {\"id\": \"seed\", \"serial\": 1}}\n";

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view message(reinterpret_cast<const char*>(data), size);
    const WallTime now{std::chrono::sys_days(std::chrono::year(2027) / 1 / 1)};
    const auto verified = cms::verify(message, {std::string(kSigner)}, now);
    if (verified && verified->content != kContent) {
        std::abort();
    }
    return 0;
}
