// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <curl/curl.h>
#include <hs/hs.h>
#include <nlohmann/json.hpp>

// The yardstick of the gateway's bench: what one writes in an afternoon to put a scan in front of a model. Beast on one
// thread, libcurl's multi interface by socket actions with kept-alive connections, nlohmann/json, one Hyperscan scan of
// the prompt's strings. No tokens, no policy, no answer inspection, no audit, no limits, no second look at anything.
// Usage: plain_proxy UPSTREAM_URL; prints the port it listens on.
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Tcp = asio::ip::tcp;
using Code = boost::system::error_code;

constexpr std::array kPatterns{
    R"([a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,})",              // e-mail
    R"(\b(?:\d[ -]?){13,19}\b)",                                      // payment card
    R"(\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b)", // IBAN
    R"(\b\d{3}-\d{2}-\d{4}\b)",                                       // social security number
    R"(\b(?:\d{1,3}\.){3}\d{1,3}\b)",                                 // IPv4
    R"(\+\d[\d ()-]{7,20}\d)",                                        // telephone
    R"(\b\d{4}-\d{2}-\d{2}\b)",                                       // date
    R"(\bAKIA[0-9A-Z]{16}\b)",
    R"(\bgh[pousr]_[A-Za-z0-9]{36}\b)",
    R"(\bglpat-[A-Za-z0-9_-]{20}\b)",
    R"(\bsk-[A-Za-z0-9_-]{20,})",
    R"(\bxox[abprs]-[A-Za-z0-9-]{10,})",
    R"(\bAIza[0-9A-Za-z_-]{35}\b)",
    R"(\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b)",
    R"(-----BEGIN [A-Z ]*PRIVATE KEY-----)",
    R"(\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,})", // JWT
    R"((?i)password\s{0,4}[:=]\s{0,4}\S{6,})",
    R"((?i)api[_-]?key\s{0,4}[:=]\s{0,4}\S{16,})",
    R"([a-z]{3,12}://[^:/\s]+:[^@/\s]+@)", // URL with a password
    R"((?i)confidential)",
};

[[noreturn]] void giveUp(const char* why) {
    std::fprintf(stderr, "plain_proxy: %s\n", why);
    std::exit(2);
}

class Scanner final {
public:
    Scanner() {
        std::array<unsigned, kPatterns.size()> flags{};
        std::array<unsigned, kPatterns.size()> ids{};
        for (unsigned i = 0; i < ids.size(); ++i) {
            flags[i] = HS_FLAG_SOM_LEFTMOST | HS_FLAG_DOTALL;
            ids[i] = i;
        }
        hs_compile_error_t* error = nullptr;
        if (hs_compile_multi(kPatterns.data(), flags.data(), ids.data(), static_cast<unsigned>(ids.size()),
                             HS_MODE_BLOCK, nullptr, &m_database, &error) != HS_SUCCESS) {
            giveUp(error != nullptr ? error->message : "no database");
        }
        if (hs_alloc_scratch(m_database, &m_scratch) != HS_SUCCESS) {
            giveUp("no scratch space");
        }
    }
    ~Scanner() {
        hs_free_scratch(m_scratch);
        hs_free_database(m_database);
    }
    Scanner(const Scanner&) = delete;
    Scanner& operator=(const Scanner&) = delete;

    // The number of hits; negative when the scan failed.
    int scan(std::string_view text) {
        int hits = 0;
        const auto onHit = [](unsigned, unsigned long long, unsigned long long, unsigned, void* count) {
            ++*static_cast<int*>(count);
            return 0;
        };
        const auto done =
            hs_scan(m_database, text.data(), static_cast<unsigned>(text.size()), 0, m_scratch, onHit, &hits);
        return done == HS_SUCCESS ? hits : -1;
    }

private:
    hs_database_t* m_database = nullptr;
    hs_scratch_t* m_scratch = nullptr;
};

class Call {
public:
    virtual ~Call() = default;
    virtual void ended(CURLcode code) = 0;
};

