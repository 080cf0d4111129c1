// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "audit/vault.h"
#include "audit_fixture.h"

using namespace gatehouse;
using namespace gatehouse::test;

class TestVault final : public QObject {
    Q_OBJECT
private slots:
    void theSameValueKeepsItsNumberAcrossRestarts() {
        AuditFixture fixture;
        for (int start = 0; start < 3; ++start) {
            dlp::Vault& vault = fixture.open().vault();
            QCOMPARE(vault.assign("c1", "CARD", "4111").value(), 1U);
            QCOMPARE(vault.assign("c1", "CARD", "5500").value(), 2U);
            QCOMPARE(vault.assign("c1", "CARD", "4111").value(), 1U);
            QCOMPARE(vault.assign("c1", "EMAIL", "4111").value(), 1U);
            QCOMPARE(vault.assign("c2", "CARD", "5500").value(), 1U);
            QCOMPARE(vault.find("c1", "CARD", 2)->text(), std::string_view("5500"));
            fixture.close(); // also without an intent after it
        }
    }

    void anotherConversationFindsNothing() {
        AuditFixture fixture;
        dlp::Vault& vault = fixture.open().vault();
        QVERIFY(vault.assign("c1", "CARD", "4111").has_value());
        QCOMPARE(vault.find("c2", "CARD", 1).error().kind, ErrorKind::notFound);
        QCOMPARE(vault.find("c1", "EMAIL", 1).error().kind, ErrorKind::notFound);
        QCOMPARE(vault.find("c1", "CARD", 0).error().kind, ErrorKind::notFound);
        QCOMPARE(vault.find("c1", "CARD", 2).error().kind, ErrorKind::notFound);
    }

    void bytesOfEveryKindComeBack() {
        AuditFixture fixture;
        std::string value;
        for (int i = 0; i < 256; ++i) {
            value += static_cast<char>(i);
        }
        QVERIFY(fixture.open().vault().assign("c", "BYTES", value).has_value());
        QVERIFY(fixture.store().vault().assign("c", "BYTES", "").has_value());
        fixture.close();
        dlp::Vault& vault = fixture.open().vault();
        QCOMPARE(vault.find("c", "BYTES", 1)->text(), std::string_view(value));
        QCOMPARE(vault.find("c", "BYTES", 2)->text(), std::string_view());
    }

    // What was pushed out of memory before the database had it would come back with a second number.
    void moreConversationsThanMemoryHoldsAreAllKept() {
        AuditFixture fixture;
        dlp::Vault& vault = fixture.open().vault();
        constexpr std::size_t kCount = audit::StoreVault::kMaxConversations * 2;
        for (int pass = 0; pass < 2; ++pass) {
            for (std::size_t i = 0; i < kCount; ++i) {
                const std::string conversation = "c" + std::to_string(i);
                QCOMPARE(vault.assign(conversation, "CARD", "value of " + conversation).value(), 1U);
            }
            QCOMPARE(vault.find("c0", "CARD", 1)->text(), std::string_view("value of c0")); // not on the disk yet
            fixture.store().writer().flush();
        }
    }

    void anOversizeValueIsRefused() {
        AuditFixture fixture;
        dlp::Vault& vault = fixture.open().vault();
        constexpr std::size_t kLimit = audit::StoreVault::kMaxValueBytes;
        QVERIFY(vault.assign("c", "TEXT", std::string(kLimit - 1, 'a')).has_value());
        QVERIFY(vault.assign("c", "TEXT", std::string(kLimit, 'b')).has_value());
        QCOMPARE(vault.assign("c", "TEXT", std::string(kLimit + 1, 'c')).error().kind, ErrorKind::limit);
    }
};

QTEST_GUILESS_MAIN(TestVault)
#include "tst_vault.moc"
