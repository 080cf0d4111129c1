// SPDX-License-Identifier: Apache-2.0
#include "dlp/hidden_text.h"

#include <algorithm>
#include <utility>

#include "base/utf8.h"

namespace gatehouse::dlp {
namespace {

constexpr char32_t kBlackFlag = 0x1F3F4;
constexpr char32_t kCancelTag = 0xE007F;
constexpr std::size_t kLongestFlag = 7; // gbeng and the cancelling tag, with one to spare
constexpr std::size_t kFewestTags = 4;
constexpr std::size_t kFewestSelectors = 4;
constexpr std::size_t kFewestZeroWidth = 8; // one hidden letter

bool isTag(char32_t value) {
    return value >= 0xE0000 && value <= 0xE007F;
}

bool isSelector(char32_t value) {
    return (value >= 0xFE00 && value <= 0xFE0F) || (value >= 0xE0100 && value <= 0xE01EF);
}

bool isZeroWidth(char32_t value) {
    return (value >= 0x200B && value <= 0x200D) || (value >= 0x2060 && value <= 0x2064) || value == 0xFEFF;
}

bool isOverride(char32_t value) {
    return value == 0x202D || value == 0x202E;
}

struct Run {
    std::size_t begin = 0;
    std::size_t tags = 0;
    std::size_t selectors = 0;
    std::size_t zeroWidth = 0;
    char32_t before = 0; // the character in front
    char32_t last = 0;
    std::string decoded;

    [[nodiscard]] bool isEmpty() const { return tags + selectors + zeroWidth == 0; }
    [[nodiscard]] bool isFlag() const { return before == kBlackFlag && last == kCancelTag && tags <= kLongestFlag; }
    void add(char32_t value) {
        tags += isTag(value) ? 1U : 0U;
        selectors += isSelector(value) ? 1U : 0U;
        zeroWidth += isZeroWidth(value) ? 1U : 0U;
        last = value;
        if (value >= 0xE0020 && value <= 0xE007E) {
            decoded += static_cast<char>(value - 0xE0000);
        }
    }
};

void close(Run& run, std::size_t end, std::vector<HiddenRun>& out) {
    HiddenRun hidden{{run.begin, end}, NameKind::hiddenText, 0, {}, {}};
    if (run.tags >= kFewestTags && !run.isFlag()) {
        hidden.score = 3.0;
        hidden.why = "text in tag characters";
        hidden.decoded = std::move(run.decoded);
    } else if (run.selectors >= kFewestSelectors) {
        hidden.score = 2.6;
        hidden.why = "data in variation selectors";
    } else if (run.zeroWidth >= kFewestZeroWidth) {
        hidden.score = 2.0;
        hidden.why = "data in zero-width characters";
    }
    if (!hidden.why.empty()) {
        out.push_back(std::move(hidden));
    }
}

} // namespace

void findHiddenText(std::string_view text, std::vector<HiddenRun>& out) {
    const auto isOther = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
    Run run;
    char32_t before = 0;
    std::size_t at = 0;
    while (at < text.size()) {
        if (!isOther(text[at])) {
            if (!run.isEmpty()) {
                close(run, at, out);
                run = Run{};
            }
            before = 0; // ASCII is not told apart
            at = static_cast<std::size_t>(
                std::find_if(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), isOther) - text.begin());
            continue;
        }
        const CodePoint point = decodeUtf8(text, at);
        const std::size_t size = std::max<std::size_t>(point.size, 1);
        if (point.size != 0 && (isTag(point.value) || isSelector(point.value) || isZeroWidth(point.value))) {
            if (run.isEmpty()) {
                run.begin = at;
                run.before = before;
            }
            run.add(point.value);
        } else {
            if (!run.isEmpty()) {
                close(run, at, out);
                run = Run{};
            }
            before = point.size == 0 ? 0 : point.value;
            if (isOverride(before)) {
                out.push_back({{at, at + size}, NameKind::turnedText, 1.2, "text is shown in another order", {}});
            }
        }
        at += size;
    }
    if (!run.isEmpty()) {
        close(run, text.size(), out);
    }
}

} // namespace gatehouse::dlp
