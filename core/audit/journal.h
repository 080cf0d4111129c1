// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "audit/record_log.h"
#include "base/crypto.h"
#include "base/result.h"
#include "base/secure_bytes.h"

// Intents on their way into the database. Each is sealed and handed to the operating system by one write into a file of
// fixed size, so that it outlives the process from that moment on, and the end of power after sync(); the database
// takes it over a few milliseconds later, together with others. What a run that ended early left here is brought into
// the chain at the next start. Format: docs/formats/database.md.
namespace gatehouse::audit {

struct JournalEntry {
    std::uint64_t number = 0;
    PendingRecord pending;
};

struct JournalContent {
    std::vector<JournalEntry> entries; // in their order
    std::uint64_t newest = 0;          // number of the newest entry, whether it could be read or not
    std::uint64_t lost = 0;            // how many were there and cannot be read any more: the file was changed
};

class Journal final {
public:
    static constexpr std::size_t kHalfBytes = 2UL * 1024UL * 1024UL;

    // What is in the file and was not in the database yet: the entries above `settled`. Nothing when there is no file,
    // or none of it was sealed with this database's key. A damaged entry is stepped over and counted.
    [[nodiscard]] static Result<JournalContent> read(const std::string& path, const SecureBytes& databaseKey,
                                                     std::uint64_t settled);
    // Begins a new journal over the old one; its first entry gets the number `settled` + 1. unavailable when the disk
    // has no room for the whole of it.
    [[nodiscard]] static Result<std::unique_ptr<Journal>> begin(const std::string& path, const SecureBytes& databaseKey,
                                                                std::uint64_t settled);
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;
    ~Journal();

    // Gives the entry's number: from now on it outlives the process. limit when there is no room before the database
    // has taken over what was written earlier, unavailable when the file cannot be written. Not two threads at once.
    [[nodiscard]] Result<std::uint64_t> write(const PendingRecord& pending);
    // What was written before outlives the end of power when this returns. Beside a write on another thread.
    [[nodiscard]] Result<> sync() const;
    // Everything up to `number` is in the database: its place may be used again. Any thread.
    void settle(std::uint64_t number) { m_settled.store(number); }
    // Overwrites what is in the database already, so that what is deleted there is not here any more. False when
    // something is not in the database yet, or the file cannot be written. Not beside a write.
    [[nodiscard]] bool wipeSettled();
    // After everything was settled: nothing sealed stays behind.
    void remove();

private:
    Journal(std::string path, int file, SecureBytes fileKey, std::uint64_t settled);
    [[nodiscard]] Result<> turnTo(std::size_t half);
    [[nodiscard]] Result<> put(const Bytes& bytes);

    std::string m_path;
    int m_file = -1;
    SecureBytes m_fileKey;                 // derived from the database's
    std::unique_ptr<AeadSealer> m_sealer;  // of the half that is written to
    std::uint64_t m_number;                // of the newest entry
    std::array<std::uint64_t, 2> m_ends{}; // number of the newest entry of each half
    std::size_t m_half = 0;
    std::size_t m_at = 0; // in the half
    std::atomic<std::uint64_t> m_settled;
    std::array<std::uint8_t, 16> m_bootId;
};

} // namespace gatehouse::audit
