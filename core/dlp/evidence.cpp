// SPDX-License-Identifier: Apache-2.0
#include "dlp/evidence.h"

#include <cmath>

namespace gatehouse::dlp {

double confidenceOf(double score) {
    return std::round(1000.0 / (1.0 + std::exp(-score))) / 1000.0;
}

} // namespace gatehouse::dlp
