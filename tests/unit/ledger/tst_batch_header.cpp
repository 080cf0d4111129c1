// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include <numeric>

#include "ledger/batch.h"
#include "ledger/merkle.h"
#include "ledger/receipt.h"
#include "ledger/tlv.h"

using namespace gatehouse;
using namespace gatehouse::ledger;

namespace {

// The header of docs/formats/audit-batch.md: do not change it.
BatchHeader exampleHeader() {
    BatchHeader header;
    header.device.fill(0x11);
    header.key = sha256(bytesOf("public key"));
    header.chain.fill(0x22);
    header.from = 5;
    header.to = 9;
    header.before.fill(0x33);
    header.head.fill(0x44);
    header.root.fill(0x55);
    header.sealedHash = sha256(bytesOf("sealed"));
    header.sealedBytes = 6;
    header.madeMs = 1'800'000'000'000;
    header.policySerial = 3;
    return header;
}

Receipt exampleReceipt() {
    Receipt receipt;
    receipt.device.fill(0x11);
    receipt.chain.fill(0x22);
    receipt.from = 5;
    receipt.to = 9;
    receipt.head.fill(0x44);
    receipt.batch = hashBatch(encodeBatchHeader(exampleHeader()));
    receipt.receivedMs = 1'800'000'001'000;
    return receipt;
}

Bytes exampleFile() {
    return writeBatch(encodeBatchHeader(exampleHeader()), bytesOf("public key"), bytesOf("signature"),
                      bytesOf("sealed"));
}

} // namespace

class TestBatchHeader final : public QObject {
    Q_OBJECT
private slots:
    void theExampleOfTheFormatPageHasItsKnownHashes() {
        QCOMPARE(hexEncode(sha256(encodeBatchHeader(exampleHeader()))),
                 std::string("34eef00711a12db73a0102ab370564f3757c6a9d561874c429a0946bdb6f9fe8"));
        QCOMPARE(hexEncode(hashBatch(encodeBatchHeader(exampleHeader()))),
                 std::string("1e2647911ebaff815161f3c9f893e1c7a61ede5aae48c79ab85264974e3a841e"));
        QCOMPARE(hexEncode(sha256(exampleFile())),
                 std::string("c920d42b37436ae1b2ea20451b461fbb4efd16bf242375e1e77a641cb3ab46f0"));
        QCOMPARE(hexEncode(sha256(encodeReceipt(exampleReceipt()))),
                 std::string("8a3dc204c8867ae5c73ce798fe9b63405099fa95f62876346047fa40df05402f"));
    }

    void aHeaderComesBack() {
        BatchHeader header = exampleHeader();
        QVERIFY(decodeBatchHeader(encodeBatchHeader(header)).value() == header);
        header.lastReceipt = Sha256Digest{7};
        header.policySerial = 0;
        header.from = 1;
        header.before = {};
        QVERIFY(decodeBatchHeader(encodeBatchHeader(header)).value() == header);
    }

    void aFileComesBackInItsParts() {
        const Bytes file = exampleFile();
        const auto parts = readBatch(file);
        QVERIFY2(parts.has_value(), parts ? "" : parts.error().what.c_str());
        QVERIFY(parts->header == exampleHeader());
        QCOMPARE(std::string(textOf(parts->publicKey)), std::string("public key"));
        QCOMPARE(std::string(textOf(parts->signature)), std::string("signature"));
        QCOMPARE(std::string(textOf(parts->sealed)), std::string("sealed"));
    }

    void spansThatAreNoneAreRefused_data() {
        QTest::addColumn<quint64>("from");
        QTest::addColumn<quint64>("to");
        QTest::addColumn<bool>("hasBefore");
        QTest::newRow("from nothing") << quint64(0) << quint64(9) << true;
        QTest::newRow("backwards") << quint64(5) << quint64(4) << true;
        QTest::newRow("beyond what databases count") << quint64(5) << quint64(1) + (quint64(1) << 63U) << true;
        QTest::newRow("a record before the first of all") << quint64(1) << quint64(9) << true;
        QTest::newRow("no record before a later one") << quint64(5) << quint64(9) << false;
    }
    void spansThatAreNoneAreRefused() {
        QFETCH(quint64, from);
        QFETCH(quint64, to);
        QFETCH(bool, hasBefore);
        BatchHeader header = exampleHeader();
        header.from = from;
        header.to = to;
        if (!hasBefore) {
            header.before = {};
        }
        QVERIFY(!decodeBatchHeader(encodeBatchHeader(header)));
    }

    // Whatever is changed is either refused here or changes the signed header or the signature, which the caller
    // checks.
    void everyChangedByteIsRefusedOrReachesTheSignature() {
        const Bytes file = exampleFile();
        const auto whole = readBatch(file).value();
        for (std::size_t i = 0; i < file.size(); ++i) {
            Bytes changed = file;
            changed[i] ^= 0x20;
            const auto parts = readBatch(changed);
            QVERIFY2(!parts || textOf(parts->headerBytes) != textOf(whole.headerBytes) ||
                         textOf(parts->signature) != textOf(whole.signature),
                     std::to_string(i).c_str());
        }
    }

    void everyCutIsRefused() {
        const Bytes file = exampleFile();
        for (std::size_t size = 0; size < file.size(); ++size) {
            QVERIFY2(!readBatch(ByteView(file).first(size)), std::to_string(size).c_str());
        }
        Bytes longer = file;
        longer.push_back('!');
        QVERIFY(!readBatch(longer));
        QCOMPARE(readBatch(Bytes(kMaxBatchFile + 1)).error().kind, ErrorKind::limit);
    }

    void aReceiptComesBack() {
        const Bytes bytes = encodeReceipt(exampleReceipt());
        const auto read = readReceipt(writeReceipt(bytes, bytesOf("signature")));
        QVERIFY2(read.has_value(), read ? "" : read.error().what.c_str());
        QVERIFY(read->receipt == exampleReceipt());
        QVERIFY(read->bytes == bytes);
        QCOMPARE(std::string(textOf(read->signature)), std::string("signature"));
        const Bytes file = writeReceipt(bytes, bytesOf("s"));
        for (std::size_t size = 0; size < file.size(); ++size) {
            QVERIFY2(!readReceipt(ByteView(file).first(size)), std::to_string(size).c_str());
        }
        QVERIFY(!readReceipt(Bytes(kMaxReceipt + 1)));
    }

    // Roots of the reference inputs of RFC 6962's own test data (certificate-transparency, "merkletree").
    void merkleRootsAreThoseOfTheStandard() {
        const std::vector<std::string> inputs{
            "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
        const std::vector<std::string> roots{"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                             "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                             "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                             "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                             "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                             "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                             "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                             "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
        std::vector<Sha256Digest> leaves;
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            Bytes leaf{0};
            const Bytes input = hexDecode(inputs[i]).value();
            leaf.insert(leaf.end(), input.begin(), input.end());
            leaves.push_back(sha256(leaf));
            QCOMPARE(hexEncode(merkleRoot(leaves)), roots[i]);
        }
        QCOMPARE(hexEncode(merkleRoot({})),
                 std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    }
};

QTEST_GUILESS_MAIN(TestBatchHeader)
#include "tst_batch_header.moc"
