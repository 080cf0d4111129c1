// SPDX-License-Identifier: Apache-2.0
#include "audit/key_rotation.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>

#include <fcntl.h>
#include <unistd.h>

#include "audit/audit_store.h"
#include "audit/head_file.h"
#include "audit/record_log.h"
#include "audit/schema.h"
#include "audit/start_check.h"
#include "base/crypto.h"
#include "base/log.h"
#include "ledger/chain.h"
#include "platform/boot.h"
#include "platform/secure_file.h"
#include "secrets/database_key.h"
#include "store/database.h"
#include "store/export_copy.h"

namespace gatehouse::audit {
namespace {

constexpr std::string_view kNextKey = "database-key-next";

std::string nextPath(const std::string& folder) {
    return secrets::databasePath(folder) + ".next";
}

std::string nextHeadPath(const std::string& folder) {
    return headPath(folder) + ".next";
}

// Once this file is there, the new database is complete and takes the place of the old one, whatever happens.
std::string markPath(const std::string& folder) {
    return folder + "/audit.rotate";
}

Result<> syncFolder(const std::string& folder) {
    const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool isSynced = handle >= 0 && ::fsync(handle) == 0;
    const int problem = errno;
    if (handle >= 0) {
        ::close(handle);
    }
    return isSynced ? Result<>() : fail(ErrorKind::unavailable, "audit: the folder cannot be synced", problem);
}

Result<> moveOver(const std::string& from, const std::string& to) {
    if (std::rename(from.c_str(), to.c_str()) != 0 && errno != ENOENT) {
        return fail(ErrorKind::unavailable, "audit: a file of the new key cannot be put into its place", errno);
    }
    return {}; // not there: it was moved before the crash
}

Result<> removeIfThere(const std::string& path) {
    const auto removed = platform::removeFile(path);
    return removed || removed.error().kind == ErrorKind::notFound ? Result<>() : removed;
}

Result<> removeNextKey(secrets::SecretStore& secrets) {
    const auto removed = secrets.remove(kNextKey);
    return removed || removed.error().kind == ErrorKind::notFound ? Result<>() : removed;
}

// All of the old database is in its main file, closed: no log of it may meet the new one.
Result<> goForward(const std::string& folder, secrets::SecretStore& secrets, const RotationProbe& probe) {
    const auto reached = [&probe](std::string_view step) {
        return !probe || probe(step) ? Result<>() : fail(ErrorKind::unavailable, "interrupted");
    };
    const std::string path = secrets::databasePath(folder);
    // A log that is there although the old database was closed belongs to a reader that died; it holds nothing.
    if (platform::fileExists(nextPath(folder))) {
        GH_CHECK(removeIfThere(path + "-wal"));
        GH_CHECK(removeIfThere(path + "-shm"));
    }
    GH_CHECK(moveOver(nextPath(folder), path));
    GH_CHECK(reached("database"));
    GH_CHECK(moveOver(nextHeadPath(folder), headPath(folder)));
    GH_CHECK(removeIfThere(journalPath(folder)));
    GH_CHECK(syncFolder(folder));
    GH_CHECK(reached("head"));
    const auto key = secrets.read(kNextKey);
    if (!key && key.error().kind != ErrorKind::notFound) {
        return std::unexpected(key.error());
    }
    if (key) { // else it has its final name already
        GH_CHECK(secrets::replaceDatabaseKey(secrets, *key));
        GH_CHECK(reached("key"));
        GH_CHECK(removeNextKey(secrets));
        GH_CHECK(reached("next-key"));
    }
    GH_CHECK(removeIfThere(markPath(folder)));
    return syncFolder(folder);
}

Result<> goBack(const std::string& folder, secrets::SecretStore& secrets) {
    for (const char* const suffix : {"", "-journal", "-wal", "-shm"}) {
        GH_CHECK(removeIfThere(nextPath(folder) + suffix));
    }
    GH_CHECK(removeIfThere(nextHeadPath(folder)));
    return removeNextKey(secrets);
}

class Rotation final {
public:
    Rotation(std::string folder, secrets::SecretStore& secrets, const Clock& clock, const RotationProbe& probe)
        : m_folder(std::move(folder))
        , m_secrets(secrets)
        , m_clock(clock)
        , m_probe(probe) {}

    Result<RotationReport> run() {
        GH_CHECK(finishRotation(m_folder, m_secrets));
        GH_TRY(const SecureBytes oldKey, secrets::obtainDatabaseKey(m_secrets, m_folder));
        const SecureBytes newKey(randomBytes(oldKey.size()));
        m_report.oldKey = secrets::databaseKeyId(oldKey);
        m_report.newKey = secrets::databaseKeyId(newKey);
        const auto copied = copy(oldKey, newKey);
        if (!copied) {
            if (!m_isInterrupted) {
                static_cast<void>(
                    goBack(m_folder, m_secrets)); // NOLINT(bugprone-unused-return-value): the next start does
            }
            return std::unexpected(copied.error());
        }
        GH_CHECK(platform::writePrivateFile(markPath(m_folder), bytesOf(m_report.newKey)));
        GH_CHECK(reached("mark"));
        GH_CHECK(goForward(m_folder, m_secrets, m_probe));
        return m_report;
    }

private:
    Result<> reached(std::string_view step) {
        m_isInterrupted = m_probe && !m_probe(step);
        return m_isInterrupted ? fail(ErrorKind::unavailable, "interrupted") : Result<>();
    }

