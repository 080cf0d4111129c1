// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include <algorithm>
#include <functional>
#include <vector>

#include "entry_fixture.h"
#include "ledger/chain.h"

using namespace gatehouse;
using namespace gatehouse::ledger;
using namespace gatehouse::test;

namespace {

constexpr std::size_t kRecords = 200;

struct Kept {
    std::uint64_t sequence = 0;
    Bytes bytes;
    Sha256Digest hash{};
};

std::vector<Kept> makeChain(std::uint8_t chain) {
    std::vector<Kept> out;
    Sha256Digest previous{};
    for (std::size_t i = 1; i <= kRecords; ++i) {
        Entry entry = i % 2 == 0 ? fullEntry() : exampleEntry();
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

bool feed(ChainVerifier& verifier, const Kept& kept) {
    return verifier.feed(kept.bytes, kept.sequence, kept.hash).has_value();
}

} // namespace

// Every single mutation of a chain of 200 records. The part before the mutation is verified once and copied, which is
// what makes a hundred thousand cases cheap.
class TestChainMutations final : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        m_chain = makeChain(0x11);
        m_foreign = makeChain(0x77);
        ChainVerifier verifier;
        m_before.push_back(verifier);
        for (const Kept& kept : m_chain) {
            QVERIFY(feed(verifier, kept));
            m_before.push_back(verifier);
        }
        m_head = verifier.head();
    }

    // One bit of each byte of each record, once as it is found on the disk and once with the kept hash mended to fit.
    void everyByteThatChangesIsFoundAtItsRecordOrAtTheNext() {
        std::size_t cases = 0;
        for (std::size_t at = 0; at < kRecords; ++at) {
            for (std::size_t i = 0; i < m_chain[at].bytes.size(); ++i) {
                Kept changed = m_chain[at];
                changed.bytes[i] ^= static_cast<std::uint8_t>(1U << (i % 8));
                QCOMPARE(badWith(at, {changed}, at + 1), at + 1);
                changed.hash = hashEntry(changed.bytes);
                const std::uint64_t bad = badWith(at, {changed}, at + 1);
                QVERIFY(bad == at + 1 || bad == at + 2 || (at + 1 == kRecords && bad == kRecords));
                cases += 2;
            }
        }
        QVERIFY2(cases > 100'000, qPrintable(QString::number(cases)));
    }

    void everyByteOfEveryKeptHashIsFoundAtItsRecord() {
        for (std::size_t at = 0; at < kRecords; ++at) {
            for (std::size_t i = 0; i < m_chain[at].hash.size(); ++i) {
                Kept changed = m_chain[at];
                changed.hash.at(i) ^= 0x80U;
                QCOMPARE(badWith(at, {changed}, at + 1), at + 1);
            }
        }
    }

    void everyRecordThatIsDroppedIsMissed() {
        for (std::size_t at = 0; at < kRecords; ++at) {
            QCOMPARE(badWith(at, {}, at + 1), at + 1);
        }
    }

    void everyTailThatIsCutIsMissed() {
        for (std::size_t at = 0; at < kRecords; ++at) {
            QCOMPARE(badWith(at, {}, kRecords), at + 1);
        }
    }

    // The record `from`, again, before every record.
    void everyRecordThatIsDoubledAnywhereIsFound() {
        for (std::size_t from = 0; from < kRecords; ++from) {
            for (std::size_t at = 0; at <= kRecords; ++at) {
                const std::uint64_t bad = badWith(at, {m_chain[from]}, at);
                QCOMPARE(bad, static_cast<std::uint64_t>(from == at ? at + 2 : at + 1));
            }
        }
    }

    // Renumbered, so that only its bytes give the replayed record away.
    void everyRecordThatIsReplayedUnderAnotherNumberIsFound() {
        for (std::size_t from = 0; from < kRecords; ++from) {
            for (std::size_t at = 0; at < kRecords; ++at) {
                if (from != at) {
                    Kept replayed = m_chain[from];
                    replayed.sequence = at + 1;
                    QCOMPARE(badWith(at, {replayed}, at + 1), at + 1);
                }
            }
        }
    }

    void everyPairThatIsSwappedIsFound() {
        for (std::size_t first = 0; first < kRecords; ++first) {
            for (std::size_t second = first + 1; second < kRecords; ++second) {
                QCOMPARE(badWith(first, {m_chain[second]}, first + 1), first + 1);
            }
        }
    }

    void everyRecordOfAnotherDeviceIsFound() {
        for (std::size_t at = 0; at < kRecords; ++at) {
            // The first record of any chain could be one; what follows it tells.
            QCOMPARE(badWith(at, {m_foreign[at]}, at + 1), at == 0 ? std::size_t{2} : at + 1);
        }
    }

    void everyTailOfAnotherDeviceIsFound() {
        for (std::size_t at = 0; at < kRecords; ++at) {
            const std::vector<Kept> tail(m_foreign.begin() + static_cast<std::ptrdiff_t>(at), m_foreign.end());
            // A whole chain of another device verifies in itself: the remembered head tells that it is not this one.
            QCOMPARE(badWith(at, tail, kRecords), static_cast<std::uint64_t>(at == 0 ? kRecords : at + 1));
        }
    }

private:
    // The first bad record (0: none) when the records before `at` stand, `instead` follows, then the rest from `rest`.
    std::uint64_t badWith(std::size_t at, const std::vector<Kept>& instead, std::size_t rest) {
        ChainVerifier verifier = m_before[at];
        std::optional<Sha256Digest> atRemembered;
        const auto take = [&](const Kept& kept) {
            const bool isGood = feed(verifier, kept);
            if (isGood && verifier.head().sequence == m_head.sequence) {
                atRemembered = verifier.head().hash;
            }
            return isGood;
        };
        if (std::all_of(instead.begin(), instead.end(), take)) {
            std::all_of(m_chain.begin() + static_cast<std::ptrdiff_t>(rest), m_chain.end(), take);
        }
        if (!verifier.fault() && at == m_chain.size() && instead.empty()) {
            atRemembered = m_head.hash;
        }
        verifier.checkRemembered(m_head, atRemembered);
        return verifier.fault() ? verifier.fault()->sequence : 0;
    }

    std::vector<Kept> m_chain;
    std::vector<Kept> m_foreign;
    std::vector<ChainVerifier> m_before; // [i]: after the first i records
    Head m_head;
};

QTEST_APPLESS_MAIN(TestChainMutations)
#include "tst_chain_mutations.moc"
