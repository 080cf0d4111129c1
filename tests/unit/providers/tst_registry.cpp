// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include <map>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "providers/make_registry.h"

using namespace gatehouse;
using namespace gatehouse::providers;

namespace {

class FakeHttp final : public HttpPort {
public:
    std::map<std::string, std::string> answers;
    std::vector<std::string> asked;
    Task<Result<std::string>> get(std::string url) override {
        asked.push_back(url);
        const auto found = answers.find(url);
        if (found == answers.end()) {
            co_return fail(ErrorKind::unavailable, "nobody listens");
        }
        co_return found->second;
    }
};

class FakeOwners final : public PortOwners {
public:
    std::map<std::uint16_t, std::string> programs{{11434, "/usr/bin/ollama"}, {1234, "/usr/bin/ssh"}};
    std::string executableOn(std::uint16_t port) override { return programs[port]; }
};

// One literal per line: Qt's moc takes the slashes of a URL in a longer raw string for a comment.
constexpr std::string_view kProviders =
    R"({"discovery":{"enabled":true,"trust_local":["ollama","lmstudio","llama-server"]},)"
    R"("corp":{"kind":"openai-compatible","base_url":"https://llm.corp.example/v1","trust":"approved","region":"eu",)"
    R"("key":"corp-key","models":["gpt-4o","corp-*"]},)"
    R"("any":{"base_url":"https://any.example/v1","trust":"external"},)"
    R"("box":{"base_url":"http://127.0.0.1:9999/v1","trust":"local"}})";

std::string policyText(std::string_view providers) {
    return R"({"meta":{"id":"test","serial":1},"default":"allow","providers":)" + std::string(providers) + "}";
}

} // namespace

class TestRegistry : public QObject {
    Q_OBJECT
private slots:
    void init();
    void thePreviewIsAlwaysThere();
    void declaredModelsAreFound();
    void aWildcardComesAfterThoseThatNameTheModel();
    void discoveredServersAreJudgedByPolicyAndOwner();
    void cloudModelsOfOllamaAreNotLocal();
    void discoveryCanBeSwitchedOff();
    void aServerThatIsGoneIsForgotten();
    void aDeclaredServerWinsOverADiscoveredOne();
    void unknownNamesAreUnknown();
    void keysAreNeverSentForModelLists();

private:
    std::shared_ptr<const policy::PolicySet> policies(std::string_view providers = kProviders);
    void refresh(const std::shared_ptr<const policy::PolicySet>& set);
    FakeHttp m_http;
    FakeOwners m_owners;
    std::unique_ptr<DiscoveringRegistry> m_registry;
};

void TestRegistry::init() {
    m_http = {};
    m_owners = {};
    m_http.answers["http://127.0.0.1:11434/api/tags"] =
        R"({"models":[{"name":"llama3:latest"},{"name":"big:cloud","remote_host":"https://ollama.com"}]})";
    m_http.answers["http://127.0.0.1:1234/v1/models"] = R"({"data":[{"id":"tunnelled"}]})";
    m_http.answers["http://127.0.0.1:9999/v1/models"] = R"({"data":[{"id":"boxed"}]})";
    m_registry = makeRegistry(m_http, m_owners);
}

std::shared_ptr<const policy::PolicySet> TestRegistry::policies(std::string_view providers) {
    std::vector<policy::Fault> faults;
    auto compiled = policy::Policy::compile(policyText(providers), &faults);
    if (!compiled) {
        for (const auto& fault : faults) {
            qWarning("%s: %s", fault.path.c_str(), fault.message.c_str());
        }
        qFatal("the test's policy does not compile");
    }
    return std::make_shared<policy::PolicySet>(std::vector<std::shared_ptr<const policy::Policy>>{*compiled});
}

void TestRegistry::refresh(const std::shared_ptr<const policy::PolicySet>& set) {
    asio::io_context context;
    auto done = asio::co_spawn(context, m_registry->refresh(set), asio::use_future);
    context.run();
    done.get();
}

void TestRegistry::thePreviewIsAlwaysThere() {
    const auto set = policies(R"({})");
    const auto preview = m_registry->find(*set, "preview");
    QCOMPARE(preview.size(), 1U);
    QVERIFY(preview.at(0).isPreview);
    QCOMPARE(preview.at(0).trust, Trust::external);
    QCOMPARE(m_registry->find(*set, "preview/local").at(0).trust, Trust::local);
    QCOMPARE(m_registry->list(*set).size(), 2U);
}

