// SPDX-License-Identifier: Apache-2.0
#include <QApplication>
#include <QCommandLineParser>
#include <QPointer>
#include <QStandardPaths>
#include <csignal>
#include <cstdio>
#include <sys/stat.h>

#include "agent.h"
#include "clipboard_watch.h"
#include "quit_signals.h"
#include "single_instance.h"
#include "standard_streams.h"
#include "text/dialog_words.h"
#include "tray/desktop.h"
#include "ui_adapters.h"
#include "widgets/icons.h"
#include "widgets/theme.h"

namespace {

using Qt::StringLiterals::operator""_L1;
using Qt::StringLiterals::operator""_s;
namespace app = gatehouse::app;
namespace ui = gatehouse::ui;

constexpr int kGraceMilliseconds = 2'000;
constexpr int kLoginGraceMilliseconds = 30'000; // at login the panel may come long after us

struct Options {
    app::AgentOptions agent;
    QString dataFolder;
    ui::ThemeChoice theme = ui::ThemeChoice::system;
    bool isBackground = false;
};

QString defaultDataFolder() {
    const QString chosen = qEnvironmentVariable("GATEHOUSE_DATA");
    return chosen.isEmpty() ? QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + u"/gatehouse"_s
                            : chosen;
}

ui::ThemeChoice themeOf(const QString& word) {
    return word == "dark"_L1    ? ui::ThemeChoice::dark
           : word == "light"_L1 ? ui::ThemeChoice::light
                                : ui::ThemeChoice::system;
}

Options parse(const QApplication& application) {
    QCommandLineParser parser;
    parser.setApplicationDescription(u"The governed way from this computer to any AI model."_s);
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOption({u"background"_s, u"Start into the tray; for the start at login."_s});
    parser.addOption({u"data"_s, u"Data folder (default: GATEHOUSE_DATA, or the platform's)."_s, u"folder"_s});
    parser.addOption({u"policy"_s, u"Policy file of this person; machine policy stands above it."_s, u"file"_s});
    parser.addOption({u"port"_s, u"Port of the gateway (default: as policy says; 0: a free one)."_s, u"number"_s});
    parser.addOption({u"theme"_s, u"light, dark or system."_s, u"theme"_s, u"system"_s});
    parser.process(application);

    Options options;
    options.isBackground = parser.isSet(u"background"_s);
    options.theme = themeOf(parser.value(u"theme"_s));
    options.dataFolder = parser.isSet(u"data"_s) ? parser.value(u"data"_s) : defaultDataFolder();
    options.agent.dataFolder = options.dataFolder.toStdString();
    if (parser.isSet(u"policy"_s)) {
        options.agent.policyFile = parser.value(u"policy"_s).toStdString();
    }
    if (parser.isSet(u"port"_s)) {
        bool isNumber = false;
        const ushort port = parser.value(u"port"_s).toUShort(&isNumber);
        if (!isNumber) {
            std::fputs("gatehouse: --port takes a number from 0 to 65535\n", stderr);
            std::exit(2);
        }
        options.agent.port = port;
    }
    return options;
}

int runFirst(QApplication& application, const Options& options, app::SingleInstance& instance) {
    app::ClipboardWatch clipboard; // outlives the agent
    app::AgentOptions agentOptions = options.agent;
    agentOptions.clipboard = app::ClipboardWatch::isPossible() ? &clipboard : nullptr;
    QPointer<ui::Desktop> windows; // of this thread alone
    agentOptions.openChat = [&windows, &clipboard](const std::string& text) {
        const auto show = [&windows, text = QString::fromStdString(text)] {
            if (windows) {
                windows->openChatWith(text);
            }
        };
        QMetaObject::invokeMethod(&clipboard, show, Qt::QueuedConnection);
    };
    app::AgentAdapter agent(agentOptions, &app::Agent::start);
    ui::Desktop desktop(agent);
    windows = &desktop;
    app::QuitSignals quitSignals;
    QObject::connect(&instance, &app::SingleInstance::raiseRequested, &desktop, &ui::Desktop::openChat);
    QObject::connect(&desktop, &ui::Desktop::quitAccepted, &agent, &ui::AgentPort::requestStop);
    QObject::connect(&quitSignals, &app::QuitSignals::quitRequested, &agent, &ui::AgentPort::requestStop);
    QObject::connect(&agent, &ui::AgentPort::stopped, &application, &QCoreApplication::quit);
    agent.start();
    desktop.openIfNoTray(options.isBackground ? kLoginGraceMilliseconds : kGraceMilliseconds);
    return QApplication::exec();
}

} // namespace

int main(int count, char** values) {
    app::holdStandardStreams();
#ifdef Q_OS_LINUX
    std::signal(SIGPIPE, SIG_IGN);
    umask(S_IRWXG | S_IRWXO); // before the first folder is made: all that we keep is for its owner only
    if (qEnvironmentVariableIsEmpty("DISPLAY") && qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY") &&
        qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) {
        std::fputs("gatehouse: there is no display here; \"gatehousectl serve\" runs the agent without windows\n",
                   stderr);
        return 2;
    }
#endif
    QApplication application(count, values);
    QApplication::setApplicationName(u"gatehouse"_s);
    QApplication::setApplicationDisplayName(u"Gatehouse"_s);
    QApplication::setApplicationVersion(QStringLiteral(GATEHOUSE_VERSION));
    QApplication::setDesktopFileName(u"gatehouse"_s);
    QApplication::setQuitOnLastWindowClosed(false);
    const Options options = parse(application);
    app::SingleInstance instance(app::SingleInstance::folderFor(options.dataFolder));
    switch (instance.claim()) {
    case app::SingleInstance::Role::first:
        break;
    case app::SingleInstance::Role::second:
        return 0;
    case app::SingleInstance::Role::unanswered:
        std::fprintf(stderr, "gatehouse: %s\n", qPrintable(ui::text::alreadyRunningButSilent()));
        return 2;
    }
    ui::applyTheme(options.theme);
    QApplication::setWindowIcon(ui::productIcon());
    return runFirst(application, options, instance);
}
