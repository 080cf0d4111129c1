// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>
#include <fstream>

#include "base/crypto.h"
#include "platform/secure_file.h"
#include "secrets/backends.h"
#include "secrets/database_key.h"
#include "secrets/secret_store.h"

using namespace gatehouse;
using namespace gatehouse::secrets;

namespace {

SecureBytes secret(std::string_view text) {
    return SecureBytes(text);
}

std::unique_ptr<SecretStore> openFile(const std::string& folder) {
    return std::move(*openSecretStore({.dataFolder = folder, .mayUseKeyring = false}));
}

void damage(const std::filesystem::path& path) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    char byte = 0;
    file.seekg(20).get(byte);
    file.seekp(20).put(static_cast<char>(byte ^ 1));
}

} // namespace

class TestSecretStore final : public QObject {
    Q_OBJECT
private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::string folder() const { return m_folder->path().toStdString() + "/data"; }

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void whatIsWrittenComesBackAfterReopening() {
        const SecureBytes value(randomBytes(32));
        QVERIFY(openFile(folder())->write("database-key", value).has_value());
        const auto store = openFile(folder());
        QCOMPARE(store->protection(), KeyProtection::file);
        QVERIFY(constantTimeEqual(store->read("database-key")->view(), value.view()));
        QVERIFY(store->write("database-key", secret("other")).has_value());
        QCOMPARE(store->read("database-key")->text(), std::string_view("other"));
        QVERIFY(store->remove("database-key").has_value());
        QCOMPARE(store->read("database-key").error().kind, ErrorKind::notFound);
        QCOMPARE(store->remove("database-key").error().kind, ErrorKind::notFound);
    }

