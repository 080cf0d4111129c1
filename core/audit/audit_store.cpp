// SPDX-License-Identifier: Apache-2.0
#include "audit/audit_store.h"

#include <mutex>
#include <optional>
#include <utility>

#include "audit/head_file.h"
#include "audit/key_rotation.h"
#include "audit/reader.h"
#include "audit/record_log.h"
#include "audit/schema.h"
#include "audit/start_check.h"
#include "audit/store_thread.h"
#include "audit/vault.h"
#include "audit/writer.h"
#include "base/log.h"
#include "platform/boot.h"
#include "platform/secure_file.h"
#include "secrets/database_key.h"

namespace gatehouse::audit {
namespace {

// A door that stays while what is behind it comes and goes.
template <class Target>
class Slot {
public:
    [[nodiscard]] std::shared_ptr<Target> get() const {
        const std::scoped_lock lock(m_mutex);
        return m_target;
    }
    void set(std::shared_ptr<Target> target) {
        const std::scoped_lock lock(m_mutex);
        m_target.swap(target);
    }

private:
    mutable std::mutex m_mutex;
    std::shared_ptr<Target> m_target;
};

std::unexpected<Error> notOpen() {
    return fail(ErrorKind::unavailable, "the audit is not open");
}

class ReaderDoor final : public Reader, public Slot<Reader> {
public:
    Result<std::vector<AuditRecord>> list(const Query& query) override {
        const auto reader = get();
        return reader == nullptr ? notOpen() : reader->list(query);
    }
    Result<std::vector<AuditRecord>> show(const std::string& interaction) override {
        const auto reader = get();
        return reader == nullptr ? notOpen() : reader->show(interaction);
    }
};

class VaultDoor final : public dlp::Vault, public Slot<dlp::Vault> {
public:
    Result<std::uint32_t> assign(std::string_view conversation, std::string_view label,
                                 std::string_view value) override {
        const auto vault = get();
        return vault == nullptr ? notOpen() : vault->assign(conversation, label, value);
    }
    Result<SecureBytes> find(std::string_view conversation, std::string_view label, std::uint32_t number) override {
        const auto vault = get();
        return vault == nullptr ? notOpen() : vault->find(conversation, label, number);
    }
};

class AuditStoreImpl final : public AuditStore {
public:
    AuditStoreImpl(const AuditOptions& options, std::string folder, platform::LockFile lock)
        : m_options(options)
        , m_folder(std::move(folder))
        , m_lock(std::move(lock))
        , m_writer(options.clock) {}
    ~AuditStoreImpl() override {
        m_vault.set(nullptr);
        m_storeVault.set(nullptr);
        m_thread.set(nullptr);
        m_reader.set(nullptr);
        m_writer.connect(nullptr, Error{ErrorKind::denied, "the audit is closed", 0});
    }

    Writer& writer() override { return m_writer; }
    Reader& reader() override { return m_reader; }
    dlp::Vault& vault() override { return m_vault; }

    Result<ErasureReport> erase(const ErasureWish& wish, const std::function<bool()>& isCancelled) override {
        const std::shared_ptr<StoreThread> thread = m_thread.get();
        if (thread == nullptr) {
            return notOpen();
        }
        thread->flush();
        Eraser eraser(wish, m_options.clock);
        bool hasMore = true;
        while (hasMore && !isCancelled()) {
            GH_CHECK(thread->perform([&](store::Database& database, RecordLog& log) -> Result<> {
                GH_TRY(hasMore, eraser.step(database, log));
                return {};
            }));
        }
        ErasureReport report = eraser.report();
        report.isComplete = !hasMore;
        if (report.sequence > 0) {
            if (const auto vault = m_storeVault.get()) {
                vault->forget();
            }
            thread->flush(); // what the journal has must be in the database before its place can be wiped
            report.isPurged = thread->purge();
        }
        return report;
    }

    [[nodiscard]] StoreState state() const override {
        const std::scoped_lock lock(m_mutex);
        if (m_isOpen) {
            return m_writer.isReady() ? StoreState::ready : StoreState::broken;
        }
        return m_isLocked ? StoreState::locked : StoreState::broken;
    }
    [[nodiscard]] std::string problem() const override { return m_writer.problem(); }
    [[nodiscard]] secrets::KeyProtection keyProtection() const override { return m_options.secrets.protection(); }

