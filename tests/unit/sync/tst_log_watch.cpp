// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include <map>

#include "base/json.h"
#include "support/openssl_tool.h"
#include "sync/log_watch.h"

using namespace gatehouse;

namespace {

constexpr std::string_view kOrigin = "log.example/audit";
constexpr std::int64_t kNow = 1'800'000'000'000;
constexpr std::int64_t kHour = 60LL * 60 * 1000;

// A collector with a log, which may lie.
class FakeLog final : public sync::CollectorLink {
public:
    explicit FakeLog(const cms::DeviceKey& key) : m_key(key) {}

    void append(const Sha256Digest& leaf) {
        std::vector<ledger::HashedNode> made;
        m_builder.append(leaf, made);
        for (const auto& each : made) {
            m_nodes[each.node] = each.hash;
        }
        if (placeOf(leaf) == m_places.end()) {
            m_places[leaf] = m_builder.size() - 1;
        }
    }
    bool isAway = false;
    bool spoilsProofs = false;
    int asked = 0;

    Result<sync::Reply> post(const std::string&, ByteView) override { return sync::Reply{}; }
    Result<sync::Reply> get(const std::string& path, const std::string&) override {
        ++asked;
        if (isAway) {
            return sync::Reply{503, "", 0};
        }
        if (path == "/v1/log/checkpoint") {
            const ledger::Checkpoint checkpoint{std::string(kOrigin), m_builder.size(), m_builder.root()};
            return m_builder.size() == 0
                       ? sync::Reply{404, R"({"error":"empty"})", 0}
                       : sync::Reply{200, cms::signNote(ledger::writeCheckpoint(checkpoint), kOrigin, m_key).value(),
                                     0};
        }
        const std::size_t question = path.find('?');
        const std::size_t both = path.find('&');
        const std::string first = path.substr(path.find('=') + 1, both - path.find('=') - 1);
        const std::uint64_t size = std::stoull(path.substr(path.rfind('=') + 1));
        const ledger::NodeSource nodes = [this](ledger::TreeNode node) -> Result<Sha256Digest> {
            return m_nodes.at(node);
        };
        if (path.substr(0, question) == "/v1/log/consistency") {
            return answer(ledger::proveConsistency(std::stoull(first), size, nodes).value(), 0);
        }
        Sha256Digest leaf{};
        const Bytes bytes = hexDecode(first).value();
        std::copy(bytes.begin(), bytes.end(), leaf.begin());
        const auto place = placeOf(leaf);
        if (place == m_places.end() || place->second >= size) {
            return sync::Reply{404, R"({"error":"not_included"})", 0};
        }
        return answer(ledger::proveInclusion(place->second, size, nodes).value(), place->second);
    }

private:
    [[nodiscard]] std::map<Sha256Digest, std::uint64_t>::const_iterator placeOf(const Sha256Digest& leaf) const {
        return m_places.find(leaf);
    }
    [[nodiscard]] sync::Reply answer(ledger::Proof proof, std::uint64_t index) const {
        if (spoilsProofs && !proof.empty()) {
            proof.front()[0] ^= 1;
        }
        Json list = Json::array();
        for (const auto& hash : proof) {
            list.push_back(base64Encode(hash));
        }
        return {200, dumpJson({{"index", index}, {"proof", list}}), 0};
    }

    const cms::DeviceKey& m_key;
    ledger::TreeBuilder m_builder{0, {}};
    std::map<ledger::TreeNode, Sha256Digest> m_nodes;
    std::map<Sha256Digest, std::uint64_t> m_places;
};

Sha256Digest leafOf(int number) {
    return ledger::hashLeaf(bytesOf(std::to_string(number)));
}

} // namespace

class TestLogWatch final : public QObject {
    Q_OBJECT

    test::OpensslTool m_tool;
    std::optional<cms::DeviceKey> m_key;
    std::string m_verifier;
    std::unique_ptr<QTemporaryDir> m_folder;

    sync::LogWatch open() { return sync::LogWatch::open(m_folder->path().toStdString(), m_verifier).value(); }
    FakeLog logOf(int size, int rewritten = -1) {
        FakeLog log(*m_key);
        for (int i = 0; i < size; ++i) {
            log.append(i == rewritten ? leafOf(1000 + i) : leafOf(i));
        }
        return log;
    }
    // A watch that has seen a log of ten.
    void pinTen() {
        auto log = logOf(10);
        auto watch = open();
        QVERIFY(watch.note(leafOf(3), kNow));
        const auto report = watch.check(log, kNow).value();
        QCOMPARE(report.problem, std::string());
        QCOMPARE(report.size, std::uint64_t{10});
        QCOMPARE(report.unproven, std::uint64_t{0});
    }

private slots:
    void initTestCase() {
        QVERIFY(m_tool.run("genpkey -algorithm ed25519 -out log.key"));
        m_key = cms::DeviceKey::fromPem(SecureBytes(m_tool.read("log.key"))).value();
        m_verifier = cms::verifierKeyOf(kOrigin, *m_key).value();
    }
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void receiptsAreProvenAndTheLogIsFollowed() {
        pinTen();
        auto log = logOf(17);
        auto watch = open(); // remembered over a restart
        QVERIFY(watch.note(leafOf(12), kNow));
        QVERIFY(watch.note(leafOf(12), kNow)); // once
        QVERIFY(watch.note(leafOf(20), kNow)); // not there yet
        const auto report = watch.check(log, kNow + 1000).value();
        QCOMPARE(report.problem, std::string());
        QCOMPARE(report.size, std::uint64_t{17});
        QCOMPARE(report.unproven, std::uint64_t{1});
        log.append(leafOf(20));
        QCOMPARE(open().check(log, kNow + 2000).value().unproven, std::uint64_t{0});
    }

