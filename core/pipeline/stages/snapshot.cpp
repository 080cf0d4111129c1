// SPDX-License-Identifier: Apache-2.0
#include "pipeline/stages.h"

namespace gatehouse::pipeline {

Task<Step> snapshot(Request& request) {
    request.rules = request.parts().governor.rules();
    if (request.rules.policy == nullptr) {
        co_return fail(ErrorKind::unavailable, "no policy holds");
    }
    co_return proceed();
}

} // namespace gatehouse::pipeline
