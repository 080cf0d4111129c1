// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include <cstring>

#include "ipc/framing.h"

using namespace gatehouse;
using namespace gatehouse::ipc;

namespace {

std::string frameOf(const std::string& payload) {
    return encodeFrame(payload).value();
}

std::string lengthOnly(std::uint32_t length) {
    std::string bytes(4, '\0');
    std::memcpy(bytes.data(), &length, 4);
    return bytes;
}

std::vector<std::string> drain(FrameDecoder& decoder) {
    std::vector<std::string> frames;
    for (auto frame = decoder.next(); frame && *frame; frame = decoder.next()) {
        frames.push_back(**frame);
    }
    return frames;
}

} // namespace

class FramingTest final : public QObject {
    Q_OBJECT
private slots:
    void everySplitGivesTheSameFrames() {
        const std::string stream = frameOf("{\"a\":1}") + frameOf("x") + frameOf(std::string(300, 'y'));
        for (std::size_t first = 0; first <= stream.size(); ++first) {
            for (std::size_t second = first; second <= stream.size(); second += 7) {
                FrameDecoder decoder;
                std::vector<std::string> frames;
                for (const auto& piece :
                     {stream.substr(0, first), stream.substr(first, second - first), stream.substr(second)}) {
                    decoder.push(piece);
                    std::ranges::move(drain(decoder), std::back_inserter(frames));
                }
                QCOMPARE(frames.size(), 3U);
                QCOMPARE(frames[0], std::string("{\"a\":1}"));
                QCOMPARE(frames[2], std::string(300, 'y'));
                QVERIFY(decoder.isAtBoundary());
            }
        }
    }

    void theCapBitesAtOneByteMore() {
        QVERIFY(encodeFrame(std::string(kFrameLimit - 1, 'a')));
        QVERIFY(encodeFrame(std::string(kFrameLimit, 'a')));
        QCOMPARE(encodeFrame(std::string(kFrameLimit + 1, 'a')).error().kind, ErrorKind::limit);

        FrameDecoder fits;
        fits.push(frameOf(std::string(kFrameLimit, 'a')));
        QCOMPARE(fits.next().value()->size(), kFrameLimit);
        FrameDecoder tooLarge;
        tooLarge.push(lengthOnly(static_cast<std::uint32_t>(kFrameLimit) + 1));
        QCOMPARE(tooLarge.next().error().kind, ErrorKind::limit);
        tooLarge.push("more");
        QVERIFY(!tooLarge.next());
    }

    void anEmptyFrameIsRefused() {
        QCOMPARE(encodeFrame("").error().kind, ErrorKind::invalidInput);
        FrameDecoder decoder;
        decoder.push(lengthOnly(0));
        QCOMPARE(decoder.next().error().kind, ErrorKind::invalidInput);
    }

    void aCutFrameIsNotAtABoundary() {
        FrameDecoder decoder;
        decoder.push(frameOf("whole") + std::string(2, '\0'));
        QCOMPARE(drain(decoder).size(), 1U);
        QVERIFY(!decoder.isAtBoundary());
    }
};

QTEST_GUILESS_MAIN(FramingTest)
#include "tst_framing.moc"
