// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "dlp/look_alike_values.h"

// The invented values that are numbers, each of one kind; see look_alike_values.h.
namespace gatehouse::dlp {

// Random numbers for one value: a seed from the system, then SplitMix64 (Steele, Lea, Flood 2014). Nothing secret hangs
// on them: an invented value says nothing about the real one because it is not made from it.
class Dice final {
public:
    Dice();
    // Less than `count`, evenly spread.
    std::size_t draw(std::size_t count);

private:
    std::uint64_t m_state = 0;
};

// Another letter for each letter and another digit for each digit from `from` on; what groups them stays.
void scramble(std::string& text, std::size_t from, Dice& dice);

std::optional<Invented> inventCard(const RealValue& real, Dice& dice);
std::optional<Invented> inventIban(const RealValue& real, Dice& dice);
std::optional<Invented> inventPhone(const RealValue& real, Dice& dice);
std::optional<Invented> inventSsn(const RealValue& real, Dice& dice);
std::optional<Invented> inventIp(const RealValue& real, Dice& dice);
std::optional<Invented> inventMac(const RealValue& real, Dice& dice);
std::optional<Invented> inventIdentifier(const RealValue& real, const Confirms& confirms, Dice& dice);

} // namespace gatehouse::dlp
