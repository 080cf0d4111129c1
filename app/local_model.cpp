// SPDX-License-Identifier: Apache-2.0
#include "local_model.h"

#include <algorithm>
#include <utility>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/json.h"
#include "loopback_post.h"

namespace gatehouse::app {
namespace {

using Answer = Result<std::string>;

bool hasText(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() && !found->get_ref<const std::string&>().empty();
}

// Ollama tells of a model that runs in its cloud by remote_host and remote_model (its API's /api/show), and by the tag.
// Other servers have no such call, or say nothing of the kind.
bool isElsewhere(const governance::LocalModel::Question& question, const std::atomic<bool>* stop) {
    if (question.model.ends_with(":cloud") || question.model.ends_with("-cloud")) {
        return true;
    }
    constexpr std::size_t kScheme = 7; // "http://"
    const std::string origin = question.url.substr(0, question.url.find('/', kScheme));
    const auto shown = postToLoopback(origin + "/api/show", dumpJson({{"model", question.model}}), question.time, stop);
    const auto json = shown ? parseJson(*shown) : Result<Json>(Json());
    return json && json->is_object() && (hasText(*json, "remote_host") || hasText(*json, "remote_model"));
}

class ThreadedModel final : public LoopbackModel {
public:
    ThreadedModel() = default;
    ThreadedModel(const ThreadedModel&) = delete;
    ThreadedModel& operator=(const ThreadedModel&) = delete;
    ~ThreadedModel() override { ThreadedModel::stop(); }

    Task<Answer> ask(Question question) override {
        if (m_isStopped) {
            co_return fail(ErrorKind::unavailable, "the agent is stopping");
        }
        auto job = [this, question = std::move(question)]() -> Answer {
            return askLoopbackModel(question, &m_isStopped);
        };
        co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Answer)>(
            [this](auto handler, auto work) {
                auto home = asio::make_work_guard(asio::get_associated_executor(handler));
                asio::post(m_thread, [handler = std::move(handler), work = std::move(work), home]() mutable {
                    Answer answer = work();
                    asio::post(home.get_executor(),
                               [handler = std::move(handler), answer = std::move(answer)]() mutable {
                                   std::move(handler)(std::move(answer));
                               });
                });
            },
            asio::use_awaitable, std::move(job));
    }

    void stop() override {
        m_isStopped = true;
        m_thread.join();
    }

private:
    std::atomic<bool> m_isStopped{false};
    asio::thread_pool m_thread{1};
};

} // namespace

std::unique_ptr<LoopbackModel> LoopbackModel::create() {
    return std::make_unique<ThreadedModel>();
}

Result<std::string> askLoopbackModel(const governance::LocalModel::Question& question, const std::atomic<bool>* stop) {
    const auto until = std::chrono::steady_clock::now() + question.time;
    if (isElsewhere(question, stop)) {
        return fail(ErrorKind::denied, "the model runs on another machine");
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0) {
        return fail(ErrorKind::unavailable, "the local model takes too long");
    }
    const std::string slash = question.url.ends_with('/') ? "" : "/";
    return postToLoopback(question.url + slash + "chat/completions", question.body, left, stop);
}

} // namespace gatehouse::app
