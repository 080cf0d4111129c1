// SPDX-License-Identifier: Apache-2.0
#include "documents/readers/archive.h"

#include <array>
#include <memory>

#include <archive.h>
#include <archive_entry.h>

#include "documents/readers/text.h"

namespace gatehouse::documents {
namespace {

struct CloseArchive {
    void operator()(archive* reader) const { archive_read_free(reader); }
};
using Reader = std::unique_ptr<archive, CloseArchive>;

// The formats are named one by one: "all" has filters that start programs.
Reader openArchive(std::string_view bytes) {
    Reader reader(archive_read_new());
    if (!reader) {
        throw std::bad_alloc();
    }
    archive* raw = reader.get();
    archive_read_support_filter_gzip(raw);
    archive_read_support_filter_bzip2(raw);
    archive_read_support_filter_xz(raw);
    archive_read_support_filter_lzma(raw);
    archive_read_support_filter_compress(raw);
    archive_read_support_filter_zstd(raw);
    archive_read_support_filter_lz4(raw);
    archive_read_support_format_zip(raw);
    archive_read_support_format_tar(raw);
    archive_read_support_format_7zip(raw);
    archive_read_support_format_ar(raw);
    archive_read_support_format_cpio(raw);
    archive_read_support_format_cab(raw);
    archive_read_support_format_rar(raw);
    archive_read_support_format_rar5(raw);
    archive_read_support_format_raw(raw);
    if (archive_read_open_memory(raw, bytes.data(), bytes.size()) != ARCHIVE_OK) {
        return nullptr;
    }
    return reader;
}

bool isGood(int status) {
    return status == ARCHIVE_OK || status == ARCHIVE_WARN;
}

std::string nameOf(archive* reader, archive_entry* entry, const Source& source) {
    if (archive_format(reader) == ARCHIVE_FORMAT_RAW) { // one packed file: "notes.txt.gz" holds "notes.txt"
        const std::size_t dot = source.name.rfind('.');
        return dot == std::string::npos || dot == 0 ? "unpacked" : source.name.substr(0, dot);
    }
    const char* name = archive_entry_pathname_utf8(entry);
    if (name == nullptr) {
        name = archive_entry_pathname(entry);
    }
    return name == nullptr ? std::string() : decodeCharset(name, "utf-8");
}

enum class Unpacked { whole, isEncrypted, isBroken, isTooLarge, isBomb };

Unpacked unpackEntry(archive* reader, const Source& source, const std::string& place, std::string& bytes, Output& out) {
    std::array<char, 65536> buffer{};
    for (;;) {
        const la_ssize_t got = archive_read_data(reader, buffer.data(), buffer.size());
        if (got == 0) {
            return Unpacked::whole;
        }
        if (got < 0) {
            return archive_read_has_encrypted_entries(reader) > 0 ? Unpacked::isEncrypted : Unpacked::isBroken;
        }
        const auto size = static_cast<std::size_t>(got);
        if (!out.takeUnpacked(place, size, source.bytes.size())) {
            return Unpacked::isBomb;
        }
        if (bytes.size() + size > out.limits().entry) {
            return Unpacked::isTooLarge;
        }
        bytes.append(buffer.data(), size);
    }
}

// False once there is no sense in going on.
bool takeEntry(archive* reader, archive_entry* entry, const Source& source, Output& out,
               const std::function<void(const std::string&, const std::string&)>& take) {
    const std::string name = nameOf(reader, entry, source);
    const std::string place = source.at(name.empty() ? "(no name)" : name);
    if (!out.takeEntry(place)) {
        return false;
    }
    if (archive_entry_filetype(entry) != AE_IFREG && archive_entry_filetype(entry) != 0) {
        return true;
    }
    if (archive_entry_is_data_encrypted(entry) != 0) {
        out.gap(place, "it is encrypted");
        return true;
    }
    std::string bytes;
    switch (unpackEntry(reader, source, place, bytes, out)) {
    case Unpacked::whole:
        take(name, bytes);
        return !out.isFull();
    case Unpacked::isEncrypted:
        out.gap(place, "it is encrypted");
        return true;
    case Unpacked::isBroken:
        out.gap(place, "it cannot be unpacked");
        take(name, bytes); // so far
        return !out.isFull();
    case Unpacked::isTooLarge:
        out.gap(place, "it is larger than what is read");
        take(name, bytes);
        return !out.isFull();
    case Unpacked::isBomb:
        return false;
    }
    return false;
}

} // namespace

std::vector<std::string> listArchive(std::string_view bytes, const Limits& limits) {
    std::vector<std::string> names;
    const Reader reader = openArchive(bytes);
    archive_entry* entry = nullptr;
    while (reader && names.size() < limits.entries && isGood(archive_read_next_header(reader.get(), &entry))) {
        names.push_back(nameOf(reader.get(), entry, {}));
    }
    return names;
}

void unpackArchive(const Source& source, Output& out,
                   const std::function<void(const std::string& name, const std::string& bytes)>& take) {
    const Reader reader = openArchive(source.bytes);
    if (!reader) {
        out.gap(source.at(""), "it is broken");
        return;
    }
    archive_entry* entry = nullptr;
    for (;;) {
        const int status = archive_read_next_header(reader.get(), &entry);
        if (status == ARCHIVE_EOF) {
            return;
        }
        if (status == ARCHIVE_RETRY) {
            continue;
        }
        if (!isGood(status)) {
            const bool isEncrypted = archive_read_has_encrypted_entries(reader.get()) > 0;
            out.gap(source.at(""), isEncrypted ? "it is encrypted" : "it is broken");
            return;
        }
        if (!takeEntry(reader.get(), entry, source, out, take)) {
            return;
        }
    }
}

void readArchive(const Source& source, Output& out) {
    out.format("archive");
    std::string names;
    unpackArchive(source, out, [&](const std::string& name, const std::string& bytes) {
        names += name + "\n";
        readInner(source, name, bytes, out);
    });
    out.piece(source.at("names"), names);
}

} // namespace gatehouse::documents
