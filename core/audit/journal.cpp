// SPDX-License-Identifier: Apache-2.0
#include "audit/journal.h"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/log.h"
#include "ledger/content.h"
#include "ledger/record_codec.h"
#include "ledger/tlv.h"
#include "platform/boot.h"
#include "platform/secure_file.h"

namespace gatehouse::audit {
namespace {

constexpr std::string_view kMagic = "GHJRNL1\n";
constexpr std::size_t kSaltBytes = 32;
constexpr std::size_t kHeadBytes = 8 + kSaltBytes; // of a half: magic, salt
constexpr std::size_t kFrameHead = 4 + 8;          // of an entry: sealed size, number
constexpr std::string_view kKeyOfFile = "gatehouse/journal/v1";

enum Tag : std::uint16_t { tagEntry = 1, tagOriginal = 2, tagSanitised = 3, tagJustification = 4 };

SecureBytes keyOfHalf(const SecureBytes& fileKey, ByteView salt) {
    return hkdfSha256(fileKey.view(), std::string("half/") + std::string(textOf(salt)));
}

void encodeInto(ledger::TlvWriter& writer, std::uint64_t number, const std::array<std::uint8_t, 16>& bootId,
                const PendingRecord& pending) {
    const AuditRecord& record = pending.record;
    ledger::Entry link;
    link.monotonicMs = pending.monotonicMs;
    link.bootId = bootId;
    link.record.sequence = number;
    writer.bytes(tagEntry, ledger::encodeEntry(link, record));
    const auto content = [&writer](Tag tag, const std::string& hash, const std::optional<std::string>& text) {
        if (!hash.empty() || text) {
            writer.bytes(tag, ledger::encodeContent(hash, text));
        }
    };
    content(tagOriginal, record.originalHash, record.originalText);
    content(tagSanitised, record.sanitisedHash, record.sanitisedText);
    writer.text(tagJustification, record.justification);
}

Result<PendingRecord> decodePending(ByteView plain) {
    ledger::TlvReader reader(plain);
    const ByteView entryBytes = reader.bytes(tagEntry);
    const ByteView original = reader.bytes(tagOriginal);
    const ByteView sanitised = reader.bytes(tagSanitised);
    std::string justification = reader.text(tagJustification);
    GH_CHECK(reader.finish());
    GH_TRY(ledger::Entry entry, ledger::decodeEntry(entryBytes));
    PendingRecord pending{std::move(entry.record), entry.monotonicMs, entry.bootId};
    pending.record.sequence = 0;
    pending.record.justification = std::move(justification);
    if (!original.empty()) {
        GH_TRY(ledger::Content content, ledger::decodeContent(original));
        pending.record.originalHash = std::move(content.hash);
        pending.record.originalText = std::move(content.text);
    }
    if (!sanitised.empty()) {
        GH_TRY(ledger::Content content, ledger::decodeContent(sanitised));
        pending.record.sanitisedHash = std::move(content.hash);
        pending.record.sanitisedText = std::move(content.text);
    }
    return pending;
}

// A new file's name lies in its folder: without this a power cut could take the name and leave the bytes.
Result<> syncFolderOf(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, std::max<std::size_t>(slash, 1));
    const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool isSynced = handle >= 0 && ::fsync(handle) == 0;
    const int problem = errno;
    if (handle >= 0) {
        ::close(handle);
    }
    return isSynced ? Result<>()
                    : fail(ErrorKind::unavailable, "audit: the journal's folder cannot be synced", problem);
}

struct Frame {
    std::uint64_t size = 0; // of what is sealed
    std::uint64_t number = 0;
};

// Reads the entries of one half. The key is its own, so that what an earlier use of the half left behind never opens.
class HalfReader final {
public:
    HalfReader(ByteView half, const SecureBytes& fileKey)
        : m_half(half)
        , m_key(keyOfHalf(fileKey, half.subspan(kMagic.size(), kSaltBytes))) {}

