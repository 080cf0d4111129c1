// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <unistd.h>

#include "audit/journal.h"
#include "base/crypto.h"
#include "ledger/tlv.h"

using namespace gatehouse;

namespace {

std::string scratchPath() {
    const char* folder = std::getenv("TMPDIR");
    return std::string(folder != nullptr ? folder : "/tmp") + "/gatehouse-fuzz-journal-" + std::to_string(::getpid());
}

// A half of a journal as docs/formats/database.md has it, around entries of our choice: what lies behind the seal is
// reached only by what carries the right key.
Bytes sealedHalf(const SecureBytes& databaseKey, ByteView entries) {
    const std::string magic = "GHJRNL1\n";
    const Bytes salt(32, 7);
    Bytes half(magic.begin(), magic.end());
    half.insert(half.end(), salt.begin(), salt.end());
    const SecureBytes fileKey = hkdfSha256(databaseKey.view(), "gatehouse/journal/v1");
    AeadSealer sealer(hkdfSha256(fileKey.view(), "half/" + std::string(textOf(ByteView(salt)))));
    std::uint64_t number = 0;
    while (entries.size() > 2) { // two bytes of size, then the entry
        const std::size_t size = std::min<std::size_t>(entries[0] * 256U + entries[1], entries.size() - 2);
        Bytes head;
        ledger::putBigEndian(head, AeadSealer::sealedSize(size), 4);
        ledger::putBigEndian(head, ++number, 8);
        Bytes frame = head;
        if (!sealer.seal(number, entries.subspan(2, size), head, frame)) {
            std::abort();
        }
        half.insert(half.end(), frame.begin(), frame.end());
        entries = entries.subspan(2 + size);
    }
    half.resize(half.size() + 64); // what was never written is zero
    return half;
}

void readBack(const std::string& path, const SecureBytes& key, ByteView bytes) {
    std::FILE* file = std::fopen(path.c_str(), "wb");
    if (file == nullptr || std::fwrite(bytes.data(), 1, bytes.size(), file) != bytes.size()) {
        std::abort();
    }
    std::fclose(file);
    const auto all = audit::Journal::read(path, key, 0);
    const auto later = audit::Journal::read(path, key, 1);
    if (!all || !later || later->entries.size() > all->entries.size()) {
        std::abort();
    }
    for (const auto& entry : later->entries) {
        if (entry.number <= 1) { // what the database has is not brought in again
            std::abort();
        }
    }
}

} // namespace

// Any file is read without a crash; the first byte says whether the bytes are the file or the sealed entries in it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::string path = scratchPath();
    static const SecureBytes key = SecureBytes(ByteView(Bytes(32, 3)));
    if (size == 0) {
        return 0;
    }
    const ByteView bytes(data + 1, size - 1);
    readBack(path, key, data[0] % 2 == 0 ? Bytes(bytes.begin(), bytes.end()) : sealedHalf(key, bytes));
    return 0;
}
