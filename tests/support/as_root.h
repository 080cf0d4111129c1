// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QCoreApplication>
#include <QProcess>
#include <QtTest>

#include <optional>

namespace gatehouse::test {

// For tests that give files away or become another user. Runs the current test function once more, as root of a user
// namespace of its own with the person's subordinate users in it (unshare and newuidmap do that for everybody). True
// when it passed there, nullopt where the machine allows no such namespace.
inline std::optional<bool> passesAsRootOfNamespace() {
    const QStringList enter{"--user", "--map-root-user", "--map-auto", "--"};
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedChannels);
    process.start("unshare", enter + QStringList{"true"});
    if (!process.waitForFinished(60'000) || process.exitCode() != 0) {
        return std::nullopt;
    }
    process.start("unshare", enter + QStringList{QCoreApplication::applicationFilePath(),
                                                 QString::fromLatin1(QTest::currentTestFunction())});
    return process.waitForFinished(120'000) && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0;
}

} // namespace gatehouse::test

// At the head of such a test function.
#define GATEHOUSE_AS_ROOT()                                                                                            \
    if (::geteuid() != 0) {                                                                                            \
        const std::optional<bool> hasPassed = gatehouse::test::passesAsRootOfNamespace();                              \
        if (!hasPassed) {                                                                                              \
            QSKIP("needs root, or a user namespace with subordinate users (package uidmap)");                          \
        }                                                                                                              \
        QVERIFY(*hasPassed);                                                                                           \
        return;                                                                                                        \
    }                                                                                                                  \
    static_assert(true)
