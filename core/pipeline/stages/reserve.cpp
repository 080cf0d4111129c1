// SPDX-License-Identifier: Apache-2.0
#include "pipeline/stages.h"

namespace gatehouse::pipeline {

// Rates and running requests were counted by admit; policy has no budgets yet that a request could reserve from.
Task<Step> reserve(Request& request) {
    if (request.ticket == nullptr) {
        co_return fail(ErrorKind::internal, "reserve: the request was never admitted");
    }
    co_return proceed();
}

} // namespace gatehouse::pipeline
