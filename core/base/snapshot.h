// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace gatehouse {

// An immutable value that one thread replaces and many read: a reader takes the pointer once and keeps that value.
// A mutex and a copy instead of std::atomic<shared_ptr>, which libc++ lacks.
template <class T>
class Snapshot final {
public:
    explicit Snapshot(std::shared_ptr<const T> value) : m_value(std::move(value)) {}

    [[nodiscard]] std::shared_ptr<const T> get() const {
        const std::scoped_lock lock(m_mutex);
        return m_value;
    }
    void set(std::shared_ptr<const T> value) {
        const std::scoped_lock lock(m_mutex);
        m_value.swap(value); // the old value is released after the lock, when `value` goes
    }

private:
    mutable std::mutex m_mutex;
    std::shared_ptr<const T> m_value;
};

} // namespace gatehouse
