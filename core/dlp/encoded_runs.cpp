// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <zlib.h>

#include "base/utf8.h"
#include "dlp/views.h"

namespace gatehouse::dlp {
namespace {

constexpr std::size_t kMinBase64 = 16; // 12 bytes
constexpr std::size_t kMinHex = 22;    // 11 bytes
constexpr std::size_t kMinLine = 60;   // from this length on a run may go on in the next line (RFC 2045: 76)
constexpr std::size_t kProbe = 48;     // bytes that are decoded to see whether it is worth it
constexpr std::size_t kMaxInflated = 4UL * 1024UL * 1024UL;

constexpr std::array<signed char, 256> sixBits() {
    std::array<signed char, 256> table{};
    table.fill(-1);
    constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
        table[static_cast<unsigned char>(kAlphabet[i])] = static_cast<signed char>(i);
    }
    table['+'] = table['-'] = 62;
    table['/'] = table['_'] = 63;
    return table;
}
constexpr std::array<signed char, 256> kSixBits = sixBits();

bool isBase64(char c) {
    return kSixBits[static_cast<unsigned char>(c)] >= 0;
}
bool isHex(char c) {
    return isDigit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

// At most `most` decoded bytes; line breaks are skipped.
std::string decodeBase64Run(std::string_view run, std::size_t most) {
    std::string out;
    unsigned bits = 0;
    int count = 0;
    for (const char c : run) {
        const signed char value = kSixBits[static_cast<unsigned char>(c)];
        if (value < 0) {
            continue;
        }
        bits = (bits << 6U) | static_cast<unsigned>(value);
        count += 6;
        if (count >= 8) {
            count -= 8;
            out += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU);
            if (out.size() >= most) {
                break;
            }
        }
    }
    return out;
}

std::string decodeHexRun(std::string_view run, std::size_t most) {
    const auto value = [](char c) { return static_cast<unsigned>(isDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10); };
    std::string out;
    for (std::size_t i = 0; i + 1 < run.size() && out.size() < most; i += 2) {
        out += static_cast<char>(value(run[i]) * 16 + value(run[i + 1]));
    }
    return out;
}

bool isCompressed(std::string_view bytes) {
    const auto byte = [bytes](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    return bytes.size() >= 8 && ((byte(0) == 0x1F && byte(1) == 0x8B && byte(2) == 8) ||
                                 (byte(0) == 0x78 && (byte(0) * 256U + byte(1)) % 31 == 0));
}

bool isReadable(std::string_view bytes) {
    std::size_t end = bytes.size();
    // The probe may end inside a character.
    for (std::size_t i = 0; i < 3 && end > 0 && (static_cast<unsigned char>(bytes[end - 1]) & 0x80U) != 0; ++i) {
        --end;
    }
    const std::string_view whole = bytes.substr(0, end);
    const auto isControl = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte == 0x7F || (byte < 0x20 && c != '\n' && c != '\r' && c != '\t');
    };
    return !whole.empty() && std::none_of(whole.begin(), whole.end(), isControl) && isUtf8(whole);
}

// Latin text in UTF-16, little endian: what PowerShell encodes.
bool isWide(std::string_view bytes) {
    for (std::size_t i = 1; i < bytes.size(); i += 2) {
        if (bytes[i] != '\0' || bytes[i - 1] == '\0') {
            return false;
        }
    }
    return bytes.size() >= 8;
}

std::string narrowed(std::string_view bytes) {
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 2) {
        out += bytes[i];
    }
    return out;
}

std::string inflated(std::string_view bytes, std::size_t most) {
    z_stream stream{};
    if (inflateInit2(&stream, 15 + 32) != Z_OK) { // 32: gzip or zlib, by its head
        return {};
    }
    std::string out;
    std::array<char, 16384> buffer;
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    int result = Z_OK;
    while (result == Z_OK && out.size() < most) {
        stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
        stream.avail_out = static_cast<uInt>(buffer.size());
        result = inflate(&stream, Z_NO_FLUSH);
        const std::size_t got = buffer.size() - stream.avail_out;
        out.append(buffer.data(), got);
        if (got == 0) {
            break;
        }
    }
    inflateEnd(&stream);
    return out;
}

enum class Yield { nothing, text, tooMuch };

