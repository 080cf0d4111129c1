// SPDX-License-Identifier: Apache-2.0
#include "ledger/batch_body.h"

#include <algorithm>

#include "ledger/tlv.h"

namespace gatehouse::ledger {
namespace {

constexpr std::uint64_t kVersion = 1;
constexpr std::size_t kMaxRecords = 10'000;
constexpr std::size_t kMaxContents = 3;

enum BodyTag : std::uint16_t { bodyVersion = 1, bodyRecords = 2 };
enum ItemTag : std::uint16_t { itemRecord = 1, itemContents = 2 };
enum ContentTag : std::uint16_t { contentOf = 1, contentSalt = 2, contentBytes = 3 };

Bytes encodeItem(const BatchRecord& record) {
    std::vector<Bytes> contents;
    for (const ExportedContent& content : record.contents) {
        TlvWriter writer;
        writer.number(contentOf, static_cast<std::uint64_t>(content.of) + 1);
        writer.bytes(contentSalt, content.salt);
        writer.bytes(contentBytes, encodeContent(content.content));
        contents.push_back(writer.take());
    }
    TlvWriter writer;
    writer.bytes(itemRecord, record.bytes);
    writer.list(itemContents, contents);
    return writer.take();
}

Result<ExportedContent> decodeBatchContent(ByteView bytes) {
    TlvReader reader(bytes);
    ExportedContent content;
    const std::uint64_t of = reader.number(contentOf);
    const ByteView salt = reader.bytes(contentSalt);
    const ByteView kept = reader.bytes(contentBytes);
    GH_CHECK(reader.finish());
    if (of < 1 || of > kMaxContents || salt.size() != content.salt.size()) {
        return fail(ErrorKind::corrupt, "a text of the batch is malformed");
    }
    content.of = static_cast<ExportedContent::Of>(of - 1);
    std::copy(salt.begin(), salt.end(), content.salt.begin());
    GH_TRY(content.content, decodeContent(kept));
    return content;
}

Result<BatchRecord> decodeItem(ByteView bytes) {
    TlvReader reader(bytes);
    BatchRecord record;
    const ByteView own = reader.bytes(itemRecord);
    const std::vector<ByteView> contents = reader.list(itemContents);
    GH_CHECK(reader.finish());
    if (own.empty() || contents.size() > kMaxContents) {
        return fail(ErrorKind::corrupt, "a record of the batch is malformed");
    }
    record.bytes.assign(own.begin(), own.end());
    for (const ByteView each : contents) {
        GH_TRY(ExportedContent content, decodeBatchContent(each));
        if (!record.contents.empty() && record.contents.back().of >= content.of) {
            return fail(ErrorKind::corrupt, "the texts of a record are not in their order");
        }
        record.contents.push_back(std::move(content));
    }
    return record;
}

} // namespace

Bytes encodeBatchBody(const std::vector<BatchRecord>& records) {
    std::vector<Bytes> items;
    items.reserve(records.size());
    std::transform(records.begin(), records.end(), std::back_inserter(items), &encodeItem);
    TlvWriter writer;
    writer.number(bodyVersion, kVersion);
    writer.list(bodyRecords, items);
    return writer.take();
}

Result<std::vector<BatchRecord>> decodeBatchBody(ByteView bytes) {
    if (bytes.size() > kMaxBatchBody) {
        return fail(ErrorKind::limit, "the batch holds more than 12 MiB");
    }
    TlvReader reader(bytes);
    if (reader.number(bodyVersion) != kVersion) {
        return fail(ErrorKind::corrupt, "not the body of a batch of version 1");
    }
    const std::vector<ByteView> items = reader.list(bodyRecords);
    GH_CHECK(reader.finish());
    if (items.empty() || items.size() > kMaxRecords) {
        return fail(ErrorKind::corrupt, "the batch holds no records, or too many");
    }
    std::vector<BatchRecord> records;
    records.reserve(items.size());
    for (const ByteView item : items) {
        GH_TRY(BatchRecord record, decodeItem(item));
        records.push_back(std::move(record));
    }
    return records;
}

} // namespace gatehouse::ledger
