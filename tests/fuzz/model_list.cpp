// SPDX-License-Identifier: Apache-2.0
// Model lists come from whatever listens on a well-known port.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "providers/model_list.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    for (const auto& models :
         {gatehouse::providers::readOllamaTags(bytes), gatehouse::providers::readOpenAiModels(bytes)}) {
        if (models && models->size() > 1000) {
            std::abort();
        }
    }
    return 0;
}
