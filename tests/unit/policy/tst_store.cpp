// SPDX-License-Identifier: Apache-2.0
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <sys/stat.h>
#include <unistd.h>

#include "base/time_text.h"
#include "cms/cms.h"
#include "policy/store.h"
#include "policy_support.h"
#include "support/as_root.h"

using namespace gatehouse;
using namespace gatehouse::policy;
using namespace gatehouse::policy::test;

namespace {

class ManualClock final : public Clock {
public:
    WallTime now = *parseTime("2026-11-20T12:00:00Z");
    [[nodiscard]] WallTime wall() const override { return now; }
    [[nodiscard]] MonotonicTime monotonic() const override { return {}; }
};

std::string documentOf(const std::string& meta, const std::string& fallback = "allow") {
    return R"({"meta": {"id": "acme", )" + meta + R"(}, "default": ")" + fallback + R"("})";
}

} // namespace

class TestStore final : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    ManualClock m_clock;
    QTemporaryDir m_keys;

    [[nodiscard]] std::string path(const std::string& name) const {
        return m_folder->filePath(QString::fromStdString(name)).toStdString();
    }
    void write(const std::string& name, const std::string& bytes, mode_t mode = 0644) const {
        QFile::remove(QString::fromStdString(path(name)));
        QFile file(QString::fromStdString(path(name)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes.data(), static_cast<qint64>(bytes.size())), static_cast<qint64>(bytes.size()));
        file.close();
        QCOMPARE(::chmod(path(name).c_str(), mode), 0);
    }
    [[nodiscard]] StoreOptions options() const {
        StoreOptions options;
        options.machineFolder = path("policy.d");
        options.dataFolder = path("data");
        return options;
    }
    [[nodiscard]] std::unique_ptr<PolicyStore> store(const std::string& userFile = {}) const {
        StoreOptions given = options();
        given.userFile = userFile;
        return std::make_unique<PolicyStore>(given, m_clock);
    }
    [[nodiscard]] std::string read(const QString& file) const {
        QFile opened(file);
        return opened.open(QIODevice::ReadOnly) ? opened.readAll().toStdString() : std::string();
    }
    [[nodiscard]] std::string bundleOf(const std::string& document, const QString& name = "signer") const {
        const auto message =
            cms::sign(document, {read(m_keys.filePath(name + ".crt")),
                                 SecureBytes(std::string_view(read(m_keys.filePath(name + ".key")))), SecureBytes()});
        return message ? std::string(textOf(*message)) : std::string();
    }
    static bool contains(const std::string& text, const std::string& part) {
        if (!text.contains(part)) {
            qWarning("%s", text.c_str());
        }
        return text.contains(part);
    }

