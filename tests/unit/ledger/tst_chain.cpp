// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include <random>

#include "entry_fixture.h"
#include "ledger/chain.h"

using namespace gatehouse;
using namespace gatehouse::ledger;
using namespace gatehouse::test;

namespace {

struct Kept {
    std::uint64_t sequence = 0;
    Bytes bytes;
    Sha256Digest hash{};
};

std::vector<Kept> makeChain(std::size_t count, std::uint8_t chain = 0x11) {
    std::vector<Kept> out;
    Sha256Digest previous{};
    for (std::size_t i = 1; i <= count; ++i) {
        Entry entry = exampleEntry();
        entry.chain.fill(chain);
        entry.previous = previous;
        entry.record.sequence = i;
        entry.record.interaction = "I" + std::to_string(i);
        Kept kept{i, encodeEntry(entry), {}};
        kept.hash = hashEntry(kept.bytes);
        previous = kept.hash;
        out.push_back(std::move(kept));
    }
    return out;
}

Head headOf(const std::vector<Kept>& chain) {
    Head head{{}, chain.size(), chain.back().hash};
    head.chain.fill(0x11);
    return head;
}

// The first bad record, or 0: as verify does it, with the head that is remembered elsewhere.
std::uint64_t firstBad(const std::vector<Kept>& chain, const Head& remembered) {
    ChainVerifier verifier;
    std::optional<Sha256Digest> at;
    for (const Kept& kept : chain) {
        if (!verifier.feed(kept.bytes, kept.sequence, kept.hash)) {
            break;
        }
        if (kept.sequence == remembered.sequence) {
            at = kept.hash;
        }
    }
    verifier.checkRemembered(remembered, at);
    return verifier.fault() ? verifier.fault()->sequence : 0;
}

} // namespace

class TestChain final : public QObject {
    Q_OBJECT
private slots:
    void anUntouchedChainVerifies() {
        const auto chain = makeChain(200);
        QCOMPARE(firstBad(chain, headOf(chain)), std::uint64_t{0});
        QCOMPARE(firstBad(chain, Head{}), std::uint64_t{0});
    }

    void everySingleByteThatChangesIsLocated() {
        const auto chain = makeChain(5);
        for (std::size_t record = 0; record < chain.size(); ++record) {
            for (std::size_t i = 0; i < chain[record].bytes.size(); ++i) {
                auto changed = chain;
                changed[record].bytes[i] ^= 1U;
                QCOMPARE(firstBad(changed, headOf(chain)), static_cast<std::uint64_t>(record + 1));
            }
        }
    }

    void everyRearrangementIsDetected() {
        const auto chain = makeChain(200);
        const auto foreign = makeChain(200, 0x77);
        std::mt19937 random(7); // NOLINT: the same cases at every run
        for (int round = 0; round < 3000; ++round) {
            auto changed = chain;
            const std::size_t at = random() % chain.size();
            const std::size_t other = random() % chain.size();
            switch (round % 6) {
            case 0:
                changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(at));
                break;
            case 1:
                std::swap(changed[at], changed[(at + 1) % chain.size()]);
                break;
            case 2:
                changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(at), chain[other]);
                break;
            case 3:
                changed.resize(at);
                break;
            case 4:
                changed[at] = foreign[at];
                break;
            default:
                changed[at].bytes = chain[(at + 1) % chain.size()].bytes;
                break;
            }
            QVERIFY2(firstBad(changed, headOf(chain)) != 0, qPrintable(QString::number(round)));
        }
    }

    // Who edits one record and mends its own hash is found at the next one; who mends all of them is found by the head.
    void mendedHashesAreFoundAtTheNextRecordOrByTheHead() {
        const auto chain = makeChain(10);
        auto one = chain;
        Entry entry = *decodeEntry(one[4].bytes);
        entry.record.rule = "other";
        one[4].bytes = encodeEntry(entry);
        one[4].hash = hashEntry(one[4].bytes);
        QCOMPARE(firstBad(one, headOf(chain)), std::uint64_t{6});
        auto all = one;
        for (std::size_t i = 5; i < all.size(); ++i) {
            Entry next = *decodeEntry(all[i].bytes);
            next.previous = all[i - 1].hash;
            all[i].bytes = encodeEntry(next);
            all[i].hash = hashEntry(all[i].bytes);
        }
        QCOMPARE(firstBad(all, Head{}), std::uint64_t{0}); // the chain alone cannot tell
        QCOMPARE(firstBad(all, headOf(chain)), std::uint64_t{10});
    }

    void aCutTailIsFoundByTheHeadOnly() {
        auto chain = makeChain(10);
        const Head head = headOf(chain);
        chain.resize(6);
        QCOMPARE(firstBad(chain, Head{}), std::uint64_t{0});
        QCOMPARE(firstBad(chain, head), std::uint64_t{7});
    }
};

QTEST_GUILESS_MAIN(TestChain)
#include "tst_chain.moc"
