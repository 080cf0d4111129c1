// SPDX-License-Identifier: Apache-2.0
#include "sync/batch.h"

#include <zstd.h>

#include "ledger/merkle.h"

namespace gatehouse::sync {
namespace {

constexpr int kPackingLevel = 3; // level 9 takes five times as long for a twentieth of the size

struct Walked {
    ledger::Head head;
    Sha256Digest root{};
};

ledger::Commitment commitmentOf(const ledger::Entry& entry, ledger::ExportedContent::Of of) {
    switch (of) {
    case ledger::ExportedContent::Of::original:
        return entry.original;
    case ledger::ExportedContent::Of::sanitised:
        return entry.sanitised;
    case ledger::ExportedContent::Of::justification:
        break;
    }
    return entry.justification;
}

Result<Walked> walk(const ledger::Head& before, const std::vector<ledger::BatchRecord>& records) {
    ledger::ChainVerifier chain(before);
    std::vector<Sha256Digest> leaves;
    leaves.reserve(records.size());
    for (const ledger::BatchRecord& record : records) {
        leaves.push_back(ledger::hashEntry(record.bytes));
        const std::uint64_t number = chain.head().sequence + 1;
        const auto entry = chain.feed(record.bytes, number, leaves.back());
        for (const ledger::ExportedContent& content : record.contents) {
            if (entry) {
                const auto actual = ledger::commitContent(content.salt, ledger::encodeContent(content.content));
                chain.checkContent(number, commitmentOf(*entry, content.of), actual);
            }
        }
        if (chain.fault()) {
            return fail(ErrorKind::corrupt,
                        "record " + std::to_string(chain.fault()->sequence) + ": " + chain.fault()->what);
        }
        if (entry->chain != before.chain) {
            return fail(ErrorKind::corrupt, "record " + std::to_string(number) + " belongs to another chain");
        }
    }
    return Walked{chain.head(), ledger::merkleRoot(leaves)};
}

Result<Bytes> pack(ByteView plain) {
    Bytes packed(ZSTD_compressBound(plain.size()));
    const std::size_t size = ZSTD_compress(packed.data(), packed.size(), plain.data(), plain.size(), kPackingLevel);
    if (ZSTD_isError(size) != 0U) {
        return fail(ErrorKind::internal, "the batch cannot be compressed");
    }
    packed.resize(size);
    return packed;
}

Result<Bytes> unpack(ByteView packed) {
    const unsigned long long size = ZSTD_getFrameContentSize(packed.data(), packed.size());
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > ledger::kMaxBatchBody) {
        return fail(ErrorKind::corrupt, "the batch is not compressed as it should be");
    }
    Bytes plain(static_cast<std::size_t>(size));
    const std::size_t written = ZSTD_decompress(plain.data(), plain.size(), packed.data(), packed.size());
    if (ZSTD_isError(written) != 0U || written != plain.size()) {
        return fail(ErrorKind::corrupt, "the batch is not compressed as it should be");
    }
    return plain;
}

// Empty when nothing is to be read. A part that would be too large is left out: the sealed records have everything.
Result<Bytes> clearPart(const BatchPlan& plan) {
    if (plan.clear.empty()) {
        return Bytes();
    }
    std::vector<ledger::ClearRow> rows;
    rows.reserve(plan.records.size());
    for (const ledger::BatchRecord& record : plan.records) {
        GH_TRY(const ledger::Entry entry, ledger::decodeEntry(record.bytes));
        rows.push_back(ledger::clearRowOf(entry.record, plan.clear));
    }
    Bytes bytes = ledger::encodeClearRows(rows);
    return bytes.size() <= ledger::kMaxClear ? std::move(bytes) : Bytes();
}

// A device could say one thing to the collector and another to the auditors.
Result<> checkClear(const ledger::BatchParts& parts, const std::vector<ledger::BatchRecord>& records) {
    if (parts.clear.empty()) {
        return {};
    }
    GH_TRY(const auto rows, ledger::decodeClearRows(parts.clear, parts.header.from, parts.header.to));
    for (const ledger::ClearRow& row : rows) {
        const ledger::BatchRecord& record = records.at(static_cast<std::size_t>(row.sequence - parts.header.from));
        GH_TRY(const ledger::Entry entry, ledger::decodeEntry(record.bytes));
        if (!ledger::isTrueOf(row, entry.record)) {
            return fail(ErrorKind::corrupt, "the batch says in the clear what its records do not say");
        }
    }
    return {};
}

} // namespace

Result<Bytes> makeBatch(const BatchPlan& plan, const cms::DeviceKey& key, std::string_view certificatesPem) {
    if (plan.records.empty()) {
        return fail(ErrorKind::invalidInput, "a batch needs a record");
    }
    GH_TRY(const Walked walked, walk(plan.before, plan.records));
    const Bytes body = ledger::encodeBatchBody(plan.records);
    if (body.size() > ledger::kMaxBatchBody) {
        return fail(ErrorKind::limit, "the batch would hold more than 12 MiB");
    }
    GH_TRY(const Bytes packed, pack(body));
    GH_TRY(const Bytes sealed, cms::seal(packed, certificatesPem));
    GH_TRY(const Bytes clear, clearPart(plan));
    const ledger::BatchHeader header{.device = plan.device,
                                     .key = sha256(key.publicKey()),
                                     .chain = plan.before.chain,
                                     .from = plan.before.sequence + 1,
                                     .to = walked.head.sequence,
                                     .before = plan.before.hash,
                                     .head = walked.head.hash,
                                     .root = walked.root,
                                     .sealedHash = sha256(sealed),
                                     .sealedBytes = sealed.size(),
                                     .madeMs = plan.madeMs,
                                     .policySerial = plan.policySerial,
                                     .lastReceipt = plan.lastReceipt,
                                     .clearHash = clear.empty() ? std::nullopt : std::optional(sha256(clear))};
    const Bytes headerBytes = ledger::encodeBatchHeader(header);
    GH_TRY(const Bytes signature, key.sign(ledger::batchSigningInput(headerBytes)));
    return ledger::writeBatch(headerBytes, key.publicKey(), signature, sealed, clear);
}

Result<ledger::BatchParts> checkBatch(ByteView bytes) {
    GH_TRY(ledger::BatchParts parts, ledger::readBatch(bytes));
    GH_CHECK(cms::verifySignature(parts.publicKey, ledger::batchSigningInput(parts.headerBytes), parts.signature));
    return parts;
}

Result<OpenedBatch> openBatch(ByteView bytes, const cms::OpeningKey& key) {
    GH_TRY(const ledger::BatchParts parts, checkBatch(bytes));
    GH_TRY(const Bytes packed, cms::open(parts.sealed, key));
    GH_TRY(const Bytes body, unpack(packed));
    OpenedBatch opened;
    opened.header = parts.header;
    GH_TRY(opened.records, ledger::decodeBatchBody(body));
    const ledger::BatchHeader& header = opened.header;
    GH_TRY(const Walked walked, walk({header.chain, header.from - 1, header.before}, opened.records));
    if (walked.head.sequence != header.to || walked.head.hash != header.head || walked.root != header.root) {
        return fail(ErrorKind::corrupt, "the batch does not hold the records that its header says");
    }
    GH_CHECK(checkClear(parts, opened.records));
    return opened;
}

} // namespace gatehouse::sync
