// SPDX-License-Identifier: Apache-2.0
#include "quit_signals.h"

#ifndef Q_OS_WIN
#include <QSocketNotifier>
#include <csignal>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

namespace gatehouse::app {

#ifdef Q_OS_WIN

QuitSignals::QuitSignals(QObject* parent) : QObject(parent) {}

#else

namespace {

// A signal handler may only write; the other end is read by the event loop.
int handlerEnd = -1;

void onSignal(int /*number*/) {
    const char byte = 1;
    [[maybe_unused]] const auto written = ::write(handlerEnd, &byte, 1);
}

} // namespace

QuitSignals::QuitSignals(QObject* parent) : QObject(parent) {
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0) {
        return; // without it SIGTERM ends the process at once, which the audit is made to survive
    }
    handlerEnd = ends[0];
    auto* notifier = new QSocketNotifier(ends[1], QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, [this, end = ends[1]] {
        char byte = 0;
        while (::read(end, &byte, 1) == 1) {
        }
        emit quitRequested();
    });
    struct sigaction action = {};
    action.sa_handler = onSignal;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGTERM, &action, nullptr);
    ::sigaction(SIGINT, &action, nullptr);
}

#endif

} // namespace gatehouse::app
