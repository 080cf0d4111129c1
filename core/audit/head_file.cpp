// SPDX-License-Identifier: Apache-2.0
#include "audit/head_file.h"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "base/crypto.h"
#include "ledger/tlv.h"
#include "platform/secure_file.h"

namespace gatehouse::audit {
namespace {

constexpr std::string_view kMagic = "GHHEAD1\n";
constexpr std::size_t kBodyBytes = 8 + 8 + 16 + 8 + 32 + 8 + 16; // magic, turn, chain, sequence, hash, synced, boot
constexpr std::size_t kSlotBytes = 128;
static_assert(kBodyBytes + 32 == kSlotBytes);

struct Slot {
    std::uint64_t turn = 0;
    RememberedHead value;
};

Bytes encodeSlot(const Slot& slot, const SecureBytes& key) {
    Bytes out(kMagic.begin(), kMagic.end());
    ledger::putBigEndian(out, slot.turn, 8);
    out.insert(out.end(), slot.value.head.chain.begin(), slot.value.head.chain.end());
    ledger::putBigEndian(out, slot.value.head.sequence, 8);
    out.insert(out.end(), slot.value.head.hash.begin(), slot.value.head.hash.end());
    ledger::putBigEndian(out, slot.value.syncedSequence, 8);
    out.insert(out.end(), slot.value.bootId.begin(), slot.value.bootId.end());
    const Sha256Digest mac = hmacSha256(key.view(), out);
    out.insert(out.end(), mac.begin(), mac.end());
    return out;
}

std::optional<Slot> decodeSlot(ByteView bytes, const SecureBytes& key) {
    if (bytes.size() != kSlotBytes || textOf(bytes.first(kMagic.size())) != kMagic ||
        !constantTimeEqual(hmacSha256(key.view(), bytes.first(kBodyBytes)), bytes.subspan(kBodyBytes))) {
        return std::nullopt;
    }
    auto take = [&bytes, at = kMagic.size()](std::size_t size) mutable {
        const ByteView part = bytes.subspan(at, size);
        at += size;
        return part;
    };
    Slot slot;
    slot.turn = ledger::getBigEndian(take(8));
    std::ranges::copy(take(16), slot.value.head.chain.begin());
    slot.value.head.sequence = ledger::getBigEndian(take(8));
    std::ranges::copy(take(32), slot.value.head.hash.begin());
    slot.value.syncedSequence = ledger::getBigEndian(take(8));
    std::ranges::copy(take(16), slot.value.bootId.begin());
    return slot;
}

std::optional<Slot> newestSlot(ByteView file, const SecureBytes& key) {
    std::optional<Slot> newest;
    for (std::size_t at = 0; at + kSlotBytes <= file.size() && at < 2 * kSlotBytes; at += kSlotBytes) {
        const auto slot = decodeSlot(file.subspan(at, kSlotBytes), key);
        if (slot && (!newest || slot->turn > newest->turn)) {
            newest = slot;
        }
    }
    return newest;
}

} // namespace

HeadFile::HeadFile(std::string path, const SecureBytes& databaseKey)
    : m_path(std::move(path))
    , m_key(hkdfSha256(databaseKey.view(), "gatehouse/head/v1")) {}

HeadFile::~HeadFile() {
    if (m_file >= 0) {
        ::close(m_file);
    }
}

Result<RememberedHead> HeadFile::read() const {
    GH_TRY(const Bytes file, platform::readFile(m_path, 4 * kSlotBytes));
    const auto slot = newestSlot(file, m_key);
    if (!slot) {
        return fail(ErrorKind::corrupt, "audit: the head file does not verify");
    }
    return slot->value;
}

Result<> HeadFile::open() {
    if (m_file >= 0) {
        return {};
    }
    if (const auto file = platform::readFile(m_path, 4 * kSlotBytes)) {
        const auto slot = newestSlot(*file, m_key);
        m_turn = slot ? slot->turn + 1 : 0;
    }
    m_file = ::open(m_path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (m_file < 0) {
        return fail(ErrorKind::unavailable, "audit: the head file cannot be opened", errno);
    }
    return {};
}

Result<> HeadFile::begin(const RememberedHead& head) {
    return platform::writePrivateFile(m_path, encodeSlot(Slot{0, head}, m_key));
}

Result<> HeadFile::write(const RememberedHead& head) {
    GH_CHECK(open());
    const Bytes slot = encodeSlot(Slot{m_turn, head}, m_key);
    const auto offset = static_cast<off_t>((m_turn % 2) * kSlotBytes);
    if (::pwrite(m_file, slot.data(), slot.size(), offset) != static_cast<ssize_t>(slot.size())) {
        return fail(ErrorKind::unavailable, "audit: the head file cannot be written", errno);
    }
    ++m_turn;
    return {};
}

Result<> HeadFile::sync() {
    if (m_file >= 0 && ::fsync(m_file) != 0) {
        return fail(ErrorKind::unavailable, "audit: the head file cannot be synced", errno);
    }
    return {};
}

} // namespace gatehouse::audit