    Result<> retry() override {
        const std::scoped_lock lock(m_mutex);
        if (m_isOpen) {
            return m_writer.isReady() ? Result<>{} : fail(ErrorKind::unavailable, m_writer.problem());
        }
        const auto key = obtainKey();
        m_isLocked = !key;
        const auto opened = key ? openWith(*key) : Result<>(std::unexpected(key.error()));
        m_isOpen = opened.has_value();
        if (!opened) {
            // A disk that is full now may take the record at the next try; a lost key or a damaged file will not.
            const bool canHeal = !m_isLocked && opened.error().kind == ErrorKind::unavailable;
            const ErrorKind kind = canHeal ? ErrorKind::unavailable : ErrorKind::denied;
            m_writer.connect(nullptr, Error{kind, describe(opened.error()), opened.error().native});
            return fail(ErrorKind::unavailable, m_writer.problem(), opened.error().native);
        }
        return {};
    }

private:
    std::string describe(const Error& error) const {
        if (m_isLocked) {
            return "the audit is " + error.what + ". Unlock your keyring and try again; nothing is sent until then.";
        }
        if (error.kind == ErrorKind::corrupt) {
            return "the audit in " + m_folder + " is damaged, or its key is not its own (" + error.what +
                   "). Restore it from a backup, or move the folder away to begin a new one.";
        }
        return "the audit in " + m_folder + " cannot be opened (" + error.what + ").";
    }

    Result<SecureBytes> obtainKey() {
        if (const auto finished = finishRotation(m_folder, m_options.secrets); !finished) {
            return fail(ErrorKind::unavailable,
                        "locked: a change of its key is not completed: " + finished.error().what,
                        finished.error().native);
        }
        return secrets::obtainDatabaseKey(m_options.secrets, m_folder);
    }

    Result<> openWith(const SecureBytes& key) {
        const std::string path = secrets::databasePath(m_folder);
        using store::Access;
        using store::Database;
        GH_TRY(auto database, Database::open({.path = path, .access = Access::writer, .vfs = m_options.vfs}, key));
        GH_CHECK(prepareSchema(*database));
        auto headFile = std::make_unique<HeadFile>(headPath(m_folder), key);
        ledger::ChainId chain{};
        fillRandom(chain.data(), chain.size());
        if (const auto remembered = headFile->read()) {
            chain = remembered->head.chain; // a database that was taken away goes on under its chain's name
        }
        GH_TRY(auto log, RecordLog::open(*database, chain));
        if (log->head().sequence == 0 && !headFile->read()) {
            GH_CHECK(headFile->begin({log->head(), 0, platform::bootId()}));
        }
        GH_TRY(const Continuity continuity, checkContinuity(*database, *headFile, log->head()));
        GH_TRY(const std::uint64_t journaled,
               replayJournal(*database, *log, journalPath(m_folder), key, m_options.clock));
        GH_CHECK(recordStart(*database, *log, *headFile, continuity,
                             secrets::keyProtectionWord(m_options.secrets.protection()), m_options.clock));
        GH_TRY(auto readerDatabase, Database::open({.path = path, .access = Access::reader}, key));
        GH_TRY(auto vaultDatabase, Database::open({.path = path, .access = Access::reader}, key));

        auto journal = Journal::begin(journalPath(m_folder), key, journaled);
        if (!journal) { // without one, balanced commits wait for the database
            logWarning("audit", "{}: errno {}", journal.error().what, journal.error().native);
        }
        const auto thread = std::make_shared<StoreThread>(std::move(database), std::move(log), std::move(headFile),
                                                          journal ? std::move(*journal) : nullptr, m_options.clock);
        GH_TRY(std::shared_ptr<StoreVault> vault, StoreVault::open(thread, std::move(vaultDatabase)));
        m_vault.set(vault);
        m_storeVault.set(std::move(vault));
        m_thread.set(thread);
        m_reader.set(std::make_shared<StoreReader>(std::move(readerDatabase), [thread] { thread->flush(); }));
        m_writer.connect(thread, {});
        return {};
    }

