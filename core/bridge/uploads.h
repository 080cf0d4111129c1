// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/result.h"
#include "ipc/messages.h"

namespace gatehouse::bridge {

// The files of one session that are on their way, chunk by chunk. Keeps the bytes of a file as long as they can be
// text, or are those of a document, and stay below kTextLimit; of others only the count. gw-io thread.
class Uploads final {
public:
    // Of one file, and of all of a session together.
    static constexpr std::size_t kTextLimit = 16UL * 1024UL * 1024UL;
    static constexpr std::size_t kSessionLimit = 64UL * 1024UL * 1024UL;
    static constexpr std::size_t kOpenLimit = 16;

    struct File {
        ipc::FileBegin begin;
        std::optional<std::string> text;                    // UTF-8; nothing when the bytes are no text, or too many
        std::optional<std::string> document = std::nullopt; // the bytes of a PDF, Office file, archive …; then no text
    };

    // invalidInput for a name that is in use, limit when too many files are open.
    [[nodiscard]] Result<> begin(ipc::FileBegin file);
    // True when what follows would change nothing. invalidInput for an unknown file, a chunk out of order or bytes
    // above the announced size; the file is forgotten then.
    [[nodiscard]] Result<bool> add(const ipc::FileChunk& chunk);
    // invalidInput for an unknown file, and for one of which bytes are missing that would have been wanted.
    [[nodiscard]] Result<File> end(const std::string& file);
    void cancel(const std::string& file);
    [[nodiscard]] std::size_t openCount() const { return m_open.size(); }

private:
    struct Open {
        ipc::FileBegin begin;
        std::string bytes;
        std::uint64_t received = 0;
        std::uint64_t nextChunk = 0;
        bool isOpaque = false;
        bool isDocument = false;
    };
    void giveUp(Open& open);

    std::map<std::string, Open> m_open;
    std::size_t m_kept = 0; // bytes of all open files
};

} // namespace gatehouse::bridge
