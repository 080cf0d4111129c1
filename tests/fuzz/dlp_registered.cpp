// SPDX-License-Identifier: Apache-2.0
// Any bytes as a file of registered data: refused, or usable without harm. The file's own hash is made right first,
// else nothing would get past it. The first half is the file, the rest the text that it is used on.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/crypto.h"
#include "dlp/registered/folded_words.h"
#include "dlp/registered_data.h"

using namespace gatehouse;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view all(reinterpret_cast<const char*>(data), size);
    std::string file(all.substr(0, size / 2));
    const std::string_view text = all.substr(size / 2);
    const Sha256Digest digest = sha256(bytesOf(file));
    file.append(digest.begin(), digest.end());
    dlp::FoldedWords words;
    words.build(text);
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words.span(i).begin >= words.span(i).end || words.span(i).end > text.size()) {
            std::abort();
        }
    }
    const auto read = dlp::RegisteredData::read(file);
    if (!read) {
        return 0;
    }
    std::vector<dlp::DataHit> hits;
    (*read)->find(words, 0, text.size(), size % 2 == 0, hits);
    for (const dlp::DataHit& hit : hits) {
        if (hit.span.begin >= hit.span.end || hit.span.end > text.size()) {
            std::abort();
        }
    }
    return 0;
}