    Result<> copy(const SecureBytes& oldKey, const SecureBytes& newKey) {
        ledger::Head head;
        {
            GH_TRY(auto database, store::Database::open({.path = secrets::databasePath(m_folder)}, oldKey));
            GH_CHECK(prepareSchema(*database));
            GH_TRY(auto log, RecordLog::open(*database, ledger::ChainId{}));
            HeadFile headFile(headPath(m_folder), oldKey);
            GH_TRY(const Continuity continuity, checkContinuity(*database, headFile, log->head()));
            if (!continuity.event.empty()) {
                return fail(ErrorKind::unavailable, "the audit is not the one that is remembered (" + continuity.event +
                                                        "); start the agent once, which records that");
            }
            GH_CHECK(replayJournal(*database, *log, journalPath(m_folder), oldKey, m_clock));
            GH_CHECK(headFile.write(RememberedHead{log->head(), log->head().sequence, platform::bootId()}));
            head = log->head();
            GH_CHECK(database->checkpointAndTruncate());
            GH_CHECK(reached("ready"));
            GH_CHECK(m_secrets.write(kNextKey, newKey));
            GH_CHECK(reached("new-key"));
            GH_CHECK(store::exportCopy(*database, nextPath(m_folder), newKey));
            GH_CHECK(reached("copy"));
        }
        return proveCopy(newKey, head);
    }

    // Opens the copy as every start will, walks its whole chain, and lets it begin with what happened.
    Result<> proveCopy(const SecureBytes& newKey, const ledger::Head& expected) {
        GH_TRY(auto database, store::Database::open({.path = nextPath(m_folder)}, newKey));
        GH_CHECK(prepareSchema(*database));
        ledger::ChainVerifier chain;
        {
            GH_TRY(store::Statement rows,
                   database->prepare("SELECT sequence, bytes, hash FROM record ORDER BY sequence"));
            while (true) {
                GH_TRY(const bool hasRow, rows.step());
                if (!hasRow) {
                    break;
                }
                if (!chain.feed(rows.bytes(1), static_cast<std::uint64_t>(rows.number(0)), rows.bytes(2))) {
                    return fail(ErrorKind::corrupt, "the audit is damaged at record " +
                                                        std::to_string(chain.fault()->sequence) + ": " +
                                                        chain.fault()->what + "; nothing was changed");
                }
            }
        }
        if (expected.sequence > 0 && chain.head() != expected) {
            return fail(ErrorKind::corrupt,
                        "the copy does not have the records that the audit has; nothing was changed");
        }
        GH_TRY(auto log, RecordLog::open(*database, ledger::ChainId{}));
        GH_TRY(store::Transaction transaction, store::Transaction::begin(*database));
        GH_CHECK(log->append(makeEvent("key_rotated", "old=" + m_report.oldKey + " new=" + m_report.newKey, m_clock)));
        GH_CHECK(transaction.commit());
        m_report.records = log->head().sequence;
        GH_CHECK(database->checkpointAndTruncate());
        GH_CHECK(removeIfThere(nextHeadPath(m_folder)));
        HeadFile headFile(nextHeadPath(m_folder), newKey);
        GH_CHECK(headFile.write(RememberedHead{log->head(), log->head().sequence, platform::bootId()}));
        GH_CHECK(headFile.sync());
        GH_CHECK(syncFolder(m_folder));
        return reached("proof");
    }

    std::string m_folder;
    secrets::SecretStore& m_secrets;
    const Clock& m_clock;
    const RotationProbe& m_probe;
    RotationReport m_report;
    bool m_isInterrupted = false;
};

bool hasTraces(const std::string& folder) {
    return platform::fileExists(markPath(folder)) || platform::fileExists(nextPath(folder));
}

} // namespace

Result<> finishRotation(const std::string& folder, secrets::SecretStore& secrets) {
    if (platform::fileExists(markPath(folder))) {
        logInfo("audit", "the change of the database's key is completed");
        return goForward(folder, secrets, {});
    }
    // Asking the keyring costs time; a key that waits in it without a file beside it harms nobody.
    return platform::fileExists(nextPath(folder)) ? goBack(folder, secrets) : Result<>();
}

Result<SecureBytes> keyForReading(const std::string& folder, secrets::SecretStore& secrets) {
    if (hasTraces(folder)) {
        const auto lock = platform::LockFile::acquire(folder + "/audit.lock");
        if (lock) {
            GH_CHECK(finishRotation(folder, secrets));
        } else if (platform::fileExists(markPath(folder))) {
            return fail(ErrorKind::unavailable, "the database gets a new key just now; try again");
        }
    }
    return secrets::obtainDatabaseKey(secrets, folder);
}

Result<RotationReport> rotateKey(const std::string& dataFolder, secrets::SecretStore& secrets, const Clock& clock,
                                 const RotationProbe& probe) {
    if (!secrets::databaseExists(dataFolder)) {
        return fail(ErrorKind::notFound, "there is no audit in " + dataFolder);
    }
    GH_TRY(std::string folder, platform::canonicalFolder(dataFolder));
    GH_TRY(const platform::LockFile lock, platform::LockFile::acquire(folder + "/audit.lock"));
    return Rotation(std::move(folder), secrets, clock, probe).run();
}

} // namespace gatehouse::audit
