// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "audit/store_thread.h"
#include "base/secure_bytes.h"
#include "dlp/vault.h"
#include "store/database.h"

namespace gatehouse::audit {

// The placeholders of conversations, in the audit's encrypted database. A conversation is loaded once and then answered
// from memory. assign() puts the row into the store's queue and returns: an intent that is committed after it carries
// it to the disk, and what never was sent needs no durability. Any thread; the calls exclude each other.
class StoreVault final : public dlp::Vault {
public:
    // `database` is a reader's connection of its own.
    [[nodiscard]] static Result<std::unique_ptr<StoreVault>> open(std::shared_ptr<StoreThread> thread,
                                                                  std::unique_ptr<store::Database> database);
    [[nodiscard]] Result<std::uint32_t> assign(std::string_view conversation, std::string_view label,
                                               std::string_view value) override;
    [[nodiscard]] Result<SecureBytes> find(std::string_view conversation, std::string_view label,
                                           std::uint32_t number) override;

    // Drops from memory what is in the database, so that what was erased there is not found any more.
    void forget();

    static constexpr std::size_t kMaxConversations = 1024; // kept in memory; older ones are loaded again
    static constexpr std::size_t kMaxValueBytes = 64UL * 1024UL;
    static constexpr std::uint32_t kMaxNumbers = 100'000; // of one label in one conversation

private:
    struct Label {
        std::vector<std::optional<SecureBytes>> values;        // index = number - 1; none: erased
        std::unordered_map<std::string, std::uint32_t> byHash; // SHA-256 of the value → number
    };
    struct Conversation {
        std::string name;
        std::map<std::string, Label, std::less<>> labels;
        std::uint64_t lastTicket = 0;
    };

    StoreVault(std::shared_ptr<StoreThread> thread, std::unique_ptr<store::Database> database, store::Statement select);
    Result<Conversation*> load(std::string_view name);
    Result<> readRows(Conversation& conversation);
    void evict();

    std::shared_ptr<StoreThread> m_thread;
    std::unique_ptr<store::Database> m_database;
    std::mutex m_mutex;
    store::Statement m_select;
    std::list<Conversation> m_recent; // newest first
    std::unordered_map<std::string, std::list<Conversation>::iterator> m_byName;
};

} // namespace gatehouse::audit
