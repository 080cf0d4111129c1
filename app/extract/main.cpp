// SPDX-License-Identifier: Apache-2.0
// gatehouse-extract: reads one document from standard input and writes its texts to standard output, as frames
// (documents/frames.h). It has no options, opens no file, and is of no use to anybody but the agent and gatehousectl.
#include <array>
#include <cerrno>
#include <clocale>
#include <exception>
#include <string>
#include <string_view>

#include <iconv.h>
#include <unistd.h>

#include "documents/frames.h"
#include "documents/readers/picture.h"
#include "documents/readers/read.h"
#include "extract/sandbox.h"

namespace gatehouse::extract {
namespace {

constexpr std::size_t kMaxInput = std::size_t{64} * 1024U * 1024U + 2 * documents::kMaxName;

bool readAll(std::string& input) {
    std::array<char, 65536> piece{};
    for (;;) {
        const ssize_t got = ::read(STDIN_FILENO, piece.data(), piece.size());
        if (got == 0) {
            return true;
        }
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0 || input.size() + static_cast<std::size_t>(got) > kMaxInput) {
            return false;
        }
        input.append(piece.data(), static_cast<std::size_t>(got));
    }
}

void writeAll(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
        if (sent > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        } else if (errno != EINTR) {
            ::_exit(1); // nobody listens
        }
    }
}

int run() {
    // What conversions need from files is loaded now; later there are no files.
    std::setlocale(LC_CTYPE, "C.UTF-8");
    const std::array<iconv_t, 4> kept{::iconv_open("UTF-8", "UTF-16"), ::iconv_open("UTF-16", "UTF-8"),
                                      ::iconv_open("UTF-16LE", "UTF-8"), ::iconv_open("UTF-8", "UTF-16LE")};
    static_cast<void>(kept);
    std::string input;
    if (!readAll(input)) {
        return 2;
    }
    // Libraries and a model to be loaded, too: only where there may be a picture, for that takes some 30 ms.
    const auto pictures = documents::mayHoldPictures(input) ? documents::loadPictureReader() : nullptr;
    if (!enterSandbox()) {
        return 3;
    }
    const auto asked = documents::decodeAsked(input);
    if (!asked) {
        return 2;
    }
    documents::Output out({}, [](documents::FrameKind kind, std::string_view name, std::string_view text) {
        writeAll(documents::encodeFrame(kind, name, text));
    });
    out.readPicturesWith(pictures.get());
    documents::readDocument({asked->bytes, std::string(asked->name), "", 0}, out);
    writeAll(documents::encodeFrame(documents::FrameKind::end, "", ""));
    return 0;
}

} // namespace
} // namespace gatehouse::extract

int main() {
    int code = 4;
    try {
        code = gatehouse::extract::run();
    } catch (const std::exception&) {
        code = 4; // the parent sees that the last frame is missing
    }
    ::_exit(code); // libraries' own clean-up is of no use here
}
