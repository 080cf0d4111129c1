// SPDX-License-Identifier: Apache-2.0
#include "audit/vault.h"

#include <utility>

#include "base/crypto.h"

namespace gatehouse::audit {
namespace {

// Memory holds each value once; the way back from value to number goes by its hash.
std::string hashKey(ByteView value) {
    const Sha256Digest digest = sha256(value);
    return std::string(digest.begin(), digest.end());
}

} // namespace

StoreVault::StoreVault(std::shared_ptr<StoreThread> thread, std::unique_ptr<store::Database> database,
                       store::Statement select)
    : m_thread(std::move(thread))
    , m_database(std::move(database))
    , m_select(std::move(select)) {}

Result<std::unique_ptr<StoreVault>> StoreVault::open(std::shared_ptr<StoreThread> thread,
                                                     std::unique_ptr<store::Database> database) {
    GH_TRY(store::Statement select, database->prepare("SELECT label, number, value FROM placeholder "
                                                      "WHERE conversation = ? ORDER BY label, number"));
    return std::unique_ptr<StoreVault>(
        new StoreVault(std::move(thread), std::move(database), std::move(select))); // NOLINT: private constructor
}

Result<std::uint32_t> StoreVault::assign(std::string_view conversation, std::string_view label,
                                         std::string_view value) {
    if (value.size() > kMaxValueBytes) {
        return fail(ErrorKind::limit, "vault: a value is above 64 KiB");
    }
    const std::scoped_lock lock(m_mutex);
    GH_TRY(Conversation* const place, load(conversation));
    Label& known = place->labels[std::string(label)];
    std::string hash = hashKey(bytesOf(value));
    if (const auto found = known.byHash.find(hash); found != known.byHash.end()) {
        return found->second;
    }
    if (known.values.size() >= kMaxNumbers) {
        return fail(ErrorKind::limit, "vault: a conversation has too many values");
    }
    const auto number = static_cast<std::uint32_t>(known.values.size() + 1);
    GH_TRY(place->lastTicket,
           m_thread->push(PlaceholderRow{std::string(conversation), std::string(label), number, SecureBytes(value)}));
    known.values.emplace_back(SecureBytes(value));
    known.byHash.emplace(std::move(hash), number);
    return number;
}

Result<SecureBytes> StoreVault::find(std::string_view conversation, std::string_view label, std::uint32_t number) {
    const std::scoped_lock lock(m_mutex);
    GH_TRY(const Conversation* const place, load(conversation));
    const auto found = place->labels.find(label);
    if (found == place->labels.end() || number == 0 || number > found->second.values.size()) {
        return fail(ErrorKind::notFound, "vault: there is no such placeholder");
    }
    const std::optional<SecureBytes>& value = found->second.values[number - 1];
    if (!value) {
        return fail(ErrorKind::notFound, "vault: the value was erased");
    }
    return *value;
}

Result<StoreVault::Conversation*> StoreVault::load(std::string_view name) {
    std::string key(name);
    if (const auto found = m_byName.find(key); found != m_byName.end()) {
        m_recent.splice(m_recent.begin(), m_recent, found->second);
        return &m_recent.front();
    }
    Conversation conversation;
    conversation.name = key;
    GH_CHECK(readRows(conversation));
    m_recent.push_front(std::move(conversation));
    m_byName.emplace(std::move(key), m_recent.begin());
    evict();
    return &m_recent.front();
}

Result<> StoreVault::readRows(Conversation& conversation) {
    m_select.reset();
    m_select.bind(1, conversation.name);
    while (true) {
        const auto hasRow = m_select.step();
        if (!hasRow || !*hasRow) {
            m_select.reset(); // ends the read, so that checkpoints can go on
            return hasRow ? Result<>{} : std::unexpected(hasRow.error());
        }
        Label& label = conversation.labels[std::string(m_select.text(0))];
        // The place of a value that was erased stays empty, so that no later placeholder is shifted.
        const auto number = static_cast<std::size_t>(m_select.number(1));
        if (number <= label.values.size() || number > kMaxNumbers) {
            m_select.reset();
            return fail(ErrorKind::corrupt, "vault: the placeholders are out of order");
        }
        while (label.values.size() + 1 < number) {
            label.values.emplace_back();
        }
        label.byHash.emplace(hashKey(m_select.bytes(2)), static_cast<std::uint32_t>(m_select.number(1)));
        label.values.emplace_back(SecureBytes(m_select.bytes(2)));
    }
}

void StoreVault::forget() {
    const std::scoped_lock lock(m_mutex);
    for (auto conversation = m_recent.begin(); conversation != m_recent.end();) {
        if (m_thread->isSettled(conversation->lastTicket)) {
            m_byName.erase(conversation->name);
            conversation = m_recent.erase(conversation);
        } else {
            ++conversation;
        }
    }
}

void StoreVault::evict() {
    // Conversations whose rows have not reached the database stay: loading them again would find too little.
    auto candidate = m_recent.end();
    while (m_recent.size() > kMaxConversations && candidate != m_recent.begin()) {
        --candidate;
        if (candidate == m_recent.begin()) {
            return;
        }
        if (m_thread->isSettled(candidate->lastTicket)) {
            m_byName.erase(candidate->name);
            candidate = m_recent.erase(candidate);
        }
    }
}

} // namespace gatehouse::audit
