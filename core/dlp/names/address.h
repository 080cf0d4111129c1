// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "dlp/names/names.h"
#include "dlp/names/tokens.h"

// Internal to core/dlp/names.
namespace gatehouse::dlp {

// The longest number of a house.
inline constexpr std::size_t kMaxHouseDigits = 5;

// A postal address around a number of a house: "12 Main Street, Apt 4, Springfield, IL 62704", "Hauptstraße 5a, 10115
// Berlin", "12 bis, rue de la Paix, 75002 Paris", "Via Roma, 12 - 00184 Roma (RM)", "Calle Mayor, 5, 28013 Madrid".
void findAddress(std::string_view text, Span number, std::vector<NameHit>& out);

} // namespace gatehouse::dlp