    AuditOptions m_options;
    std::string m_folder;
    platform::LockFile m_lock;
    mutable std::mutex m_mutex; // state and retry
    bool m_isOpen = false;
    bool m_isLocked = true;
    StoreWriter m_writer;
    ReaderDoor m_reader;
    VaultDoor m_vault;
    Slot<StoreVault> m_storeVault;
    Slot<StoreThread> m_thread;
};

} // namespace

std::string headPath(const std::string& dataFolder) {
    return dataFolder + "/audit.head";
}

std::string journalPath(const std::string& dataFolder) {
    return dataFolder + "/audit.journal";
}

Result<std::unique_ptr<AuditStore>> openAudit(const AuditOptions& options) {
    GH_CHECK(platform::ensurePrivateFolder(options.dataFolder));
    GH_TRY(std::string folder, platform::canonicalFolder(options.dataFolder));
    auto lock = platform::LockFile::acquire(folder + "/audit.lock");
    if (!lock) {
        return fail(lock.error().kind,
                    lock.error().kind == ErrorKind::conflict ? "another agent uses the data folder " + folder
                                                             : lock.error().what,
                    lock.error().native);
    }
    auto store = std::make_unique<AuditStoreImpl>(options, std::move(folder), std::move(*lock));
    if (const auto opened = store->retry(); !opened) {
        logError("audit", "{}", opened.error().what);
    }
    return store;
}

Result<ErasureReport> eraseOffline(const std::string& dataFolder, secrets::SecretStore& secrets,
                                   const ErasureWish& wish, const Clock& clock) {
    if (!secrets::databaseExists(dataFolder)) {
        return fail(ErrorKind::notFound, "there is no audit in " + dataFolder);
    }
    GH_TRY(const std::string folder, platform::canonicalFolder(dataFolder));
    GH_TRY(const platform::LockFile lock, platform::LockFile::acquire(folder + "/audit.lock"));
    GH_CHECK(finishRotation(folder, secrets));
    GH_TRY(const SecureBytes key, secrets::obtainDatabaseKey(secrets, folder));
    GH_TRY(auto database, store::Database::open({.path = secrets::databasePath(folder)}, key));
    GH_CHECK(prepareSchema(*database));
    GH_TRY(auto log, RecordLog::open(*database, ledger::ChainId{}));
    // What the last run left is judged before anything is added, else an old head would be overwritten unseen.
    HeadFile headFile(headPath(folder), key);
    GH_TRY(const Continuity continuity, checkContinuity(*database, headFile, log->head()));
    if (!continuity.event.empty()) {
        return fail(ErrorKind::unavailable, "the audit is not the one that is remembered (" + continuity.event +
                                                "); start the agent, which records that, then try again");
    }
    GH_CHECK(replayJournal(*database, *log, journalPath(folder), key, clock));
    Eraser eraser(wish, clock);
    for (bool hasMore = true; hasMore;) {
        GH_TRY(hasMore, eraser.step(*database, *log));
        log->keep();
        if (eraser.report().sequence > 0) {
            GH_CHECK(headFile.write(RememberedHead{log->head(), log->head().sequence, platform::bootId()}));
        }
    }
    ErasureReport report = eraser.report();
    // All of the journal is in the database; the next agent begins a new one.
    const bool hasJournal = platform::fileExists(journalPath(folder));
    report.isPurged = database->checkpointAndTruncate() && (!hasJournal || platform::removeFile(journalPath(folder)));
    return report;
}

void takeOverJournal(const std::string& folder, const SecureBytes& key) {
    if (!platform::fileExists(journalPath(folder))) {
        return;
    }
    const auto lock = platform::LockFile::acquire(folder + "/audit.lock");
    if (!lock) {
        return; // an agent runs and does it itself
    }
    const auto replayed = [&]() -> Result<std::uint64_t> {
        GH_TRY(auto database, store::Database::open({.path = secrets::databasePath(folder)}, key));
        GH_TRY(auto log, RecordLog::open(*database, ledger::ChainId{}));
        const SystemClock clock;
        return replayJournal(*database, *log, journalPath(folder), key, clock);
    }();
    if (!replayed) {
        logWarning("audit", "the journal was not taken over: {}", replayed.error().what);
    }
}

Result<std::unique_ptr<Reader>> openAuditReader(const std::string& dataFolder, secrets::SecretStore& secrets) {
    if (!secrets::databaseExists(dataFolder)) {
        return fail(ErrorKind::notFound, "there is no audit in " + dataFolder);
    }
    GH_TRY(const SecureBytes key, keyForReading(dataFolder, secrets));
    GH_TRY(const std::string folder, platform::canonicalFolder(dataFolder));
    takeOverJournal(folder, key);
    GH_TRY(auto database,
           store::Database::open({.path = secrets::databasePath(folder), .access = store::Access::reader}, key));
    return std::make_unique<StoreReader>(std::move(database), nullptr);
}

} // namespace gatehouse::audit