void TestRegistry::declaredModelsAreFound() {
    const auto set = policies();
    const auto found = m_registry->find(*set, "corp/corp-large");
    QCOMPARE(found.size(), 1U);
    QCOMPARE(found.at(0).trust, Trust::approved);
    QCOMPARE(found.at(0).region, std::string("eu"));
    QCOMPARE(found.at(0).keyName, std::string("corp-key"));
    QCOMPARE(found.at(0).model, std::string("corp-large"));
    QCOMPARE(found.at(0).baseUrl, std::string("https://llm.corp.example/v1"));
    // "corp" does not allow it, but a model's own name may hold a slash and "any" allows every name.
    for (const auto& target : m_registry->find(*set, "corp/other")) {
        QVERIFY(target.providerId != "corp");
    }
}

void TestRegistry::aWildcardComesAfterThoseThatNameTheModel() {
    const auto found = m_registry->find(*policies(), "gpt-4o");
    QVERIFY(found.size() >= 2);
    QCOMPARE(found.at(0).providerId, std::string("corp"));
    QCOMPARE(found.at(1).providerId, std::string("any"));
}

void TestRegistry::discoveredServersAreJudgedByPolicyAndOwner() {
    const auto set = policies();
    refresh(set);
    const auto local = m_registry->find(*set, "ollama/llama3");
    QCOMPARE(local.size(), 1U);
    QCOMPARE(local.at(0).trust, Trust::local);
    QCOMPARE(local.at(0).model, std::string("llama3:latest"));
    QCOMPARE(local.at(0).baseUrl, std::string("http://127.0.0.1:11434/v1"));
    // The socket belongs to ssh: a tunnel to somewhere.
    QCOMPARE(m_registry->find(*set, "lmstudio/tunnelled").at(0).trust, Trust::external);
    // Policy trusts no kind.
    const auto strict = policies(R"({"discovery":{"enabled":true,"trust_local":[]}})");
    QCOMPARE(m_registry->find(*strict, "ollama/llama3:latest").at(0).trust, Trust::external);
}

void TestRegistry::cloudModelsOfOllamaAreNotLocal() {
    const auto set = policies();
    refresh(set);
    QCOMPARE(m_registry->find(*set, "ollama/big:cloud").at(0).trust, Trust::external);
}

void TestRegistry::discoveryCanBeSwitchedOff() {
    const auto set = policies(R"({"discovery":{"enabled":false}})");
    refresh(set);
    QVERIFY(m_http.asked.empty());
    QCOMPARE(m_registry->list(*set).size(), 2U);
    refresh(policies());                                      // found under another policy …
    QVERIFY(m_registry->find(*set, "ollama/llama3").empty()); // … and still not given out under this one
}

void TestRegistry::aServerThatIsGoneIsForgotten() {
    const auto set = policies();
    refresh(set);
    QVERIFY(!m_registry->find(*set, "ollama/llama3").empty());
    m_http.answers.clear();
    refresh(set);
    for (const auto& target : m_registry->list(*set)) {
        QVERIFY(target.providerId != "ollama");
    }
}

void TestRegistry::aDeclaredServerWinsOverADiscoveredOne() {
    const auto set = policies(R"({"mine":{"base_url":"http://localhost:11434/v1","trust":"approved"}})");
    m_http.answers["http://localhost:11434/v1/models"] = R"({"data":[{"id":"llama3:latest"}]})";
    refresh(set);
    for (const auto& target : m_registry->find(*set, "llama3:latest")) {
        QCOMPARE(target.providerId, std::string("mine"));
        QCOMPARE(target.trust, Trust::approved);
    }
}

void TestRegistry::unknownNamesAreUnknown() {
    const auto set = policies(R"({"corp":{"base_url":"https://a.example/v1","trust":"external","models":["x"]}})");
    refresh(set);
    for (const auto* name : {"", "/", "corp/", "corp/y", "y", "nobody/x", "preview/", "preview/x", "Preview"}) {
        QVERIFY2(m_registry->find(*set, name).empty(), name);
    }
}

void TestRegistry::keysAreNeverSentForModelLists() {
    refresh(policies());
    for (const auto& url : m_http.asked) {
        QVERIFY2(url.starts_with("http://127.0.0.1:"), url.c_str());
    }
    const auto targets = m_registry->list(*policies());
    QVERIFY(std::any_of(targets.begin(), targets.end(), [](const Target& target) {
        return target.providerId == "box" && target.model == "boxed" && target.trust == Trust::local;
    }));
}

QTEST_GUILESS_MAIN(TestRegistry)
#include "tst_registry.moc"
