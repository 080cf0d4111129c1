// SPDX-License-Identifier: Apache-2.0
#include "cms/signed_note.h"

#include <algorithm>
#include <optional>

#include "base/crypto.h"

namespace gatehouse::cms {
namespace {

constexpr std::uint8_t kEd25519 = 1; // the kind of signature, as the C2SP page numbers them
constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kSignatureBytes = 64;
constexpr std::size_t kMaxSignatures = 64;
constexpr std::string_view kDash = "\xE2\x80\x94 "; // an em dash and a space

// What stands before the 32 bytes of an Ed25519 key in its SubjectPublicKeyInfo (RFC 8410 §4).
constexpr std::array<std::uint8_t, 12> kInfoHead{0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                                 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

bool isName(std::string_view name) {
    return !name.empty() && name.size() <= 128 && std::all_of(name.begin(), name.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte > 0x20 && byte < 0x7f && c != '+';
    });
}

std::array<std::uint8_t, 4> hashOf(std::string_view name, ByteView publicKey) {
    Bytes input(name.begin(), name.end());
    input.push_back('\n');
    input.push_back(kEd25519);
    input.insert(input.end(), publicKey.begin(), publicKey.end());
    const Sha256Digest digest = sha256(input);
    std::array<std::uint8_t, 4> hash{};
    std::copy_n(digest.begin(), hash.size(), hash.begin());
    return hash;
}

// The 32 bytes of an Ed25519 key; nullopt for other kinds.
std::optional<Bytes> rawKeyOf(const DeviceKey& key) {
    const Bytes& info = key.publicKey();
    if (info.size() != kInfoHead.size() + kKeyBytes || !std::equal(kInfoHead.begin(), kInfoHead.end(), info.begin())) {
        return std::nullopt;
    }
    return Bytes(info.begin() + kInfoHead.size(), info.end());
}

Bytes infoOf(ByteView publicKey) {
    Bytes info(kInfoHead.begin(), kInfoHead.end());
    info.insert(info.end(), publicKey.begin(), publicKey.end());
    return info;
}

std::unexpected<Error> noNote() {
    return fail(ErrorKind::invalidInput, "not a signed note");
}

// True when the line is this key's, and its signature is good; denied when it is this key's and does not fit.
Result<bool> checkLine(std::string_view line, std::string_view text, const VerifierKey& key) {
    if (!line.starts_with(kDash)) {
        return noNote();
    }
    line.remove_prefix(kDash.size());
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos || space == 0) {
        return noNote();
    }
    const auto value = base64Decode(line.substr(space + 1));
    if (!value || value->size() <= key.hash.size()) {
        return noNote();
    }
    if (line.substr(0, space) != key.name || !std::equal(key.hash.begin(), key.hash.end(), value->begin())) {
        return false;
    }
    const ByteView signature = ByteView(*value).subspan(key.hash.size());
    if (signature.size() != kSignatureBytes || !verifySignature(infoOf(key.publicKey), bytesOf(text), signature)) {
        return fail(ErrorKind::denied, "the note's signature does not fit");
    }
    return true;
}

} // namespace

Result<VerifierKey> readVerifierKey(std::string_view text) {
    const auto wrong = [] { return fail(ErrorKind::invalidInput, "not a verifier key (name+hash+key)"); };
    const std::size_t first = text.find('+');
    const std::size_t second = first == std::string_view::npos ? first : text.find('+', first + 1);
    if (second == std::string_view::npos || !isName(text.substr(0, first))) {
        return wrong();
    }
    const auto hash = hexDecode(text.substr(first + 1, second - first - 1));
    const auto typed = base64Decode(text.substr(second + 1));
    if (!hash || hash->size() != 4 || !typed || typed->size() != kKeyBytes + 1 || typed->front() != kEd25519) {
        return wrong();
    }
    VerifierKey key{std::string(text.substr(0, first)), {}, Bytes(typed->begin() + 1, typed->end())};
    key.hash = hashOf(key.name, key.publicKey);
    return std::equal(key.hash.begin(), key.hash.end(), hash->begin()) ? Result<VerifierKey>(std::move(key)) : wrong();
}

Result<std::string> verifierKeyOf(std::string_view name, const DeviceKey& key) {
    const auto raw = rawKeyOf(key);
    if (!raw || !isName(name)) {
        return fail(ErrorKind::invalidInput,
                    raw ? "a name of a note's key has no spaces and no '+'" : "notes are signed by Ed25519 keys only");
    }
    Bytes typed{kEd25519};
    typed.insert(typed.end(), raw->begin(), raw->end());
    return std::string(name) + "+" + hexEncode(hashOf(name, *raw)) + "+" + base64Encode(typed);
}

Result<std::string> signNote(std::string_view text, std::string_view name, const DeviceKey& key) {
    const auto raw = rawKeyOf(key);
    if (!raw || !isName(name) || !text.ends_with('\n') || text.size() > kMaxNote / 2) {
        return fail(ErrorKind::invalidInput, "this cannot be signed as a note");
    }
    GH_TRY(const Bytes signature, key.sign(bytesOf(text)));
    const auto hash = hashOf(name, *raw);
    Bytes value(hash.begin(), hash.end());
    value.insert(value.end(), signature.begin(), signature.end());
    return std::string(text) + "\n" + std::string(kDash) + std::string(name) + " " + base64Encode(value) + "\n";
}

Result<std::string> openNote(std::string_view note, const VerifierKey& key) {
    if (note.size() > kMaxNote) {
        return fail(ErrorKind::limit, "the note is above 64 KiB");
    }
    // The last blank line: the text may have some of its own.
    const std::size_t split = note.rfind("\n\n");
    if (split == std::string_view::npos || !note.ends_with('\n')) {
        return noNote();
    }
    const std::string_view text = note.substr(0, split + 1);
    std::string_view lines = note.substr(split + 2);
    bool isSigned = false;
    for (std::size_t count = 0; !lines.empty(); ++count) {
        const std::size_t end = lines.find('\n');
        if (end == std::string_view::npos || count == kMaxSignatures) {
            return noNote();
        }
        GH_TRY(const bool isOwn, checkLine(lines.substr(0, end), text, key));
        isSigned = isSigned || isOwn;
        lines.remove_prefix(end + 1);
    }
    return isSigned ? Result<std::string>(std::string(text))
                    : fail(ErrorKind::denied, "the note is not signed by this key");
}

} // namespace gatehouse::cms
