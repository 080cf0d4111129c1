// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QLocalServer>
#include <QLockFile>
#include <QObject>
#include <QString>
#include <memory>

namespace gatehouse::app {

// One `gatehouse` per person and data folder. The first start holds a lock and listens on a local socket beside it; a
// second one asks the first to raise its window and leaves. Both ends check that the other is the same OS user.
class SingleInstance final : public QObject {
    Q_OBJECT
public:
    enum class Role {
        first,      // go on; raiseRequested() comes when somebody else starts
        second,     // the first one has been asked to raise its window: leave with 0
        unanswered, // another one holds the lock but does not answer: say so and leave with 2
    };

    // `folder` is private to the person (mode 0700) and made when it is missing.
    explicit SingleInstance(const QString& folder, QObject* parent = nullptr);
    ~SingleInstance() override;

    // Takes a role; waits for the other instance at most some seconds. Call it before the event loop runs.
    [[nodiscard]] Role claim();

    // The folder for `dataFolder`'s lock and socket: $XDG_RUNTIME_DIR/gatehouse/<hash>, or below the data folder itself
    // where there is no such directory.
    [[nodiscard]] static QString folderFor(const QString& dataFolder);

signals:
    void raiseRequested();

private:
    [[nodiscard]] bool listen();
    [[nodiscard]] bool askFirst() const;
    void answer();

    QString m_folder;
    std::unique_ptr<QLockFile> m_lock;
    QLocalServer m_server;
};

} // namespace gatehouse::app
