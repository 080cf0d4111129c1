// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

namespace gatehouse {

// Wraps a value that must never be printed. Formatting one with fmt or a stream does not compile; reveal() is
// greppable.
template <class T>
class Redacted final {
public:
    Redacted() = default;
    explicit Redacted(T value) : m_value(std::move(value)) {}
    [[nodiscard]] const T& reveal() const { return m_value; }

private:
    T m_value{};
};

} // namespace gatehouse
