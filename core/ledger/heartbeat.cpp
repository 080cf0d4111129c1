// SPDX-License-Identifier: Apache-2.0
#include "ledger/heartbeat.h"

#include <string_view>

#include "ledger/tlv.h"
#include "ledger/tlv_array.h"

namespace gatehouse::ledger {
namespace {

constexpr std::string_view kMagic = "GHHEART1";
constexpr std::string_view kDomain = "gatehouse/heartbeat/v1";
constexpr std::uint64_t kVersion = 1;
constexpr std::size_t kLengthBytes = 4;

enum Tag : std::uint16_t {
    tagVersion = 1,
    tagDevice = 2,
    tagKey = 3,
    tagChain = 4,
    tagSequence = 5,
    tagHead = 6,
    tagMade = 7,
    tagPolicySerial = 8,
    tagWaiting = 9,
    tagAgent = 10,
    tagKeyProtection = 11,
    tagState = 12,
};

std::string readShort(TlvReader& reader, std::uint16_t tag) {
    std::string text = reader.text(tag);
    if (text.size() > kMaxHeartbeatText) {
        reader.reject("a text is too long");
    }
    return text;
}

void putSized(Bytes& out, ByteView bytes) {
    putBigEndian(out, bytes.size(), kLengthBytes);
    out.insert(out.end(), bytes.begin(), bytes.end());
}

// The next bytes with their length before them; nullopt when they are cut short.
std::optional<ByteView> takeSized(ByteView& rest) {
    if (rest.size() < kLengthBytes) {
        return std::nullopt;
    }
    const std::uint64_t size = getBigEndian(rest.first(kLengthBytes));
    rest = rest.subspan(kLengthBytes);
    if (size > rest.size()) {
        return std::nullopt;
    }
    const ByteView bytes = rest.first(static_cast<std::size_t>(size));
    rest = rest.subspan(bytes.size());
    return bytes;
}

} // namespace

Bytes encodeHeartbeat(const Heartbeat& heartbeat) {
    TlvWriter writer;
    writer.number(tagVersion, kVersion);
    writer.bytes(tagDevice, heartbeat.device);
    writer.bytes(tagKey, heartbeat.key);
    writer.bytes(tagChain, heartbeat.head.chain);
    writer.number(tagSequence, heartbeat.head.sequence);
    writer.bytes(tagHead, heartbeat.head.hash);
    writer.signedNumber(tagMade, heartbeat.madeMs);
    writer.number(tagPolicySerial, heartbeat.policySerial);
    writer.number(tagWaiting, heartbeat.waiting);
    writer.text(tagAgent, heartbeat.version);
    writer.text(tagKeyProtection, heartbeat.keyProtection);
    writer.text(tagState, heartbeat.state);
    return writer.take();
}

Result<Heartbeat> decodeHeartbeat(ByteView bytes) {
    TlvReader reader(bytes);
    Heartbeat heartbeat;
    if (reader.number(tagVersion) != kVersion) {
        return fail(ErrorKind::corrupt, "not a heartbeat of version 1");
    }
    readArray(reader, tagDevice, heartbeat.device);
    readArray(reader, tagKey, heartbeat.key);
    readArray(reader, tagChain, heartbeat.head.chain);
    heartbeat.head.sequence = reader.number(tagSequence);
    readArray(reader, tagHead, heartbeat.head.hash);
    heartbeat.madeMs = reader.signedNumber(tagMade);
    heartbeat.policySerial = reader.number(tagPolicySerial);
    heartbeat.waiting = reader.number(tagWaiting);
    heartbeat.version = readShort(reader, tagAgent);
    heartbeat.keyProtection = readShort(reader, tagKeyProtection);
    heartbeat.state = readShort(reader, tagState);
    if (auto finished = reader.finish(); !finished) {
        return fail(ErrorKind::corrupt, "the heartbeat is malformed (" + finished.error().what + ")");
    }
    return heartbeat;
}

Bytes heartbeatSigningInput(ByteView heartbeat) {
    Bytes input(kDomain.begin(), kDomain.end());
    input.push_back(0);
    input.insert(input.end(), heartbeat.begin(), heartbeat.end());
    return input;
}

Bytes writeHeartbeat(ByteView heartbeat, ByteView publicKey, ByteView signature) {
    Bytes out(kMagic.begin(), kMagic.end());
    putSized(out, heartbeat);
    putSized(out, publicKey);
    putSized(out, signature);
    return out;
}

Result<HeartbeatParts> readHeartbeat(ByteView bytes) {
    if (bytes.size() > kMaxHeartbeat) {
        return fail(ErrorKind::limit, "the heartbeat is above 4 KiB");
    }
    if (bytes.size() < kMagic.size() || textOf(bytes.first(kMagic.size())) != kMagic) {
        return fail(ErrorKind::corrupt, "not a heartbeat of version 1");
    }
    ByteView rest = bytes.subspan(kMagic.size());
    const auto own = takeSized(rest);
    const auto publicKey = own ? takeSized(rest) : std::nullopt;
    const auto signature = publicKey ? takeSized(rest) : std::nullopt;
    if (!signature || !rest.empty()) {
        return fail(ErrorKind::corrupt, "the heartbeat is cut short or followed by something");
    }
    GH_TRY(Heartbeat heartbeat, decodeHeartbeat(*own));
    if (sha256(*publicKey) != heartbeat.key) {
        return fail(ErrorKind::corrupt, "the heartbeat names another key than it brings");
    }
    return HeartbeatParts{std::move(heartbeat), *own, *publicKey, *signature};
}

} // namespace gatehouse::ledger
