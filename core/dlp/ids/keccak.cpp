// SPDX-License-Identifier: Apache-2.0
#include "dlp/ids/keccak.h"

#include <algorithm>
#include <bit>
#include <cstddef>

namespace gatehouse::dlp::ids {
namespace {

constexpr std::size_t kRate = 136;
using State = std::array<std::uint64_t, 25>;

// The round constants are the output of the linear feedback shift register of the specification, section 1.2.
std::uint64_t roundConstant(unsigned round) {
    std::uint64_t constant = 0;
    for (unsigned j = 0; j < 7; ++j) {
        unsigned shift = 1;
        for (unsigned step = 0; step < j + 7 * round; ++step) {
            shift = (shift << 1U) ^ ((shift & 0x80U) != 0 ? 0x171U : 0U);
        }
        constant |= static_cast<std::uint64_t>(shift & 1U) << ((1U << j) - 1U);
    }
    return constant;
}

void permute(State& a) {
    for (unsigned round = 0; round < 24; ++round) {
        std::array<std::uint64_t, 5> column{};
        for (std::size_t x = 0; x < 5; ++x) {
            column[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
        }
        for (std::size_t i = 0; i < 25; ++i) {
            a[i] ^= column[(i + 4) % 5] ^ std::rotl(column[(i + 1) % 5], 1);
        }
        State b = a;
        std::size_t x = 1;
        std::size_t y = 0;
        for (int t = 0; t < 24; ++t) {
            const std::size_t newY = (2 * x + 3 * y) % 5;
            b[y + 5 * newY] = std::rotl(a[x + 5 * y], (t + 1) * (t + 2) / 2 % 64);
            x = y;
            y = newY;
        }
        for (std::size_t row = 0; row < 25; row += 5) {
            for (std::size_t i = 0; i < 5; ++i) {
                a[row + i] = b[row + i] ^ (~b[row + (i + 1) % 5] & b[row + (i + 2) % 5]);
            }
        }
        a[0] ^= roundConstant(round);
    }
}

} // namespace

std::array<std::uint8_t, 32> keccak256(std::string_view text) {
    std::array<std::uint8_t, kRate> block{};
    const std::size_t size = std::min(text.size(), kRate - 1);
    std::copy_n(text.begin(), size, block.begin());
    block[size] ^= 0x01;
    block[kRate - 1] ^= 0x80;
    State state{};
    for (std::size_t i = 0; i < kRate; ++i) {
        state[i / 8] ^= static_cast<std::uint64_t>(block[i]) << (8 * (i % 8));
    }
    permute(state);
    std::array<std::uint8_t, 32> digest{};
    for (std::size_t i = 0; i < digest.size(); ++i) {
        digest[i] = static_cast<std::uint8_t>(state[i / 8] >> (8 * (i % 8)));
    }
    return digest;
}

} // namespace gatehouse::dlp::ids