    void aReceiptThatIsNotLoggedIsTold() {
        auto log = logOf(3);
        auto watch = open();
        QVERIFY(watch.note(leafOf(5), kNow));
        QCOMPARE(watch.check(log, kNow + kHour - 1).value().problem, std::string());
        QVERIFY(watch.check(log, kNow + kHour + 1).value().problem.find("an hour") != std::string::npos);
        log.append(leafOf(5));
        QCOMPARE(watch.check(log, kNow + kHour + 2).value().problem, std::string()); // late is not lost
    }

    void anEmptyLogIsNoFaultAtTheBeginAndOneLater() {
        auto empty = logOf(0);
        QCOMPARE(open().check(empty, kNow).value().problem, std::string());
        pinTen();
        QVERIFY(open().check(empty, kNow).value().problem.find("gone") != std::string::npos);
    }

    void aShorterLogIsAFaultThatStays() {
        pinTen();
        auto shorter = logOf(9);
        QVERIFY(open().check(shorter, kNow).value().problem.find("shorter") != std::string::npos);
        auto good = logOf(11);
        QVERIFY(open().check(good, kNow).value().problem.find("shorter") != std::string::npos);
        QVERIFY(QFile::remove(m_folder->filePath("collector-log.json"))); // somebody looked
        QCOMPARE(open().check(good, kNow).value().problem, std::string());
    }

    void anotherLogOfTheSameSizeOrALargerOneIsAFault() {
        for (const int size : {10, 14}) {
            m_folder = std::make_unique<QTemporaryDir>();
            pinTen();
            auto other = logOf(size, 4);
            QVERIFY(open().check(other, kNow).value().problem.find("two different logs") != std::string::npos);
        }
    }

    void proofsThatDoNotFitAreFaults() {
        pinTen();
        auto log = logOf(14);
        log.spoilsProofs = true;
        QVERIFY(!open().check(log, kNow).value().problem.empty());
        m_folder = std::make_unique<QTemporaryDir>();
        auto watch = open();
        QVERIFY(watch.note(leafOf(3), kNow));
        const auto report = watch.check(log, kNow).value();
        QVERIFY(report.problem.find("does not fit") != std::string::npos);
        QCOMPARE(report.unproven, std::uint64_t{1});
    }

    void aCollectorThatIsAwayIsNoFault() {
        pinTen();
        auto log = logOf(10);
        log.isAway = true;
        const auto report = open().check(log, kNow);
        QVERIFY(!report);
        QCOMPARE(report.error().kind, ErrorKind::unavailable);
        QVERIFY(open().fault().empty());
    }

    void anotherKeyIsToldAndPinsNothing() {
        QVERIFY(m_tool.run("genpkey -algorithm ed25519 -out other.key"));
        const auto other = cms::DeviceKey::fromPem(SecureBytes(m_tool.read("other.key"))).value();
        FakeLog log(other);
        log.append(leafOf(0));
        QVERIFY(open().check(log, kNow).value().problem.find("sync.log_key") != std::string::npos);
        auto good = logOf(5, 0);
        QCOMPARE(open().check(good, kNow).value().problem, std::string());
    }

    void aNewKeyOfThePolicyBeginsAnewAndKeepsTheReceipts() {
        pinTen();
        QVERIFY(open().note(leafOf(99), kNow));
        QVERIFY(m_tool.run("genpkey -algorithm ed25519 -out next.key"));
        const auto next = cms::DeviceKey::fromPem(SecureBytes(m_tool.read("next.key"))).value();
        FakeLog log(next);
        log.append(leafOf(99));
        auto watch =
            sync::LogWatch::open(m_folder->path().toStdString(), cms::verifierKeyOf(kOrigin, next).value()).value();
        const auto report = watch.check(log, kNow).value();
        QCOMPARE(report.problem, std::string());
        QCOMPARE(report.unproven, std::uint64_t{0});
    }

    void fiftyReceiptsAreAskedForAtOnce() {
        auto log = logOf(120);
        auto watch = open();
        for (int i = 0; i < 120; ++i) {
            QVERIFY(watch.note(leafOf(i), kNow));
        }
        QCOMPARE(watch.check(log, kNow).value().unproven, std::uint64_t{70});
        QCOMPARE(log.asked, 51);
        QCOMPARE(watch.check(log, kNow).value().unproven, std::uint64_t{20});
        QCOMPARE(watch.check(log, kNow).value().unproven, std::uint64_t{0});
    }
};

QTEST_GUILESS_MAIN(TestLogWatch)
#include "tst_log_watch.moc"
