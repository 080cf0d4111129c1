// SPDX-License-Identifier: Apache-2.0
#include "ledger/batch.h"

#include <algorithm>
#include <limits>
#include <string_view>

#include "ledger/clear_rows.h"
#include "ledger/tlv.h"
#include "ledger/tlv_array.h"

namespace gatehouse::ledger {
namespace {

constexpr std::string_view kMagic = "GHBATCH1";
constexpr std::string_view kDomain = "gatehouse/batch/v1";
constexpr std::uint64_t kVersion = 1;
constexpr std::uint64_t kCmsAesGcm = 1;
constexpr std::uint64_t kZstd = 1;
constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kMaxHeader = 4096;
constexpr std::size_t kMaxKey = 512;
constexpr std::size_t kMaxSignature = 256;

enum Tag : std::uint16_t {
    tagVersion = 0x0001,
    tagDevice = 0x0002,
    tagKey = 0x0003,
    tagChain = 0x0004,
    tagFrom = 0x0005,
    tagTo = 0x0006,
    tagBefore = 0x0007,
    tagHead = 0x0008,
    tagRoot = 0x0009,
    tagSealedHash = 0x000A,
    tagSealedBytes = 0x000B,
    tagSealing = 0x000C,
    tagPacking = 0x000D,
    tagMade = 0x000E,
    tagPolicySerial = 0x000F,
    tagLastReceipt = 0x0010,
    tagClearHash = 0x0011,
};

void readOptional(TlvReader& reader, std::uint16_t tag, std::optional<Sha256Digest>& out) {
    const ByteView bytes = reader.bytes(tag);
    if (bytes.empty()) {
        return;
    }
    Sha256Digest digest{};
    if (bytes.size() != digest.size()) {
        reader.reject("an identifier or hash has a wrong length");
        return;
    }
    std::copy(bytes.begin(), bytes.end(), digest.begin());
    out = digest;
}

void append(Bytes& out, ByteView bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
}

void appendSized(Bytes& out, ByteView bytes) {
    putBigEndian(out, bytes.size(), kLengthBytes);
    append(out, bytes);
}

// The next part after its length; nullopt when it is cut short, empty or above `cap`.
std::optional<ByteView> takeSized(ByteView& rest, std::size_t cap) {
    if (rest.size() < kLengthBytes) {
        return std::nullopt;
    }
    const std::uint64_t size = getBigEndian(rest.first(kLengthBytes));
    rest = rest.subspan(kLengthBytes);
    if (size == 0 || size > cap || size > rest.size()) {
        return std::nullopt;
    }
    const ByteView part = rest.first(static_cast<std::size_t>(size));
    rest = rest.subspan(static_cast<std::size_t>(size));
    return part;
}

} // namespace

Bytes encodeBatchHeader(const BatchHeader& header) {
    TlvWriter writer;
    writer.number(tagVersion, kVersion);
    writer.bytes(tagDevice, header.device);
    writer.bytes(tagKey, header.key);
    writer.bytes(tagChain, header.chain);
    writer.number(tagFrom, header.from);
    writer.number(tagTo, header.to);
    writer.bytes(tagBefore, header.before);
    writer.bytes(tagHead, header.head);
    writer.bytes(tagRoot, header.root);
    writer.bytes(tagSealedHash, header.sealedHash);
    writer.number(tagSealedBytes, header.sealedBytes);
    writer.number(tagSealing, kCmsAesGcm);
    writer.number(tagPacking, kZstd);
    writer.signedNumber(tagMade, header.madeMs);
    writer.number(tagPolicySerial, header.policySerial);
    writer.bytes(tagLastReceipt, header.lastReceipt ? ByteView(*header.lastReceipt) : ByteView());
    writer.bytes(tagClearHash, header.clearHash ? ByteView(*header.clearHash) : ByteView());
    return writer.take();
}

Result<BatchHeader> decodeBatchHeader(ByteView bytes) {
    TlvReader reader(bytes);
    BatchHeader header;
    if (reader.number(tagVersion) != kVersion) {
        return fail(ErrorKind::corrupt, "not a batch of version 1");
    }
    readArray(reader, tagDevice, header.device);
    readArray(reader, tagKey, header.key);
    readArray(reader, tagChain, header.chain);
    header.from = reader.number(tagFrom);
    header.to = reader.number(tagTo);
    readArray(reader, tagBefore, header.before);
    readArray(reader, tagHead, header.head);
    readArray(reader, tagRoot, header.root);
    readArray(reader, tagSealedHash, header.sealedHash);
    header.sealedBytes = reader.number(tagSealedBytes);
    if (reader.number(tagSealing) != kCmsAesGcm || reader.number(tagPacking) != kZstd) {
        reader.reject("the sealing or packing is unknown");
    }
    header.madeMs = reader.signedNumber(tagMade);
    header.policySerial = reader.number(tagPolicySerial);
    readOptional(reader, tagLastReceipt, header.lastReceipt);
    readOptional(reader, tagClearHash, header.clearHash);
    // Databases count in signed numbers.
    constexpr auto kMaxSequence = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (header.from == 0 || header.to < header.from || header.to > kMaxSequence) {
        reader.reject("the numbers of its records make no span");
    }
    if ((header.from == 1) != (header.before == Sha256Digest{})) {
        reader.reject("the record before the first does not fit its number");
    }
    if (auto finished = reader.finish(); !finished) {
        return fail(ErrorKind::corrupt, "the batch's header is malformed (" + finished.error().what + ")");
    }
    return header;
}

Bytes batchSigningInput(ByteView header) {
    Bytes input(kDomain.begin(), kDomain.end());
    input.push_back(0);
    append(input, header);
    return input;
}

Sha256Digest hashBatch(ByteView header) {
    return sha256(batchSigningInput(header));
}

Bytes writeBatch(ByteView header, ByteView publicKey, ByteView signature, ByteView sealed, ByteView clear) {
    Bytes out(kMagic.begin(), kMagic.end());
    out.reserve(kMagic.size() + 3 * kLengthBytes + header.size() + publicKey.size() + signature.size() + sealed.size());
    appendSized(out, header);
    appendSized(out, publicKey);
    appendSized(out, signature);
    if (!clear.empty()) {
        appendSized(out, clear);
    }
    append(out, sealed);
    return out;
}

Result<BatchParts> readBatch(ByteView bytes) {
    if (bytes.size() > kMaxBatchFile) {
        return fail(ErrorKind::limit, "the batch is above 14 MiB");
    }
    if (bytes.size() < kMagic.size() || textOf(bytes.first(kMagic.size())) != kMagic) {
        return fail(ErrorKind::corrupt, "not a batch of version 1");
    }
    ByteView rest = bytes.subspan(kMagic.size());
    const auto header = takeSized(rest, kMaxHeader);
    const auto publicKey = header ? takeSized(rest, kMaxKey) : std::nullopt;
    const auto signature = publicKey ? takeSized(rest, kMaxSignature) : std::nullopt;
    if (!signature) {
        return fail(ErrorKind::corrupt, "the batch is cut short");
    }
    BatchParts parts;
    GH_TRY(parts.header, decodeBatchHeader(*header));
    parts.headerBytes = *header;
    parts.publicKey = *publicKey;
    parts.signature = *signature;
    if (parts.header.clearHash) {
        const auto clear = takeSized(rest, kMaxClear);
        if (!clear || sha256(*clear) != *parts.header.clearHash) {
            return fail(ErrorKind::corrupt, "the batch's clear part is not the one that was signed");
        }
        parts.clear = *clear;
    }
    parts.sealed = rest;
    if (sha256(parts.publicKey) != parts.header.key) {
        return fail(ErrorKind::corrupt, "the batch's public key is not the one that its header names");
    }
    if (rest.size() != parts.header.sealedBytes || sha256(rest) != parts.header.sealedHash) {
        return fail(ErrorKind::corrupt, "the batch's sealed part is not the one that was signed");
    }
    return parts;
}

} // namespace gatehouse::ledger
