// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/local/stream_protocol.hpp>

#include "base/async.h"
#include "base/clock.h"
#include "bridge/bridge.h"
#include "bridge/judge.h"
#include "bridge/readings.h"
#include "bridge/uploads.h"
#include "ipc/framing.h"
#include "ipc/messages.h"

namespace gatehouse::bridge {

// The policy that holds now, as browsers are told it. Guarded is what any layer guards.
ipc::PolicyNotice noticeOf(const governance::Rules& rules);

// One connection of a native host. Lives as long as its socket is open or one of its verdicts is on its way. Messages
// are looked up in a table (session.cpp); one that is unknown, odd or out of order is answered with an error, and only
// broken frames or a foreign extension end the session.
class Session final : public std::enable_shared_from_this<Session> {
public:
    using Socket = asio::local::stream_protocol::socket;

    Session(Socket socket, const BridgeOptions& options, governance::Governor& governor, const Clock& clock);

    // Reads until the other end leaves; `self` keeps the session.
    static Task<> run(std::shared_ptr<Session> self);
    // To a browser that has said hello; nothing otherwise.
    void pushPolicy();
    // True while a guarded page of this browser has the focus; `changed` is called when that may have changed.
    [[nodiscard]] bool isFocused() const { return m_focus.isFocused && m_socket.is_open(); }
    void onFocus(std::function<void()> changed) { m_focusChanged = std::move(changed); }
    // Says what a paste of it would come to, if a page has the focus.
    void clipChanged(const Clip& clip);
    void close();

private:
    enum class State { fresh, attached, greeted };
    struct Handler {
        std::string_view type;
        State needs;
        void (Session::*handle)(const ipc::Message& message);
    };
    static const std::array<Handler, 13> kHandlers;

    void take(const std::string& payload);
    void attach(const ipc::Message& message);
    void hello(const ipc::Message& message);
    void verdict(const ipc::Message& message);
    void answer(const ipc::Message& message);
    void fileBegin(const ipc::Message& message);
    void fileChunk(const ipc::Message& message);
    void fileEnd(const ipc::Message& message);
    void fileCancel(const ipc::Message& message);
    void reading(const ipc::Message& message);
    void focus(const ipc::Message& message);
    void chat(const ipc::Message& message);
    void event(const ipc::Message& message);
    void ping(const ipc::Message& message);
    [[nodiscard]] ipc::PolicyNotice notice() const;
    bool begin(const ipc::Message& message);
    void start(const std::string& id, Task<ipc::VerdictReply> work);
    // Runs it; one that throws ends the session.
    void spawn(Task<> work);
    static Task<> answerWith(std::shared_ptr<Session> self, std::string id, Task<ipc::VerdictReply> work);
    static Task<> readWith(std::shared_ptr<Session> self, std::string id, ipc::ReadingRequest request);
    static Task<> previewWith(std::shared_ptr<Session> self, ipc::Focus focus, Clip clip);
    void refuse(const ipc::Message& message, const Error& error);
    void sendVerdict(const std::string& id, const ipc::VerdictReply& reply);
    void send(std::string_view payload);
    void writeNext();

    Socket m_socket;
    const BridgeOptions m_options;
    governance::Governor& m_governor;
    Judge m_judge;
    Readings m_readings;
    Uploads m_uploads;
    Sender m_sender;
    ipc::Focus m_focus;
    std::function<void()> m_focusChanged;
    ipc::FrameDecoder m_decoder;
    std::deque<std::string> m_outbox;
    std::size_t m_outboxBytes = 0;
    std::size_t m_running = 0; // verdicts on their way
    State m_state = State::fresh;
};

} // namespace gatehouse::bridge