// libcurl's multi interface on Asio's loop, as libcurl's own examples do it.
class Curl final {
public:
    explicit Curl(asio::io_context& loop) : m_loop(loop), m_multi(curl_multi_init()), m_timer(loop) {
        curl_multi_setopt(m_multi, CURLMOPT_SOCKETFUNCTION, &Curl::onSocket);
        curl_multi_setopt(m_multi, CURLMOPT_SOCKETDATA, this);
        curl_multi_setopt(m_multi, CURLMOPT_TIMERFUNCTION, &Curl::onTimer);
        curl_multi_setopt(m_multi, CURLMOPT_TIMERDATA, this);
        curl_multi_setopt(m_multi, CURLMOPT_MAXCONNECTS, 64L);
    }
    void add(CURL* easy) { curl_multi_add_handle(m_multi, easy); }

private:
    struct Watch {
        explicit Watch(asio::io_context& loop) : socket(loop) {}
        Tcp::socket socket;
        int wanted = 0;
        int armed = 0;
    };

    static int onSocket(CURL* /*easy*/, curl_socket_t descriptor, int what, void* self, void* /*watch*/) {
        static_cast<Curl*>(self)->watch(descriptor, what);
        return 0;
    }
    static int onTimer(CURLM* /*multi*/, long milliseconds, void* self) {
        auto* const curl = static_cast<Curl*>(self);
        curl->m_timer.cancel();
        if (milliseconds >= 0) {
            curl->m_timer.expires_after(std::chrono::milliseconds(milliseconds));
            curl->m_timer.async_wait([curl](const Code& error) {
                if (!error) {
                    curl->act(CURL_SOCKET_TIMEOUT, 0);
                }
            });
        }
        return 0;
    }
    void watch(curl_socket_t descriptor, int what) {
        auto& watch = m_watches[descriptor];
        Code ignored;
        if (what == CURL_POLL_REMOVE) {
            if (watch) {
                watch->wanted = 0;
                watch->socket.release(ignored);
            }
            m_watches.erase(descriptor);
            return;
        }
        if (!watch) {
            watch = std::make_shared<Watch>(m_loop);
            watch->socket.assign(Tcp::v4(), descriptor, ignored);
        }
        watch->wanted = what;
        arm(watch, descriptor);
    }
    void arm(const std::shared_ptr<Watch>& watch, curl_socket_t descriptor) {
        for (const auto& [poll, direction, event] :
             {std::tuple{CURL_POLL_IN, Tcp::socket::wait_read, CURL_CSELECT_IN},
              std::tuple{CURL_POLL_OUT, Tcp::socket::wait_write, CURL_CSELECT_OUT}}) {
            if ((watch->wanted & ~watch->armed & poll) == 0) {
                continue;
            }
            watch->armed |= poll;
            watch->socket.async_wait(direction, [this, watch, descriptor, poll, event](const Code& error) {
                watch->armed &= ~poll;
                if (error != asio::error::operation_aborted && (watch->wanted & poll) != 0) {
                    act(descriptor, error ? CURL_CSELECT_ERR : event);
                    arm(watch, descriptor);
                }
            });
        }
    }
    void act(curl_socket_t descriptor, int events) {
        int running = 0;
        curl_multi_socket_action(m_multi, descriptor, events, &running);
        int left = 0;
        while (const auto* message = curl_multi_info_read(m_multi, &left)) {
            auto* const easy = message->easy_handle;
            const CURLcode code = message->data.result;
            Call* call = nullptr;
            curl_easy_getinfo(easy, CURLINFO_PRIVATE, &call);
            curl_multi_remove_handle(m_multi, easy);
            call->ended(code);
        }
    }

    asio::io_context& m_loop;
    CURLM* m_multi;
    asio::steady_timer m_timer;
    std::map<curl_socket_t, std::shared_ptr<Watch>> m_watches;
};

struct Shared {
    Curl& curl;
    Scanner& scanner;
    std::string url;
};

void collectStrings(const nlohmann::json& value, std::string& out) {
    if (value.is_string()) {
        out += value.get_ref<const std::string&>();
        out += '\n';
    } else if (value.is_structured()) {
        for (const auto& each : value) {
            collectStrings(each, out);
        }
    }
}

