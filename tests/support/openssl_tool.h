// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QFile>
#include <QProcess>
#include <QString>
#include <QTemporaryDir>

#include <stdexcept>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace gatehouse::test {

// The real openssl program in a folder of its own: the other side of what we seal and sign.
class OpensslTool final {
public:
    [[nodiscard]] QString path(const QString& name) const { return m_folder.filePath(name); }

    [[nodiscard]] std::string read(const QString& name) const {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
    }
    void write(const QString& name, std::string_view bytes) const {
        QFile file(path(name));
        if (!file.open(QIODevice::WriteOnly) ||
            file.write(bytes.data(), static_cast<qsizetype>(bytes.size())) != static_cast<qsizetype>(bytes.size())) {
            throw std::runtime_error("a file of the test cannot be written");
        }
    }
    void write(const QString& name, ByteView bytes) const { write(name, textOf(bytes)); }

    // True when it ended with 0; lastError() has what it said otherwise.
    [[nodiscard]] bool run(const QString& arguments) const {
        QProcess process;
        process.setWorkingDirectory(m_folder.path());
        process.start("openssl", arguments.split(' ', Qt::SkipEmptyParts));
        const bool isDone = process.waitForFinished(120'000) && process.exitCode() == 0;
        m_lastError = isDone ? QByteArray() : process.readAllStandardError();
        return isDone;
    }
    [[nodiscard]] const char* lastError() const { return m_lastError.constData(); }

    // NAME.crt, self-signed, with NAME.key. `key`: openssl's own words for it.
    void selfSigned(const QString& name, const QString& key, const QString& more = {}) const {
        if (!run("req -x509 " + key + " -nodes -keyout " + name + ".key -out " + name +
                 ".crt -days 30 -subj /CN=" + name + " " + more)) {
            throw std::runtime_error(m_lastError.toStdString());
        }
    }

private:
    QTemporaryDir m_folder;
    mutable QByteArray m_lastError;
};

} // namespace gatehouse::test
