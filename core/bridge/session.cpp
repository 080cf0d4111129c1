// SPDX-License-Identifier: Apache-2.0
#include "bridge/session.h"

#include <algorithm>
#include <exception>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "base/log.h"
#include "bridge/preview.h"
#include "ipc/endpoint.h"
#include "ipc/extension_id.h"

namespace gatehouse::bridge {

namespace {

constexpr std::size_t kRunningLimit = 64;
// A browser that does not read any more is let go rather than kept in memory.
constexpr std::size_t kOutboxLimit = 16 * ipc::kFrameLimit;
constexpr std::size_t kChunk = 64UL * 1024UL;
constexpr auto kNoThrow = asio::as_tuple(asio::use_awaitable);

// The shape of a page says where is looked; a lower layer, which may only be stricter, has no word in it.
ipc::PolicyNotice::Site siteOf(const policy::Site& site, bool isPrimary) {
    ipc::PolicyNotice::Site told;
    told.hosts = site.hosts;
    told.isGuarded = site.isGuarded;
    told.name = site.name;
    if (isPrimary) {
        told.composer = site.shape.composer;
        told.send = site.shape.send;
        told.prompts = site.shape.prompts;
        told.quiet = site.shape.quiet;
        told.helpers = site.shape.helpers;
        told.paths = site.shape.paths;
    }
    return told;
}

} // namespace

const std::array<Session::Handler, 13> Session::kHandlers{{
    {"attach", State::fresh, &Session::attach},
    {"hello", State::attached, &Session::hello},
    {"verdict", State::greeted, &Session::verdict},
    {"answer", State::greeted, &Session::answer},
    {"file_begin", State::greeted, &Session::fileBegin},
    {"file_chunk", State::greeted, &Session::fileChunk},
    {"file_end", State::greeted, &Session::fileEnd},
    {"file_cancel", State::greeted, &Session::fileCancel},
    {"reading", State::greeted, &Session::reading},
    {"focus", State::greeted, &Session::focus},
    {"chat", State::greeted, &Session::chat},
    {"event", State::greeted, &Session::event},
    {"ping", State::attached, &Session::ping},
}};

ipc::PolicyNotice noticeOf(const governance::Rules& rules) {
    ipc::PolicyNotice notice;
    if (!rules.policy) {
        return notice;
    }
    const auto& primary = rules.policy->primary();
    notice.revision = primary.id() + "#" + std::to_string(primary.serial());
    const auto& browser = rules.policy->browser();
    notice.answers = policy::answersWord(browser.answers);
    notice.unlisted = policy::unlistedWord(browser.unlisted);
    notice.aiHosts = browser.aiHosts;
    notice.hasFastPath = browser.hasFastPath;
    if (const auto& opinion = rules.policy->secondOpinion()) {
        notice.patience += static_cast<std::uint64_t>(std::chrono::milliseconds(opinion->time).count());
    }
    notice.isFailClosed = primary.failMode() == policy::FailMode::closed;
    // Guarded sites first: the extension takes the first entry that matches, and a lower layer may only be stricter.
    for (const bool isGuarded : {true, false}) {
        for (const auto& layer : rules.policy->layers()) {
            for (const auto& site : layer->sites()) {
                if (site.isGuarded == isGuarded) {
                    notice.sites.push_back(siteOf(site, layer == rules.policy->layers().front()));
                }
            }
        }
    }
    return notice;
}

Session::Session(Socket socket, const BridgeOptions& options, governance::Governor& governor, const Clock& clock)
    : m_socket(std::move(socket))
    , m_options(options)
    , m_governor(governor)
    , m_judge(governor, clock)
    , m_readings(governor) {
    m_sender.person = m_options.person;
}

Task<> Session::run(std::shared_ptr<Session> self) {
    // Asked once, while the other end is surely still the process that connected.
    if (const auto peer = ipc::requireSameUser(self->m_socket.native_handle())) {
        self->m_sender.browser = ipc::describeProcess(ipc::parentOf(peer->pid));
    } else {
        logWarning("bridge", "connection refused: {}", peer.error().what);
        self->close();
        co_return;
    }
    std::string chunk(kChunk, '\0');
    while (self->m_socket.is_open()) {
        const auto [error, count] = co_await self->m_socket.async_read_some(asio::buffer(chunk), kNoThrow);
        if (error) {
            break;
        }
        self->m_decoder.push({chunk.data(), count});
        for (;;) {
            auto frame = self->m_decoder.next();
            if (!frame) {
                logWarning("bridge", "connection closed: {}", frame.error().what);
                self->close();
                co_return;
            }
            if (!*frame) {
                break;
            }
            self->take(**frame);
        }
    }
    self->close();
}

void Session::take(const std::string& payload) {
    const auto message = ipc::parseMessage(payload);
    if (!message) {
        send(ipc::errorReply(ipc::idOf(payload), "invalid", message.error().what));
        return;
    }
    const auto handler = std::ranges::find(kHandlers, message->type, &Handler::type);
    if (handler == kHandlers.end()) {
        send(ipc::errorReply(message->id, "unknown_type", "this agent does not know the message"));
        return;
    }
    if (m_state < handler->needs) {
        send(ipc::errorReply(message->id, "out_of_order", "attach, then hello, then the rest"));
        return;
    }
    (this->*handler->handle)(*message);
}

void Session::attach(const ipc::Message& message) {
    const auto attach = ipc::parseAttach(message.body);
    if (!attach || std::ranges::find(ipc::kExtensionOrigins, attach->origin) == ipc::kExtensionOrigins.end()) {
        logWarning("bridge", "connection refused: not our extension");
        close();
        return;
    }
    m_state = std::max(m_state, State::attached);
}

void Session::hello(const ipc::Message& message) {
    auto hello = ipc::parseHello(message.body);
    if (!hello) {
        refuse(message, hello.error());
        return;
    }
    m_sender.profile = hello->browser + "-" + hello->profile;
    m_state = State::greeted;
    send(ipc::helloReply(message.id, m_options.agentVersion, notice()));
}

void Session::verdict(const ipc::Message& message) {
    auto request = ipc::parseVerdict(message.body);
    if (!request) {
        refuse(message, request.error());
    } else if (begin(message)) {
        start(message.id, m_judge.judge(m_sender, *std::move(request)));
    }
}

void Session::answer(const ipc::Message& message) {
    auto request = ipc::parseAnswer(message.body);
    if (!request) {
        refuse(message, request.error());
    } else if (begin(message)) {
        start(message.id, m_judge.settle(*std::move(request)));
    }
}

// Each step of a file is answered, which is what the extension waits for before it sends more.
void Session::fileBegin(const ipc::Message& message) {
    auto file = ipc::parseFileBegin(message.body);
    if (!file) {
        refuse(message, file.error());
    } else if (const auto begun = m_uploads.begin(*std::move(file)); !begun) {
        refuse(message, begun.error());
    } else {
        send(ipc::fileReply(message.id, false));
    }
}

void Session::fileChunk(const ipc::Message& message) {
    const auto chunk = ipc::parseFileChunk(message.body);
    if (!chunk) {
        refuse(message, chunk.error());
    } else if (const auto isEnough = m_uploads.add(*chunk); !isEnough) {
        refuse(message, isEnough.error());
    } else {
        send(ipc::fileReply(message.id, *isEnough));
    }
}

void Session::fileEnd(const ipc::Message& message) {
    const auto name = ipc::parseFileName(message.body);
    if (!name) {
        refuse(message, name.error());
    } else if (auto file = m_uploads.end(*name); !file) {
        refuse(message, file.error());
    } else if (begin(message)) {
        start(message.id,
              m_judge.judgeFile(m_sender, std::move(file->begin), std::move(file->text), std::move(file->document)));
    }
}

void Session::fileCancel(const ipc::Message& message) {
    if (const auto name = ipc::parseFileName(message.body)) {
        m_uploads.cancel(*name);
    } else {
        refuse(message, name.error());
    }
}

void Session::event(const ipc::Message& message) {
    if (const auto event = ipc::parseEvent(message.body)) {
        m_judge.report(m_sender, *event);
    } else {
        refuse(message, event.error());
    }
}

void Session::ping(const ipc::Message& message) {
    send(ipc::pongReply(message.id));
}

// Counts a verdict in; false (and answered) when too many are on their way.
bool Session::begin(const ipc::Message& message) {
    if (m_running >= kRunningLimit) {
        send(ipc::errorReply(message.id, "busy", "too many questions at once"));
        return false;
    }
    ++m_running;
    return true;
}

void Session::start(const std::string& id, Task<ipc::VerdictReply> work) {
    spawn(answerWith(shared_from_this(), id, std::move(work)));
}

void Session::spawn(Task<> work) {
    asio::co_spawn(m_socket.get_executor(), std::move(work),
                   [self = shared_from_this()](const std::exception_ptr& broken) {
                       --self->m_running;
                       if (broken) {
                           self->close();
                       }
                   });
}

void Session::reading(const ipc::Message& message) {
    auto request = ipc::parseReading(message.body);
    if (!request) {
        refuse(message, request.error());
    } else if (begin(message)) {
        spawn(readWith(shared_from_this(), message.id, *std::move(request)));
    }
}

Task<> Session::readWith(std::shared_ptr<Session> self, std::string id, ipc::ReadingRequest request) {
    const ipc::ReadingReply reply = co_await self->m_readings.read(self->m_sender, std::move(request));
    const std::string payload = ipc::readingReply(id, reply);
    if (payload.size() > ipc::kFrameLimit) {
        self->send(ipc::errorReply(id, "too_large", "what stands behind the placeholders does not fit"));
    } else {
        self->send(payload);
    }
}

void Session::focus(const ipc::Message& message) {
    auto focus = ipc::parseFocus(message.body);
    if (!focus) {
        refuse(message, focus.error());
        return;
    }
    m_focus = *std::move(focus);
    if (m_focusChanged) {
        m_focusChanged();
    }
}

void Session::chat(const ipc::Message& message) {
    auto request = ipc::parseChat(message.body);
    if (!request) {
        refuse(message, request.error());
        return;
    }
    if (m_options.openChat) {
        m_judge.report(m_sender, {.what = "local_chat", .host = request->host, .interaction = {}, .count = 1});
        m_options.openChat(std::move(request->text));
    }
    send(ipc::chatReply(message.id, m_options.openChat != nullptr));
}

void Session::clipChanged(const Clip& clip) {
    if (isFocused() && m_running < kRunningLimit) {
        ++m_running;
        spawn(previewWith(shared_from_this(), m_focus, clip));
    }
}

Task<> Session::previewWith(std::shared_ptr<Session> self, ipc::Focus focus, Clip clip) {
    const ipc::ClipNotice notice =
        co_await preview(self->m_governor, self->m_sender, std::move(focus), std::move(clip));
    self->send(ipc::clipPush(notice));
}

Task<> Session::answerWith(std::shared_ptr<Session> self, std::string id, Task<ipc::VerdictReply> work) {
    const ipc::VerdictReply reply = co_await std::move(work);
    self->sendVerdict(id, reply);
}

void Session::refuse(const ipc::Message& message, const Error& error) {
    send(ipc::errorReply(message.id, error.kind == ErrorKind::limit ? "too_large" : "invalid", error.what));
}

void Session::sendVerdict(const std::string& id, const ipc::VerdictReply& reply) {
    const std::string payload = ipc::verdictReply(id, reply);
    if (payload.size() > ipc::kFrameLimit) {
        send(ipc::errorReply(id, "too_large", "the redacted text does not fit into one message"));
        return;
    }
    send(payload);
}

void Session::send(std::string_view payload) {
    auto frame = ipc::encodeFrame(payload);
    if (!frame || !m_socket.is_open()) {
        return;
    }
    if (m_outboxBytes + frame->size() > kOutboxLimit) {
        logWarning("bridge", "connection closed: the browser does not read");
        close();
        return;
    }
    m_outboxBytes += frame->size();
    m_outbox.push_back(*std::move(frame));
    if (m_outbox.size() == 1) {
        writeNext();
    }
}

void Session::writeNext() {
    asio::async_write(m_socket, asio::buffer(m_outbox.front()),
                      [self = shared_from_this()](const boost::system::error_code& error, std::size_t /*count*/) {
                          self->m_outboxBytes -= self->m_outbox.front().size();
                          self->m_outbox.pop_front();
                          if (error) {
                              self->close();
                          } else if (!self->m_outbox.empty()) {
                              self->writeNext();
                          }
                      });
}

// The policy, without what this desktop cannot do.
ipc::PolicyNotice Session::notice() const {
    ipc::PolicyNotice notice = noticeOf(m_governor.rules());
    notice.hasFastPath = notice.hasFastPath && m_options.clipboard != nullptr;
    return notice;
}

void Session::pushPolicy() {
    if (m_state == State::greeted) {
        send(ipc::policyPush(notice()));
    }
}

void Session::close() {
    boost::system::error_code ignored;
    m_socket.close(ignored);
    if (m_focus.isFocused && m_focusChanged) {
        m_focus = {};
        m_focusChanged();
    }
}

} // namespace gatehouse::bridge
