// SPDX-License-Identifier: Apache-2.0
#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>

#include "base/crypto.h"
#include "platform/secure_file.h"
#include "secrets/backends.h"
#include "secrets/database_key.h"
#include "secrets/secret_store.h"

using namespace gatehouse;
using namespace gatehouse::secrets;
using namespace std::chrono_literals;

namespace {

constexpr auto kPatience = 60s;

bool waitsUntil(const std::function<bool()>& condition) {
    return QTest::qWaitFor(condition, 60'000);
}

bool isKeyringOnTheBus() {
    QProcess ask;
    ask.start("dbus-send",
              {"--session", "--print-reply=literal", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus",
               "org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"});
    return ask.waitForFinished(60'000) && ask.readAllStandardOutput().contains("true");
}

enum class Start { unlocked, locked };

// A real gnome-keyring-daemon on the test's own bus, there as long as this object is. A session's login hands it the
// password; without one its keyring stays locked, and there is no screen on which it could ask.
class Keyring final {
public:
    explicit Keyring(Start start) {
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        QStringList arguments{"--foreground", "--components=secrets"};
        arguments << (start == Start::unlocked ? "--unlock" : "--start");
        m_process.start("gnome-keyring-daemon", arguments);
        m_process.waitForStarted();
        if (start == Start::unlocked) {
            m_process.write("password");
        }
        m_process.closeWriteChannel();
        m_serves = waitsUntil(&isKeyringOnTheBus);
    }
    Keyring(const Keyring&) = delete;
    Keyring& operator=(const Keyring&) = delete;
    ~Keyring() {
        m_process.terminate();
        m_process.waitForFinished(60'000);
        waitsUntil([] { return !isKeyringOnTheBus(); });
    }
    [[nodiscard]] bool serves() const { return m_serves; }

private:
    QProcess m_process;
    bool m_serves = false;
};

} // namespace

// Runs under a bus, a home and a runtime folder of its own: see main(). The slots run in this order.
class TestKeyring final : public QObject {
    Q_OBJECT
private:
    std::string m_data = qgetenv("HOME").toStdString() + "/data";
    SecureBytes m_key;

    std::unique_ptr<SecretStore> open(std::chrono::seconds timeOut = kPatience) {
        return std::move(*openSecretStore({.dataFolder = m_data, .timeOut = timeOut}));
    }

private slots:
    void anOpenKeyringIsChosenAndKeepsSecrets() {
        const Keyring keyring(Start::unlocked);
        QVERIFY(keyring.serves());
        QVERIFY(probeKeyring("probe", kPatience).has_value());
        const auto store = open();
        QCOMPARE(store->protection(), KeyProtection::keyring);
        const SecureBytes value(randomBytes(200));
        QCOMPARE(store->read("provider.openai").error().kind, ErrorKind::notFound);
        QVERIFY(store->write("provider.openai", value).has_value());
        QVERIFY(constantTimeEqual(open()->read("provider.openai")->view(), value.view()));
        QVERIFY(store->write("provider.openai", SecureBytes(std::string_view("second"))).has_value());
        QCOMPARE(store->read("provider.openai")->text(), std::string_view("second"));
        QVERIFY(store->remove("provider.openai").has_value());
        QCOMPARE(store->read("provider.openai").error().kind, ErrorKind::notFound);
        QVERIFY(!std::filesystem::exists(m_data + "/secrets"));
    }

    void anotherDataFolderHasItsOwnSecrets() {
        const Keyring keyring(Start::unlocked);
        QVERIFY(keyring.serves());
        const auto store = open();
        QVERIFY(store->write("database-key", SecureBytes(std::size_t{32})).has_value());
        const auto other = openSecretStore({.dataFolder = m_data + "2"});
        QCOMPARE((*other)->protection(), KeyProtection::keyring);
        QCOMPARE((*other)->read("database-key").error().kind, ErrorKind::notFound);
        QVERIFY(store->remove("database-key").has_value());
        m_key = *obtainDatabaseKey(*store, m_data);
        QVERIFY(platform::writePrivateFile(databasePath(m_data), bytesOf("database")).has_value());
    }

    void aKeyringThatIsGoneIsUnavailableAndNoKeyIsMade() {
        const auto store = open(5s);
        QCOMPARE(store->protection(), KeyProtection::keyring);
        QCOMPARE(store->read("database-key").error().kind, ErrorKind::unavailable);
        QCOMPARE(obtainDatabaseKey(*store, m_data).error().kind, ErrorKind::unavailable);
        QVERIFY(!std::filesystem::exists(m_data + "/secrets"));
    }

    void aLockedKeyringIsUnavailableAndNoKeyIsMade() {
        const Keyring keyring(Start::locked);
        QVERIFY(keyring.serves());
        const auto store = open(5s);
        QCOMPARE(store->protection(), KeyProtection::keyring);
        const auto read = store->read("database-key");
        QVERIFY(!read.has_value());
        QVERIFY(read.error().kind == ErrorKind::unavailable || read.error().kind == ErrorKind::timedOut);
        QCOMPARE(obtainDatabaseKey(*store, m_data).error().kind, ErrorKind::unavailable);
        QVERIFY(!std::filesystem::exists(m_data + "/secrets"));
    }

    // A keyring is there, only not open: taking the file now would be a silent downgrade for good.
    void aFirstStartWithALockedKeyringChoosesNothing() {
        const Keyring keyring(Start::locked);
        QVERIFY(keyring.serves());
        const std::string fresh = m_data + "3";
        const auto store = openSecretStore({.dataFolder = fresh, .timeOut = 5s});
        QVERIFY(!(*store)->read("database-key").has_value());
        QVERIFY(!obtainDatabaseKey(**store, fresh).has_value());
        QVERIFY(!std::filesystem::exists(fresh + "/secrets.json"));
        QVERIFY(!std::filesystem::exists(fresh + "/secrets"));
    }

    void aFirstStartWithoutAKeyringTakesTheFile() {
        const auto store = openSecretStore({.dataFolder = m_data + "4", .timeOut = 5s});
        QCOMPARE((*store)->protection(), KeyProtection::file);
    }

    void onceUnlockedTheSameKeyIsThere() {
        const Keyring keyring(Start::unlocked);
        QVERIFY(keyring.serves());
        const auto store = open();
        QVERIFY(store->read("database-key").has_value());
        QVERIFY(constantTimeEqual(obtainDatabaseKey(*store, m_data)->view(), m_key.view()));
    }
};

// The first start makes the surroundings and runs this program again inside of them.
int main(int count, char** arguments) {
    QCoreApplication application(count, arguments);
    if (qEnvironmentVariableIsSet("GATEHOUSE_TEST_BUS")) {
        TestKeyring test;
        return QTest::qExec(&test, count, arguments);
    }
    const QTemporaryDir home;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "GNOME_KEYRING_CONTROL",
                             "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"}) {
        environment.remove(name);
    }
    QDir(home.path()).mkdir("run");
    QFile::setPermissions(home.path() + "/run", QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    environment.insert("HOME", home.path());
    environment.insert("XDG_RUNTIME_DIR", home.path() + "/run");
    environment.insert("GATEHOUSE_TEST_BUS", "1");
    QProcess inner;
    inner.setProcessChannelMode(QProcess::ForwardedChannels);
    inner.setProcessEnvironment(environment);
    inner.start("dbus-run-session",
                QStringList{"--config-file=" GATEHOUSE_FIXTURES "/session_bus.conf", "--"} + application.arguments());
    return inner.waitForFinished(280'000) && inner.exitStatus() == QProcess::NormalExit ? inner.exitCode() : 1;
}

#include "tst_keyring.moc"
