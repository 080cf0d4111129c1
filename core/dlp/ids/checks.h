// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "dlp/ids/ids.h"

// The checks by part of the world; a check is named country-identifier. Which scheme each follows, and from where it is
// known, is said beside it.
namespace gatehouse::dlp::ids {

struct NamedCheck {
    std::string_view name;
    IdCheck check = nullptr;
};

std::span<const NamedCheck> britishChecks();
std::span<const NamedCheck> westernChecks();  // DE FR AT CH LI
std::span<const NamedCheck> beneluxChecks();  // BE NL LU
std::span<const NamedCheck> southernChecks(); // ES IT PT GR CY MT
std::span<const NamedCheck> nordicChecks();   // DK SE NO FI IS
std::span<const NamedCheck> balticChecks();   // EE LV LT
std::span<const NamedCheck> centralChecks();  // PL CZ SK HU
std::span<const NamedCheck> balkanChecks();   // RO BG HR SI RS BA MK ME AL MD
std::span<const NamedCheck> vatChecks();      // prefix and number, all members of the EU and neighbours
std::span<const NamedCheck> eurasianChecks(); // RU UA BY KZ UZ TR
std::span<const NamedCheck> middleEastChecks();
std::span<const NamedCheck> africanChecks();
std::span<const NamedCheck> southAsianChecks();
std::span<const NamedCheck> eastAsianChecks();
std::span<const NamedCheck> southEastAsianChecks();
std::span<const NamedCheck> oceanianChecks();
std::span<const NamedCheck> northAmericanChecks();
std::span<const NamedCheck> brazilianChecks();
std::span<const NamedCheck> latinAmericanChecks();
std::span<const NamedCheck> financeChecks(); // securities, companies and accounts of no one country
std::span<const NamedCheck> deviceChecks();  // telephones, vehicles, researchers

// All of them.
std::span<const std::span<const NamedCheck>> allChecks();

} // namespace gatehouse::dlp::ids
