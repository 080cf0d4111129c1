// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <QTemporaryDir>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "bridge/bridge.h"
#include "ipc/endpoint.h"
#include "ipc/extension_id.h"
#include "ipc/framing.h"
#include "ipc/messages.h"
#include "support/scripted_governor.h"

namespace gatehouse::test {

// A clipboard that changes when the test says so; any thread.
class ScriptedClipboard final : public bridge::ClipboardPort {
public:
    void watch(Listener listener) override {
        const std::scoped_lock lock(m_mutex);
        m_listener = std::move(listener);
    }
    bool isWatched() {
        const std::scoped_lock lock(m_mutex);
        return static_cast<bool>(m_listener);
    }
    void hold(const bridge::Clip& clip) {
        const std::scoped_lock lock(m_mutex);
        if (m_listener) {
            m_listener(clip);
        }
    }

private:
    std::mutex m_mutex;
    Listener m_listener;
};

// A real bridge on a thread of its own, over a scripted governor.
class BridgeFixture final {
public:
    BridgeFixture() : m_work(asio::make_work_guard(m_context)), m_thread([this] { m_context.run(); }) {}
    ~BridgeFixture() {
        stop();
        m_work.reset();
        m_thread.join();
    }
    BridgeFixture(const BridgeFixture&) = delete;
    BridgeFixture& operator=(const BridgeFixture&) = delete;

    Result<> start(bridge::ClipboardPort* clipboard = nullptr) {
        Result<> result;
        onThread([&] {
            auto started =
                bridge::Bridge::start({.socketPath = socketPath(),
                                       .person = {.name = "ada", .uid = 0, .groups = {}},
                                       .agentVersion = "test",
                                       .openChat = [this](std::string text) { chats.push_back(std::move(text)); },
                                       .clipboard = clipboard},
                                      governor, clock, m_context.get_executor());
            if (started) {
                m_bridge = *std::move(started);
            } else {
                result = std::unexpected(started.error());
            }
        });
        return result;
    }
    void stop() {
        onThread([this] { m_bridge.reset(); });
    }
    template <class Function>
    void onThread(Function function) {
        auto task = std::make_shared<std::packaged_task<void()>>(function);
        auto done = task->get_future();
        asio::post(m_context, [task] { (*task)(); });
        done.get();
    }
    std::string socketPath() const { return m_folder.path().toStdString() + "/gh/agent.sock"; }
    bridge::Bridge& bridge() { return *m_bridge; }

    ScriptedGovernor governor;
    ManualClock clock;
    std::vector<std::string> chats; // texts that were taken to the chat window

private:
    QTemporaryDir m_folder;
    asio::io_context m_context{1};
    asio::executor_work_guard<asio::io_context::executor_type> m_work;
    std::unique_ptr<bridge::Bridge> m_bridge;
    std::thread m_thread;
};

// One end of a framed conversation over descriptors that it owns; waits at most ten seconds for an answer.
class FramedPeer final {
public:
    FramedPeer(int input, int output) : m_input(input), m_output(output) {}
    ~FramedPeer() { close(); }
    FramedPeer(const FramedPeer&) = delete;
    FramedPeer& operator=(const FramedPeer&) = delete;

    void close() {
        if (m_input >= 0) {
            ::close(m_input);
        }
        if (m_output >= 0 && m_output != m_input) {
            ::close(m_output);
        }
        m_input = m_output = -1;
    }
    void sendBytes(std::string_view bytes) {
        while (!bytes.empty()) {
            pollfd wait{m_output, POLLOUT, 0};
            ::poll(&wait, 1, 10'000);
            const ssize_t count = ::write(m_output, bytes.data(), bytes.size());
            if (count <= 0) {
                return;
            }
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
    }
    void send(std::string_view payload) { sendBytes(ipc::encodeFrame(payload).value()); }
    // The next message's body; null at the end of the stream.
    Json next() {
        for (;;) {
            const auto frame = m_decoder.next();
            if (frame && *frame) {
                return parseJson(**frame).value_or(Json());
            }
            pollfd wait{m_input, POLLIN, 0};
            char chunk[65536];
            const ssize_t count = ::poll(&wait, 1, 10'000) > 0 ? ::read(m_input, chunk, sizeof(chunk)) : 0;
            if (!frame || count <= 0) {
                return {};
            }
            m_decoder.push({chunk, static_cast<std::size_t>(count)});
        }
    }
    Json ask(std::string_view payload) {
        send(payload);
        return next();
    }

private:
    int m_input;
    int m_output;
    ipc::FrameDecoder m_decoder{4 * ipc::kFrameLimit};
};

// JSON written with ' for ", because Qt's moc loses its way in raw strings.
inline std::string quoted(std::string text) {
    std::ranges::replace(text, '\'', '"');
    return text;
}
// A string member; empty when there is none.
inline std::string word(const Json& json, const char* name) {
    return json.is_object() && json.contains(name) && json[name].is_string() ? json[name].get<std::string>()
                                                                             : std::string();
}
inline std::string helloText() {
    return quoted("{'v':1,'type':'hello','id':'h','extensionVersion':'0.1','browser':'chromium','profile':'p1'}");
}
inline std::string pasteText(const std::string& id, const std::string& text) {
    return dumpJson({{"v", 1},
                     {"type", "verdict"},
                     {"id", id},
                     {"kind", "paste"},
                     {"origin", "https://chatgpt.com"},
                     {"text", text}});
}
inline std::string attachText(std::string_view origin = ipc::kChromiumOrigin) {
    return ipc::attachMessage({std::string(origin), "0.1"});
}

} // namespace gatehouse::test
