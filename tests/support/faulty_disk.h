// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <string>

struct sqlite3_vfs;

namespace gatehouse::test {

// A disk for SQLite that fails on demand: a VFS over the system's own, registered under name(). Opened files must be
// closed before it goes. Its knobs may be turned on any thread.
class FaultyDisk final {
public:
    enum class Fault { full, ioError, tornWrite };
    FaultyDisk();
    FaultyDisk(const FaultyDisk&) = delete;
    FaultyDisk& operator=(const FaultyDisk&) = delete;
    ~FaultyDisk();

    [[nodiscard]] const std::string& name() const { return m_name; }
    // From the n-th write, sync or truncation (0: the next) on, `count` of them fail; -1: all, until repair().
    void failFrom(int nth, int count, Fault fault);
    void repair() { m_remaining = 0; }
    // Whether any failed since failFrom().
    [[nodiscard]] bool hasFailed() const { return m_hasFailed; }
    // Writes, syncs and truncations so far.
    [[nodiscard]] int operations() const { return m_operations.load(); }

    // For the VFS: SQLITE_OK, or the code of the fault that is due.
    int next(bool isSync);
    [[nodiscard]] bool isTorn() const { return m_fault == Fault::tornWrite; }

private:
    std::string m_name;
    std::unique_ptr<sqlite3_vfs> m_vfs;
    std::atomic<int> m_operations{0};
    std::atomic<int> m_first{0};
    std::atomic<int> m_remaining{0};
    std::atomic<bool> m_hasFailed{false};
    std::atomic<Fault> m_fault{Fault::full};
};

} // namespace gatehouse::test
