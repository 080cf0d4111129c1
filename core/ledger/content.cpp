// SPDX-License-Identifier: Apache-2.0
#include "ledger/content.h"

#include <string_view>

#include "ledger/tlv.h"

namespace gatehouse::ledger {
namespace {

constexpr std::uint16_t kHash = 1;
constexpr std::uint16_t kHasText = 2;
constexpr std::uint16_t kText = 3;
constexpr std::size_t kMaxContentBytes = 64UL * 1024UL * 1024UL;

} // namespace

Bytes encodeContent(const Content& content) {
    return encodeContent(content.hash, content.text);
}

Bytes encodeContent(std::string_view hash, const std::optional<std::string>& text) {
    TlvWriter writer;
    writer.reserve(hash.size() + (text ? text->size() : 0) + 32);
    writer.text(kHash, hash);
    writer.number(kHasText, text ? 1 : 0);
    writer.text(kText, text ? std::string_view(*text) : std::string_view());
    return writer.take();
}

Result<Content> decodeContent(ByteView bytes) {
    if (bytes.size() > kMaxContentBytes) {
        return fail(ErrorKind::limit, "record: content above 64 MiB");
    }
    TlvReader reader(bytes);
    Content content;
    content.hash = reader.text(kHash);
    const std::uint64_t hasText = reader.number(kHasText);
    std::string text = reader.text(kText);
    if (hasText > 1 || (hasText == 0 && !text.empty())) {
        reader.reject("the text's flag is wrong");
    }
    GH_CHECK(reader.finish());
    if (hasText == 1) {
        content.text = std::move(text);
    }
    return content;
}

Sha256Digest commitContent(const Salt& salt, ByteView bytes) {
    constexpr std::string_view kDomain = "gatehouse/content/v1";
    Bytes input;
    input.reserve(bytes.size() + salt.size() + kDomain.size() + 2);
    input.push_back(2); // neither a leaf (0) nor an inner node (1)
    input.insert(input.end(), kDomain.begin(), kDomain.end());
    input.push_back(0);
    input.insert(input.end(), salt.begin(), salt.end());
    input.insert(input.end(), bytes.begin(), bytes.end());
    const Sha256Digest digest = sha256(input);
    wipe(input.data(), input.size());
    return digest;
}

} // namespace gatehouse::ledger
