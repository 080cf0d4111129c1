// SPDX-License-Identifier: Apache-2.0
#include "ledger/record_codec.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/utf8.h"
#include "ledger/tlv.h"

namespace gatehouse::ledger {
namespace {

constexpr std::uint64_t kVersion = 1;
constexpr std::size_t kMaxText = 1024;
constexpr std::size_t kUsualBytes = 1024; // of a record
constexpr std::size_t kMaxItems = 64;

// Tags are for ever: a new field gets a new one at the end of its block, a dropped one is never used again.
enum Tag : std::uint16_t {
    tagVersion = 0x0001,
    tagChain = 0x0002,
    tagSequence = 0x0003,
    tagPrevious = 0x0004,
    tagTime = 0x0005,
    tagMonotonic = 0x0006,
    tagBoot = 0x0007,
    tagKind = 0x0008,
    tagInteraction = 0x0010,
    tagConversation = 0x0011,
    tagPersonName = 0x0012,
    tagPersonUid = 0x0013,
    tagPersonGroups = 0x0014,
    tagProcessKnown = 0x0015,
    tagProcessPid = 0x0016,
    tagProcessStart = 0x0017,
    tagProcessPath = 0x0018,
    tagClient = 0x0019,
    tagChannel = 0x001A,
    tagDirection = 0x001B,
    tagSurface = 0x001C,
    tagSite = 0x001D,
    tagSignIn = 0x001E,
    tagProvider = 0x0020,
    tagModel = 0x0021,
    tagRegion = 0x0022,
    tagDestinationSite = 0x0023,
    tagTrust = 0x0024,
    tagPolicyId = 0x0030,
    tagPolicySerial = 0x0031,
    tagAction = 0x0032,
    tagRule = 0x0033,
    tagOutcome = 0x0034,
    tagReason = 0x0035,
    tagFindings = 0x0036,
    tagDocuments = 0x0037,
    tagConsent = 0x0038,
    tagInputTokens = 0x0040,
    tagOutputTokens = 0x0041,
    tagCachedTokens = 0x0042,
    tagReasoningTokens = 0x0043,
    tagUsageEstimated = 0x0044,
    tagCost = 0x0045,
    tagStatus = 0x0046,
    tagAttempts = 0x0047,
    tagLatency = 0x0048,
    tagOverhead = 0x0049,
    tagCache = 0x004A,
    tagOriginal = 0x0050,
    tagSanitised = 0x0051,
    tagJustification = 0x0052,
    tagErased = 0x0053,
};

enum FindingTag : std::uint16_t { findingDetector = 1, findingClass = 2, findingCount = 3, findingConfidence = 4 };

Bytes encodeFinding(const FindingSummary& finding) {
    TlvWriter writer;
    writer.text(findingDetector, finding.detector);
    writer.text(findingClass, findingClassWord(finding.findingClass));
    writer.number(findingCount, finding.count);
    writer.real(findingConfidence, finding.confidence);
    return writer.take();
}

std::vector<Bytes> textItems(const std::vector<std::string>& texts) {
    std::vector<Bytes> items;
    items.reserve(texts.size());
    for (const std::string& text : texts) {
        items.emplace_back(text.begin(), text.end());
    }
    return items;
}

std::vector<Bytes> rangeItems(const std::vector<SequenceRange>& ranges) {
    std::vector<Bytes> items;
    items.reserve(ranges.size());
    for (const SequenceRange& range : ranges) {
        Bytes item;
        putBigEndian(item, range.from, 8);
        putBigEndian(item, range.to, 8);
        items.push_back(std::move(item));
    }
    return items;
}

ByteView viewOf(const Commitment& commitment) {
    return commitment ? ByteView(*commitment) : ByteView();
}

void encodeWho(TlvWriter& writer, const AuditRecord& record) {
    writer.text(tagInteraction, record.interaction);
    writer.text(tagConversation, record.conversation);
    writer.text(tagPersonName, record.person.name);
    writer.number(tagPersonUid, record.person.uid);
    writer.list(tagPersonGroups, textItems(record.person.groups));
    writer.number(tagProcessKnown, record.process.isKnown ? 1 : 0);
    writer.signedNumber(tagProcessPid, record.process.pid);
    writer.number(tagProcessStart, record.process.startTime);
    writer.text(tagProcessPath, record.process.executable);
    writer.text(tagClient, record.client);
    writer.text(tagChannel, channelWord(record.channel));
    writer.text(tagDirection, directionWord(record.direction));
    writer.text(tagSurface, record.surface);
    writer.text(tagSite, record.site);
    writer.text(tagSignIn, record.signIn);
}

void encodeWhat(TlvWriter& writer, const AuditRecord& record) {
    writer.text(tagProvider, record.destination.provider);
    writer.text(tagModel, record.destination.model);
    writer.text(tagRegion, record.destination.region);
    writer.text(tagDestinationSite, record.destination.site);
    writer.text(tagTrust, trustWord(record.destination.trust));
    writer.text(tagPolicyId, record.policyId);
    writer.number(tagPolicySerial, record.policySerial);
    writer.text(tagAction, actionWord(record.action));
    writer.text(tagRule, record.rule);
    writer.text(tagOutcome, record.outcome);
    writer.text(tagReason, record.reason);
    std::vector<Bytes> findings;
    for (const FindingSummary& finding : record.findings) {
        findings.push_back(encodeFinding(finding));
    }
    writer.list(tagFindings, findings);
    writer.list(tagDocuments, textItems(record.documents));
    writer.text(tagConsent, record.consent);
    writer.number(tagInputTokens, record.usage.inputTokens);
    writer.number(tagOutputTokens, record.usage.outputTokens);
    writer.number(tagCachedTokens, record.usage.cachedTokens);
    writer.number(tagReasoningTokens, record.usage.reasoningTokens);
    writer.number(tagUsageEstimated, record.usage.isEstimated ? 1 : 0);
    writer.real(tagCost, record.costUsd);
    writer.signedNumber(tagStatus, record.status);
    writer.signedNumber(tagAttempts, record.attempts);
    writer.number(tagLatency, record.latencyMicros);
    writer.number(tagOverhead, record.overheadMicros);
    writer.text(tagCache, record.cache);
}

// Reading. Each helper takes one field and rejects what the encoder would not write.
template <std::size_t size>
void readArray(TlvReader& reader, std::uint16_t tag, std::array<std::uint8_t, size>& out) {
    const ByteView bytes = reader.bytes(tag);
    if (bytes.size() != size) {
        reader.reject("an identifier or hash has a wrong length");
        return;
    }
    std::copy(bytes.begin(), bytes.end(), out.begin());
}

template <class Enum>
void readWord(TlvReader& reader, std::uint16_t tag, std::optional<Enum> (*fromWord)(std::string_view), Enum& out) {
    const auto value = fromWord(textOf(reader.bytes(tag)));
    if (!value) {
        reader.reject("a word is unknown");
        return;
    }
    out = *value;
}

bool readFlag(TlvReader& reader, std::uint16_t tag) {
    const std::uint64_t value = reader.number(tag);
    if (value > 1) {
        reader.reject("a flag is not 1");
    }
    return value == 1;
}

template <class Integer>
Integer readNarrow(TlvReader& reader, std::uint16_t tag) {
    const std::int64_t value = reader.signedNumber(tag);
    if (!std::in_range<Integer>(value)) {
        reader.reject("a number is out of range");
        return 0;
    }
    return static_cast<Integer>(value);
}

Commitment readCommitment(TlvReader& reader, std::uint16_t tag) {
    const ByteView bytes = reader.bytes(tag);
    if (bytes.empty()) {
        return std::nullopt;
    }
    Sha256Digest digest{};
    if (bytes.size() != digest.size()) {
        reader.reject("a commitment does not have 32 bytes");
        return std::nullopt;
    }
    std::copy(bytes.begin(), bytes.end(), digest.begin());
    return digest;
}

void readRanges(TlvReader& reader, AuditRecord& record) {
    std::uint64_t next = 1;
    for (const ByteView item : reader.list(tagErased)) {
        if (item.size() != 16) {
            reader.reject("a range does not have 16 bytes");
            return;
        }
        const SequenceRange range{getBigEndian(item.first(8)), getBigEndian(item.subspan(8))};
        // Only what lies before this record can be erased by it, so that the end is no overflow either.
        if (range.from < next || range.to < range.from || range.to >= record.sequence) {
            reader.reject("a range is out of order");
            return;
        }
        record.erased.push_back(range);
        next = range.to + 1;
    }
}

void readFindings(TlvReader& reader, std::vector<FindingSummary>& out) {
    for (const ByteView bytes : reader.list(tagFindings)) {
        TlvReader item(bytes);
        FindingSummary finding;
        finding.detector = item.text(findingDetector);
        readWord(item, findingClass, &findingClassFromWord, finding.findingClass);
        finding.count = static_cast<std::size_t>(item.number(findingCount));
        const auto confidence = item.real(findingConfidence);
        finding.confidence = confidence.value_or(0);
        if (!item.finish() || !confidence) {
            reader.reject("a finding is malformed");
        }
        out.push_back(std::move(finding));
    }
}

void readWho(TlvReader& reader, AuditRecord& record) {
    record.interaction = reader.text(tagInteraction);
    record.conversation = reader.text(tagConversation);
    record.person.name = reader.text(tagPersonName);
    record.person.uid = readNarrow<std::uint32_t>(reader, tagPersonUid);
    for (const ByteView group : reader.list(tagPersonGroups)) {
        record.person.groups.emplace_back(textOf(group));
    }
    record.process.isKnown = readFlag(reader, tagProcessKnown);
    record.process.pid = reader.signedNumber(tagProcessPid);
    record.process.startTime = reader.number(tagProcessStart);
    record.process.executable = reader.text(tagProcessPath);
    record.client = reader.text(tagClient);
    readWord(reader, tagChannel, &channelFromWord, record.channel);
    readWord(reader, tagDirection, &directionFromWord, record.direction);
    record.surface = reader.text(tagSurface);
    record.site = reader.text(tagSite);
    record.signIn = reader.text(tagSignIn);
}

void readWhat(TlvReader& reader, AuditRecord& record) {
    record.destination.provider = reader.text(tagProvider);
    record.destination.model = reader.text(tagModel);
    record.destination.region = reader.text(tagRegion);
    record.destination.site = reader.text(tagDestinationSite);
    readWord(reader, tagTrust, &trustFromWord, record.destination.trust);
    record.policyId = reader.text(tagPolicyId);
    record.policySerial = reader.number(tagPolicySerial);
    readWord(reader, tagAction, &actionFromWord, record.action);
    record.rule = reader.text(tagRule);
    record.outcome = reader.text(tagOutcome);
    record.reason = reader.text(tagReason);
    readFindings(reader, record.findings);
    for (const ByteView document : reader.list(tagDocuments)) {
        record.documents.emplace_back(textOf(document));
    }
    record.consent = reader.text(tagConsent);
    record.usage.inputTokens = reader.number(tagInputTokens);
    record.usage.outputTokens = reader.number(tagOutputTokens);
    record.usage.cachedTokens = reader.number(tagCachedTokens);
    record.usage.reasoningTokens = reader.number(tagReasoningTokens);
    record.usage.isEstimated = readFlag(reader, tagUsageEstimated);
    record.costUsd = reader.real(tagCost);
    record.status = readNarrow<int>(reader, tagStatus);
    record.attempts = readNarrow<int>(reader, tagAttempts);
    record.latencyMicros = reader.number(tagLatency);
    record.overheadMicros = reader.number(tagOverhead);
    record.cache = reader.text(tagCache);
}

void clip(std::string& text) {
    if (text.size() > kMaxText) {
        text.resize(utf8Boundary(text, kMaxText));
    }
}

} // namespace

Bytes encodeEntry(const Entry& entry) {
    return encodeEntry(entry, entry.record);
}

Bytes encodeEntry(const Entry& entry, const AuditRecord& record) {
    TlvWriter writer;
    writer.reserve(kUsualBytes);
    writer.number(tagVersion, kVersion);
    writer.bytes(tagChain, entry.chain);
    writer.number(tagSequence, entry.record.sequence);
    writer.bytes(tagPrevious, entry.previous);
    writer.signedNumber(tagTime, record.timeMs);
    writer.number(tagMonotonic, entry.monotonicMs);
    writer.bytes(tagBoot, entry.bootId);
    writer.text(tagKind, recordKindWord(record.kind));
    encodeWho(writer, record);
    encodeWhat(writer, record);
    writer.bytes(tagOriginal, viewOf(entry.original));
    writer.bytes(tagSanitised, viewOf(entry.sanitised));
    writer.bytes(tagJustification, viewOf(entry.justification));
    writer.list(tagErased, rangeItems(record.erased));
    return writer.take();
}

Result<Entry> decodeEntry(ByteView bytes) {
    if (bytes.size() > kMaxRecordBytes) {
        return fail(ErrorKind::limit, "record: above 256 KiB");
    }
    TlvReader reader(bytes);
    Entry entry;
    if (reader.number(tagVersion) != kVersion) {
        return fail(ErrorKind::corrupt, "record: not a record of version 1");
    }
    readArray(reader, tagChain, entry.chain);
    entry.record.sequence = reader.number(tagSequence);
    readArray(reader, tagPrevious, entry.previous);
    entry.record.timeMs = reader.signedNumber(tagTime);
    entry.monotonicMs = reader.number(tagMonotonic);
    readArray(reader, tagBoot, entry.bootId);
    readWord(reader, tagKind, &recordKindFromWord, entry.record.kind);
    readWho(reader, entry.record);
    readWhat(reader, entry.record);
    entry.original = readCommitment(reader, tagOriginal);
    entry.sanitised = readCommitment(reader, tagSanitised);
    entry.justification = readCommitment(reader, tagJustification);
    readRanges(reader, entry.record);
    GH_CHECK(reader.finish());
    return entry;
}

Sha256Digest hashEntry(ByteView bytes) {
    constexpr std::string_view kDomain = "gatehouse/record/v1";
    Bytes input;
    input.reserve(bytes.size() + kDomain.size() + 2);
    input.push_back(0); // a leaf in the sense of RFC 6962 §2.1
    input.insert(input.end(), kDomain.begin(), kDomain.end());
    input.push_back(0);
    input.insert(input.end(), bytes.begin(), bytes.end());
    return sha256(input);
}

void clipRecord(AuditRecord& record) {
    for (std::string* const text :
         {&record.interaction, &record.conversation, &record.person.name, &record.process.executable, &record.client,
          &record.surface, &record.site, &record.destination.provider, &record.destination.model,
          &record.destination.region, &record.destination.site, &record.policyId, &record.rule, &record.outcome,
          &record.reason, &record.signIn, &record.consent, &record.cache}) {
        clip(*text);
    }
    record.person.groups.resize(std::min(record.person.groups.size(), kMaxItems));
    std::for_each(record.person.groups.begin(), record.person.groups.end(), &clip);
    record.findings.resize(std::min(record.findings.size(), kMaxItems));
    record.documents.resize(std::min(record.documents.size(), kMaxItems));
    record.erased.resize(std::min(record.erased.size(), kMaxErasedRanges));
    std::for_each(record.documents.begin(), record.documents.end(), &clip);
    for (FindingSummary& finding : record.findings) {
        clip(finding.detector);
    }
}

} // namespace gatehouse::ledger
