// SPDX-License-Identifier: Apache-2.0
#pragma once

// The one place from which rooms that do not touch sockets see Asio: coroutines, executors and timers.
#include <utility> // Asio's awaitable needs it before itself on some Boost versions

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "base/result.h"

namespace gatehouse {

namespace asio = boost::asio;

// A coroutine of the gw-io thread. Coroutines are named functions that take values, or references which the awaiting
// scope owns; every co_spawn belongs to somebody who cancels and joins it.
template <class T = void>
using Task = asio::awaitable<T>;

} // namespace gatehouse