private slots:
    void initTestCase() {
        for (const char* const name : {"signer", "thief"}) {
            QProcess openssl;
            openssl.setWorkingDirectory(m_keys.path());
            openssl.start("openssl", {"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                                      "-keyout", QString(name) + ".key", "-out", QString(name) + ".crt", "-days", "30",
                                      "-subj", QString("/CN=") + name});
            QVERIFY(openssl.waitForFinished(120'000) && openssl.exitCode() == 0);
        }
    }
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_clock.now = SystemClock().wall();
        QVERIFY(QDir(m_folder->path()).mkdir("policy.d"));
        QCOMPARE(::chmod(path("policy.d").c_str(), 0755), 0);
    }

    void withoutAnySourceTheStarterHolds() {
        const auto fresh = store();
        QCOMPARE(fresh->current()->primary().id(), std::string("starter"));
        QVERIFY(fresh->current()->problem().empty());
        StoreOptions nowhere = options();
        nowhere.machineFolder = path("not-there");
        QCOMPARE(PolicyStore(nowhere, m_clock).current()->primary().id(), std::string("starter"));
    }

    void layersStandInTheirOrder() {
        write("policy.d/signers.pem", read(m_keys.filePath("signer.crt")));
        write("policy.d/20-b.json", R"({"meta": {"id": "b"}})");
        write("policy.d/10-a.json", R"({"meta": {"id": "a"}})");
        write("policy.d/00-c.p7", bundleOf(R"({"meta": {"id": "c", "serial": 1}})"));
        write("policy.d/notes.txt", "not a policy");
        write("user.json", R"({"meta": {"id": "u"}})");
        const auto loaded = store(path("user.json"));
        std::vector<std::string> ids;
        for (const auto& layer : loaded->current()->layers()) {
            ids.push_back(layer->id());
        }
        QCOMPARE(ids, (std::vector<std::string>{"a", "b", "c", "u"}));
        QCOMPARE(loaded->sources()[2].signer, std::string("CN=signer"));
        QVERIFY(loaded->current()->problem().empty());
    }

    void aBrokenPolicyWithoutALastGoodOneIsStrict() {
        write("user.json", "{\n  \"meta\": {\"id\": \"u\"},\n  \"ruels\": []\n}");
        const auto loaded = store(path("user.json"));
        QCOMPARE(loaded->current()->primary().id(), std::string("built-in-strict"));
        QVERIFY(contains(loaded->current()->problem(), "policy broken: "));
        QVERIFY(contains(loaded->current()->problem(), "line 3, column 3"));
        QCOMPARE(loaded->sources()[0].state, SourceState::strictDefault);
        QCOMPARE(loaded->sources()[0].faults.size(), 1U);
    }

    void aBrokenPolicyKeepsTheLastGoodOneAcrossRestarts() {
        write("user.json", documentOf(R"("serial": 4)", "warn"));
        auto loaded = store(path("user.json"));
        QVERIFY(loaded->current()->problem().empty());
        write("user.json", "{");
        QVERIFY(loaded->check());
        QCOMPARE(loaded->current()->primary().serial(), 4U);
        QVERIFY(contains(loaded->current()->problem(), "the last good one holds (serial 4)"));
        loaded = store(path("user.json"));
        QCOMPARE(loaded->current()->primary().serial(), 4U);
        write("user.json", documentOf(R"("serial": 5)"));
        QVERIFY(loaded->check());
        QCOMPARE(loaded->current()->primary().serial(), 5U);
        QVERIFY(loaded->current()->problem().empty());
    }

    void aRequiredFileThatIsMissingIsBroken() {
        StoreOptions given = options();
        given.userFile = path("user.json");
        QCOMPARE(PolicyStore(given, m_clock).current()->primary().id(), std::string("starter"));
        given.isUserFileRequired = true;
        const PolicyStore loaded(given, m_clock);
        QCOMPARE(loaded.current()->primary().id(), std::string("built-in-strict"));
        QVERIFY(contains(loaded.current()->problem(), "there is no such file"));
    }

    void anOlderSerialIsRefusedAlsoAfterARestart() {
        write("policy.d/a.json", documentOf(R"("serial": 7)"));
        QCOMPARE(store()->current()->primary().serial(), 7U);
        write("policy.d/a.json", documentOf(R"("serial": 6)"));
        auto loaded = store();
        QCOMPARE(loaded->current()->primary().serial(), 7U);
        QVERIFY(contains(loaded->current()->problem(), "older"));
        write("policy.d/a.json", documentOf(R"("issued": "2020-01-01")"));
        loaded = store();
        QCOMPARE(loaded->current()->primary().serial(), 7U);
        QVERIFY(!loaded->current()->problem().empty());
    }

    void theSameSerialWithOtherContentIsRefused() {
        write("policy.d/a.json", documentOf(R"("serial": 7)", "warn"));
        const auto loaded = store();
        write("policy.d/a.json", documentOf(R"("serial": 7)", "allow"));
        QVERIFY(loaded->check());
        QVERIFY(contains(loaded->current()->problem(), "other content"));
        const Interaction interaction;
        QCOMPARE(loaded->current()->evaluate(subjectTo(interaction, Trust::external), {}).label, Action::warn);
    }

    void aPersonsFileCannotUseUpTheMachinesSerials() {
        write("user.json", documentOf(R"("serial": 900)"));
        QVERIFY(store(path("user.json"))->current()->problem().empty());
        write("policy.d/a.json", documentOf(R"("serial": 3)"));
        QVERIFY(store(path("user.json"))->current()->problem().empty());
    }

    void withoutASerialADocumentMayChangeFreely() {
        write("user.json", R"({"meta": {"id": "u"}, "port": 5001})");
        const auto loaded = store(path("user.json"));
        for (const int port : {5002, 5001, 5003}) {
            write("user.json", R"({"meta": {"id": "u"}, "port": )" + std::to_string(port) + "}");
            QVERIFY(loaded->check());
            QCOMPARE(loaded->current()->port(), port);
        }
    }

    void checkIsQuietWhileNothingChanges() {
        write("user.json", R"({"meta": {"id": "u"}})");
        const auto loaded = store(path("user.json"));
        const auto before = loaded->current();
        QVERIFY(!loaded->check());
        QCOMPARE(loaded->current(), before);
        write("policy.d/a.json", R"({"meta": {"id": "a"}})");
        QVERIFY(loaded->check());
        QCOMPARE(loaded->current()->layers().size(), 2U);
        QCOMPARE(before->layers().size(), 1U); // who pinned the old set keeps it
        QVERIFY(QFile::remove(QString::fromStdString(path("policy.d/a.json"))));
        QVERIFY(loaded->check());
        QCOMPARE(loaded->current()->layers().size(), 1U);
    }

    void anExpiredPolicyStillHoldsAndSaysSo() {
        const std::string soon = formatTime(m_clock.now + std::chrono::hours(1));
        write("policy.d/a.json", documentOf("\"serial\": 1, \"expires\": \"" + soon + "\"", "warn"));
        const auto loaded = store();
        QVERIFY(loaded->current()->problem().empty());
        m_clock.now += std::chrono::minutes(59);
        QVERIFY(!loaded->check());
        m_clock.now += std::chrono::minutes(2);
        QVERIFY(loaded->check());
        QVERIFY(contains(loaded->current()->problem(), "expired"));
        QCOMPARE(loaded->current()->primary().serial(), 1U);
        QVERIFY(!loaded->check());
        // Setting the clock back does not revive it.
        m_clock.now -= std::chrono::hours(24);
        QVERIFY(contains(store()->current()->problem(), "expired"));
    }

    void aPolicyThatWasExpiredFromTheStartIsStrict() {
        write("policy.d/a.json", documentOf(R"("serial": 1, "expires": "2020-01-01")"));
        QCOMPARE(store()->current()->primary().id(), std::string("built-in-strict"));
    }

    void aPolicyFromTheFutureWaits() {
        const std::string later = formatTime(m_clock.now + std::chrono::hours(2));
        write("policy.d/a.json", documentOf("\"serial\": 1, \"issued\": \"" + later + "\""));
        const auto loaded = store();
        QVERIFY(contains(loaded->current()->problem(), "begins to hold"));
        m_clock.now += std::chrono::hours(2);
        QVERIFY(loaded->check());
        QVERIFY(loaded->current()->problem().empty());
    }

    void bundlesNeedAListedSigner_data() {
        QTest::addColumn<QString>("signer");
        QTest::addColumn<QString>("document");
        QTest::addColumn<QString>("problem");
        const QString good = R"({"meta": {"id": "acme", "serial": 1}})";
        QTest::newRow("good") << "signer" << good << "";
        QTest::newRow("thief") << "thief" << good << "signature does not count";
        QTest::newRow("no serial") << "signer" << R"({"meta": {"id": "acme"}})" << "serial";
        QTest::newRow("broken inside") << "signer" << "{" << "line 1";
    }
    void bundlesNeedAListedSigner() {
        QFETCH(QString, signer);
        QFETCH(QString, document);
        QFETCH(QString, problem);
        write("policy.d/signers.pem", read(m_keys.filePath("signer.crt")));
        write("policy.d/a.p7", bundleOf(document.toStdString(), signer));
        const auto loaded = store();
        if (problem.isEmpty()) {
            QVERIFY(loaded->current()->problem().empty());
            return;
        }
        QVERIFY(contains(loaded->current()->problem(), problem.toStdString()));
        QCOMPARE(loaded->current()->primary().id(), std::string("built-in-strict"));
    }

    void aReplayedBundleIsRefusedWhereverItLies() {
        write("policy.d/signers.pem", read(m_keys.filePath("signer.crt")));
        write("policy.d/a.p7", bundleOf(documentOf(R"("serial": 2)")));
        QVERIFY(store()->current()->problem().empty());
        write("replay.p7", bundleOf(documentOf(R"("serial": 1)")));
        QVERIFY(contains(store(path("replay.p7"))->current()->problem(), "older"));
    }

    void aBundleOutlivesItsSignersCertificateButNotItsListing() {
        write("policy.d/signers.pem", read(m_keys.filePath("signer.crt")));
        write("policy.d/a.p7", bundleOf(documentOf(R"("serial": 2)")));
        QVERIFY(store()->current()->problem().empty());
        m_clock.now += std::chrono::hours(24 * 40);
        auto loaded = store();
        QCOMPARE(loaded->current()->primary().serial(), 2U);
        QVERIFY(!loaded->current()->problem().empty());
        write("policy.d/signers.pem", read(m_keys.filePath("thief.crt")));
        QVERIFY(loaded->check());
        QCOMPARE(loaded->current()->primary().id(), std::string("built-in-strict"));
        QVERIFY(QFile::remove(QString::fromStdString(path("policy.d/signers.pem"))));
        QVERIFY(loaded->check());
        QVERIFY(contains(loaded->current()->problem(), "signers.pem"));
    }

    void filesThatOthersCanWriteAreRefused() {
        write("user.json", R"({"meta": {"id": "u"}})", 0664);
        QVERIFY(contains(store(path("user.json"))->current()->problem(), "can write it"));
        write("user.json", R"({"meta": {"id": "u"}})", 0646);
        QVERIFY(contains(store(path("user.json"))->current()->problem(), "can write it"));
        write("real.json", R"({"meta": {"id": "u"}})");
        QVERIFY(QFile::remove(QString::fromStdString(path("user.json"))));
        QCOMPARE(::symlink(path("real.json").c_str(), path("user.json").c_str()), 0);
        QVERIFY(contains(store(path("user.json"))->current()->problem(), "symbolic link"));
        QCOMPARE(::mkfifo(path("pipe.json").c_str(), 0600), 0);
        QVERIFY(contains(store(path("pipe.json"))->current()->problem(), "not a regular file"));
        write("policy.d/a.json", R"({"meta": {"id": "a"}})");
        QCOMPARE(::chmod(path("policy.d").c_str(), 0777), 0);
        const auto loaded = store();
        QVERIFY(contains(loaded->current()->problem(), "can write it"));
        QCOMPARE(loaded->current()->primary().id(), std::string("built-in-strict"));
    }

    void filesOfAnotherUserAreRefused() {
        GATEHOUSE_AS_ROOT();
        write("user.json", R"({"meta": {"id": "u"}})");
        QCOMPARE(::chown(path("user.json").c_str(), 65534, 65534), 0);
        QVERIFY(contains(store(path("user.json"))->current()->problem(), "neither to root"));
    }

    void readOnlyLooksWithoutATrace() {
        write("user.json", documentOf(R"("serial": 3)"));
        StoreOptions given = options();
        given.userFile = path("user.json");
        given.isReadOnly = true;
        QCOMPARE(PolicyStore(given, m_clock).current()->primary().serial(), 3U);
        QVERIFY(!QFile::exists(QString::fromStdString(path("data"))));
    }

    void whatIsKeptIsForTheOwnerOnly() {
        write("user.json", documentOf(R"("serial": 3)"));
        QVERIFY(store(path("user.json"))->current()->problem().empty());
        for (const char* const name : {"data", "data/policy", "data/policy/state.json", "data/policy/last-good"}) {
            struct stat status{};
            QCOMPARE(::stat(path(name).c_str(), &status), 0);
            QCOMPARE(status.st_mode & 0077, 0U);
        }
    }

    void aBrokenStateStartsAnewAndAnUnwritableOneStillGoverns() {
        write("user.json", documentOf(R"("serial": 3)"));
        QVERIFY(store(path("user.json"))->current()->problem().empty());
        write("data/policy/state.json", "{\"marks\": 7", 0600);
        QVERIFY(store(path("user.json"))->current()->problem().empty());
        StoreOptions given = options();
        given.userFile = path("user.json");
        given.dataFolder = path("user.json"); // a file: no folder can be made in it
        QCOMPARE(PolicyStore(given, m_clock).current()->primary().serial(), 3U);
    }
};

QTEST_GUILESS_MAIN(TestStore)
#include "tst_store.moc"