    void secretsDoNotLieInTheFolderAsTheyAre() {
        QVERIFY(openFile(folder())->write("provider.openai", secret("CANARY-key")).has_value());
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder())) {
            if (entry.is_regular_file()) {
                std::ifstream file(entry.path(), std::ios::binary);
                const std::string bytes{std::istreambuf_iterator<char>(file), {}};
                QVERIFY(bytes.find("CANARY") == std::string::npos);
                QCOMPARE(entry.status().permissions(), std::filesystem::perms(0600));
            }
        }
    }

    // Only a secret that surely is not there may be made anew.
    void damageIsUnavailableNeverNotFound() {
        QVERIFY(openFile(folder())->write("a", secret("value")).has_value());
        const std::filesystem::path sealed = folder() + "/secrets/a.sealed";
        damage(sealed);
        QCOMPARE(openFile(folder())->read("a").error().kind, ErrorKind::unavailable);
        std::filesystem::resize_file(sealed, 3);
        QCOMPARE(openFile(folder())->read("a").error().kind, ErrorKind::unavailable);
        std::filesystem::permissions(sealed, std::filesystem::perms(0644));
        QCOMPARE(openFile(folder())->read("a").error().kind, ErrorKind::unavailable);
    }

    void aLostKeyFileIsUnavailable() {
        QVERIFY(openFile(folder())->write("a", secret("value")).has_value());
        std::filesystem::remove(folder() + "/secrets/key");
        QCOMPARE(openFile(folder())->read("a").error().kind, ErrorKind::unavailable);
    }

    void aSealedSecretDoesNotOpenUnderAnotherName() {
        const auto store = openFile(folder());
        QVERIFY(store->write("a", secret("value")).has_value());
        std::filesystem::copy_file(folder() + "/secrets/a.sealed", folder() + "/secrets/b.sealed");
        QCOMPARE(store->read("b").error().kind, ErrorKind::unavailable);
    }

    void namesThatCouldLeaveTheFolderAreRefused() {
        const auto store = openFile(folder());
        for (const char* name : {"", "..", ".a", "a/b", "../a", "A", "a b", "\xC3\xA9"}) {
            QCOMPARE(store->read(name).error().kind, ErrorKind::invalidInput);
            QCOMPARE(store->write(name, secret("x")).error().kind, ErrorKind::invalidInput);
            QCOMPARE(store->remove(name).error().kind, ErrorKind::invalidInput);
        }
        QVERIFY(store->write(std::string(64, 'a'), secret("x")).has_value());
        QVERIFY(!store->write(std::string(65, 'a'), secret("x")).has_value());
        QVERIFY(providerKeyName(std::string(48, 'a')).has_value());
        QVERIFY(!providerKeyName(std::string(49, 'a')).has_value());
        QVERIFY(!providerKeyName("../x").has_value());
    }

    void theSizeCapBites() {
        const auto store = openFile(folder());
        QVERIFY(store->write("a", SecureBytes(kMaxSecretBytes)).has_value());
        QCOMPARE(store->read("a")->size(), kMaxSecretBytes);
        QCOMPARE(store->write("a", SecureBytes(kMaxSecretBytes + 1)).error().kind, ErrorKind::limit);
    }

    void aFolderThatChoseTheKeyringNeverGoesToTheFile() {
        QVERIFY(platform::ensurePrivateFolder(folder()).has_value());
        const std::string choice = R"({"version":1,"protection":"keyring","store":"01J"})";
        QVERIFY(platform::writePrivateFile(folder() + "/secrets.json", bytesOf(choice)).has_value());
        qunsetenv("DBUS_SESSION_BUS_ADDRESS");
        qputenv("XDG_RUNTIME_DIR", "/nonexistent");
        for (const bool mayUseKeyring : {false, true}) {
            const auto store = openSecretStore({.dataFolder = folder(), .mayUseKeyring = mayUseKeyring});
            QCOMPARE((*store)->protection(), KeyProtection::keyring);
            QCOMPARE((*store)->read("database-key").error().kind, ErrorKind::unavailable);
            QCOMPARE((*store)->write("database-key", secret("x")).error().kind, ErrorKind::unavailable);
            QCOMPARE(obtainDatabaseKey(**store, folder()).error().kind, ErrorKind::unavailable);
        }
        QVERIFY(!std::filesystem::exists(folder() + "/secrets"));
    }

    void withoutABusTheFileIsChosen() {
        qunsetenv("DBUS_SESSION_BUS_ADDRESS");
        qputenv("XDG_RUNTIME_DIR", "/nonexistent");
        QCOMPARE((*openSecretStore({.dataFolder = folder()}))->protection(), KeyProtection::file);
    }

    void aLostOrDamagedChoiceIsNotMadeAgainOverADatabase() {
        const auto store = openFile(folder());
        QVERIFY(obtainDatabaseKey(*store, folder()).has_value());
        QVERIFY(platform::writePrivateFile(databasePath(folder()), bytesOf("database")).has_value());
        for (const bool isLost : {false, true}) {
            std::filesystem::remove(folder() + "/secrets.json");
            if (!isLost) {
                QVERIFY(platform::writePrivateFile(folder() + "/secrets.json", bytesOf("{}")).has_value());
            }
            const auto again = openFile(folder());
            QCOMPARE(obtainDatabaseKey(*again, folder()).error().kind, ErrorKind::unavailable);
            QCOMPARE(again->write("database-key", secret("x")).error().kind, ErrorKind::unavailable);
        }
    }

    void readersNeverChoose() {
        QCOMPARE(openExistingSecretStore({.dataFolder = folder()}).error().kind, ErrorKind::notFound);
        QVERIFY(!std::filesystem::exists(folder()));
    }

    void theDatabaseKeyIsMadeOnceAndOnlyWithoutADatabase() {
        const auto store = openFile(folder());
        const SecureBytes key = *obtainDatabaseKey(*store, folder());
        QCOMPARE(key.size(), std::size_t{32});
        QVERIFY(constantTimeEqual(obtainDatabaseKey(*store, folder())->view(), key.view()));
        QVERIFY(platform::writePrivateFile(databasePath(folder()), bytesOf("database")).has_value());
        QVERIFY(constantTimeEqual(obtainDatabaseKey(*store, folder())->view(), key.view()));
        QVERIFY(store->remove("database-key").has_value());
        QCOMPARE(obtainDatabaseKey(*store, folder()).error().kind, ErrorKind::unavailable);
        QCOMPARE(store->read("database-key").error().kind, ErrorKind::notFound); // and none was made
        QVERIFY(store->write("database-key", secret("short")).has_value());
        QCOMPARE(obtainDatabaseKey(*store, folder()).error().kind, ErrorKind::unavailable);
    }
};

QTEST_GUILESS_MAIN(TestSecretStore)
#include "tst_secret_store.moc"
