// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <archive.h>
#include <archive_entry.h>

#include "documents/readers/read.h"

// Documents made for tests, and what the readers find in them.
namespace gatehouse::documents {

using Files = std::vector<std::pair<std::string, std::string>>;

enum class Container { zip, tarGz, sevenZip, encryptedZip };

inline std::string packed(const Files& files, Container container = Container::zip) {
    struct archive* writer = archive_write_new();
    if (container == Container::tarGz) {
        archive_write_set_format_ustar(writer);
        archive_write_add_filter_gzip(writer);
    } else if (container == Container::sevenZip) {
        archive_write_set_format_7zip(writer);
    } else {
        archive_write_set_format_zip(writer);
        if (container == Container::encryptedZip) {
            archive_write_set_options(writer, "zip:encryption=zipcrypt");
            archive_write_set_passphrase(writer, "secret");
        }
    }
    std::string out;
    archive_write_open2(
        writer, &out, nullptr,
        [](struct archive*, void* to, const void* bytes, std::size_t size) -> la_ssize_t {
            static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), size);
            return static_cast<la_ssize_t>(size);
        },
        nullptr, nullptr);
    for (const auto& [name, bytes] : files) {
        struct archive_entry* entry = archive_entry_new();
        archive_entry_set_pathname(entry, name.c_str());
        archive_entry_set_size(entry, static_cast<la_int64_t>(bytes.size()));
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        archive_write_header(writer, entry);
        archive_write_data(writer, bytes.data(), bytes.size());
        archive_entry_free(entry);
    }
    archive_write_close(writer);
    archive_write_free(writer);
    return out;
}

inline std::string fixture(const std::string& name) {
    std::ifstream file(std::string(GATEHOUSE_FIXTURES) + "/documents/" + name, std::ios::binary);
    if (!file) {
        throw std::runtime_error("no fixture " + name);
    }
    return {std::istreambuf_iterator<char>(file), {}};
}

// What a document holds, in this process.
inline Extraction readHere(const std::string& bytes, const std::string& name = {}, Limits limits = {},
                           PictureReader* pictures = nullptr) {
    Extraction all;
    Output out(limits, [&all](FrameKind kind, std::string_view place, std::string_view text) {
        if (kind == FrameKind::format) {
            all.format = place;
        } else if (kind == FrameKind::piece) {
            all.pieces.push_back({std::string(place), std::string(text)});
        } else {
            all.gaps.push_back({std::string(place), std::string(text)});
        }
    });
    out.readPicturesWith(pictures);
    readDocument({bytes, name, "", 0}, out);
    return all;
}

// "place: text" and "place? reason", one a line.
inline std::string shown(const Extraction& all) {
    std::string out = all.format + "\n";
    for (const Piece& piece : all.pieces) {
        out += piece.name + ": " + piece.text + "\n";
    }
    for (const Gap& gap : all.gaps) {
        out += gap.name + "? " + gap.reason + "\n";
    }
    return out;
}

// The text of all pieces with this name.
inline std::string pieceOf(const Extraction& all, std::string_view name) {
    std::string out;
    for (const Piece& piece : all.pieces) {
        out += piece.name == name ? piece.text : "";
    }
    return out;
}

} // namespace gatehouse::documents
