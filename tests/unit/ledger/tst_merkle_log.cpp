// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include <map>

#include "base/bytes.h"
#include "ledger/checkpoint.h"
#include "ledger/merkle.h"
#include "ledger/merkle_log.h"

using namespace gatehouse;
using namespace gatehouse::ledger;

namespace {

// The leaves and roots that the tests of Certificate Transparency's reference implementations publish.
constexpr std::array<const char*, 8> kLeaves{
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
constexpr std::array<const char*, 9> kRoots{"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                                            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

// A whole log in memory.
struct Log {
    TreeBuilder builder{0, {}};
    std::map<TreeNode, Sha256Digest> nodes;
    std::vector<Sha256Digest> leaves;
    std::vector<Sha256Digest> roots{builder.root()};

    void append(ByteView data) {
        std::vector<HashedNode> made;
        leaves.push_back(hashLeaf(data));
        builder.append(leaves.back(), made);
        for (const HashedNode& each : made) {
            nodes[each.node] = each.hash;
        }
        roots.push_back(builder.root());
    }
    [[nodiscard]] NodeSource source() const {
        return [this](TreeNode node) -> Result<Sha256Digest> {
            const auto found = nodes.find(node);
            return found == nodes.end() ? fail(ErrorKind::notFound, "no such node")
                                        : Result<Sha256Digest>(found->second);
        };
    }
};

Log logOf(std::uint64_t size) {
    Log log;
    for (std::uint64_t i = 0; i < size; ++i) {
        log.append(bytesOf(std::to_string(i)));
    }
    return log;
}

std::vector<QString> hexOf(const Proof& proof) {
    std::vector<QString> out;
    for (const Sha256Digest& each : proof) {
        out.push_back(QString::fromStdString(hexEncode(each)));
    }
    return out;
}

} // namespace

class TestMerkleLog final : public QObject {
    Q_OBJECT

private slots:
    void rootsAreThePublishedOnes() {
        Log log;
        QCOMPARE(hexEncode(log.roots[0]), std::string(kRoots[0]));
        for (std::size_t i = 0; i < kLeaves.size(); ++i) {
            log.append(hexDecode(kLeaves.at(i)).value());
            QCOMPARE(hexEncode(log.roots.back()), std::string(kRoots.at(i + 1)));
        }
        // Inclusion of leaf 0 in the tree of eight, and consistency from six to eight, as published with them.
        QCOMPARE(hexOf(proveInclusion(0, 8, log.source()).value()),
                 (std::vector<QString>{"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                                       "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                                       "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}));
        QCOMPARE(hexOf(proveConsistency(6, 8, log.source()).value()),
                 (std::vector<QString>{"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                                       "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                                       "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}));
    }

    void theRootIsTheOneOfTheTreeOverAllLeaves() {
        const Log log = logOf(70);
        for (std::size_t size = 0; size <= 70; ++size) {
            QCOMPARE(log.roots[size], merkleRoot(std::span(log.leaves).first(size)));
        }
    }

    void aBuilderGoesOnWhereAnotherStopped() {
        const Log log = logOf(70);
        for (std::uint64_t size = 0; size < 70; ++size) {
            std::vector<Sha256Digest> frontier;
            for (const TreeNode& node : frontierOf(size)) {
                frontier.push_back(log.nodes.at(node));
            }
            TreeBuilder builder(size, frontier);
            QCOMPARE(builder.root(), log.roots[size]);
            std::vector<HashedNode> made;
            builder.append(log.leaves[size], made);
            QCOMPARE(builder.root(), log.roots[size + 1]);
            for (const HashedNode& each : made) {
                QCOMPARE(each.hash, log.nodes.at(each.node));
            }
        }
    }

    void everyLeafIsProvenInEveryTreeAndNoWhereElse() {
        const Log log = logOf(33);
        for (std::uint64_t size = 1; size <= 33; ++size) {
            for (std::uint64_t index = 0; index < size; ++index) {
                const Proof proof = proveInclusion(index, size, log.source()).value();
                QVERIFY(verifyInclusion(log.leaves[index], index, size, proof, log.roots[size]));
                QVERIFY(!verifyInclusion(log.leaves[(index + 1) % 33], index, size, proof, log.roots[size]));
                QVERIFY(!verifyInclusion(log.leaves[index], index + 1, size, proof, log.roots[size]) || size == 1);
                QVERIFY(!verifyInclusion(log.leaves[index], index, size, proof, log.roots[size - 1]));
                for (std::size_t at = 0; at < proof.size(); ++at) {
                    Proof wrong = proof;
                    wrong[at][31] ^= 1;
                    QVERIFY(!verifyInclusion(log.leaves[index], index, size, wrong, log.roots[size]));
                    wrong.erase(wrong.begin() + static_cast<std::ptrdiff_t>(at));
                    QVERIFY(!verifyInclusion(log.leaves[index], index, size, wrong, log.roots[size]));
                }
                Proof longer = proof;
                longer.push_back(log.leaves[0]);
                QVERIFY(!verifyInclusion(log.leaves[index], index, size, longer, log.roots[size]));
            }
        }
        QVERIFY(!proveInclusion(33, 33, log.source()));
        QVERIFY(!verifyInclusion(log.leaves[0], 0, 0, {}, log.roots[0]));
    }

    void everyTreeIsProvenToGrowOutOfEveryOlderOne() {
        const Log log = logOf(33);
        for (std::uint64_t size = 0; size <= 33; ++size) {
            for (std::uint64_t old = 0; old <= size; ++old) {
                const Proof proof = proveConsistency(old, size, log.source()).value();
                QVERIFY(verifyConsistency(old, log.roots[old], size, log.roots[size], proof));
                Sha256Digest other = log.roots[old];
                other[0] ^= 1;
                QVERIFY(!verifyConsistency(old, other, size, log.roots[size], proof));
                other = log.roots[size];
                other[0] ^= 1;
                QVERIFY(old == 0 || !verifyConsistency(old, log.roots[old], size, other, proof));
                for (std::size_t at = 0; at < proof.size(); ++at) {
                    Proof wrong = proof;
                    wrong[at][31] ^= 1;
                    QVERIFY(!verifyConsistency(old, log.roots[old], size, log.roots[size], wrong));
                    wrong.erase(wrong.begin() + static_cast<std::ptrdiff_t>(at));
                    QVERIFY(!verifyConsistency(old, log.roots[old], size, log.roots[size], wrong));
                }
            }
        }
        QVERIFY(!proveConsistency(34, 33, log.source()));
        QVERIFY(!verifyConsistency(33, log.roots[33], 32, log.roots[32], {}));
    }

    void aRewrittenLeafIsNoGrowth() {
        const Log log = logOf(20);
        Log other;
        for (std::uint64_t i = 0; i < 30; ++i) {
            other.append(bytesOf(i == 7 ? "rewritten" : std::to_string(i)));
        }
        QVERIFY(!verifyConsistency(20, log.roots[20], 30, other.roots[30],
                                   proveConsistency(20, 30, other.source()).value()));
        QVERIFY(
            verifyConsistency(7, log.roots[7], 30, other.roots[30], proveConsistency(7, 30, other.source()).value()));
    }

    void checkpointsAreReadAsTheyAreWritten() {
        const Checkpoint checkpoint{"log.example/audit", 8, sha256(bytesOf("root"))};
        const std::string text = writeCheckpoint(checkpoint);
        QCOMPARE(readCheckpoint(text).value(), checkpoint);
        QCOMPARE(readCheckpoint(text + "an extension\n").value(), checkpoint);
        for (const std::string& wrong :
             {std::string(), std::string("o\n8\n"), std::string("o\n08\n") + base64Encode(checkpoint.root) + "\n",
              std::string("o\n-1\n") + base64Encode(checkpoint.root) + "\n", std::string("o\n8\nAAAA\n"),
              text.substr(0, text.size() - 1)}) {
            QVERIFY(!readCheckpoint(wrong));
        }
    }
};

QTEST_GUILESS_MAIN(TestMerkleLog)
#include "tst_merkle_log.moc"
