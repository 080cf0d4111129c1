// SPDX-License-Identifier: Apache-2.0
// What the chat window reads: event streams are the same at any split, and no JSON upsets it.
#include <cstdint>
#include <cstdlib>

#include "chat/sse_parser.h"
#include "chat/wire.h"

using namespace gatehouse::ui;

namespace {

struct Seen {
    QList<QByteArray> events;
    bool isBroken = false;
    friend bool operator==(const Seen&, const Seen&) = default;
};

Seen read(const QByteArray& bytes, qsizetype step) {
    SseParser parser;
    Seen seen;
    for (qsizetype at = 0; at < bytes.size(); at += step) {
        seen.events += parser.push(bytes.mid(at, step));
    }
    seen.isBroken = parser.isBroken();
    return seen;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const QByteArray bytes(reinterpret_cast<const char*>(data), static_cast<qsizetype>(size));
    const Seen whole = read(bytes, bytes.size() + 1);
    if (!(read(bytes, 1) == whole) || !(read(bytes, 5) == whole)) {
        std::abort();
    }
    for (const QByteArray& json : whole.events + QList<QByteArray>{bytes}) {
        (void)parseModels(json);
        (void)parseError(json);
        (void)parsePiece(json);
        (void)parseInteraction(json);
    }
    return 0;
}