// The readable text inside a run, if there is one.
template <typename Decode>
Yield readRun(std::string_view run, Decode decode, std::size_t budget, std::string& text) {
    const std::string probe = decode(run, kProbe);
    const bool isPacked = isCompressed(probe);
    const bool isUtf16 = isWide(probe);
    if (!isPacked && !isUtf16 && !isReadable(probe)) {
        return Yield::nothing;
    }
    if (run.size() > budget) {
        return Yield::tooMuch;
    }
    text = decode(run, std::string_view::npos);
    if (isPacked && !isReadable(probe)) { // "x " is the head of zlib too
        const std::size_t most = std::min(budget, kMaxInflated);
        text = inflated(text, most + 1);
        if (text.size() > most) {
            return Yield::tooMuch;
        }
    } else if (isUtf16) {
        text = narrowed(text);
    }
    return text.empty() ? Yield::nothing : Yield::text;
}

// The run of base64 around `at`, its further lines included.
Span base64Run(std::string_view text, std::size_t at, std::size_t floor) {
    Span run{at, at};
    while (run.begin > floor && isBase64(text[run.begin - 1])) {
        --run.begin;
    }
    std::size_t lineBegin = run.begin;
    for (;;) {
        while (run.end < text.size() && isBase64(text[run.end])) {
            ++run.end;
        }
        std::size_t next = run.end;
        next += dlp::at(text, next) == '\r' ? 1U : 0U;
        const bool goesOn = run.end - lineBegin >= kMinLine && dlp::at(text, next) == '\n' && next + 1 < text.size() &&
                            isBase64(text[next + 1]);
        if (!goesOn) {
            return run;
        }
        run.end = lineBegin = next + 1;
    }
}

class RunFinder final {
public:
    RunFinder(std::string_view text, const View* outer, std::size_t& budget, std::vector<View>& views)
        : m_text(text)
        , m_outer(outer)
        , m_budget(budget)
        , m_views(views) {}

    bool search(std::size_t from) {
        // A run that is long enough ends at `at` or behind it: looked through from there to its front, most words stop
        // that after a few bytes, and the next run that is long enough ends that much later.
        std::size_t begin = from;
        for (std::size_t at = from + kMinBase64 - 1; at < m_text.size(); at = begin + kMinBase64 - 1) {
            std::size_t front = at + 1;
            while (front > begin && isBase64(m_text[front - 1])) {
                --front;
            }
            if (front > begin) {
                begin = front;
                continue;
            }
            const Span run = base64Run(m_text, at, m_floor);
            if (run.end - run.begin >= kMinBase64 && isNew(m_outer, run) && !take(run)) {
                return false;
            }
            m_floor = begin = run.end;
        }
        return true;
    }

private:
    bool put(Encoding encoding, Span run, Yield yield, std::string& text) {
        if (yield == Yield::text) {
            if (text.size() > m_budget) {
                return false;
            }
            m_budget -= text.size();
            View view;
            view.encoding = encoding;
            view.source = run;
            while (encoding == Encoding::base64 && dlp::at(m_text, view.source.end) == '=' &&
                   view.source.end < run.end + 2) {
                ++view.source.end;
            }
            view.text = std::move(text);
            m_views.push_back(std::move(view));
        }
        return yield != Yield::tooMuch;
    }

    bool take(Span run) {
        const std::string_view body = m_text.substr(run.begin, run.end - run.begin);
        std::string text;
        if (body.size() >= kMinHex && body.size() % 2 == 0 && std::all_of(body.begin(), body.end(), isHex)) {
            const Yield yield = readRun(body, &decodeHexRun, m_budget, text);
            if (yield != Yield::nothing) {
                return put(Encoding::hex, run, yield, text);
            }
        }
        // What stands right in front (a path, a name) may belong to the alphabet: the text may begin at any of four.
        for (std::size_t skip = 0; skip < 4; ++skip) {
            const Yield yield = readRun(body.substr(skip), &decodeBase64Run, m_budget, text);
            if (yield != Yield::nothing) {
                return put(Encoding::base64, run, yield, text);
            }
        }
        return true;
    }

    std::string_view m_text;
    const View* m_outer;
    std::size_t& m_budget;
    std::vector<View>& m_views;
    std::size_t m_floor = 0;
};

} // namespace

bool findEncodedRuns(std::string_view text, std::size_t from, const View* outer, std::size_t& budget,
                     std::vector<View>& views) {
    return RunFinder(text, outer, budget, views).search(from);
}

} // namespace gatehouse::dlp