class Session final : public std::enable_shared_from_this<Session>, public Call {
public:
    Session(Tcp::socket socket, Shared& shared)
        : m_socket(std::move(socket))
        , m_shared(shared)
        , m_easy(curl_easy_init())
        , m_headers(curl_slist_append(nullptr, "Content-Type: application/json")) {
        m_headers = curl_slist_append(m_headers, "Expect:");
        Code ignored;
        m_socket.set_option(Tcp::no_delay(true), ignored);
        curl_easy_setopt(m_easy, CURLOPT_URL, m_shared.url.c_str());
        curl_easy_setopt(m_easy, CURLOPT_HTTPHEADER, m_headers);
        curl_easy_setopt(m_easy, CURLOPT_POST, 1L);
        curl_easy_setopt(m_easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(m_easy, CURLOPT_PROXY, "");
        curl_easy_setopt(m_easy, CURLOPT_PRIVATE, static_cast<Call*>(this));
        curl_easy_setopt(m_easy, CURLOPT_WRITEDATA, &m_answer);
        curl_easy_setopt(m_easy, CURLOPT_WRITEFUNCTION, &Session::onBody);
    }
    ~Session() override {
        curl_easy_cleanup(m_easy);
        curl_slist_free_all(m_headers);
    }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    void read() {
        m_request = {};
        http::async_read(m_socket, m_buffer, m_request, [self = shared_from_this()](const Code& error, std::size_t) {
            if (!error) {
                self->ask();
            }
        });
    }

    void ended(CURLcode code) override {
        const auto self = std::exchange(m_self, nullptr);
        long status = 502;
        if (code == CURLE_OK) {
            curl_easy_getinfo(m_easy, CURLINFO_RESPONSE_CODE, &status);
        }
        write(static_cast<unsigned>(status));
    }

private:
    static std::size_t onBody(char* bytes, std::size_t size, std::size_t count, void* answer) {
        static_cast<std::string*>(answer)->append(bytes, size * count);
        return size * count;
    }

    void ask() {
        m_answer.clear();
        const auto json = nlohmann::json::parse(m_request.body(), nullptr, false);
        if (json.is_discarded()) {
            return write(400);
        }
        std::string texts;
        collectStrings(json, texts);
        if (m_shared.scanner.scan(texts) != 0) {
            return write(403);
        }
        curl_easy_setopt(m_easy, CURLOPT_POSTFIELDS, m_request.body().data());
        curl_easy_setopt(m_easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(m_request.body().size()));
        m_self = shared_from_this(); // until ended()
        m_shared.curl.add(m_easy);
    }

    void write(unsigned status) {
        m_response = {};
        m_response.version(11);
        m_response.result(status);
        m_response.set(http::field::content_type, "application/json");
        m_response.keep_alive(m_request.keep_alive());
        m_response.body() = std::move(m_answer);
        m_response.prepare_payload();
        http::async_write(m_socket, m_response, [self = shared_from_this()](const Code& error, std::size_t) {
            if (!error && self->m_response.keep_alive()) {
                self->read();
            }
        });
    }

    Tcp::socket m_socket;
    Shared& m_shared;
    CURL* m_easy;
    curl_slist* m_headers;
    boost::beast::flat_buffer m_buffer;
    http::request<http::string_body> m_request;
    http::response<http::string_body> m_response;
    std::string m_answer;
    std::shared_ptr<Session> m_self;
};

void accept(Tcp::acceptor& acceptor, Shared& shared) {
    acceptor.async_accept([&acceptor, &shared](const Code& error, Tcp::socket socket) {
        if (!error) {
            std::make_shared<Session>(std::move(socket), shared)->read();
        }
        accept(acceptor, shared);
    });
}

} // namespace

int main(int count, char** values) {
    if (count != 2) {
        giveUp("usage: plain_proxy UPSTREAM_URL");
    }
    curl_global_init(CURL_GLOBAL_DEFAULT);
    asio::io_context loop(1);
    Scanner scanner;
    Curl curl(loop);
    Shared shared{curl, scanner, values[1]};
    Tcp::acceptor acceptor(loop, {asio::ip::address_v4::loopback(), 0});
    std::printf("%d\n", static_cast<int>(acceptor.local_endpoint().port()));
    std::fflush(stdout);
    accept(acceptor, shared);
    loop.run();
    return 0;
}
