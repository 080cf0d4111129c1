// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string_view>

// SipHash-2-4 with 64 bits of output (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012). OpenSSL has it
// too, at ten times its cost for the few bytes of a word, because each call needs a context. Tested against it.
namespace gatehouse::dlp {

using SipKey = std::array<std::uint64_t, 2>;

class SipHash final {
public:
    explicit constexpr SipHash(const SipKey& key)
        : m_v{key[0] ^ 0x736F6D6570736575ULL, key[1] ^ 0x646F72616E646F6DULL, key[0] ^ 0x6C7967656E657261ULL,
              key[1] ^ 0x7465646279746573ULL} {}

    // Of `data`, then `tail`, one byte more.
    [[nodiscard]] std::uint64_t of(std::string_view data, std::uint8_t tail) const {
        State v = m_v;
        const std::size_t size = data.size() + 1;
        std::size_t i = 0;
        for (; i + 8 <= data.size(); i += 8) {
            std::uint64_t word = 0;
            for (unsigned k = 0; k < 8; ++k) {
                word |= std::uint64_t{static_cast<std::uint8_t>(data[i + k])} << (8U * k);
            }
            absorb(v, word);
        }
        std::uint64_t last = 0;
        unsigned filled = 0;
        for (; i < data.size(); ++i, ++filled) {
            last |= std::uint64_t{static_cast<std::uint8_t>(data[i])} << (8U * filled);
        }
        last |= std::uint64_t{tail} << (8U * filled);
        if (filled == 7) {
            absorb(v, last);
            last = 0;
        }
        absorb(v, last | (std::uint64_t{size & 0xFFU} << 56U));
        v[2] ^= 0xFFU;
        for (int k = 0; k < 4; ++k) {
            round(v);
        }
        return v[0] ^ v[1] ^ v[2] ^ v[3];
    }

private:
    using State = std::array<std::uint64_t, 4>;
    static void round(State& v) {
        v[0] += v[1];
        v[1] = std::rotl(v[1], 13) ^ v[0];
        v[0] = std::rotl(v[0], 32);
        v[2] += v[3];
        v[3] = std::rotl(v[3], 16) ^ v[2];
        v[0] += v[3];
        v[3] = std::rotl(v[3], 21) ^ v[0];
        v[2] += v[1];
        v[1] = std::rotl(v[1], 17) ^ v[2];
        v[2] = std::rotl(v[2], 32);
    }
    static void absorb(State& v, std::uint64_t word) {
        v[3] ^= word;
        round(v);
        round(v);
        v[0] ^= word;
    }
    State m_v;
};

} // namespace gatehouse::dlp
