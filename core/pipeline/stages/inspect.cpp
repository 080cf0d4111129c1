// SPDX-License-Identifier: Apache-2.0
#include "pipeline/stages.h"

namespace gatehouse::pipeline {

Task<Step> inspect(Request& request) {
    GH_CO_TRY(request.findings, co_await request.parts().governor.inspect(request.rules, request.interaction));
    co_return proceed();
}

} // namespace gatehouse::pipeline
