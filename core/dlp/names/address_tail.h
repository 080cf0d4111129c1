// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

// Internal to core/dlp/names.
namespace gatehouse::dlp {

// What follows the street of an address: unit, postcode, city, state, in any usual order.
struct AddressTail {
    std::size_t end = 0;
    double score = 0;
};
AddressTail readAddressTail(std::string_view text, std::size_t position);

} // namespace gatehouse::dlp
