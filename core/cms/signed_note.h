// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "cms/device_key.h"

// Signed notes (C2SP signed-note v1.0): a text, a blank line, and signature lines "— name base64(key hash ‖
// signature)". Signatures are Ed25519 (RFC 8032) over the text with its last newline. Pure functions, any thread. The
// collector's log says its state in this form, so that other tools of transparency logs read it too.
namespace gatehouse::cms {

inline constexpr std::size_t kMaxNote = 64UL * 1024UL; // bytes

// Whose signature on a note counts. As text "name+hash+key": the hash is 8 hex digits, the key base64 of 0x01 ‖ the
// public key.
struct VerifierKey {
    std::string name; // not empty, without spaces and '+'
    std::array<std::uint8_t, 4> hash{};
    Bytes publicKey; // 32 bytes
};
// invalidInput when the form, the hash or the kind of the key is wrong.
[[nodiscard]] Result<VerifierKey> readVerifierKey(std::string_view text);
// Of an Ed25519 key; invalidInput for other kinds and for a name that cannot be one.
[[nodiscard]] Result<std::string> verifierKeyOf(std::string_view name, const DeviceKey& key);

// `text` must end with a newline. The note has one signature, of `key` under `name`.
[[nodiscard]] Result<std::string> signNote(std::string_view text, std::string_view name, const DeviceKey& key);
// The text of a note that `key` signed. Signatures of others are left alone: they may be witnesses'. invalidInput: not
// a note; denied: no signature of this key, or one that does not fit; limit above 64 KiB.
[[nodiscard]] Result<std::string> openNote(std::string_view note, const VerifierKey& key);

} // namespace gatehouse::cms
