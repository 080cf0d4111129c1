// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace gatehouse {

// Overwrites memory in a way that the optimiser keeps (OPENSSL_cleanse).
void wipe(void* data, std::size_t size);

// An allocator that wipes what it frees; SecureString and SecureBytes are its two users.
template <class T>
struct WipingAllocator {
    using value_type = T;
    WipingAllocator() = default;
    template <class U>
    explicit WipingAllocator(const WipingAllocator<U>& /*other*/) {}
    T* allocate(std::size_t count) { return std::allocator<T>().allocate(count); }
    void deallocate(T* data, std::size_t count) {
        wipe(data, count * sizeof(T));
        std::allocator<T>().deallocate(data, count);
    }
    friend bool operator==(const WipingAllocator& /*a*/, const WipingAllocator& /*b*/) { return true; }
};

// A secret's bytes (a key, a token, a provider's API key). Freed memory is wiped; there is no operator<< and no
// conversion to std::string: call view() where the secret is used and nowhere else.
class SecureBytes final {
public:
    SecureBytes() = default;
    explicit SecureBytes(ByteView bytes) : m_data(bytes.begin(), bytes.end()) {}
    explicit SecureBytes(std::string_view text) : SecureBytes(bytesOf(text)) {}
    explicit SecureBytes(std::size_t size) : m_data(size) {}

    [[nodiscard]] ByteView view() const { return {m_data.data(), m_data.size()}; }
    [[nodiscard]] std::string_view text() const { return textOf(view()); }
    [[nodiscard]] std::uint8_t* data() { return m_data.data(); }
    [[nodiscard]] std::size_t size() const { return m_data.size(); }
    [[nodiscard]] bool empty() const { return m_data.empty(); }

private:
    std::vector<std::uint8_t, WipingAllocator<std::uint8_t>> m_data;
};

} // namespace gatehouse
