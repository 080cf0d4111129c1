// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QPlainTextEdit>
#include <QTest>
#include <QTextEdit>
#include <memory>

#include "chat/chat_window.h"
#include "gui/support/fake_agent.h"
#include "gui/support/scripted_server.h"

namespace gatehouse::test {

inline const QByteArray kModels = R"({"object":"list","data":[{"id":"desk/tiny","owned_by":"desk"},
    {"id":"preview","owned_by":"preview"}]})";
inline const QByteArray kChatPath = "/v1/chat/completions";

// A chat window on a scripted gateway, driven as a person would: by its real widgets, found by object name.
class ChatDriver final {
public:
    ChatDriver() : agent(server.url()) {
        server.on("/v1/models", Reply::json(kModels));
        open();
    }
    void open() {
        window = std::make_unique<ui::ChatWindow>(agent, conversation);
        window->show();
    }
    template <class T>
    [[nodiscard]] T* find(const char* name) const {
        return window->findChild<T*>(QString::fromLatin1(name));
    }
    // The widget of turn `index`, counted from 0.
    template <class T>
    [[nodiscard]] T* inTurn(int index, const char* name) const {
        const auto turns = window->findChildren<QWidget*>(QStringLiteral("turn"));
        return index < turns.size() ? turns[index]->findChild<T*>(QString::fromLatin1(name)) : nullptr;
    }
    [[nodiscard]] QPlainTextEdit& input() const { return *find<QPlainTextEdit>("chatInput"); }
    [[nodiscard]] QString answer(int index) const {
        const auto* view = inTurn<QTextEdit>(index, "answerText");
        return view == nullptr ? QString() : view->toPlainText();
    }
    // The text of a label in a turn, or "" when it is not to be seen.
    template <class T>
    [[nodiscard]] QString seen(int index, const char* name) const {
        const auto* widget = inTurn<T>(index, name);
        return widget != nullptr && widget->isVisible() ? widget->text() : QString();
    }
    [[nodiscard]] bool isReady() const {
        return !conversation.model.isEmpty() || find<QWidget>("modelPicker")->isEnabled();
    }
    void type(const QString& text) const { input().setPlainText(text); }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) const {
        QTest::keyClick(&input(), key, modifiers);
    }
    [[nodiscard]] ui::TurnState state(int index) const {
        return conversation.turns.at(static_cast<std::size_t>(index)).state;
    }
    [[nodiscard]] qsizetype sent() const { return server.requests(kChatPath).size(); }

    ScriptedServer server;
    FakeAgent agent;
    ui::Conversation conversation = ui::Conversation::make();
    std::unique_ptr<ui::ChatWindow> window;
};

} // namespace gatehouse::test
