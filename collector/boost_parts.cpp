// SPDX-License-Identifier: Apache-2.0
// Beast's and Asio's TLS non-template code, compiled once for this program (separate compilation).
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
