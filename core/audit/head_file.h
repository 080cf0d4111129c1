// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "base/result.h"
#include "base/secure_bytes.h"
#include "ledger/chain.h"

// The newest record's number and hash, kept outside the database: SQLCipher does not notice when old pages or an old
// file come back, or when the write-ahead log is cut; the chain alone does not either. Two slots written in turn, each
// with an HMAC under a key derived from the database's; a torn write spoils one of them. Format:
// docs/formats/database.md.
namespace gatehouse::audit {

struct RememberedHead {
    ledger::Head head;
    std::uint64_t syncedSequence = 0;      // records up to here were synced to the disk
    std::array<std::uint8_t, 16> bootId{}; // of the machine's run in which this was written
};

class HeadFile final {
public:
    // `databaseKey` is only used to derive the HMAC key.
    HeadFile(std::string path, const SecureBytes& databaseKey);
    HeadFile(const HeadFile&) = delete;
    HeadFile& operator=(const HeadFile&) = delete;
    ~HeadFile();

    // The newest valid slot. notFound when there is no file; corrupt when no slot verifies.
    [[nodiscard]] Result<RememberedHead> read() const;
    // Makes the file anew, synced, with its name: before the first record, so that a chain never stands without it.
    [[nodiscard]] Result<> begin(const RememberedHead& head);
    // Overwrites the older slot; does not sync (a head that lags behind the database after a power cut is harmless).
    [[nodiscard]] Result<> write(const RememberedHead& head);
    // Syncs to the disk; at stop.
    [[nodiscard]] Result<> sync();

private:
    [[nodiscard]] Result<> open();

    std::string m_path;
    SecureBytes m_key;
    int m_file = -1;
    std::uint64_t m_turn = 0;
};

} // namespace gatehouse::audit
