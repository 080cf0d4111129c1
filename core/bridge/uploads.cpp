// SPDX-License-Identifier: Apache-2.0
#include "bridge/uploads.h"

#include <utility>

#include "base/utf8.h"
#include "documents/sniff.h"

namespace gatehouse::bridge {

Result<> Uploads::begin(ipc::FileBegin file) {
    if (m_open.size() >= kOpenLimit) {
        return fail(ErrorKind::limit, "too many files at once");
    }
    Open open;
    open.isOpaque = file.size > kTextLimit;
    std::string name = file.file;
    open.begin = std::move(file);
    if (!m_open.try_emplace(std::move(name), std::move(open)).second) {
        return fail(ErrorKind::invalidInput, "a file of this name is on its way");
    }
    return {};
}

Result<bool> Uploads::add(const ipc::FileChunk& chunk) {
    const auto found = m_open.find(chunk.file);
    if (found == m_open.end()) {
        return fail(ErrorKind::invalidInput, "a chunk of an unknown file");
    }
    Open& open = found->second;
    if (chunk.sequence != open.nextChunk || chunk.bytes.size() > open.begin.size - open.received) {
        cancel(chunk.file);
        return fail(ErrorKind::invalidInput, "a chunk out of order, or more than was announced");
    }
    open.isDocument =
        open.isDocument || (open.nextChunk == 0 && documents::needsExtraction(chunk.bytes, open.begin.name));
    ++open.nextChunk;
    open.received += chunk.bytes.size();
    // A zero byte is in no text, and in nearly every file that is none.
    const bool isNoText = !open.isDocument && chunk.bytes.find('\0') != std::string::npos;
    if (!open.isOpaque && (isNoText || m_kept + chunk.bytes.size() > kSessionLimit)) {
        giveUp(open);
    }
    if (!open.isOpaque) {
        open.bytes += chunk.bytes;
        m_kept += chunk.bytes.size();
    }
    return open.isOpaque;
}

Result<Uploads::File> Uploads::end(const std::string& file) {
    const auto found = m_open.find(file);
    if (found == m_open.end()) {
        return fail(ErrorKind::invalidInput, "the end of an unknown file");
    }
    Open open = std::move(found->second);
    m_kept -= open.bytes.size();
    m_open.erase(found);
    if (!open.isOpaque && open.received != open.begin.size) {
        return fail(ErrorKind::invalidInput, "a file ended before its size");
    }
    File done{.begin = std::move(open.begin), .text = std::nullopt};
    if (!open.isOpaque && open.isDocument) {
        done.document = std::move(open.bytes);
    } else if (!open.isOpaque && isUtf8(open.bytes)) {
        done.text = std::move(open.bytes);
    }
    return done;
}

void Uploads::cancel(const std::string& file) {
    const auto found = m_open.find(file);
    if (found != m_open.end()) {
        m_kept -= found->second.bytes.size();
        m_open.erase(found);
    }
}

void Uploads::giveUp(Open& open) {
    m_kept -= open.bytes.size();
    open.bytes = std::string();
    open.isOpaque = true;
}

} // namespace gatehouse::bridge
