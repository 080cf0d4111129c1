// SPDX-License-Identifier: Apache-2.0
#include "dlp/ids/ids.h"

#include <array>

#include "dlp/ids/checks.h"

namespace gatehouse::dlp {
namespace ids {

std::span<const std::span<const NamedCheck>> allChecks() {
    static const std::array kAll{britishChecks(),       westernChecks(),   beneluxChecks(),        southernChecks(),
                                 nordicChecks(),        balticChecks(),    centralChecks(),        balkanChecks(),
                                 vatChecks(),           eurasianChecks(),  middleEastChecks(),     africanChecks(),
                                 southAsianChecks(),    eastAsianChecks(), southEastAsianChecks(), oceanianChecks(),
                                 northAmericanChecks(), brazilianChecks(), latinAmericanChecks(),  financeChecks(),
                                 deviceChecks()};
    return kAll;
}

} // namespace ids

IdCheck idCheckNamed(std::string_view name) {
    for (const auto& region : ids::allChecks()) {
        for (const ids::NamedCheck& known : region) {
            if (known.name == name) {
                return known.check;
            }
        }
    }
    return nullptr;
}

} // namespace gatehouse::dlp
