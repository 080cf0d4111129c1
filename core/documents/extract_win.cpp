// SPDX-License-Identifier: Apache-2.0
#include "documents/extract.h"

namespace gatehouse::documents {
namespace {

// Documents are not read on Windows yet: each is said to be unreadable, which policy decides on.
class NoExtractor final : public Extractor {
public:
    [[nodiscard]] Extraction extract(std::string_view /*bytes*/, std::string_view /*name*/,
                                     std::chrono::milliseconds /*within*/) const override {
        Extraction extraction;
        extraction.gaps.push_back({"", "documents are not read on this system"});
        return extraction;
    }
};

} // namespace

std::unique_ptr<Extractor> makeExtractor(ExtractorOptions /*options*/) {
    return std::make_unique<NoExtractor>();
}

} // namespace gatehouse::documents
