// SPDX-License-Identifier: Apache-2.0
#include "dialogs/message_dialogs.h"

#include <QCoreApplication>
#include <QMessageBox>
#include <QPushButton>

#include "text/dialog_words.h"
#include "widgets/icons.h"

namespace gatehouse::ui {
namespace {

QMessageBox* makeBox(QWidget* parent, const QString& name, const QString& title) {
    auto* box = new QMessageBox(parent);
    box->setObjectName(name);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setWindowTitle(title);
    box->setWindowIcon(productIcon());
    box->setTextFormat(Qt::PlainText);
    box->setIconPixmap(productIcon().pixmap(QSize(48, 48), box->devicePixelRatioF()));
    return box;
}

} // namespace

QMessageBox* makeQuitDialog(QWidget* parent) {
    QMessageBox* box = makeBox(parent, QStringLiteral("quitDialog"), text::quitTitle());
    box->setText(text::quitTitle());
    box->setInformativeText(text::quitMeaning());
    QPushButton* quit = box->addButton(text::quitYes(), QMessageBox::AcceptRole);
    quit->setObjectName(QStringLiteral("quitButton"));
    QPushButton* stay = box->addButton(text::cancel(), QMessageBox::RejectRole);
    stay->setObjectName(QStringLiteral("stayButton"));
    box->setDefaultButton(stay);
    box->setEscapeButton(stay);
    return box;
}

QMessageBox* makeAboutDialog(QWidget* parent) {
    QMessageBox* box = makeBox(parent, QStringLiteral("aboutDialog"), text::aboutTitle());
    box->setText(text::aboutText(QCoreApplication::applicationVersion()));
    box->addButton(text::close(), QMessageBox::AcceptRole);
    return box;
}

} // namespace gatehouse::ui
