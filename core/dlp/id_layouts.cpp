// SPDX-License-Identifier: Apache-2.0
#include "dlp/id_layouts.h"

#include <algorithm>

#include "dlp/atoms.h"

namespace gatehouse::dlp {
namespace {

constexpr std::string_view kSeparators = " -./:";
constexpr std::size_t kMaxLetters = 6; // longer groups of letters alone are words

constexpr bool isAlnum(char c) {
    return isDigit(c) || isLetter(c);
}
constexpr bool isSeparator(char c) {
    return kSeparators.find(c) != std::string_view::npos;
}

std::size_t groupEnd(std::string_view text, std::size_t position) {
    while (position < text.size() && isAlnum(text[position])) {
        ++position;
    }
    return position;
}

std::size_t groupBegin(std::string_view text, std::size_t position, std::size_t floor) {
    while (position > floor && isAlnum(text[position - 1])) {
        --position;
    }
    return position;
}

} // namespace

std::uint64_t IdLayouts::Key::of(std::string_view layout) {
    Key key;
    for (const char c : layout) {
        const char kind = c == '#' || c == '@' || c == '*' ? '*' : c;
        key.hash = (key.hash ^ static_cast<unsigned char>(kind)) * 1099511628211ULL;
    }
    return key.hash;
}

void IdLayouts::Key::extend(std::string_view text, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
        const char kind = isAlnum(text[i]) ? '*' : text[i];
        hash = (hash ^ static_cast<unsigned char>(kind)) * 1099511628211ULL;
    }
}

IdLayouts::Layout& IdLayouts::makeLayout(std::string_view written) {
    const std::uint64_t hash = Key::of(written);
    if (!m_slots.empty() && layoutOf(hash) != nullptr) {
        return m_layouts[static_cast<std::size_t>(layoutOf(hash) - m_layouts.data())];
    }
    m_layouts.push_back({hash, std::string(written), {}});
    if (m_layouts.size() * 4 > m_slots.size()) {
        m_slots.assign(std::max<std::size_t>(m_slots.size() * 2, 1024), 0);
        for (std::size_t i = 0; i < m_layouts.size(); ++i) {
            file(i);
        }
    } else {
        file(m_layouts.size() - 1);
    }
    return m_layouts.back();
}

void IdLayouts::insert(const std::string& shape, std::size_t row, bool isFormatted) {
    Entry entry{0, 0, row, isFormatted};
    std::string written;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const bool isPlace = shape[i] == '#' || shape[i] == '@' || shape[i] == '*';
        entry.digits |= shape[i] == '#' ? std::uint64_t{1} << i : 0;
        entry.letters |= shape[i] == '@' ? std::uint64_t{1} << i : 0;
        if (!isPlace && !written.empty()) {
            makeLayout(written); // up to here it is a group of its own
        }
        written += isPlace ? '*' : shape[i];
    }
    makeLayout(written).entries.push_back(entry);
}

void IdLayouts::file(std::size_t index) {
    std::size_t slot = m_layouts[index].hash & (m_slots.size() - 1);
    while (m_slots[slot] != 0) {
        slot = (slot + 1) & (m_slots.size() - 1);
    }
    m_slots[slot] = static_cast<std::uint32_t>(index + 1);
}

const IdLayouts::Layout* IdLayouts::layoutOf(std::uint64_t hash) const {
    for (std::size_t slot = hash & (m_slots.size() - 1); m_slots[slot] != 0; slot = (slot + 1) & (m_slots.size() - 1)) {
        const Layout& layout = m_layouts[m_slots[slot] - 1];
        if (layout.hash == hash) {
            return &layout;
        }
    }
    return nullptr;
}

Result<> IdLayouts::add(std::string_view shape, std::size_t row) {
    const bool hasDigit = shape.find_first_of("#*") != std::string_view::npos;
    if (shape.empty() || shape.size() > kMaxShape || !hasDigit) {
        return fail(ErrorKind::invalidInput, "a shape has up to 64 places and one for a digit");
    }
    if (shape.find('~') == std::string_view::npos) {
        insert(std::string(shape), row, shape.find_first_not_of("#@*") != std::string_view::npos);
        return {};
    }
    for (const char separator : {'\0', ' ', '-', '.', '/'}) {
        std::string written;
        for (const char c : shape) {
            if (c != '~') {
                written += c;
            } else if (separator != '\0') {
                written += separator;
            }
        }
        insert(written, row, written.find_first_not_of("#@*") != std::string::npos);
    }
    return {};
}

