// SPDX-License-Identifier: Apache-2.0
// Any bytes as a catalogue file: refused or accepted, never a crash.
#include <cstdint>
#include <string_view>

#include "dlp/catalogue.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto rows = gatehouse::dlp::parseCatalogue({reinterpret_cast<const char*>(data), size});
    return rows && rows->size() > 1'000'000 ? 1 : 0;
}