    // The entries up to the first that does not open and has none behind it that does. One that does not open although
    // the next one does was changed after it was written, and so was one that this boot wrote last: only the end of
    // power tears a write.
    void read(std::vector<JournalEntry>& out) {
        std::uint64_t previous = 0;
        bool isOfThisBoot = false;
        for (std::size_t at = kHeadBytes; const auto frame = frameAt(at);) {
            const std::size_t next = at + kFrameHead + static_cast<std::size_t>(frame->size);
            const auto plain = open(at, *frame);
            if (!plain && !opensAt(next)) {
                m_torn = isOfThisBoot && frame->number == previous + 1 ? frame->number : 0;
                return;
            }
            auto pending = plain ? decodePending(plain->view()) : fail(ErrorKind::corrupt, "damaged");
            if (pending) {
                previous = frame->number;
                isOfThisBoot = pending->bootId == platform::bootId();
                out.push_back({frame->number, std::move(*pending)});
            }
            at = next;
        }
    }
    // The number of the last entry when it was damaged; 0 otherwise.
    [[nodiscard]] std::uint64_t torn() const { return m_torn; }

private:
    [[nodiscard]] std::optional<Frame> frameAt(std::size_t at) const {
        if (at > m_half.size() || m_half.size() - at <= kFrameHead) {
            return std::nullopt;
        }
        const ByteView head = m_half.subspan(at, kFrameHead);
        const Frame frame{ledger::getBigEndian(head.first(4)), ledger::getBigEndian(head.subspan(4))};
        const bool isWhole = frame.size != 0 && frame.size <= m_half.size() - at - kFrameHead;
        return isWhole ? std::optional(frame) : std::nullopt;
    }
    [[nodiscard]] Result<SecureBytes> open(std::size_t at, const Frame& frame) const {
        return aeadOpen(m_key, m_half.subspan(at + kFrameHead, static_cast<std::size_t>(frame.size)),
                        m_half.subspan(at, kFrameHead));
    }
    [[nodiscard]] bool opensAt(std::size_t at) const {
        const auto frame = frameAt(at);
        return frame && open(at, *frame).has_value();
    }

    ByteView m_half;
    SecureBytes m_key;
    std::uint64_t m_torn = 0;
};

} // namespace

Result<JournalContent> Journal::read(const std::string& path, const SecureBytes& databaseKey, std::uint64_t settled) {
    JournalContent content{{}, settled, 0};
    const auto file = platform::readFile(path, 4 * kHalfBytes);
    if (!file) {
        return file.error().kind == ErrorKind::notFound ? Result<JournalContent>(std::move(content))
                                                        : std::unexpected(file.error());
    }
    const SecureBytes fileKey = hkdfSha256(databaseKey.view(), kKeyOfFile);
    // What stands behind the two halves is not ours.
    const ByteView bytes = ByteView(*file).first(std::min(file->size(), 2 * kHalfBytes));
    std::uint64_t torn = 0;
    for (std::size_t at = 0; at < bytes.size(); at += kHalfBytes) {
        const ByteView half = bytes.subspan(at, std::min(kHalfBytes, bytes.size() - at));
        if (half.size() >= kHeadBytes && textOf(half.first(kMagic.size())) == kMagic) {
            HalfReader reader(half, fileKey);
            reader.read(content.entries);
            torn = std::max(torn, reader.torn());
        }
    }
    std::erase_if(content.entries, [settled](const JournalEntry& entry) { return entry.number <= settled; });
    std::sort(content.entries.begin(), content.entries.end(),
              [](const JournalEntry& a, const JournalEntry& b) { return a.number < b.number; });
    for (const JournalEntry& entry : content.entries) { // numbers have no gap where nothing was lost
        content.lost += entry.number > content.newest ? entry.number - content.newest - 1 : 0;
        content.newest = std::max(content.newest, entry.number);
    }
    if (torn == content.newest + 1) {
        content.lost += 1;
        content.newest = torn;
    }
    return content;
}

