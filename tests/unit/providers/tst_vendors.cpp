// SPDX-License-Identifier: Apache-2.0
#define QT_NO_EMIT
#include <QtTest>

#include <set>

#include "policy/provider_kinds.h"
#include "providers/vendors.h"

using namespace gatehouse;
using namespace gatehouse::providers;

namespace {

Target targetOf(std::string kind, std::string baseUrl, std::string model = "m") {
    Target target;
    target.kind = std::move(kind);
    target.baseUrl = std::move(baseUrl);
    target.model = std::move(model);
    return target;
}

} // namespace

class TestVendors final : public QObject {
    Q_OBJECT

private slots:
    void policyAndTheTableKnowTheSameKinds() {
        std::set<std::string_view> kinds;
        for (const Vendor& vendor : vendors()) {
            QVERIFY2(kinds.insert(vendor.kind).second, vendor.kind.data());
        }
        QVERIFY(kinds.size() > 30);
        for (const policy::ProviderKind& kind : policy::kProviderKinds) {
            if (kind.name == "preview") {
                continue;
            }
            QVERIFY2(kinds.erase(kind.name) == 1, kind.name.data());
            QCOMPARE(kind.hasAddress, !vendorOf(kind.name).baseUrl.empty());
        }
        QVERIFY(kinds.empty());
    }

    void everyRowIsWhole() {
        for (const Vendor& vendor : vendors()) {
            QVERIFY2(vendor.baseUrl.empty() || vendor.baseUrl.starts_with("https://"), vendor.kind.data());
            QVERIFY2(!vendor.baseUrl.ends_with('/'), vendor.kind.data());
            std::string_view rest = vendor.dialects;
            QVERIFY(!rest.empty());
            while (!rest.empty()) {
                const std::size_t end = std::min(rest.find(' '), rest.size());
                const std::string name(rest.substr(0, end));
                QVERIFY2(dialects::findDialect(name) != nullptr, name.c_str());
                const auto url = endpointUrl(targetOf(std::string(vendor.kind), "https://x.example/v1"), name, {});
                QVERIFY2(url.size() > std::string_view("https://x.example/v1").size(), url.c_str());
                rest.remove_prefix(std::min(end + 1, rest.size()));
            }
        }
    }

    void everyChatReachesEveryVendor() {
        for (const Vendor& vendor : vendors()) {
            for (const dialects::Dialect* asked :
                 {&dialects::openAiChat(), &dialects::anthropicMessages(), &dialects::ollamaChat(),
                  &dialects::geminiGenerate(), &dialects::openAiResponses()}) {
                const auto* out = outboundDialect(vendor, *asked);
                QVERIFY2(out != nullptr && out->codec() != nullptr, vendor.kind.data());
            }
        }
        QVERIFY(outboundDialect(vendorOf("anthropic"), dialects::openAiEmbeddings()) == nullptr);
        QCOMPARE(outboundDialect(vendorOf("vertex"), dialects::geminiEmbed()), &dialects::vertexEmbed());
    }

    void urlsAreThoseOfTheVendors_data() {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("base");
        QTest::addColumn<QString>("dialect");
        QTest::addColumn<bool>("stream");
        QTest::addColumn<QString>("url");
        const auto row = [](const char* kind, const char* base, const char* dialect, bool stream, const char* url) {
            QTest::newRow(url) << kind << base << dialect << stream << url;
        };
        row("openai", "https://api.openai.com/v1", "openai.responses", false, "https://api.openai.com/v1/responses");
        row("anthropic", "https://api.anthropic.com/v1", "anthropic.messages", true,
            "https://api.anthropic.com/v1/messages");
        row("ollama", "http://127.0.0.1:11434/v1", "ollama.chat", true, "http://127.0.0.1:11434/api/chat");
        row("ollama", "http://127.0.0.1:11434", "ollama.embed", true, "http://127.0.0.1:11434/api/embed");
        row("gemini", "https://g.example/v1beta", "gemini.generate", false,
            "https://g.example/v1beta/models/a%2Fb%20c:generateContent");
        row("gemini", "https://g.example/v1beta", "gemini.generate", true,
            "https://g.example/v1beta/models/a%2Fb%20c:streamGenerateContent?alt=sse");
        row("vertex", "https://europe-west1-aiplatform.googleapis.com/v1/projects/p/locations/europe-west1",
            "gemini.generate", true,
            "https://europe-west1-aiplatform.googleapis.com/v1/projects/p/locations/europe-west1/publishers/google/"
            "models/"
            "a%2Fb%20c:streamGenerateContent?alt=sse");
        row("vertex", "https://europe-west1-aiplatform.googleapis.com/v1/projects/p/locations/europe-west1",
            "vertex.embed", false,
            "https://europe-west1-aiplatform.googleapis.com/v1/projects/p/locations/europe-west1/publishers/google/"
            "models/a%2Fb%20c:predict");
        row("bedrock", "https://bedrock-runtime.eu-central-1.amazonaws.com", "bedrock.converse", true,
            "https://bedrock-runtime.eu-central-1.amazonaws.com/model/a%2Fb%20c/converse-stream");
        row("azure-openai", "https://r.openai.azure.com/openai/v1", "openai.chat", false,
            "https://r.openai.azure.com/openai/v1/chat/completions");
        row("azure-openai-deployments", "https://r.openai.azure.com", "openai.chat", false,
            "https://r.openai.azure.com/openai/deployments/a%2Fb%20c/chat/completions?api-version=2024-10-21");
    }
    void urlsAreThoseOfTheVendors() {
        QFETCH(QString, kind);
        QFETCH(QString, base);
        QFETCH(QString, dialect);
        QFETCH(bool, stream);
        QFETCH(QString, url);
        dialects::Asked asked;
        asked.isStream = stream;
        QCOMPARE(QString::fromStdString(endpointUrl(targetOf(kind.toStdString(), base.toStdString(), "a/b c"),
                                                    dialect.toStdString(), asked)),
                 url);
    }

    void keysGoIntoTheVendorsOwnHeader() {
        const auto proof = [](const char* kind, const std::string& key) {
            const auto made = authorize(vendorOf(kind), key, "https://x.example/v1", "{}", WallTime());
            return QString::fromStdString(made.header + ": " + made.value.reveal());
        };
        QCOMPARE(proof("anthropic", "k"), QString("x-api-key: k"));
        QCOMPARE(proof("gemini", "k"), QString("x-goog-api-key: k"));
        QCOMPARE(proof("azure-openai", "k"), QString("api-key: k"));
        QCOMPARE(proof("groq", "k"), QString("Authorization: Bearer k"));
        QCOMPARE(proof("bedrock", "k"), QString("Authorization: Bearer k"));
        QVERIFY(proof("bedrock", "ID:SECRET").startsWith("Authorization: AWS4-HMAC-SHA256 Credential=ID/"));
    }
};

QTEST_GUILESS_MAIN(TestVendors)
#include "tst_vendors.moc"
