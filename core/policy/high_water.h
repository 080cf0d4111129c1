// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace gatehouse::policy {

// What was accepted before: per policy the highest serial with the hash of its content, the latest time seen, and a
// copy of the last good document per source. Lies in <data>/policy, readable by the owner only. One thread at a time.
// It stops a replayed bundle and a clock that is set back; it cannot stop the person who owns the folder from deleting
// it (docs/known-issues.md).
class HighWater final {
public:
    // A missing or broken state starts anew. With `isReadOnly` nothing is ever written.
    HighWater(std::string folder, bool isReadOnly);

    // The later of `now` and every time seen before, so that setting the clock back revives nothing.
    [[nodiscard]] WallTime effectiveNow(WallTime now);

    // denied: `serial` is below the mark, or equal to it with other content. A serial of 0 is not ratcheted.
    [[nodiscard]] Result<> admit(const std::string& key, std::uint64_t serial, const std::string& hash) const;
    // Moves the mark up and keeps the bytes as the last good copy of this source.
    [[nodiscard]] Result<> accept(const std::string& key, std::uint64_t serial, const std::string& hash,
                                  const std::string& source, std::string_view bytes);
    // The kept bytes of a source and when they were accepted, or notFound.
    struct Copy {
        std::string bytes;
        WallTime accepted;
    };
    [[nodiscard]] Result<Copy> lastGood(const std::string& source) const;

private:
    struct Mark {
        std::uint64_t serial = 0;
        std::string hash;
    };
    void load();
    [[nodiscard]] Result<> save() const;

    std::string m_folder;
    bool m_isReadOnly;
    std::map<std::string, Mark> m_marks;
    std::map<std::string, WallTime> m_accepted; // by copyName()
    WallTime m_seen{};
    WallTime m_savedSeen{};
};

} // namespace gatehouse::policy
