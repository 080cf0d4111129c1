// SPDX-License-Identifier: Apache-2.0
#include "chat/chat_window.h"

#include <QAbstractItemView>
#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QShortcut>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

#include "chat/composer.h"
#include "chat/model_picker.h"
#include "chat/thread_view.h"
#include "chat/turn_view.h"
#include "dialogs/approval_dialog.h"
#include "dialogs/sent_dialog.h"
#include "text/agent_words.h"
#include "text/chat_words.h"
#include "widgets/icons.h"
#include "widgets/notice_box.h"
#include "widgets/theme.h"

namespace gatehouse::ui {
namespace {

constexpr int kFlushMilliseconds = 33;
constexpr int kModelsAgainMilliseconds = 15'000;

} // namespace

ChatWindow::ChatWindow(AgentPort& agent, Conversation& conversation, QWidget* parent)
    : QWidget(parent, Qt::Window)
    , m_agent(agent)
    , m_conversation(conversation)
    , m_client(agent)
    , m_session(agent, m_client, conversation)
    , m_picker(new ModelPicker(this))
    , m_newButton(new QToolButton(this))
    , m_menuButton(new QToolButton(this))
    , m_hint(new QLabel(this))
    , m_banner(new NoticeBox(this))
    , m_thread(new ThreadView(this))
    , m_composer(new Composer(this))
    , m_flush(new QTimer(this)) {
    setObjectName(QStringLiteral("chatWindow"));
    setWindowTitle(text::chatTitle());
    setWindowIcon(productIcon());
    setMinimumSize(440, 420);
    resize(720, 760);

    auto* input = new QVBoxLayout;
    input->setContentsMargins(16, 0, 16, 16);
    input->setSpacing(8);
    m_hint->setObjectName(QStringLiteral("modelHint"));
    m_hint->setWordWrap(true);
    m_hint->setTextFormat(Qt::PlainText);
    input->addWidget(m_banner);
    input->addWidget(m_hint);
    input->addWidget(m_composer);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(makeHeader());
    column->addWidget(m_thread, 1);
    column->addLayout(input);

    m_flush->setSingleShot(true);
    m_flush->setInterval(kFlushMilliseconds);
    connect(m_flush, &QTimer::timeout, this, &ChatWindow::flushAnswer);
    connectSession();
    recolor();
    showTurns();
    m_composer->setText(conversation.draft);
    m_composer->focusInput();
    showAgent();
}

ChatWindow::~ChatWindow() {
    m_conversation.draft = m_composer->text();
    m_session.disconnect(this);
}

QWidget* ChatWindow::makeHeader() {
    auto* header = new QWidget(this);
    m_newButton->setObjectName(QStringLiteral("newButton"));
    m_newButton->setAutoRaise(true);
    m_newButton->setIconSize({20, 20});
    m_newButton->setToolTip(text::newConversation() + QStringLiteral(" (Ctrl+N)"));
    m_newButton->setAccessibleName(text::newConversation());
    connect(m_newButton, &QToolButton::clicked, &m_session, &ChatSession::startAnew);
    auto* shortcut = new QShortcut(QKeySequence::New, this);
    connect(shortcut, &QShortcut::activated, &m_session, &ChatSession::startAnew);
    auto* close = new QShortcut(QKeySequence::Close, this);
    connect(close, &QShortcut::activated, this, &QWidget::close);
    addMenu(*m_menuButton);
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(16, 12, 16, 0);
    row->addWidget(m_picker, 1);
    row->addStretch(1);
    row->addWidget(m_newButton);
    row->addWidget(m_menuButton);
    return header;
}

void ChatWindow::addMenu(QToolButton& button) {
    button.setObjectName(QStringLiteral("menuButton"));
    button.setAutoRaise(true);
    button.setIconSize({20, 20});
    button.setToolTip(text::menuName());
    button.setAccessibleName(text::menuName());
    // Without a tray this menu is the only way to the rest of the application.
    auto* menu = new QMenu(&button);
    connect(menu->addAction(text::menuDecisions()), &QAction::triggered, this, &ChatWindow::decisionsRequested);
    menu->addSeparator();
    connect(menu->addAction(text::menuAbout()), &QAction::triggered, this, &ChatWindow::aboutRequested);
    connect(menu->addAction(text::menuQuit()), &QAction::triggered, this, &ChatWindow::quitRequested);
    connect(&button, &QToolButton::clicked, menu, [&button, menu] {
        menu->popup(button.mapToGlobal(QPoint(button.width() - menu->sizeHint().width(), button.height())));
    });
}

void ChatWindow::connectSession() {
    connect(m_composer, &Composer::sendRequested, this, &ChatWindow::send);
    connect(m_composer, &Composer::stopRequested, &m_session, &ChatSession::stop);
    connect(m_composer, &Composer::textEdited, this, [this] { m_conversation.draft = m_composer->text(); });
    connect(&m_session, &ChatSession::turnAdded, this, &ChatWindow::addTurn);
    connect(&m_session, &ChatSession::answerGrew, this, &ChatWindow::growAnswer);
    connect(&m_session, &ChatSession::turnChanged, this, [this](int index) {
        flushAnswer();
        if (TurnView* view = m_thread->at(index)) {
            view->show(m_conversation.turns[static_cast<std::size_t>(index)]);
        }
    });
    connect(&m_session, &ChatSession::busyChanged, m_composer, &Composer::setBusy);
    connect(&m_session, &ChatSession::questionAsked, this, &ChatWindow::ask);
    connect(&m_session, &ChatSession::textReturned, this, &ChatWindow::giveBack);
    connect(&m_session, &ChatSession::cleared, this, [this] {
        m_pending.clear();
        m_thread->clear();
        m_composer->focusInput();
    });
    connect(m_picker, &QComboBox::currentIndexChanged, this, [this] {
        if (m_picker->hasModels()) {
            m_conversation.model = m_picker->chosenModel();
        }
        showModelHint();
    });
    connect(&m_client, &GatewayClient::modelsLoaded, this, [this](const std::vector<ModelChoice>& models) {
        m_picker->setModels(models, m_conversation.model);
        showModelHint();
        m_composer->setSendable(m_picker->hasModels());
    });
    connect(&m_client, &GatewayClient::modelsFailed, this, [this] {
        m_picker->setModels({}, {});
        m_composer->setSendable(false);
    });
    connect(&m_agent, &AgentPort::viewChanged, this, &ChatWindow::showAgent);
    // A model server that was started meanwhile appears by itself.
    auto* again = new QTimer(this);
    connect(again, &QTimer::timeout, this, &ChatWindow::refreshModels);
    again->start(kModelsAgainMilliseconds);
}

void ChatWindow::send(const QString& asked) {
    m_composer->clear();
    m_session.send(asked, m_picker->chosenModel());
}

void ChatWindow::showTurns() {
    for (std::size_t i = 0; i < m_conversation.turns.size(); ++i) {
        addTurn(static_cast<int>(i));
    }
}

void ChatWindow::addTurn(int index) {
    TurnView& view = m_thread->add(m_conversation.turns[static_cast<std::size_t>(index)]);
    connect(&view, &TurnView::showSentRequested, this, [this, index] { showSent(index); });
    connect(&view, &TurnView::copyRequested, this, [this, index] { copyAnswer(index); });
}

void ChatWindow::growAnswer(int index, const QString& text) {
    m_pending += text;
    m_pendingTurn = index;
    if (!m_flush->isActive()) {
        m_flush->start();
    }
}

void ChatWindow::flushAnswer() {
    TurnView* view = m_pending.isEmpty() ? nullptr : m_thread->at(m_pendingTurn);
    if (view != nullptr) {
        view->appendAnswer(m_pending);
        view->show(m_conversation.turns[static_cast<std::size_t>(m_pendingTurn)]);
    }
    m_pending.clear();
}

void ChatWindow::ask(const PersonQuestion& question) {
    delete m_dialog;
    m_dialog = new ApprovalDialog(question, this);
    connect(m_dialog, &ApprovalDialog::approved, &m_session, &ChatSession::approve);
    connect(m_dialog, &ApprovalDialog::declined, &m_session, &ChatSession::decline);
    connect(&m_session, &ChatSession::busyChanged, m_dialog, &QWidget::close);
    m_dialog->open();
}

void ChatWindow::giveBack(const QString& text) {
    const QString typed = m_composer->text();
    m_composer->setText(typed.trimmed().isEmpty() ? text : text + QLatin1Char('\n') + typed);
    m_composer->focusInput();
}

void ChatWindow::showSent(int index) {
    const Turn& turn = m_conversation.turns[static_cast<std::size_t>(index)];
    auto* dialog = new SentDialog(turn.sentText, this);
    dialog->open();
}

void ChatWindow::copyAnswer(int index) {
    QGuiApplication::clipboard()->setText(m_conversation.turns[static_cast<std::size_t>(index)].answered);
}

void ChatWindow::refreshModels() {
    // Not under the person's hands, and not while it would change what a running turn shows.
    if (!m_session.isBusy() && !m_picker->view()->isVisible()) {
        m_client.fetchModels();
    }
}

void ChatWindow::showAgent() {
    const AgentView view = m_agent.view();
    if (view.phase == AgentPhase::ready || view.phase == AgentPhase::starting) {
        m_banner->setVisible(false);
    } else {
        m_banner->show(
            {text::phaseTitle(view.phase), view.problem.isEmpty() ? text::phaseMeaning(view.phase) : view.problem, {}},
            view.phase == AgentPhase::policyBroken ? Action::warn : Action::block);
    }
    m_client.fetchModels();
}

void ChatWindow::showModelHint() {
    m_hint->setText(text::previewSentence());
    m_hint->setVisible(m_picker->isPreviewChosen());
}

void ChatWindow::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        recolor();
    }
}

void ChatWindow::recolor() {
    const Theme theme = Theme::of(palette());
    m_newButton->setIcon(namedIcon(QStringLiteral("new"), theme.quiet));
    m_menuButton->setIcon(namedIcon(QStringLiteral("menu"), theme.quiet));
    QPalette quiet = m_hint->palette();
    quiet.setColor(QPalette::WindowText, theme.quiet);
    m_hint->setPalette(quiet);
}

} // namespace gatehouse::ui