Result<std::unique_ptr<Journal>> Journal::begin(const std::string& path, const SecureBytes& databaseKey,
                                                std::uint64_t settled) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0) {
        return fail(ErrorKind::unavailable, "audit: the journal cannot be opened", errno);
    }
    std::unique_ptr<Journal> journal( // NOLINT: private constructor
        new Journal(path, file, hkdfSha256(databaseKey.view(), kKeyOfFile), settled));
    // Its whole room is taken now: a disk that is full later cannot turn a write into a failure.
    if (::fchmod(file, 0600) != 0 || ::ftruncate(file, 0) != 0 ||
        ::posix_fallocate(file, 0, static_cast<off_t>(2 * kHalfBytes)) != 0) {
        return fail(ErrorKind::unavailable, "audit: there is no room for the journal", errno);
    }
    GH_CHECK(journal->turnTo(0));
    // The file's name and its room reach the disk now, so that a later sync has to bring its bytes there only.
    if (::fsync(file) != 0) {
        return fail(ErrorKind::unavailable, "audit: the journal cannot be synced", errno);
    }
    GH_CHECK(syncFolderOf(path));
    return journal;
}

Journal::Journal(std::string path, int file, SecureBytes fileKey, std::uint64_t settled)
    : m_path(std::move(path))
    , m_file(file)
    , m_fileKey(std::move(fileKey))
    , m_number(settled)
    , m_settled(settled)
    , m_bootId(platform::bootId()) {}

Journal::~Journal() {
    ::close(m_file);
}

Result<> Journal::put(const Bytes& bytes) {
    const auto offset = static_cast<off_t>(m_half * kHalfBytes + m_at);
    if (::pwrite(m_file, bytes.data(), bytes.size(), offset) != static_cast<ssize_t>(bytes.size())) {
        return fail(ErrorKind::unavailable, "audit: the journal cannot be written", errno);
    }
    m_at += bytes.size();
    return {};
}

// Each half has a key of its own, so that no nonce is ever used twice under one key, whatever a crash left behind.
Result<> Journal::turnTo(std::size_t half) {
    Bytes head(kMagic.begin(), kMagic.end());
    const Bytes salt = randomBytes(kSaltBytes);
    head.insert(head.end(), salt.begin(), salt.end());
    m_half = half;
    m_at = 0;
    m_sealer = std::make_unique<AeadSealer>(keyOfHalf(m_fileKey, salt));
    return put(head);
}

Result<std::uint64_t> Journal::write(const PendingRecord& pending) {
    const std::uint64_t number = m_number + 1;
    ledger::TlvWriter writer;
    encodeInto(writer, number, m_bootId, pending);
    Bytes plain = writer.take();
    const std::size_t sealed = AeadSealer::sealedSize(plain.size());
    if (m_at + kFrameHead + sealed > kHalfBytes) {
        const std::size_t other = 1 - m_half;
        if (kHeadBytes + kFrameHead + sealed > kHalfBytes || m_ends.at(other) > m_settled.load()) {
            return fail(ErrorKind::limit, "audit: the journal is full");
        }
        GH_CHECK(turnTo(other));
    }
    Bytes head;
    ledger::putBigEndian(head, sealed, 4);
    ledger::putBigEndian(head, number, 8);
    Bytes frame;
    frame.reserve(kFrameHead + sealed);
    frame = head;
    GH_CHECK(m_sealer->seal(number, plain, head, frame));
    wipe(plain.data(), plain.size());
    GH_CHECK(put(frame));
    m_number = number;
    m_ends.at(m_half) = number;
    return number;
}

Result<> Journal::sync() const {
    if (::fdatasync(m_file) != 0) {
        return fail(ErrorKind::unavailable, "audit: the journal cannot be synced", errno);
    }
    return {};
}

bool Journal::wipeSettled() {
    if (m_settled.load() < m_number) {
        return false;
    }
    const Bytes zeros(kHalfBytes);
    for (m_half = 0; m_half < m_ends.size(); ++m_half) {
        m_at = 0;
        m_ends.at(m_half) = 0;
        if (!put(zeros)) {
            static_cast<void>(turnTo(0)); // NOLINT(bugprone-unused-return-value): the next write finds out
            return false;
        }
    }
    return turnTo(0) && sync();
}

void Journal::remove() {
    if (::ftruncate(m_file, 0) != 0 || ::unlink(m_path.c_str()) != 0) {
        logWarning("audit", "the journal was not removed: errno {}", errno);
    }
}

} // namespace gatehouse::audit
