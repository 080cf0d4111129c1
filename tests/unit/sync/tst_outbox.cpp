// SPDX-License-Identifier: Apache-2.0
#include <QDir>
#include <QtTest>

#include "made_chain.h"
#include "support/openssl_tool.h"
#include "sync/batch.h"
#include "sync/courier.h"
#include "sync/cutter.h"

using namespace gatehouse;

class TestOutbox final : public QObject {
    Q_OBJECT

    test::OpensslTool m_tool;
    sync::Device m_device{{0x11}, cms::DeviceKey::generate().value()};
    sync::CutOptions m_options;
    std::unique_ptr<QTemporaryDir> m_folder;

    [[nodiscard]] std::string folder() const { return m_folder->path().toStdString(); }
    [[nodiscard]] sync::Outbox opened() const { return sync::Outbox::open(folder()).value(); }
    [[nodiscard]] sync::CutReport cutInto(sync::Outbox& outbox, test::MadeChain& chain) const {
        return sync::cut(chain, outbox, m_device, m_options).value();
    }
    [[nodiscard]] QStringList files() const { return QDir(m_folder->path() + "/outbox").entryList({"*.ghb"}); }
    [[nodiscard]] static std::vector<std::pair<std::uint64_t, std::uint64_t>> spans(const sync::Outbox& outbox) {
        std::vector<std::pair<std::uint64_t, std::uint64_t>> out;
        for (const auto& waiting : outbox.waiting()) {
            out.emplace_back(waiting.from, waiting.to);
        }
        return out;
    }
    using Spans = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

private slots:
    void initTestCase() {
        const QString p256 = "-newkey ec -pkeyopt ec_paramgen_curve:P-256";
        m_tool.selfSigned("first", p256);
        m_tool.selfSigned("second", p256);
        m_options.auditorsPem = m_tool.read("first.crt") + m_tool.read("second.crt");
        m_options.nowMs = 1'800'000'000'000;
    }
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_options.spoolBytes = 1'000'000;
        m_options.wanted.records = 10;
    }

    void everythingNewIsCutOnceAndInOrder() {
        test::MadeChain chain;
        auto outbox = opened();
        QCOMPARE(cutInto(outbox, chain).batches, 0U);
        chain.append(25);
        QCOMPARE(cutInto(outbox, chain).records, 25U);
        QCOMPARE(spans(outbox), (Spans{{1, 10}, {11, 20}, {21, 25}}));
        QCOMPARE(cutInto(outbox, chain).batches, 0U);
        chain.append(1);
        QCOMPARE(cutInto(outbox, chain).records, 1U);
        QCOMPARE(spans(outbox).back(), (std::pair<std::uint64_t, std::uint64_t>{26, 26}));
    }

    void aRetryHasTheSameBytesEvenAfterARestart() {
        test::MadeChain chain;
        chain.append(5);
        Bytes before;
        {
            auto outbox = opened();
            QCOMPARE(cutInto(outbox, chain).batches, 1U);
            before = outbox.read(outbox.waiting().front()).value();
        }
        auto outbox = opened();
        QCOMPARE(cutInto(outbox, chain).batches, 0U);
        QVERIFY(outbox.read(outbox.waiting().front()).value() == before);
    }

    void whatWasDeliveredGoesAndIsRemembered() {
        test::MadeChain chain;
        chain.append(25);
        {
            auto outbox = opened();
            QCOMPARE(cutInto(outbox, chain).batches, 3U);
            QCOMPARE(outbox.markDelivered(15, std::nullopt).error().kind, ErrorKind::notFound);
            QVERIFY(outbox.markDelivered(20, Sha256Digest{7}));
            QCOMPARE(files().size(), 1);
        }
        auto outbox = opened();
        QCOMPARE(outbox.delivered()->sequence, 20U);
        QCOMPARE(outbox.lastReceipt(), std::optional(Sha256Digest{7}));
        QCOMPARE(spans(outbox), (Spans{{21, 25}}));
        chain.append(1);
        QCOMPARE(cutInto(outbox, chain).records, 1U);
        const Bytes batch = outbox.read(outbox.waiting().back()).value();
        QCOMPARE(sync::checkBatch(batch).value().header.lastReceipt, std::optional(Sha256Digest{7}));
    }

    void aFileThatOutlivedItsDeliveryIsNotSentAgain() {
        test::MadeChain chain;
        chain.append(20);
        auto outbox = std::make_unique<sync::Outbox>(opened());
        QCOMPARE(cutInto(*outbox, chain).batches, 2U);
        const auto first = QString::fromStdString(folder() + "/outbox/" + outbox->waiting().front().name);
        QVERIFY(QFile::copy(first, first + ".kept"));
        QVERIFY(outbox->markDelivered(10, std::nullopt));
        outbox.reset();
        QVERIFY(QFile::rename(first + ".kept", first));
        const auto again = opened();
        QCOMPARE(spans(again), (Spans{{11, 20}}));
        QCOMPARE(files().size(), 1);
    }

    void aDamagedFileAndAllBehindItAreCutAnew() {
        test::MadeChain chain;
        chain.append(30);
        auto outbox = std::make_unique<sync::Outbox>(opened());
        QCOMPARE(cutInto(*outbox, chain).batches, 3U);
        QFile file(QString::fromStdString(folder() + "/outbox/" + outbox->waiting()[1].name));
        outbox.reset();
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.seek(file.size() / 2));
        QVERIFY(file.write("x") == 1);
        file.close();
        auto again = opened();
        QCOMPARE(spans(again), (Spans{{1, 10}}));
        QCOMPARE(cutInto(again, chain).records, 20U);
        QCOMPARE(spans(again), (Spans{{1, 10}, {11, 20}, {21, 30}}));
    }

    void losingTheWholeOutboxLosesNoRecord() {
        test::MadeChain chain;
        chain.append(25);
        {
            auto outbox = opened();
            QCOMPARE(cutInto(outbox, chain).batches, 3U);
            QVERIFY(outbox.markDelivered(10, std::nullopt));
        }
        QVERIFY(QDir(m_folder->path() + "/outbox").removeRecursively());
        auto outbox = opened();
        QVERIFY(!outbox.delivered());
        QCOMPARE(cutInto(outbox, chain).records, 25U);
    }

    void aFullSpoolCutsNothingAndForgetsNothing() {
        test::MadeChain chain;
        chain.append(100);
        m_options.spoolBytes = 1;
        auto outbox = opened();
        QCOMPARE(cutInto(outbox, chain).left, 90U);
        QCOMPARE(cutInto(outbox, chain).batches, 0U);
        for (std::uint64_t to = 10; to <= 100; to += 10) {
            QCOMPARE(spans(outbox), (Spans{{to - 9, to}}));
            QVERIFY(outbox.markDelivered(to, std::nullopt));
            QCOMPARE(cutInto(outbox, chain).left, to == 100 ? 0U : 90U - to);
        }
    }

    void anAuditThatWasSetBackGoesOutFromWhereItStillAgrees() {
        test::MadeChain chain;
        chain.append(30);
        auto outbox = opened();
        QCOMPARE(cutInto(outbox, chain).batches, 3U);
        QVERIFY(outbox.markDelivered(30, std::nullopt));
        chain.cutOffBehind(24);
        chain.append(3, "another history");
        const auto report = cutInto(outbox, chain);
        QVERIFY(report.isDiverged);
        QCOMPARE(spans(outbox), (Spans{{21, 27}}));
        QVERIFY(!cutInto(outbox, chain).isDiverged);
    }

    void anotherChainGoesOutFromItsBegin() {
        test::MadeChain chain;
        chain.append(12);
        auto outbox = opened();
        QCOMPARE(cutInto(outbox, chain).batches, 2U);
        test::MadeChain other(0x77);
        other.append(3);
        const auto report = cutInto(outbox, other);
        QVERIFY(report.isDiverged);
        QCOMPARE(spans(outbox), (Spans{{1, 3}}));
        QVERIFY(outbox.markDelivered(3, std::nullopt));
        QVERIFY(!cutInto(outbox, other).isDiverged);
    }

    void whatDoesNotFollowIsNotTaken() {
        test::MadeChain chain;
        chain.append(10);
        auto outbox = opened();
        QCOMPARE(cutInto(outbox, chain).batches, 1U);
        const Bytes batch = outbox.read(outbox.waiting().front()).value();
        QCOMPARE(outbox.put(batch).error().kind, ErrorKind::invalidInput);
        QVERIFY(!outbox.put(bytesOf("nonsense")));
    }

    void oneProcessWorksOnItAtATime() {
        const auto outbox = opened();
        QCOMPARE(sync::Outbox::open(folder()).error().kind, ErrorKind::conflict);
    }

    void aCarrierGetsTheSameFilesUntilTheyArrived() {
        test::MadeChain chain;
        chain.append(15);
        auto outbox = opened();
        QCOMPARE(cutInto(outbox, chain).batches, 2U);
        const QTemporaryDir stick;
        const auto paths = sync::copyWaiting(outbox, m_device.id, stick.path().toStdString()).value();
        QCOMPARE(paths.size(), 2U);
        QVERIFY(sync::copyWaiting(outbox, m_device.id, stick.path().toStdString()).value() == paths);
        QFile file(QString::fromStdString(paths[0]));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray carried = file.readAll();
        QVERIFY(textOf(outbox.read(outbox.waiting()[0]).value()) ==
                std::string_view(carried.constData(), static_cast<std::size_t>(carried.size())));
        file.close();
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.close();
        QCOMPARE(sync::copyWaiting(outbox, m_device.id, stick.path().toStdString()).error().kind, ErrorKind::conflict);
    }
};

QTEST_GUILESS_MAIN(TestOutbox)
#include "tst_outbox.moc"
