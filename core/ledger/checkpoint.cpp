// SPDX-License-Identifier: Apache-2.0
#include "ledger/checkpoint.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/bytes.h"

namespace gatehouse::ledger {
namespace {

// The next line without its newline; nullopt when there is none.
std::optional<std::string_view> takeLine(std::string_view& text) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

} // namespace

std::string writeCheckpoint(const Checkpoint& checkpoint) {
    return checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" + base64Encode(checkpoint.root) + "\n";
}

Result<Checkpoint> readCheckpoint(std::string_view text) {
    const auto wrong = [] { return fail(ErrorKind::invalidInput, "not a checkpoint of a log"); };
    const auto origin = takeLine(text);
    const auto size = takeLine(text);
    const auto root = takeLine(text);
    if (!origin || origin->empty() || !size || size->empty() || !root || (size->size() > 1 && size->front() == '0')) {
        return wrong();
    }
    Checkpoint checkpoint{std::string(*origin), 0, {}};
    const auto [at, error] = std::from_chars(size->data(), size->data() + size->size(), checkpoint.size);
    const auto hash = base64Decode(*root);
    if (error != std::errc() || at != size->data() + size->size() || !hash || hash->size() != checkpoint.root.size()) {
        return wrong();
    }
    std::copy(hash->begin(), hash->end(), checkpoint.root.begin());
    return checkpoint;
}

} // namespace gatehouse::ledger