bool IdLayouts::next(std::string_view text, std::size_t& position, Cluster& cluster) {
    const std::size_t digit = nextDigit(text, position);
    if (digit >= text.size()) {
        return false;
    }
    cluster.count = 0;
    const auto add = [text, &cluster](std::size_t begin, std::size_t end) {
        const std::string_view group = text.substr(begin, end - begin);
        cluster.groups[cluster.count++] = {begin, end, std::any_of(group.begin(), group.end(), isDigit)};
        return cluster.groups[cluster.count - 1].hasDigit;
    };
    const std::size_t begin = groupBegin(text, digit, position);
    // Letters in front may belong to it: "AB 12 34", "CHE-123".
    if (begin > position + 1 && isSeparator(text[begin - 1]) && isLetter(text[begin - 2])) {
        const std::size_t front = groupBegin(text, begin - 1, position);
        const std::string_view letters = text.substr(front, begin - 1 - front);
        if (letters.size() <= kMaxLetters && std::all_of(letters.begin(), letters.end(), isLetter)) {
            add(front, begin - 1);
        }
    }
    std::size_t end = groupEnd(text, digit);
    add(begin, end);
    bool hadDigit = true;
    while (cluster.count < Cluster::kMax && end + 1 < text.size() && isSeparator(text[end]) && isAlnum(text[end + 1])) {
        const std::size_t following = groupEnd(text, end + 1);
        const std::string_view group = text.substr(end + 1, following - end - 1);
        const bool hasDigit = std::any_of(group.begin(), group.end(), isDigit);
        if (!hasDigit && (!hadDigit || group.size() > kMaxLetters)) {
            break;
        }
        hadDigit = add(end + 1, following);
        end = following;
    }
    position = end;
    // What a full cluster cuts off begins again a few groups earlier, so that nothing falls between two.
    if (cluster.count == Cluster::kMax) {
        position = cluster.groups[Cluster::kMax - kMaxGroups].begin;
    }
    return true;
}

// Whether the run of groups stands for itself: "123-45-6789" is no part of "9-123-45-6789", "123" none of "1,123". A
// comma in front of anything longer is one of a list or a table.
bool IdLayouts::isFree(std::string_view text, const Cluster& cluster, std::size_t first, std::size_t last) {
    const std::size_t begin = cluster.groups[first].begin;
    const std::size_t end = cluster.groups[last].end;
    const char left = before(text, begin);
    const char right = at(text, end);
    const bool isDigitLeft = begin > 1 && isDigit(text[begin - 2]);
    const bool isDigitRight = end + 1 < text.size() && isDigit(text[end + 1]);
    const auto joins = [](char c) { return c == '-' || c == '.' || c == '/' || c == ':' || c == '+'; };
    // ".94AC.0020.0002" goes on to the left, unless a word ends there.
    const bool isDotted = text.substr(begin, end - begin).find('.') != std::string_view::npos;
    if (left == '.' && isDotted && !(begin > 1 && isLetter(text[begin - 2]))) {
        return false;
    }
    const bool isShort = end - begin <= 4;
    if ((joins(left) && isDigitLeft) || (joins(right) && isDigitRight)) {
        return false;
    }
    if (isShort && ((left == ',' && isDigitLeft) || (right == ',' && isDigitRight))) {
        return false;
    }
    return left != '$' && left != '%' && right != '%' && !isAlnum(left) && !isAlnum(right);
}

bool IdLayouts::isLaidOut(std::string_view written, std::string_view layout) {
    return std::equal(written.begin(), written.end(), layout.begin(), layout.end(),
                      [](char c, char wanted) { return wanted == '*' ? isAlnum(c) : c == wanted; });
}

std::uint64_t IdLayouts::digitsOf(std::string_view written) {
    std::uint64_t digits = 0;
    for (std::size_t i = 0; i < written.size(); ++i) {
        digits |= isDigit(written[i]) ? std::uint64_t{1} << i : 0;
    }
    return digits;
}

bool IdLayouts::beginsWithWord(std::string_view written) {
    const std::size_t end = written.find(' ');
    return end != std::string_view::npos && end >= 3 &&
           std::all_of(written.begin(), written.begin() + static_cast<std::ptrdiff_t>(end), isLetter) &&
           !std::all_of(written.begin(), written.begin() + static_cast<std::ptrdiff_t>(end), isUpper);
}

std::string_view IdLayouts::compacted(std::string_view written, std::array<char, kMaxSize>& out) {
    std::size_t size = 0;
    for (const char c : written) {
        if (isAlnum(c)) {
            out[size++] = isDigit(c) || isUpper(c) ? c : static_cast<char>(c - 0x20);
        }
    }
    return {out.data(), size};
}

} // namespace gatehouse::dlp
