// SPDX-License-Identifier: Apache-2.0
#define QT_NO_EMIT
#include <QtTest>

#include "dialects/surfaces.h"

using namespace gatehouse::dialects;

class TestSurfaces final : public QObject {
    Q_OBJECT

private slots:
    void everyVendorsPathsAreKnown_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("dialect");
        QTest::addColumn<QString>("model");
        const auto row = [](const char* path, const char* dialect, const char* model = "") {
            QTest::newRow(path) << path << dialect << model;
        };
        row("/v1/chat/completions", "openai.chat");
        row("/v1/messages", "anthropic.messages");
        row("/v1/messages/count_tokens", "anthropic.count_tokens");
        row("/api/chat", "ollama.chat");
        row("/api/generate", "ollama.generate");
        row("/v1/responses", "openai.responses");
        row("/v1/completions", "openai.completions");
        row("/v1/embeddings", "openai.embeddings");
        row("/api/embed", "ollama.embed");
        row("/v1beta/models/gemini-2.5-pro:generateContent", "gemini.generate", "gemini-2.5-pro");
        row("/v1beta/models/google/gemma:7b:streamGenerateContent", "gemini.generate", "google/gemma:7b");
        row("/v1beta/models/x:countTokens", "gemini.count", "x");
        row("/v1beta/models/x:batchEmbedContents", "gemini.embed", "x");
        row("/api/v0/chat/completions", "openai.chat");
        row("/openai/v1/chat/completions", "openai.chat");
        row("/openai/deployments/gpt-4o/chat/completions", "openai.chat", "gpt-4o");
        row("/openai/deployments/azure%2Fgpt-4o/chat/completions", "openai.chat", "azure/gpt-4o");
    }
    void everyVendorsPathsAreKnown() {
        QFETCH(QString, path);
        QFETCH(QString, dialect);
        QFETCH(QString, model);
        const auto route = findRoute(path.toStdString(), {});
        QVERIFY(route.has_value());
        QCOMPARE(QString::fromUtf8(route->surface->dialect().name().data()), dialect);
        QCOMPARE(QString::fromStdString(route->asked.model), model);
    }

    void noOtherSpellingOfAPathIsKnown() {
        for (const char* path :
             {"/v1/chat/completions/", "/v1//chat/completions", "/V1/chat/completions", "/v1/chat%2Fcompletions",
              "/api", "/openai/deployments//chat/completions", "/openai/deployments/../chat/completions",
              "/openai/deployments/a/../b/chat/completions", "/openai/deployments/a%2e%2e/chat/completions",
              "/openai/deployments/a%00/chat/completions", "/openai/deployments/a b/chat/completions",
              "/openai/deployments/a%/chat/completions", "/openai/deployments/%2Fa/chat/completions"}) {
            QVERIFY2(!findRoute(path, {}), path);
        }
    }

    void geminisStreamsAreArraysUnlessEventsAreAskedFor() {
        const std::string path = "/v1beta/models/x:streamGenerateContent";
        QVERIFY(findRoute(path, "")->asked.framing == Framing::jsonArray);
        QVERIFY(findRoute(path, "key=1&alt=sse")->asked.framing == Framing::sse);
        QVERIFY(findRoute(path, "alt=ssex")->asked.framing == Framing::jsonArray);
        QVERIFY(findRoute(path, "")->asked.isStream);
    }

    void refusalsAreSpokenInTheWordsOfThePath() {
        QCOMPARE(dialectOfPath("/v1/messages/batches").name(), std::string_view("anthropic.messages"));
        QCOMPARE(dialectOfPath("/api/pull").name(), std::string_view("ollama.chat"));
        QCOMPARE(dialectOfPath("/api/v1/chat").name(), std::string_view("openai.chat"));
        QCOMPARE(dialectOfPath("").name(), std::string_view("openai.chat"));
    }
};

QTEST_GUILESS_MAIN(TestSurfaces)
#include "tst_surfaces.moc"
