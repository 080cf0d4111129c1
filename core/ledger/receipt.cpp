// SPDX-License-Identifier: Apache-2.0
#include "ledger/receipt.h"

#include <array>
#include <string_view>

#include "ledger/tlv.h"
#include "ledger/tlv_array.h"

namespace gatehouse::ledger {
namespace {

constexpr std::string_view kMagic = "GHRCPT01";
constexpr std::string_view kDomain = "gatehouse/receipt/v1";
constexpr std::uint64_t kVersion = 1;
constexpr std::size_t kLengthBytes = 4;

enum Tag : std::uint16_t {
    tagVersion = 1,
    tagDevice = 2,
    tagChain = 3,
    tagFrom = 4,
    tagTo = 5,
    tagHead = 6,
    tagBatch = 7,
    tagReceived = 8,
};

} // namespace

Bytes encodeReceipt(const Receipt& receipt) {
    TlvWriter writer;
    writer.number(tagVersion, kVersion);
    writer.bytes(tagDevice, receipt.device);
    writer.bytes(tagChain, receipt.chain);
    writer.number(tagFrom, receipt.from);
    writer.number(tagTo, receipt.to);
    writer.bytes(tagHead, receipt.head);
    writer.bytes(tagBatch, receipt.batch);
    writer.signedNumber(tagReceived, receipt.receivedMs);
    return writer.take();
}

Result<Receipt> decodeReceipt(ByteView bytes) {
    TlvReader reader(bytes);
    Receipt receipt;
    if (reader.number(tagVersion) != kVersion) {
        return fail(ErrorKind::corrupt, "not a receipt of version 1");
    }
    readArray(reader, tagDevice, receipt.device);
    readArray(reader, tagChain, receipt.chain);
    receipt.from = reader.number(tagFrom);
    receipt.to = reader.number(tagTo);
    readArray(reader, tagHead, receipt.head);
    readArray(reader, tagBatch, receipt.batch);
    receipt.receivedMs = reader.signedNumber(tagReceived);
    if (receipt.from == 0 || receipt.to < receipt.from) {
        reader.reject("the numbers of its records make no span");
    }
    if (auto finished = reader.finish(); !finished) {
        return fail(ErrorKind::corrupt, "the receipt is malformed (" + finished.error().what + ")");
    }
    return receipt;
}

Bytes receiptSigningInput(ByteView receipt) {
    Bytes input(kDomain.begin(), kDomain.end());
    input.push_back(0);
    input.insert(input.end(), receipt.begin(), receipt.end());
    return input;
}

Bytes writeReceipt(ByteView receipt, ByteView signature) {
    Bytes out(kMagic.begin(), kMagic.end());
    putBigEndian(out, receipt.size(), kLengthBytes);
    out.insert(out.end(), receipt.begin(), receipt.end());
    out.insert(out.end(), signature.begin(), signature.end());
    return out;
}

Result<SignedReceipt> readReceipt(ByteView bytes) {
    if (bytes.size() > kMaxReceipt) {
        return fail(ErrorKind::limit, "the receipt is above 2 KiB");
    }
    const std::size_t head = kMagic.size() + kLengthBytes;
    if (bytes.size() < head || textOf(bytes.first(kMagic.size())) != kMagic) {
        return fail(ErrorKind::corrupt, "not a receipt of version 1");
    }
    const std::uint64_t size = getBigEndian(bytes.subspan(kMagic.size(), kLengthBytes));
    if (size >= bytes.size() - head) {
        return fail(ErrorKind::corrupt, "the receipt is cut short");
    }
    const ByteView own = bytes.subspan(head, static_cast<std::size_t>(size));
    const ByteView signature = bytes.subspan(head + own.size());
    SignedReceipt out;
    GH_TRY(out.receipt, decodeReceipt(own));
    out.bytes.assign(own.begin(), own.end());
    out.signature.assign(signature.begin(), signature.end());
    return out;
}

} // namespace gatehouse::ledger
