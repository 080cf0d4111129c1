// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <string>
#include <type_traits>
#include <utility>

#include "base/error.h"

namespace gatehouse {

// What every fallible function returns. Declare such functions [[nodiscard]].
template <class T = void>
using Result = std::expected<T, Error>;

// Makes the error side of a Result: return fail(ErrorKind::limit, "body above 8 MiB").
[[nodiscard]] inline std::unexpected<Error> fail(ErrorKind kind, std::string what, int native = 0) {
    return std::unexpected<Error>(Error{kind, std::move(what), native});
}

} // namespace gatehouse

#define GH_CONCAT_INNER(a, b) a##b
#define GH_CONCAT(a, b) GH_CONCAT_INNER(a, b)
#define GH_TRY_INNER(temporary, declaration, expression, leave)                                                        \
    auto temporary = (expression);                                                                                     \
    if (!temporary) {                                                                                                  \
        leave std::unexpected<::gatehouse::Error>(std::move(temporary).error());                                       \
    }                                                                                                                  \
    declaration = *std::move(temporary)
#define GH_CHECK_INNER(temporary, expression, leave)                                                                   \
    if (auto temporary = (expression); !temporary) {                                                                   \
        leave std::unexpected<::gatehouse::Error>(std::move(temporary).error());                                       \
    }

// GH_TRY(auto value, compute()); declares value, or returns the error. GH_CHECK(act()); returns the error.
// The CO_ forms are for coroutines.
#define GH_TRY(declaration, expression) GH_TRY_INNER(GH_CONCAT(ghTry, __LINE__), declaration, expression, return)
#define GH_CHECK(expression) GH_CHECK_INNER(GH_CONCAT(ghCheck, __LINE__), expression, return)
#define GH_CO_TRY(declaration, expression) GH_TRY_INNER(GH_CONCAT(ghTry, __LINE__), declaration, expression, co_return)
#define GH_CO_CHECK(expression) GH_CHECK_INNER(GH_CONCAT(ghCheck, __LINE__), expression, co_return)
